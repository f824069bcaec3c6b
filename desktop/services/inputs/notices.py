"""What a person should look at after saving. Notices never block and never carry what was typed."""

import re
from collections.abc import Iterable
from typing import Any

from desktop.services.inputs.reading import MatterInput, VisitInput
from desktop.services.shapes import Notice
from sync.domain.ids import Instant
from sync.domain.records import Identity

GROUP_THRESHOLD = 5
MOST_REPRESENTATIVES = 5
CLOCK_SLACK_MS = 86_400_000
_ID_NUMBER = re.compile(r"\d{17}[\dXx]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FREE_TEXTS = (
    "title",
    "content",
    "claim",
    "materials",
    "proposal",
    "leader_note",
    "remark",
    "told_before",
    "told_result",
)


def visit_form(
    people: int | None, first_repeat: str | None, skip_level: bool | None, threshold: int = GROUP_THRESHOLD
) -> tuple[str, ...]:
    """How a visit counts: GROUP or SINGLE by heads, REPEAT where it is one, SKIP where it was asked and said."""
    forms = ["GROUP" if (people or 1) >= threshold else "SINGLE"]
    if first_repeat == "REPEAT":
        forms.append("REPEAT")
    if skip_level:
        forms.append("SKIP")
    return tuple(forms)


def of_visit(parts: VisitInput, now: Instant) -> tuple[Notice, ...]:
    """Notices on a visit."""
    visit = parts.visit
    found = list(_of_time(visit, ("started_at", "ended_at"), now))
    if len(visit.get("visitors", ())) < 2 and not visit.get("alone_reason"):
        found.append(Notice("record.alone", "visitors"))
    if not parts.visit.get("village"):
        found.append(Notice("record.no_village", "village"))
    return tuple(found)


def of_matter(parts: MatterInput, now: Instant, threshold: int = GROUP_THRESHOLD) -> tuple[Notice, ...]:
    """Notices on a matter that came in; ``threshold``: from how many people on a walk-in is a group."""
    found = list(_of_time(parts.case, ("received_at", "replied_at"), now))
    if not parts.case.get("title") and not parts.case.get("content"):
        found.append(Notice("record.no_text", "content"))
    if parts.identity is not None:
        found += _of_identity(parts.identity, {**parts.case, **(parts.reception or {})})
    if parts.case.get("secrecy") == "PROTECTED" and parts.identity is None:
        found.append(Notice("record.nothing_to_protect", "complainant"))
    return (*found, *_of_heads(parts.reception or {}, threshold))


def of_interview(values: dict[str, Any]) -> tuple[Notice, ...]:
    """Notices on an interview."""
    alone = len(values.get("interviewers", ())) < 2 and not values.get("alone_reason")
    return (Notice("record.alone", "interviewers"),) if alone else ()


def is_id_number(text: str) -> bool:
    """True for a resident identity number whose check sign is right (GB 11643)."""
    if not _ID_NUMBER.fullmatch(text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _ID_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == text[-1].upper()


def _of_time(values: dict[str, Any], names: Iterable[str], now: Instant) -> Iterable[Notice]:
    return (Notice("record.in_future", name) for name in names if values.get(name, 0) > now + CLOCK_SLACK_MS)


def _of_heads(reception: dict[str, Any], threshold: int) -> list[Notice]:
    found: list[Notice] = []
    people, representatives = reception.get("people", 1), reception.get("representatives", 0)
    if people >= threshold and (representatives or people) > MOST_REPRESENTATIVES:
        found.append(Notice("record.representatives", "representatives", {"most": MOST_REPRESENTATIVES}))
    if representatives > people:
        found.append(Notice("record.more_than_people", "representatives"))
    return found


def _of_identity(identity: Identity, texts: dict[str, Any]) -> list[Notice]:
    found: list[Notice] = []
    if identity.id_number and not is_id_number(identity.id_number):
        found.append(Notice("record.id_number", "complainant.id_number"))
    if identity.identity == "REAL" and not identity.name:
        found.append(Notice("record.real_without_name", "complainant.name"))
    for name in FREE_TEXTS:
        found += [Notice("record.identity_in_text", name, {"what": what}) for what in _typed_in(identity, texts, name)]
    return found


def _typed_in(identity: Identity, texts: dict[str, Any], name: str) -> list[str]:
    text = texts.get(name) or ""
    marks = {"name": identity.name, "phone": identity.phone, "id_number": identity.id_number}
    return [what for what, mark in marks.items() if mark and len(mark.strip()) > 1 and mark.strip() in text]
