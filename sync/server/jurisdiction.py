"""The county's word on steps that a higher organ's cadres forbid: judged by what their author had seen."""

from collections.abc import Sequence
from typing import Any

from sync.domain.authority import Bound, Proposal
from sync.domain.case_facts import CaseFacts, StepFact
from sync.domain.case_state import CaseState
from sync.domain.declarations import from_fields
from sync.domain.ids import RecordId, UnitCode
from sync.domain.jurisdiction import ACCUSED, BOUND_STEPS, OWN_MATTER, step_reason
from sync.domain.records import KINDS, Accused, Case, Step, Stored
from sync.domain.visibility import dossier_facts
from sync.domain.workflow import project_case, step_refusal
from sync.protocol.messages import Change
from sync.server.merge import RecordState
from sync.server.standing import DECIDING_KINDS, Standing, typed

MANAGER, OWN_UNIT = "managed_by", "unit_code"


def bound_by(standing: Standing, change: Change, proposals: Sequence[Proposal], seen: int) -> Bound:
    """The judgement for one change whose author had read the feed up to ``seen``."""

    def reason(proposal: Proposal) -> str | None:
        if proposal.fields.get("step") not in BOUND_STEPS:
            return None
        kept = _seen_records(standing, proposal.dossier, change.device, seen)
        made = [_made(one) for one in proposals if _decides(one, proposal)]
        found = _reason(standing, kept + made, proposal)
        unaware = found == OWN_MATTER and not made and not _knew_itself(standing, proposal, change.device, seen)
        return None if unaware else found

    return reason


def _decides(one: Proposal, proposal: Proposal) -> bool:
    """Whether a record of the same change decides about the case too."""
    together = one.creates and one.dossier == proposal.dossier and one.id != proposal.id
    return together and one.kind in DECIDING_KINDS


def only_helps(standing: Standing, dossier: str, unit: str) -> bool:
    """Whether a unit helps with a case and never had it in hand."""
    kept = [typed(state) for state in standing.of_dossier(dossier) if state.kind in DECIDING_KINDS]
    case = _case_of(standing, kept, dossier)
    return case is not None and case[0].only_helps(unit)


def _case_of(standing: Standing, kept: list[Stored], dossier: str) -> tuple[CaseState, CaseFacts] | None:
    head = next((stored.record for stored in kept if isinstance(stored.record, Case)), None)
    if head is None or head.id != dossier:
        return None
    facts = dossier_facts(kept, standing.county, standing.units)
    return project_case(facts.steps, UnitCode(head.unit), standing.county, facts.case), facts.case


def _reason(standing: Standing, kept: list[Stored], proposal: Proposal) -> str | None:
    case = _case_of(standing, kept, proposal.dossier)
    step: Any = _made(proposal).record
    assert isinstance(step, Step)
    if case is None:
        return None
    reason = step_reason(case[0], StepFact(step), case[1])
    if reason == ACCUSED and step_refusal(case[0], StepFact(step), case[1]) is not None:
        return None  # it stays in the trail without effect, and gives the case to nobody
    return reason


def _seen_records(standing: Standing, dossier: str, device: str, seen: int) -> list[Stored]:
    """What decides about a case, as far as the author knew it."""
    states = (state for state in standing.of_dossier(dossier) if state.kind in DECIDING_KINDS)
    return [typed(state) for state in states if _was_seen(state, device, seen)]


def _was_seen(state: RecordState, device: str, seen: int) -> bool:
    """A case always; of somebody complained about it counts when he was said to be managed by whom."""
    if state.kind == Case.__name__:
        return True
    return _field_was_seen(state, MANAGER, device, seen)


def _knew_itself(standing: Standing, proposal: Proposal, device: str, seen: int) -> bool:
    """Whether the author had read that his own unit is complained about."""
    people = (state for state in standing.of_dossier(proposal.dossier) if state.kind == Accused.__name__)
    named = (state for state in people if _field_was_seen(state, OWN_UNIT, device, seen))
    unit = proposal.fields.get("unit")
    return any(getattr(typed(state).record, OWN_UNIT) == unit for state in named)


def _field_was_seen(state: RecordState, name: str, device: str, seen: int) -> bool:
    writer = state.writers.get(name, state.writer)
    return writer.revision <= seen or writer.device == device


def _made(proposal: Proposal) -> Stored:
    """A record that the change itself makes."""
    record = from_fields(KINDS[proposal.kind].record, dict(proposal.fields), id=RecordId(proposal.id))
    return Stored(record, RecordId(proposal.dossier))
