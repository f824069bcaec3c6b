"""What forbids a step besides status, unit and role: the nature of the matter, what was done before, the addressee."""

from collections.abc import Callable, Iterable
from types import MappingProxyType

from sync.domain.case_facts import CaseFacts, StepFact, may_accuse
from sync.domain.case_state import PETITION, CaseState
from sync.domain.ids import UnitCode
from sync.domain.jurisdiction import leaves_county

StateGuard = Callable[[CaseState, CaseFacts], str | None]
FactGuard = Callable[[CaseState, StepFact, CaseFacts], str | None]

LONGEST_EXTENSION = 30
"""Days; once only."""
ANONYMOUS = "ANON"
REACHABLE = frozenset({"REAL", "JOINT", "UNIT"})
"""Identities that can be answered, revisited and asked to rate."""
CO_ANSWERED, DISPOSED, REPORTED_UP, EXTENSION_TOLD = "CO_ANSWERED", "DISPOSED", "REPORTED_UP", "EXTENSION_TOLD"
ASKED_OF_PEOPLE = frozenset({CO_ANSWERED, DISPOSED, REPORTED_UP, EXTENSION_TOLD})
"""Points that bind who closes now, and undo no closing: it may be older than the point, or than what raised it."""
NO_ANSWER = frozenset({"WITHDRAWN", "MERGED"})
"""Results after which nobody waits for an answer."""


def state_refusal(step: str, state: CaseState, case: CaseFacts) -> str | None:
    """Key of the reason why the case as it stands does not take this step; None = it does."""
    guard = _OF_STATE.get(step)
    return None if guard is None else guard(state, case)


def fact_refusal(state: CaseState, fact: StepFact, case: CaseFacts) -> str | None:
    """Key of the reason why the values of a step cannot stand; None = they can."""
    guard = _OF_FACT.get(fact.step)
    return None if guard is None else guard(state, fact, case)


def open_points(state: CaseState, case: CaseFacts) -> tuple[str, ...]:
    """Closing points (vocabulary ``closing_point``) that are not done and need an excuse."""
    points = {**_points(state, case), "SUPERVISION": bool(state.orders), CO_ANSWERED: bool(state.co_waiting)}
    return tuple(point for point, is_open in points.items() if is_open)


def excuse_refusal(state: CaseState, fact: StepFact, case: CaseFacts) -> str | None:
    """Key of the reason where somebody closes with a point left that is neither done nor excused."""
    return _left(fact, open_points(state, case)) if fact.step == "CLOSE" else None


def extension_refusal(state: CaseState, fact: StepFact) -> str | None:
    """Key of the reason where a unit would extend nothing but the date that whoever assigned the matter to it set. A
    claim's own limit its head may extend; the other's date stays as it is."""
    if fact.step != "EXTEND_DECIDE" or not fact.record.approved or has_sixty_days(state):
        return None
    assigned = (
        bool(state.hand_overs) and state.hand_overs[-1].assigned and state.hand_overs[-1].receiver == state.holder
    )
    return "workflow.assigner_extends" if assigned and fact.unit != state.county else None


def has_sixty_days(state: CaseState) -> bool:
    """Whether the limit of petitions, which the unit's head may extend, is the case's: a claim by their procedure."""
    return state.nature == "CLAIM" and state.procedure == PETITION


def _points(state: CaseState, case: CaseFacts) -> dict[str, bool]:
    if state.status == "NOT_ACCEPTED":
        return {}
    return _accusation_points(state, case) if state.nature == "ACCUSE" else _petition_points(state, case)


def _work_points(state: CaseState) -> dict[str, bool]:
    return {"STARTED": not state.done & {"START", "DISPOSE"}, "RESULT": state.result is None}


def _accusation_points(state: CaseState, case: CaseFacts) -> dict[str, bool]:
    told = _is_real_name(case) and "NOTICE" not in state.done
    if "REPORT_UP" in state.done:  # the organ it went to does the rest
        return {"NOTICE": told}
    return {
        **_work_points(state),
        "NOTICE": told,
        "CLARIFIED": state.result == "UNTRUE" and "CLARIFY" not in state.done,
        DISPOSED: state.disposition is None,
        REPORTED_UP: leaves_county(state, case),
    }


def _petition_points(state: CaseState, case: CaseFacts) -> dict[str, bool]:
    if state.result in NO_ANSWER:
        return {}
    reachable = case.identity in REACHABLE
    answered = bool(state.done & {"ANSWER", "REVIEW_RESULT", "REREVIEW_RESULT"})
    return {
        **_work_points(state),
        EXTENSION_TOLD: reachable and "EXTENDED" in state.flags and "EXTEND_NOTICE" not in state.done,
        "ANSWERED": case.identity != ANONYMOUS and not answered,
        "REVISITED": reachable and "REVISIT" not in state.done,
        "RATED": reachable and state.satisfaction is None,
    }


def _is_real_name(case: CaseFacts) -> bool:
    """Whether notice and feedback are owed: a real name, and not a repeat."""
    return case.identity == "REAL" and case.first_repeat != "REPEAT"


def _real_name(_: CaseState, case: CaseFacts) -> str | None:
    return None if _is_real_name(case) else "workflow.only_real_name"


def _not_anonymous(_: CaseState, case: CaseFacts) -> str | None:
    return "workflow.anonymous" if case.identity == ANONYMOUS else None


def _was_handed(state: CaseState, _: CaseFacts) -> str | None:
    handed = bool(state.hand_overs) and state.hand_overs[-1].receiver == state.holder
    return None if handed else "workflow.nothing_to_return"


