"""What ``show`` prints of a record: the JSON shape ``record`` takes, with what the software knows besides.

Pure, so that a desktop and the county print the same. ``related`` is always every record of ``stored.dossier``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sync.domain.case_facts import CaseFacts, StepFact, case_facts, step_facts
from sync.domain.case_state import PETITION, CaseState
from sync.domain.clocks import Clockwork, running_dues
from sync.domain.deadlines import DueDate
from sync.domain.declarations import Facet, FieldType, declared_fields
from sync.domain.ids import RecordId, UnitCode
from sync.domain.records import (
    Accused,
    Case,
    Complainant,
    Correction,
    Finding,
    Identity,
    Reception,
    Record,
    Step,
    Stored,
    Visit,
    Void,
    kind_of,
)
from sync.domain.rulebook import RuleKind
from sync.domain.times import local_date, local_text
from sync.domain.workflow import project_case

EVENTS = ("received_at", "started_at", "at", "visited_at", "rated_at", "issued_at")
"""Fields that say when something happened, against ``created_at``: when it was recorded."""
INNER = frozenset({"visit", "case", "key", "cipher", "suite", "unit", "created_at", "author"})
"""Fields a nested record does not repeat."""
OF_THE_CASE = (
    "source_channel",
    "upper_kind",
    "nature",
    "scope",
    "repeats",
    "urgency",
    "village",
    "problem_tag",
    "discipline",
    "title",
    "content",
    "claim",
    "external_number",
)
"""Fields a reception shows of the case it made."""


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What a readout needs besides the records."""

    county: UnitCode
    identities: Mapping[RecordId, Identity] = field(default_factory=dict)
    """Opened complainants by the id of their record; all others are shown masked."""
    units: Mapping[str, bool] | None = None
    sequences: Mapping[str, int] = field(default_factory=dict)
    """Device sequences of unsent steps."""
    clockwork: Clockwork | None = None
    """Rules and calendar; without them no due dates are shown."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """The records of a dossier by kind; void ones apart."""

    records: tuple[Stored, ...]
    voids: Mapping[RecordId, Void]

    def all(self, kind: type[Record]) -> list[Any]:
        """Records of a kind that are not void, in the order they were made."""
        kept = [s.record for s in self.records if isinstance(s.record, kind) and s.record.id not in self.voids]
        return sorted(kept, key=lambda record: (record.created_at, record.id))

    def case(self) -> Case | None:
        """The head, where the dossier is a case's (void or not)."""
        return next((s.record for s in self.records if isinstance(s.record, Case)), None)


def read_out(stored: Stored, related: Iterable[Stored], context: ReadContext) -> dict[str, Any]:
    """The JSON map of one record: input names and shapes, times as local text, empty values left out.

    Always there: ``kind, id, unit, created_at, author, voided, corrections``. A case adds ``status, holder, flags,
    trail``; a visit its findings; a reception the values of its case.
    """
    dossier = open_dossier(related)
    record = stored.record
    shown: dict[str, Any] = {"kind": kind_of(record), "id": record.id}
    shown |= values_of(record)
    if isinstance(record, Visit):
        shown["findings"] = [_nested(finding) for finding in dossier.all(Finding)]
    elif isinstance(record, Case):
        shown |= _people(record, dossier, context) | _standing(record, dossier, context)
    elif isinstance(record, Reception):
        shown |= _of_its_case(record, dossier, context)
    late = _days_later(record)
    return shown | ({"recorded_days_later": late} if late else {}) | _history(record.id, dossier)


def _days_later(record: Record) -> int:
    """Whole local days between what happened and its recording: back-dating stays visible, it is never refused."""
    happened = next((at for at in (getattr(record, name, None) for name in EVENTS) if isinstance(at, int)), None)
    return 0 if happened is None else (local_date(record.created_at) - local_date(happened)).days


def open_dossier(related: Iterable[Stored]) -> Dossier:
    """Sort the records of a dossier."""
    kept = tuple(related)
    voids = {stored.record.target: stored.record for stored in kept if isinstance(stored.record, Void)}
    return Dossier(kept, voids)


def dossier_facts_of(case: Case, dossier: Dossier, context: ReadContext) -> CaseFacts:
    """The facts of the case that heads a dossier."""
    return case_facts(case, dossier.all(Accused), context.units, void=case.id in dossier.voids)


def dossier_state(case: Case, dossier: Dossier, context: ReadContext) -> CaseState:
    """Where the case of a dossier stands."""
    steps = step_facts(dossier.records, context.sequences)
    return project_case(steps, case.unit, context.county, dossier_facts_of(case, dossier, context))


def values_of(record: Any) -> dict[str, Any]:
    """The readable values of a record or item by field name; empty ones and bytes are left out."""
    values: dict[str, Any] = {}
    for declared in declared_fields(record.__class__):
        value = getattr(record, declared.name)
        if value is None or value == () or declared.facet.type is FieldType.BYTES:
            continue
        values[declared.name] = _readable(declared.facet, value)
    return values


