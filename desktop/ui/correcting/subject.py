"""What is corrected: a record, the case it belongs to, its fields, what stands in them. Without Qt.

Persons are corrected by themselves: who complained whole and sealed anew, whoever is complained about one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop.services.shapes import TemplateField

CASE, RECEPTION, ACCUSED, COMPLAINANT = "Case", "Reception", "Accused", "Complainant"
PAPERS = (RECEPTION, "Interview", "ReturnVisit", "Rating")
"""Records that hang on a case, in the order they come about."""
PREFIX = "correct"
NEW = "new"
"""Instead of an id: a person who is added."""
FIELDS = (
    "title", "content", "claim", "nature", "problem_tag", "discipline", "scope", "village", "received_at",
    "source_channel", "upper_kind", "first_repeat", "urgency", "secrecy", "reply", "replied_at", "remark",
)  # fmt: skip
"""Plain fields of a case that may change, those most often corrected first."""
STUB = ("received_at", "envelope_number", "handed_to")
"""All there is of a sealed matter's reception."""
_OF_THE_CASE = frozenset(FIELDS) - {"received_at", "first_repeat", "remark"}
_NEVER = frozenset({"case", "reception", "managed_by", "external_number", "repeats", *STUB[1:]})
_PERSONS = {ACCUSED: ("accused[].", "accused.0."), COMPLAINANT: ("complainant.", "complainant.")}
_TOPICS = {CASE: "case", RECEPTION: "correcting", ACCUSED: "correcting", COMPLAINANT: "correcting"}


@dataclass(frozen=True, slots=True)
class Subject:
    """A record of a kind; ``case`` is the id of the case it belongs to, empty for a sealed matter's reception."""

    kind: str
    id: str
    case: str

    @property
    def name(self) -> str:
        """The name of its dialog, under which its text is kept."""
        return PREFIX if self.kind == CASE else f"{PREFIX}_{self.kind}_{self.id}"

    @property
    def is_new(self) -> bool:
        """True for a person who is added."""
        return self.id == NEW

    @property
    def topic(self) -> str:
        """The first half of its inputs' names."""
        return _TOPICS.get(self.kind, "loop")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the dialog shows. ``values`` as ``record`` takes them; ``secrecy`` of the case."""

    subject: Subject
    fields: tuple[TemplateField, ...]
    values: Mapping[str, Any]
    secrecy: str = "NORMAL"
    others: tuple[Mapping[str, Any], ...] = field(default=())
    """For a person who is added: those who are named already."""
    is_blind: bool = False
    """Who complained is sealed to the county: nothing can be shown, it is typed anew as a whole."""

    def path(self, name: str) -> str:
        """The input's path of a field of the template."""
        prefix, path = _PERSONS.get(self.subject.kind, ("", ""))
        return path + name.removeprefix(prefix)

    def label(self, name: str) -> str:
        """The text key of a field's label."""
        if self.subject.topic != "correcting":
            return f"{self.subject.topic}.{name}"
        return f"reception.{name.replace('[]', '').replace('.', '_')}"

    def nested(self, plain: Mapping[str, Any]) -> dict[str, Any]:
        """The map of the whole form from that of the record."""
        if self.subject.kind == ACCUSED:
            return {"accused": [dict(plain)]}
        return {"complainant": dict(plain)} if self.subject.kind == COMPLAINANT else dict(plain)

    def plain(self, nested: Mapping[str, Any]) -> dict[str, Any]:
        """The map of the record from that of the whole form."""
        if self.subject.kind == ACCUSED:
            return dict((nested.get("accused") or ({},))[0])
        return dict(nested.get("complainant") or {}) if self.subject.kind == COMPLAINANT else dict(nested)


def subject_of(name: str, case: str) -> Subject | None:
    """The subject of a dialog's name; None for dialogs of another sort."""
    if name == PREFIX:
        return Subject(CASE, case, case)
    parts = name.split("_")
    return Subject(parts[1], parts[2], case) if len(parts) == 3 and parts[0] == PREFIX else None


def fields_of(kind: str, template: tuple[TemplateField, ...], *, sealed: bool = False) -> tuple[TemplateField, ...]:
    """The fields of a kind that are corrected, of the template of what it is recorded as."""
    by_name = {one.name: one for one in template}
    if sealed:
        return tuple(by_name[name] for name in STUB)
    if kind == CASE:
        return tuple(by_name[name] for name in FIELDS)
    if kind in _PERSONS:
        return tuple(one for one in template if one.name.startswith(_PERSONS[kind][0]))
    without = _NEVER | (_OF_THE_CASE if kind == RECEPTION else frozenset())
    heads = (one.name.partition("[")[0].partition(".")[0] for one in template)
    return tuple(
        one for one, head in zip(template, heads, strict=True) if head not in {*without, "complainant", "accused"}
    )


def changes_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that differ, None where one was emptied."""
    names = dict.fromkeys((*before, *after))
    return {name: after.get(name) for name in names if before.get(name) != after.get(name)}
