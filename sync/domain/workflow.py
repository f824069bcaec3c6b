"""Status and holder of a case as a total function of any set of steps, and what may be done next.

A step that is not allowed at its place stays in the trail without effect, with the key of its reason; nothing raises.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from types import MappingProxyType

from sync.domain.case_facts import CaseFacts, StepFact, in_order
from sync.domain.case_state import CaseState, HandOver
from sync.domain.ids import UnitCode
from sync.domain.workflow_table import NO_CASEWORK, STEPS, StepRule, Who

UNKNOWN = "UNKNOWN"
NO_FACTS = CaseFacts()


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as it is offered to one unit and role: allowed, or the key of the reason why not."""

    step: str
    allowed: bool
    reason_key: str
    needs: tuple[str, ...]
    takes: tuple[str, ...]


def project_case(
    facts: Iterable[StepFact], registering_unit: UnitCode, county: UnitCode, case: CaseFacts = NO_FACTS
) -> CaseState:
    """Replay steps in lawful order. Never raises; an unknown step makes the status UNKNOWN."""
    sight = frozenset({registering_unit, county})
    state = CaseState("DRAFT", registering_unit, registering_unit, county, sight=sight)
    for fact in in_order(facts):
        state = _take(state, fact, case)
    if any(reason == "workflow.newer" for _, reason in state.ineffective):
        state = replace(state, status=UNKNOWN)
    return _with_active_holder(state, case)


def offers(state: CaseState, case: CaseFacts, unit: UnitCode, unit_kind: str, role: str) -> tuple[Offer, ...]:
    """Every step of the table for one unit and role, those not allowed with the reason; none for an UNKNOWN case.

    ``unit_kind`` is the unit's ``org_kind``.
    """
    if state.status == UNKNOWN:
        return ()
    return tuple(_offer(rule, state, case, unit, role) for rule in STEPS.values())


def refusal(rule: StepRule, state: CaseState, unit: UnitCode, role: str | None) -> str | None:
    """Key of the reason why a unit and role may not take a step now; None = it may."""
    if state.status not in rule.froms:
        return "workflow.wrong_status"
    if not _is_who(rule.who, state, unit):
        return f"workflow.only_{rule.who.value}"
    if role is not None and (role in NO_CASEWORK or (rule.roles and role not in rule.roles)):
        return "workflow.wrong_role"
    return None


def _offer(rule: StepRule, state: CaseState, case: CaseFacts, unit: UnitCode, role: str) -> Offer:
    reason = "workflow.void" if case.void else refusal(rule, state, unit, role)
    return Offer(rule.code, reason is None, reason or "", rule.needs, rule.takes)


def _is_who(who: Who, state: CaseState, unit: UnitCode) -> bool:
    allowed = {
        Who.REGISTRAR: {state.registering_unit},
        Who.HOLDER: {state.holder},
        Who.COUNTY: {state.county},
        Who.HOLDER_OR_COUNTY: {state.holder, state.county},
    }
    return unit in allowed[who]


def _take(state: CaseState, fact: StepFact, case: CaseFacts) -> CaseState:
    rule = STEPS.get(fact.step)
    reason = "workflow.newer" if rule is None else _ineffective(rule, state, fact, case)
    seen = replace(state, last_step=fact.id)
    if rule is None or reason is not None:
        return replace(seen, ineffective=(*state.ineffective, (fact.id, reason or "workflow.newer")))
    taken = replace(seen, effective=(*state.effective, fact.id), trail=(*state.trail, fact))
    return _EFFECTS.get(rule.code, _move)(taken, fact, rule)


def _ineffective(rule: StepRule, state: CaseState, fact: StepFact, case: CaseFacts) -> str | None:
    if fact.void:
        return "workflow.step_void"
    if any(getattr(fact.record, name) in (None, ()) for name in rule.needs):
        return "workflow.field_missing"
    return refusal(rule, state, fact.unit, fact.record.role) or _addressee_refusal(state, fact, case)


def _addressee_refusal(state: CaseState, fact: StepFact, case: CaseFacts) -> str | None:
    """Why a case may not go to the unit a step names."""
    target = fact.record.to_unit
    if target is None:
        return None
    if target == state.holder:
        return "workflow.holds_already"
    if case.secrecy == "SEALED" and target not in (state.registering_unit, state.county):
        return "workflow.sealed"
    if case.nature == "ACCUSE" and target in case.accused_units and target != state.county:
        return "workflow.accused_unit"
    if case.units is not None and target not in case.units:
        return "workflow.unknown_unit"
    return None


def _move(state: CaseState, fact: StepFact, rule: StepRule) -> CaseState:
    return replace(state, status=rule.to or state.status)


def _hand_over(state: CaseState, fact: StepFact, rule: StepRule) -> CaseState:
    receiver = UnitCode(fact.record.to_unit or state.county)
    hand_over = HandOver(state.holder, state.status, receiver)
    return replace(
        state,
        status=rule.to,
        holder=receiver,
        hand_overs=(*state.hand_overs, hand_over),
        sight=state.sight | {receiver},
    )


def _give_back(state: CaseState, fact: StepFact, rule: StepRule) -> CaseState:
    """Back to whoever sent it, in the status it had there; the returning unit sees it no more."""
    last = state.hand_overs[-1] if state.hand_overs else HandOver(state.county, "RECEIVED", state.holder)
    keeps = state.holder in (state.registering_unit, state.county)
    return replace(
        state,
        status=last.status,
        holder=last.sender,
        hand_overs=state.hand_overs[:-1],
        sight=state.sight if keeps else state.sight - {state.holder},
    )


def _with_active_holder(state: CaseState, case: CaseFacts) -> CaseState:
    """A unit that was dissolved holds nothing: its cases are the county's."""
    if case.units is None or case.units.get(state.holder, False):
        return state
    return replace(state, holder=state.county, flags=state.flags | {"HOLDER_GONE"})


_EFFECTS: MappingProxyType[str, Callable[[CaseState, StepFact, StepRule], CaseState]] = MappingProxyType(
    {"FORWARD": _hand_over, "RETURN": _give_back}
)
