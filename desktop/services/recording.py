"""Record something new: check the input, then one change with all its records."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop.services.conflicts_of_interest import belongs_above, of_accused
from desktop.services.desk import Desk
from desktop.services.identities import SealOrder, keep_identity
from desktop.services.inputs import notices
from desktop.services.inputs.reading import (
    MatterInput,
    SealedInput,
    VisitInput,
    read_case,
    read_finding,
    read_loop_record,
    read_reception,
    read_visit,
)
from desktop.services.inputs.template import shape_of
from desktop.services.permissions import require_recording
from desktop.services.shapes import Named, Notice, Saved
from desktop.storage.unit_of_work import UnitOfWork
from sync.domain.errors import InvalidInput
from sync.domain.ids import Instant, new_record_id
from sync.domain.loop_records import Interview, Rating, ReturnVisit
from sync.domain.records import Accused, Case, Finding, Reception, Step, Visit

REFERENCES: Mapping[str, str] = {"repeats": "Case", "visit": "Visit", "case": "Case"}
"""Input fields that name a record, with its kind."""
LOOP_RECORDS: Mapping[str, type[Interview] | type[ReturnVisit] | type[Rating]] = {
    "Interview": Interview,
    "ReturnVisit": ReturnVisit,
    "Rating": Rating,
}


@dataclass(frozen=True, slots=True)
class DraftKey:
    """The draft that goes in the same transaction."""

    screen: str
    key: str


@dataclass(slots=True)
class Scribe:
    """Writes the records of one change; each record gets a moment of its own, so that their order stays."""

    desk: Desk
    work: UnitOfWork
    now: Instant
    written: int = 0

    def common(self) -> dict[str, Any]:
        """Id, unit, moment and author of the next record."""
        self.written += 1
        return {
            "id": new_record_id(),
            "unit": self.desk.store.facts.unit,
            "created_at": self.now + self.written - 1,
            "author": self.desk.user,
        }

    def number(self) -> str:
        """The next number."""
        return self.work.draw_number(self.desk.year(self.now))


def record(desk: Desk, kind: str, data: object, draft: DraftKey | None = None) -> Saved:
    """Check and save the input of a kind (verbs page, "Input shapes"). Raises InvalidInput naming the field."""
    require_recording(desk.reader)
    shape_of(kind)
    directory, unit_kind = desk.directory(), desk.store.facts.unit_kind
    if kind == "Visit":
        return _save_visit(desk, read_visit(data, directory), draft)
    if kind == "Finding":
        return _save_finding(desk, read_finding(data, directory), draft)
    if kind in LOOP_RECORDS:
        return _save_loop_record(desk, kind, read_loop_record(kind, data, directory), draft)
    read = read_reception if kind == "Reception" else read_case
    return save_matter(desk, read(data, directory, unit_kind), draft)


def save_matter(desk: Desk, parts: MatterInput | SealedInput, draft: DraftKey | None = None) -> Saved:
    """Save a checked matter: the sealed stub alone, or case, complainant, accused, reception and the first step.

    Raises InvalidInput ``record.county_is_sealed``, ``record.head_is_sealed`` for what may only be kept as the stub.
    """
    if isinstance(parts, SealedInput):
        return _save_sealed(desk, parts, draft)
    check_references(desk, parts.case)
    above = belongs_above(desk, parts.case.get("nature"), parts.accused)
    if above is not None:
        raise InvalidInput(above.code, field=above.field, **above.values)
    now = desk.clock()
    warnings = (*notices.of_matter(parts, now, desk.group_threshold), *of_accused(desk, parts.accused))
    with desk.work(now) as work:
        scribe = Scribe(desk, work, now)
        case = Case(**scribe.common(), number=scribe.number(), **parts.case)
        work.add(case)
        reception = _add_reception(scribe, case, parts)
        _add_people(scribe, case, parts)
        _add_registration(scribe, case)
        drop_draft(desk, work, draft)
    named = Named(case.id, case.number)
    if reception is None:
        return Saved("Case", case.id, case.number, warnings)
    return Saved("Reception", reception.id, reception.number, warnings, named)


def check_references(desk: Desk, values: Mapping[str, Any]) -> None:
    """Refuse the name of a record that is not here."""
    for name, kind in REFERENCES.items():
        target = values.get(name)
        stored = desk.store.reading.get(kind, target) if target is not None else None
        if target is not None and (stored is None or not desk.sees(stored)):
            raise InvalidInput("record.no_such_record", field=name)


def _save_sealed(desk: Desk, parts: SealedInput, draft: DraftKey | None) -> Saved:
    now = desk.clock()
    with desk.work(now) as work:
        scribe = Scribe(desk, work, now)
        stub = Reception(**scribe.common(), number=scribe.number(), secrecy="SEALED", **parts.reception)
        work.add(stub)
        drop_draft(desk, work, draft)
    return Saved("Reception", stub.id, stub.number)


def _add_reception(scribe: Scribe, case: Case, parts: MatterInput) -> Reception | None:
    if parts.reception is None:
        return None
    reception = Reception(**scribe.common(), number=case.number, case=case.id, **parts.reception)
    scribe.work.add(reception)
    return reception


def _add_people(scribe: Scribe, case: Case, parts: MatterInput) -> None:
    for person in parts.accused:
        scribe.work.add(Accused(**scribe.common(), case=case.id, **person))
    if parts.identity is not None:
        order = SealOrder(parts.identity, case.id, case.secrecy == "PROTECTED")
        keep_identity(scribe.desk, scribe.work, order, scribe.now)


def _add_registration(scribe: Scribe, case: Case) -> None:
    role = scribe.desk.unlocked.role
    scribe.work.add(Step(**scribe.common(), case=case.id, step="REGISTER", at=scribe.now, role=role))


def _save_visit(desk: Desk, parts: VisitInput, draft: DraftKey | None) -> Saved:
    now = desk.clock()
    warnings = notices.of_visit(parts, now)
    with desk.work(now) as work:
        scribe = Scribe(desk, work, now)
        visit = Visit(**scribe.common(), number=scribe.number(), **parts.visit)
        work.add(visit)
        for finding in parts.findings:
            work.add(Finding(**scribe.common(), visit=visit.id, **finding))
        drop_draft(desk, work, draft)
    return Saved("Visit", visit.id, visit.number, warnings)


def _save_finding(desk: Desk, values: dict[str, Any], draft: DraftKey | None) -> Saved:
    check_references(desk, values)
    now = desk.clock()
    with desk.work(now) as work:
        scribe = Scribe(desk, work, now)
        finding = Finding(**scribe.common(), **values)
        work.add(finding)
        drop_draft(desk, work, draft)
    return Saved("Finding", finding.id, None)


def _save_loop_record(desk: Desk, kind: str, given: dict[str, Any], draft: DraftKey | None) -> Saved:
    values = _on_its_case(desk, kind, given)
    check_references(desk, values)
    now = desk.clock()
    warnings: tuple[Notice, ...] = notices.of_interview(values) if kind == "Interview" else ()
    with desk.work(now) as work:
        scribe = Scribe(desk, work, now)
        numbered: dict[str, Any] = {} if kind == "Rating" else {"number": scribe.number()}
        made = LOOP_RECORDS[kind](**scribe.common(), **numbered, **values)
        work.add(made)
        drop_draft(desk, work, draft)
    return Saved(kind, made.id, numbered.get("number"), warnings)


def _on_its_case(desk: Desk, kind: str, given: dict[str, Any]) -> dict[str, Any]:
    """The values with the case of the reception that was named; a sealed stub has none and takes nothing."""
    values = {name: value for name, value in given.items() if name != "reception"}
    if "reception" in given:
        stored = desk.store.reading.get("Reception", given["reception"])
        case = stored.record.case if stored is not None and isinstance(stored.record, Reception) else None
        if stored is None or case is None or not desk.sees(stored) or values.get("case", case) != case:
            raise InvalidInput("record.no_such_record", field="reception")
        values["case"] = case
    if kind == "ReturnVisit" and "case" not in values:
        raise InvalidInput("record.missing", field="case")
    return values


def drop_draft(desk: Desk, work: UnitOfWork, draft: DraftKey | None) -> None:
    """The user's draft of what is saved goes with it."""
    if draft is not None:
        work.drop_draft(desk.user, draft.screen, draft.key)