def _can_extend(state: CaseState, _: CaseFacts) -> str | None:
    if state.asked_days:
        return "workflow.extension_waits"
    return "workflow.extended_once" if state.extended_days else None


def _untold(state: CaseState, case: CaseFacts) -> str | None:
    if "EXTENDED" not in state.flags or "EXTEND_NOTICE" in state.done:
        return "workflow.no_extension_to_tell"
    return _not_anonymous(state, case)


def _is(holds: Callable[[CaseState], bool], reason: str) -> StateGuard:
    return lambda state, _: None if holds(state) else reason


def _can_review(state: CaseState, _: CaseFacts) -> str | None:
    if state.procedure != PETITION:
        return "workflow.other_procedure"
    return "workflow.reviewed" if state.instance else None


def _can_rereview(state: CaseState, _: CaseFacts) -> str | None:
    if state.procedure != PETITION:
        return "workflow.other_procedure"
    return None if state.instance == 1 else "workflow.not_reviewed"


def owes_feedback(state: CaseState, case: CaseFacts) -> bool:
    """Whether a real-name accuser still waits for the result; of what was reported up the organ there tells it."""
    return state.nature == "ACCUSE" and _is_real_name(case) and not state.done & {"FEEDBACK", "REPORT_UP"}


def addressee_refusal(state: CaseState, target: str, case: CaseFacts) -> str | None:
    """Why a case may not go to a unit."""
    if target == state.holder:
        return "workflow.holds_already"
    if case.units is not None and target not in case.units:
        return "workflow.unknown_unit"
    if target in (state.county, state.registering_unit):
        return None
    if case.secrecy == "SEALED":
        return "workflow.sealed"
    return "workflow.accused_unit" if may_accuse(state.nature) and target in case.accused_units else None


def _to_unit(state: CaseState, fact: StepFact, case: CaseFacts) -> str | None:
    target = fact.record.to_unit
    return None if target is None else addressee_refusal(state, target, case)


def _review_body(state: CaseState, fact: StepFact, case: CaseFacts) -> str | None:
    target = UnitCode(fact.record.to_unit or state.county)
    return None if target == state.holder else addressee_refusal(state, target, case)


def _co_units(state: CaseState, fact: StepFact, case: CaseFacts) -> str | None:
    reasons = (addressee_refusal(state, unit, case) for unit in fact.record.units)
    return next((reason for reason in reasons if reason is not None), None)


def _days(state: CaseState, fact: StepFact, case: CaseFacts) -> str | None:
    days = fact.record.days or 0
    return None if 1 <= days <= LONGEST_EXTENSION else "workflow.extension_too_long"


def _classified(state: CaseState, fact: StepFact, case: CaseFacts) -> str | None:
    step = fact.record
    if step.procedure and (step.nature or state.nature or "CLAIM") != "CLAIM":
        return "workflow.wrong_nature"
    said = step.nature or step.scope or step.route or step.clearing or step.procedure
    return None if said else "workflow.field_missing"


def _result(state: CaseState, fact: StepFact, _: CaseFacts) -> str | None:
    barred = state.nature == "ACCUSE" and fact.record.claim_outcome is not None
    return "workflow.wrong_nature" if barred else None


def _excused(state: CaseState, fact: StepFact, case: CaseFacts) -> str | None:
    return _left(fact, (point for point in open_points(state, case) if point not in ASKED_OF_PEOPLE))


def _left(fact: StepFact, points: Iterable[str]) -> str | None:
    return "workflow.points_open" if set(points) - _excuses(fact) else None


def _feedback_excused(state: CaseState, fact: StepFact, case: CaseFacts) -> str | None:
    owed = owes_feedback(state, case) and "FEEDBACK" not in _excuses(fact)
    return "workflow.points_open" if owed else None


def _excuses(fact: StepFact) -> set[str]:
    return {excuse.point for excuse in fact.record.excuses if excuse.reason and excuse.reason.strip()}


_OF_STATE: MappingProxyType[str, StateGuard] = MappingProxyType(
    {
        "NOTICE": _real_name,
        "FEEDBACK": _real_name,
        "ACCEPT_NOTICE": _not_anonymous,
        "ANSWER": _not_anonymous,
        "REVISIT": _not_anonymous,
        "RATE": _not_anonymous,
        "RETURN": _was_handed,
        "ESCALATE": _is(lambda state: state.holder != state.county, "workflow.holds_already"),
        "EXTEND": _can_extend,
        "EXTEND_DECIDE": _is(lambda state: state.asked_days > 0, "workflow.nothing_asked"),
        "EXTEND_NOTICE": _untold,
        "PAUSE": _is(lambda state: "PAUSED" not in state.flags, "workflow.paused"),
        "RESUME": _is(lambda state: "PAUSED" in state.flags, "workflow.not_paused"),
        "CLARIFY": _is(lambda state: state.result == "UNTRUE", "workflow.only_untrue"),
        "SUPERVISE_ANSWER": _is(lambda state: bool(state.orders), "workflow.no_order"),
        "REVIEW": _can_review,
        "REREVIEW": _can_rereview,
    }
)
_OF_FACT: MappingProxyType[str, FactGuard] = MappingProxyType(
    {
        "FORWARD": _to_unit,
        "ASSIGN": _to_unit,
        "REVIEW": _review_body,
        "REREVIEW": _review_body,
        "CO_UNIT": _co_units,
        "EXTEND": _days,
        "CLASSIFY": _classified,
        "RESULT": _result,
        "CLOSE": _excused,
        "ARCHIVE": _feedback_excused,
    }
)
