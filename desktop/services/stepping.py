"""Steps of a case: what the workflow offers now, and taking one."""

from typing import Any

from desktop.services.desk import Desk
from desktop.services.inputs.shape import InputField, Shape, plain, read_map
from desktop.services.permissions import require_recording
from desktop.services.recording import Scribe
from desktop.services.shapes import Named, OfferRow, Saved
from desktop.services.showing import read_context
from sync.domain.case_facts import CaseFacts, case_facts
from sync.domain.case_state import CaseState
from sync.domain.declarations import facet_of
from sync.domain.errors import InvalidInput, NotAllowed, UsageError
from sync.domain.readout import dossier_state, open_dossier
from sync.domain.records import Accused, Case, Step
from sync.domain.workflow import Offer, offers
from sync.domain.workflow_table import STEPS


def steps(desk: Desk, case_id: str) -> list[OfferRow]:
    """Every step for this unit and role, those not allowed with the key of the reason."""
    found, _, _ = _offers(desk, case_id)
    return [OfferRow(one.step, one.allowed, one.reason_key, one.needs, one.takes) for one in found]


def step(desk: Desk, case_id: str, code: str, data: object) -> Saved:
    """Take a step. ``data``: the fields the step needs and takes, and ``at`` (local time; now if absent).

    Raises UsageError for an unknown step, NotAllowed with the workflow's reason, InvalidInput naming the field.
    """
    require_recording(desk.reader)
    if code not in STEPS:
        raise UsageError("casework.no_such_step", step=code, steps=", ".join(STEPS))
    found, state, case = _offers(desk, case_id)
    offer = next((one for one in found if one.step == code), None)
    if offer is None or not offer.allowed:
        raise NotAllowed(offer.reason_key if offer else "workflow.newer")
    values = read_step(desk, offer, data)
    if values.get("to_unit") == state.holder:
        raise InvalidInput("casework.holds_already", field="to_unit")
    now = desk.clock()
    with desk.work(now) as work:
        scribe = Scribe(desk, work, now)
        made = Step(
            **scribe.common(), case=case.id, step=code, seen=state.last_step, role=desk.unlocked.role,
            **{"at": now, **values},
        )  # fmt: skip
        work.add(made)
    return Saved("Step", made.id, None, (), Named(case.id, case.number))


def read_step(desk: Desk, offer: Offer, data: object) -> dict[str, Any]:
    """Check the input of a step."""
    fields: list[InputField] = [plain(Step, "at", required=False)]
    known = facet_of(Step)
    for name in (*offer.needs, *offer.takes):
        if name in known and known[name].item is None:
            fields.append(plain(Step, name, required=name in offer.needs))
    return read_map(Shape(tuple(fields)), data, desk.directory())


def standing(desk: Desk, case_id: str) -> tuple[Case, CaseState, CaseFacts]:
    """A case, where it stands, and the facts its rules ask for."""
    stored = desk.require("Case", case_id)
    case = stored.record
    assert isinstance(case, Case)
    dossier = open_dossier(desk.store.reading.dossier_records(stored.dossier))
    context = read_context(desk, stored, {})
    state = dossier_state(case, dossier, context)
    return case, state, case_facts(case, dossier.all(Accused), context.units, void=case.id in dossier.voids)


def _offers(desk: Desk, case_id: str) -> tuple[tuple[Offer, ...], CaseState, Case]:
    case, state, facts = standing(desk, case_id)
    device = desk.store.facts
    return offers(state, facts, device.unit, device.unit_kind, desk.unlocked.role), state, case
