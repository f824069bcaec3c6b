"""What the visit pages decide without Qt: start values, copies, differences, the case a finding becomes."""

from collections.abc import Mapping
from typing import Any

COPIED = ("contact_mode", "village", "group", "visitors", "company", "unannounced")
"""What "same again" takes over from a visit."""
LONGEST_TITLE = 40
_TEXTS = (
    "summary",
    "background",
    "problems",
    "suggestions",
    "solved",
    "reflection",
    "households",
    "findings",
    "company",
)


def is_blank(values: Mapping[str, Any]) -> bool:
    """True while nothing was typed that would be missed."""
    return not any(values.get(name) for name in _TEXTS)


def copy_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The start of a visit like another."""
    return {name: values[name] for name in COPIED if values.get(name) is not None}


def changes_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that differ; None where one was emptied. Fields the form does not show stay as they are."""
    return {name: value for name, value in after.items() if plain(before.get(name)) != value}


def plain(value: Any) -> Any:
    """A shown value the way the form gives it: items without the ids the software added."""
    if not isinstance(value, list):
        return value
    return [
        {k: v for k, v in item.items() if k not in ("id", "case")} if isinstance(item, dict) else item for item in value
    ] or None


def cleared(before: Mapping[str, Any], after: Mapping[str, Any], shown: frozenset[str]) -> dict[str, Any]:
    """The map after editing, with None for shown fields that were emptied."""
    return {**after, **{name: None for name in shown if before.get(name) is not None and after.get(name) is None}}


def case_of_finding(visit: Mapping[str, Any], finding: Mapping[str, Any]) -> dict[str, Any]:
    """The map ``record Case`` takes for a finding."""
    text = str(finding.get("text") or "")
    case = {
        "source_channel": "VILLAGE_VISIT",
        "received_at": visit["started_at"],
        "title": text.splitlines()[0][:LONGEST_TITLE] if text else None,
        "content": text,
        "village": visit.get("village"),
        "problem_tag": finding.get("problem_tag"),
    }
    return {name: value for name, value in case.items() if value is not None}