def _readable(facet: Facet, value: Any) -> Any:
    if facet.type is FieldType.INSTANT:
        return local_text(value)
    if facet.type is FieldType.ITEMS:
        return [values_of(item) for item in value]
    return list(value) if facet.type is FieldType.TEXTS else value


def _nested(record: Record) -> dict[str, Any]:
    values = {name: value for name, value in values_of(record).items() if name not in INNER}
    if isinstance(record, Finding) and record.case is not None:
        values["case"] = record.case
    if isinstance(record, Accused) and record.workplace is not None:
        values["unit"] = values.pop("workplace")
    return {"id": record.id, **values}


def _people(case: Case, dossier: Dossier, context: ReadContext) -> dict[str, Any]:
    people: dict[str, Any] = {"accused": [_nested(person) for person in dossier.all(Accused)]}
    complainants = dossier.all(Complainant)
    if complainants:
        people["complainant"] = _complainant(complainants[-1], case, context)
    return people


def _complainant(complainant: Complainant, case: Case, context: ReadContext) -> dict[str, Any]:
    """The opened identity, or only its kind with ``masked``."""
    identity = context.identities.get(complainant.id)
    if identity is None:
        return {"identity": case.identity, "masked": True}
    return values_of(identity)


def _standing(case: Case, dossier: Dossier, context: ReadContext) -> dict[str, Any]:
    state = dossier_state(case, dossier, context)
    reasons = dict(state.ineffective)
    steps = step_facts(dossier.records, context.sequences)
    receptions = [{"id": one.id, "received_at": local_text(one.received_at)} for one in dossier.all(Reception)]
    return {
        "status": state.status,
        "holder": state.holder,
        "flags": sorted(state.flags),
        "trail": [_trail_line(fact, reasons.get(fact.id)) for fact in steps],
        "receptions": receptions,
        **_course(case, state),
        **_dues(dossier_facts_of(case, dossier, context), state, context),
    }


def _course(case: Case, state: CaseState) -> dict[str, Any]:
    """What the steps say of the work, where they say it; nature and scope where they are not the registered ones."""
    course = {
        "classified_nature": state.nature if state.nature != case.nature else None,
        "classified_scope": state.scope if state.scope != case.scope else None,
        "route": state.route,
        "clearing": state.clearing,
        "procedure": state.procedure if state.procedure != PETITION else None,
        "disposition": state.disposition,
        "result": state.result,
        "claim_outcome": state.claim_outcome,
        "satisfaction": state.satisfaction,
        "handler": state.handler,
        "leader": state.leader,
        "co_units": list(state.co_units) or None,
        "co_waiting": list(state.co_waiting) or None,
    }
    return {name: value for name, value in course.items() if value is not None}


def _dues(facts: CaseFacts, state: CaseState, context: ReadContext) -> dict[str, Any]:
    """The next duty as ``due`` and ``due_rule``, and every clock that runs."""
    if context.clockwork is None:
        return {}
    dues = running_dues(facts, state, context.clockwork)
    clocks = [_due_line(due) for due in dues]
    first = next((due for due in dues if due.rule.kind is RuleKind.DUTY), None)
    shown: dict[str, Any] = {"due": None if first is None else first.due.isoformat(), "clocks": clocks}
    return shown if first is None else {**shown, "due_rule": first.rule.id}


def _due_line(due: DueDate) -> dict[str, Any]:
    return {
        "rule": due.rule.id,
        "start": due.start.isoformat(),
        "counted": due.counted.isoformat(),
        "due": due.due.isoformat(),
        "provisional": due.provisional,
    }


def _trail_line(fact: StepFact, reason: str | None) -> dict[str, Any]:
    """One step of the trail; ``reason`` is the text key why it has no effect; ``unsent``: the county has it not yet."""
    step: Step = fact.record
    values = {name: value for name, value in values_of(step).items() if name not in ("case", "created_at")}
    line = {"id": step.id, **values, "effective": reason is None}
    if fact.order is None:
        line["unsent"] = True
    return line if reason is None else {**line, "reason": reason}


def _of_its_case(reception: Reception, dossier: Dossier, context: ReadContext) -> dict[str, Any]:
    case = dossier.case()
    if case is None or reception.case is None:
        return {}
    of_case = values_of(case)
    shown = {name: of_case[name] for name in OF_THE_CASE if name in of_case}
    state = dossier_state(case, dossier, context)
    shown["case"] = {"id": case.id, "number": case.number, "status": state.status, "holder": state.holder}
    return shown | _people(case, dossier, context)


def _history(record_id: RecordId, dossier: Dossier) -> dict[str, Any]:
    void = dossier.voids.get(record_id)
    corrections = [one for one in dossier.all(Correction) if one.target == record_id]
    return {
        "voided": None if void is None else _signed(void, reason=void.reason),
        "corrections": [_signed(one, field=one.field, old=one.old, new=one.new) for one in corrections],
    }


def _signed(record: Record, **values: Any) -> dict[str, Any]:
    return {**values, "author": record.author, "at": local_text(record.created_at)}
