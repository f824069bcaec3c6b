"""Status and holder of a case as a total function of any set of steps, and what may be done next.

A step that is not allowed at its place stays in the trail without effect, with the key of its reason; nothing raises.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sync.domain.case_facts import CaseFacts, StepFact, in_order
from sync.domain.case_state import CaseState
from sync.domain.ids import UnitCode
from sync.domain.jurisdiction import offer_reason, step_reason
from sync.domain.workflow_effects import apply_effect
from sync.domain.workflow_guards import (
    excuse_refusal,
    extension_refusal,
    fact_refusal,
    open_points,
    owes_feedback,
    state_refusal,
)
from sync.domain.workflow_table import NO_CASEWORK, STEPS, StepRule, Who

UNKNOWN = "UNKNOWN"
NEWER = "workflow.newer"
NO_FACTS = CaseFacts()
NO_OFFICES = frozenset({"VILLAGE"})
"""Kinds of units that hold no cases."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as it is offered to one unit and role: allowed, or the key of the reason why not."""

    step: str
    allowed: bool
    reason_key: str
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    points: tuple[str, ...] = ()
    """Closing points that need an excuse if the step is taken now."""


def project_case(
    facts: Iterable[StepFact], registering_unit: UnitCode, county: UnitCode, case: CaseFacts = NO_FACTS
) -> CaseState:
    """Replay steps in lawful order. Never raises; an unknown step makes the status UNKNOWN."""
    sight = frozenset({registering_unit, county})
    state = CaseState(
        "DRAFT", registering_unit, registering_unit, county, sight=sight, nature=case.nature, scope=case.scope
    )
    for fact in in_order(facts):
        state = _take(state, fact, case)
    if any(reason == NEWER for _, reason in state.ineffective):
        state = replace(state, status=UNKNOWN)
    return _with_active_holder(state, case)


def offers(state: CaseState, case: CaseFacts, unit: UnitCode, unit_kind: str, role: str) -> tuple[Offer, ...]:
    """Every step of the table for one unit and role, those not allowed with the reason; none for an UNKNOWN case.

    ``unit_kind`` is the unit's ``org_kind``.
    """
    if state.status == UNKNOWN:
        return ()
    barred = "workflow.void" if case.void else "workflow.no_office" if unit_kind in NO_OFFICES else None
    return tuple(
        _offer(rule, barred or _unoffered(rule, state, case, unit, role), state, case) for rule in STEPS.values()
    )


def _unoffered(rule: StepRule, state: CaseState, case: CaseFacts, unit: UnitCode, role: str) -> str | None:
    return refusal(rule, state, case, unit, role) or offer_reason(state, rule.code, unit, case)


def taking_refusal(state: CaseState, fact: StepFact, case: CaseFacts) -> str | None:
    """Key of the reason why a person may not take this step now; None = he may. Ask this before a step is saved.

    Stricter than ``step_refusal``: a matter that belongs to a higher organ, co-units that have not reported, and a date
    another unit set bind who acts, but undo nothing that was done. ``fact`` may carry any id.
    """
    reason = step_refusal(state, fact, case) or step_reason(state, fact, case)
    return reason or excuse_refusal(state, fact, case) or extension_refusal(state, fact)


def refusal(rule: StepRule, state: CaseState, case: CaseFacts, unit: UnitCode, role: str | None) -> str | None:
    """Key of the reason why a unit and role may not take a step now; None = it may."""
    if state.status not in rule.froms:
        return "workflow.wrong_status"
    if rule.natures and state.nature is not None and state.nature not in rule.natures:
        return "workflow.wrong_nature"
    if unit not in _allowed_units(rule.who, state, case):
        return f"workflow.only_{rule.who.value}"
    if role is not None and (role in NO_CASEWORK or (rule.roles and role not in rule.roles)):
        return "workflow.wrong_role"
    return state_refusal(rule.code, state, case)


def step_refusal(state: CaseState, fact: StepFact, case: CaseFacts) -> str | None:
    """Key of the reason why a whole step with its values has no effect on this state; None = it has."""
    rule = STEPS.get(fact.step)
    if rule is None:
        return NEWER
    if fact.void:
        return "workflow.step_void"
    refused = refusal(rule, state, case, fact.unit, fact.record.role)
    if refused is not None:
        return refused
    if missing_fields(rule, fact):
        return "workflow.field_missing"
    return fact_refusal(state, fact, case)


def missing_fields(rule: StepRule, fact: StepFact) -> tuple[str, ...]:
    """Names of the needed fields a step does not carry."""
    return tuple(name for name in rule.needs if getattr(fact.record, name) in (None, (), ""))


def _offer(rule: StepRule, reason: str | None, state: CaseState, case: CaseFacts) -> Offer:
    points = _points(rule.code, state, case) if reason is None else ()
    return Offer(rule.code, reason is None, reason or "", rule.needs, rule.takes, points)


def _points(step: str, state: CaseState, case: CaseFacts) -> tuple[str, ...]:
    if step == "CLOSE":
        return open_points(state, case)
    return ("FEEDBACK",) if step == "ARCHIVE" and owes_feedback(state, case) else ()


def _allowed_units(who: Who, state: CaseState, case: CaseFacts) -> frozenset[UnitCode]:
    holders = frozenset({state.holder}) if _is_active(state, case) else frozenset({state.holder, state.county})
    match who:
        case Who.REGISTRAR:
            return frozenset({state.registering_unit})
        case Who.HOLDER:
            return holders
        case Who.SENDER:
            return frozenset({state.hand_overs[-1].sender}) if state.hand_overs else frozenset()
        case Who.COUNTY:
            return frozenset({state.county})
        case Who.HOLDER_OR_COUNTY:
            return holders | {state.county}
        case Who.PARTY:
            return holders | {state.county, state.registering_unit}
        case Who.CO_UNIT:
            return frozenset(state.co_units) - {state.holder}


def _take(state: CaseState, fact: StepFact, case: CaseFacts) -> CaseState:
    reason = step_refusal(state, fact, case)
    if reason is not None:
        return replace(state, last_step=fact.id, ineffective=(*state.ineffective, (fact.id, reason)))
    taken = replace(
        state,
        last_step=fact.id,
        effective=(*state.effective, fact.id),
        trail=(*state.trail, fact),
        done=state.done | {fact.step},
    )
    return apply_effect(taken, fact, STEPS[fact.step])


def _is_active(state: CaseState, case: CaseFacts) -> bool:
    return case.units is None or case.units.get(state.holder, False)


def _with_active_holder(state: CaseState, case: CaseFacts) -> CaseState:
    """A unit that was dissolved holds nothing: its cases are the county's."""
    if _is_active(state, case):
        return state
    return replace(state, holder=state.county, flags=state.flags | {"HOLDER_GONE"})
