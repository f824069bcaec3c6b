"""Steps of a case: what the workflow offers now, and taking one."""

from dataclasses import dataclass

from desktop.services.conflicts_of_interest import require_other_handler
from desktop.services.desk import Desk
from desktop.services.inputs.notices import CLOCK_SLACK_MS
from desktop.services.inputs.steps import read_step
from desktop.services.permissions import may_step
from desktop.services.recording import DraftKey, drop_draft
from desktop.services.shapes import Named, Notice, OfferRow, Saved
from desktop.services.showing import read_context
from sync.domain.case_facts import CaseFacts, StepFact, case_facts
from sync.domain.case_state import CaseState
from sync.domain.errors import InvalidInput, NotAllowed, UsageError
from sync.domain.ids import new_record_id
from sync.domain.readout import dossier_state, open_dossier
from sync.domain.records import Accused, Case, Step
from sync.domain.workflow import Offer, offers, taking_refusal
from sync.domain.workflow_table import STEPS

BLAMED = {
    "FORWARD": "to_unit", "ASSIGN": "to_unit", "REVIEW": "to_unit", "REREVIEW": "to_unit", "CO_UNIT": "units",
    "EXTEND": "days", "CLASSIFY": "route", "RESULT": "claim_outcome", "CLOSE": "excuses", "ARCHIVE": "excuses",
    "EXTEND_DECIDE": "approved",
}  # fmt: skip
"""The field to look at where a step is allowed but not with these values."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """A case, where it stands, and what is offered on it."""

    case: Case
    facts: CaseFacts
    state: CaseState
    offers: tuple[Offer, ...]


def steps(desk: Desk, case_id: str) -> list[OfferRow]:
    """Every step for this unit and role, those not allowed with the key of the reason."""
    return [_row(desk, offer) for offer in _offered(desk, case_id).offers]


def step(desk: Desk, case_id: str, code: str, data: object, draft: DraftKey | None = None) -> Saved:
    """Take a step. ``data``: the fields the step needs and takes, and ``at`` (local time; now if absent).

    ``draft`` names the draft that goes in the same transaction. Raises UsageError for an unknown step, NotAllowed with
    the workflow's reason, InvalidInput naming the field; nothing is written then.
    """
    if code not in STEPS:
        raise UsageError("casework.no_such_step", step=code, steps=", ".join(STEPS))
    here = _offered(desk, case_id)
    offer = next((one for one in here.offers if one.step == code), None)
    row = None if offer is None else _row(desk, offer)
    if offer is None or row is None or not row.allowed:
        raise NotAllowed(row.reason_key if row else "workflow.newer")
    now = desk.clock()
    values = {"at": now, **read_step(offer.needs, offer.takes, data, desk.directory())}
    made = Step(
        id=new_record_id(), unit=desk.store.facts.unit, created_at=now, author=desk.user, case=here.case.id,
        step=code, seen=here.state.last_step, role=desk.unlocked.role, **values,
    )  # fmt: skip
    _check(here, made)
    doubts = require_other_handler(desk, made)
    with desk.work(now) as work:
        work.add(made)
        drop_draft(desk, work, draft)
    late = values["at"] > now + CLOCK_SLACK_MS
    warnings = (Notice("record.in_future", "at"), *doubts) if late else doubts
    return Saved("Step", made.id, None, warnings, Named(here.case.id, here.case.number))


def _row(desk: Desk, offer: Offer) -> OfferRow:
    barred = offer.allowed and not may_step(desk.reader, STEPS[offer.step].roles)
    reason = "permission.cannot_record" if barred else offer.reason_key
    return OfferRow(offer.step, offer.allowed and not barred, reason, offer.needs, offer.takes, offer.points)


def _check(here: _Standing, made: Step) -> None:
    """Refuse what would stay in the trail without effect."""
    if made.refers is not None and made.refers not in here.state.effective:
        raise InvalidInput("record.no_such_record", field="refers")
    reason = taking_refusal(here.state, StepFact(made), here.facts)
    if reason == "workflow.points_open":
        raise InvalidInput("casework.points_open", field="excuses", points=", ".join(_open_points(here, made)))
    if reason is not None:
        raise InvalidInput(reason, field=BLAMED.get(made.step, "step"))


def _open_points(here: _Standing, made: Step) -> list[str]:
    """Closing points that are neither done nor excused."""
    offer = next(one for one in here.offers if one.step == made.step)
    excused = {excuse.point for excuse in made.excuses}
    return [point for point in offer.points if point not in excused]


def standing(desk: Desk, case_id: str) -> tuple[Case, CaseState, CaseFacts]:
    """A case, where it stands, and the facts its rules ask for."""
    stored = desk.require("Case", case_id)
    case = stored.record
    assert isinstance(case, Case)
    dossier = open_dossier(desk.store.reading.dossier_records(stored.dossier))
    context = read_context(desk, stored, {})
    state = dossier_state(case, dossier, context)
    return case, state, case_facts(case, dossier.all(Accused), context.units, void=case.id in dossier.voids)


def _offered(desk: Desk, case_id: str) -> _Standing:
    case, state, facts = standing(desk, case_id)
    device = desk.store.facts
    found = offers(state, facts, device.unit, device.unit_kind, desk.unlocked.role)
    return _Standing(case, facts, state, found)
