"""From the JSON map of one kind to its checked parts: what goes into which record of the change."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from desktop.services.inputs.kinds import ACCUSED_NAMES, CASE, FINDING, RECEPTION, SHAPES, VISIT
from desktop.services.inputs.sealed import is_sealed, read_sealed
from desktop.services.inputs.shape import read_map, require_map
from desktop.services.inputs.values import Directory
from sync.domain.declarations import facet_of
from sync.domain.errors import InvalidInput
from sync.domain.loop_records import QuestionAnswer
from sync.domain.records import Case, Household, Identity, Reception

Fields = dict[str, Any]
_ITEMS: dict[str, Callable[..., Any]] = {"households": Household, "questions": QuestionAnswer}


@dataclass(frozen=True, slots=True)
class VisitInput:
    """A visit with its findings, as record fields."""

    visit: Fields
    findings: tuple[Fields, ...]


@dataclass(frozen=True, slots=True)
class MatterInput:
    """A matter that came in: the case, who complained, about whom, and the reception if there was one."""

    case: Fields
    identity: Identity | None
    accused: tuple[Fields, ...]
    reception: Fields | None = None


@dataclass(frozen=True, slots=True)
class SealedInput:
    """The stub of a sealed matter, as fields of a reception."""

    reception: Fields


def read_visit(data: object, directory: Directory) -> VisitInput:
    """Check the input of a visit. Raises InvalidInput naming the dotted field."""
    values = read_map(VISIT, data, directory)
    check_order(values)
    findings = tuple(values.pop("findings", ()))
    return VisitInput(with_items(values), findings)


def read_finding(data: object, directory: Directory) -> Fields:
    """Check the input of a finding that is added to a visit."""
    return read_map(FINDING, data, directory)


def read_loop_record(kind: str, data: object, directory: Directory) -> Fields:
    """Check the input of an interview, a return visit or a rating."""
    values = read_map(SHAPES[kind], data, directory)
    check_order(values)
    check_interviewers(values)
    return with_items(values)


def with_items(values: Fields) -> Fields:
    """The same values with lists of maps as the records' own items."""
    return {
        name: tuple(_ITEMS[name](**item) for item in value or ()) if name in _ITEMS else value
        for name, value in values.items()
    }


def read_reception(data: object, directory: Directory, unit_kind: str) -> MatterInput | SealedInput:
    """Check the input of a walk-in; a sealed one gives its stub only."""
    given = require_map(data, "")
    if is_sealed(given, unit_kind):
        return SealedInput(read_sealed(given, directory))
    values = read_map(RECEPTION, given, directory)
    _refuse_stub_fields(values)
    matter = _read_matter(values)
    reception = {name: value for name, value in values.items() if name in facet_of(Reception)}
    case = {"source_channel": _channel(values), **matter.case}
    case.pop("remark", None)
    return MatterInput(case, matter.identity, matter.accused, reception)


def read_case(data: object, directory: Directory, unit_kind: str) -> MatterInput | SealedInput:
    """Check the input of a case that came by letter, web, from above …; a sealed one gives its stub only."""
    given = require_map(data, "")
    if is_sealed(given, unit_kind):
        return SealedInput(read_sealed(given, directory))
    values = read_map(CASE, given, directory)
    _refuse_stub_fields(values)
    return _read_matter(values)


def check_interviewers(values: Fields) -> None:
    """Refuse a 谈话笔录 by one person; a 接谈记录 alone is only pointed at."""
    if values.get("interview_kind") == "TALK" and len(values.get("interviewers") or ()) < 2:
        raise InvalidInput("record.talk_needs_two", field="interviewers")


def check_order(values: Fields) -> None:
    """Refuse a visit that ends before it starts."""
    start, end = values.get("started_at"), values.get("ended_at")
    if start is not None and end is not None and end < start:
        raise InvalidInput("record.ends_before_start", field="ended_at")


def accused_fields(person: Fields) -> Fields:
    """Record fields of one person complained about."""
    return {ACCUSED_NAMES.get(name, name): value for name, value in person.items()}


def _read_matter(values: Fields) -> MatterInput:
    case = {name: value for name, value in values.items() if name in facet_of(Case)}
    complainant = values.get("complainant")
    identity = Identity(**complainant) if complainant else None
    if identity is not None and identity.identity:
        case["identity"] = identity.identity
    return MatterInput(case, identity, _accused(values))


def _accused(values: Fields) -> tuple[Fields, ...]:
    people = [accused_fields(person) for person in values.get("accused", ())]
    manager = values.get("managed_by")
    if manager is None:
        return tuple(people)
    return tuple({"managed_by": manager, **person} for person in people or [{}])


def _channel(values: Fields) -> str:
    return "PHONE" if values.get("contact_mode") == "PHONE" else "VISIT"


def _refuse_stub_fields(values: Fields) -> None:
    for name in ("envelope_number", "handed_to"):
        if name in values:
            raise InvalidInput("record.only_sealed", field=name)
