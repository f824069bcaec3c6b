"""What each step changes in the state of a case. Every effect is a pure function of state, step and row."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from types import MappingProxyType

from sync.domain.case_facts import StepFact
from sync.domain.case_state import CaseState, HandOver
from sync.domain.ids import UnitCode
from sync.domain.workflow_table import StepRule

Effect = Callable[[CaseState, StepFact, StepRule], CaseState]

BOUNCED_AFTER = 2
"""Returns after which a case counts as bounced."""
OF_THE_ROUND = frozenset({"PAUSED", "EXTENDED", "WITHDRAWN", "CLARIFIED", "FINAL", "CO_WAITING"})
"""Flags that end when a case is taken up again."""


def apply_effect(state: CaseState, fact: StepFact, rule: StepRule) -> CaseState:
    """The state after an allowed step, which stands in its trail already."""
    taken = _EFFECTS.get(rule.code, _move)(state, fact, rule)
    if "PAUSED" in taken.flags and taken.status != state.status:
        return replace(taken, flags=taken.flags - {"PAUSED"})
    return taken


def _move(state: CaseState, _: StepFact, rule: StepRule) -> CaseState:
    return replace(state, status=rule.to or state.status)


def _classify(state: CaseState, fact: StepFact, _: StepRule) -> CaseState:
    step = fact.record
    moves = state.status in ("REGISTERED", "RECEIVED")
    return replace(
        state,
        status="CLASSIFIED" if moves else state.status,
        nature=step.nature or state.nature,
        scope=step.scope or state.scope,
        route=step.route or state.route,
        clearing=step.clearing or state.clearing,
        procedure=step.procedure or state.procedure,
    )


def _hand_over(state: CaseState, fact: StepFact, rule: StepRule) -> CaseState:
    receiver = UnitCode(fact.record.to_unit or state.county)
    hand_over = HandOver(state.holder, state.status, receiver, rule.code == "ASSIGN")
    moved = _to_holder(state, receiver, rule.to)
    return replace(moved, hand_overs=(*state.hand_overs, hand_over))


def _to_holder(state: CaseState, receiver: UnitCode, status: str) -> CaseState:
    moved = replace(state, status=status, holder=receiver, handler=None, sight=state.sight | {receiver})
    return _awaiting(moved, (unit for unit in state.co_waiting if unit != receiver))


def _give_back(state: CaseState, _: StepFact, rule: StepRule) -> CaseState:
    """Back to whoever sent it, in the status it had there; the returning unit sees it no more."""
    del rule
    returns = state.returns + 1
    flags = state.flags | {"BOUNCED"} if returns >= BOUNCED_AFTER else state.flags
    return replace(_undo_hand_over(state), returns=returns, flags=flags)


def _recall(state: CaseState, _: StepFact, rule: StepRule) -> CaseState:
    del rule
    return _undo_hand_over(state)


def _undo_hand_over(state: CaseState) -> CaseState:
    last = state.hand_overs[-1]
    rest = state.hand_overs[:-1]
    keeps = {state.registering_unit, state.county, last.sender, *state.co_units, *(one.receiver for one in rest)}
    sight = state.sight if state.holder in keeps else state.sight - {state.holder}
    return replace(state, status=last.status, holder=last.sender, handler=None, hand_overs=rest, sight=sight)


def _escalate(state: CaseState, _: StepFact, rule: StepRule) -> CaseState:
    taken = _to_holder(state, state.county, rule.to)
    return replace(taken, route="ESCALATE", hand_overs=())


def _receive(state: CaseState, fact: StepFact, rule: StepRule) -> CaseState:
    return replace(state, status=rule.to, handler=fact.record.to_person)


def _start(state: CaseState, fact: StepFact, rule: StepRule) -> CaseState:
    return replace(state, status=rule.to, handler=fact.record.to_person or state.handler)


def _dispose(state: CaseState, fact: StepFact, rule: StepRule) -> CaseState:
    return replace(state, status=rule.to, disposition=fact.record.disposition)


def _join(state: CaseState, fact: StepFact, _: StepRule) -> CaseState:
    units = tuple(UnitCode(unit) for unit in dict.fromkeys((*state.co_units, *fact.record.units)))
    joined = replace(state, route="MIXED", co_units=units, sight=state.sight | set(units))
    return _awaiting(joined, (*state.co_waiting, *map(UnitCode, fact.record.units)))


def _report_as_helper(state: CaseState, fact: StepFact, _: StepRule) -> CaseState:
    """What a co-unit found: the holder reads it; status and holder stay."""
    return _awaiting(state, (unit for unit in state.co_waiting if unit != fact.unit))


def _awaiting(state: CaseState, units: Iterable[UnitCode]) -> CaseState:
    """The same with these co-units still to report."""
    waiting = tuple(dict.fromkeys(units))
    flags = state.flags | {"CO_WAITING"} if waiting else state.flags - {"CO_WAITING"}
    return replace(state, co_waiting=waiting, flags=flags)


def _close(state: CaseState, fact: StepFact, rule: StepRule) -> CaseState:
    """Nobody is waited for any more; what was excused stands in the trail."""
    return _awaiting(_move(state, fact, rule), ())


def _package(state: CaseState, fact: StepFact, _: StepRule) -> CaseState:
    return replace(state, route="BACKLOG", leader=fact.record.to_person)


def _ask_extension(state: CaseState, fact: StepFact, _: StepRule) -> CaseState:
    return replace(state, asked_days=fact.record.days or 0)


def _decide_extension(state: CaseState, fact: StepFact, _: StepRule) -> CaseState:
    """An approval that says how the petitioner was told needs no notice behind it."""
    if not fact.record.approved:
        return replace(state, asked_days=0)
    told = frozenset({"EXTEND_NOTICE"} if fact.record.told else ())
    granted = replace(state, asked_days=0, extended_days=state.asked_days, flags=state.flags | {"EXTENDED"})
    return replace(granted, done=granted.done | told)


def _pause(state: CaseState, _: StepFact, rule: StepRule) -> CaseState:
    del rule
    return replace(state, flags=state.flags | {"PAUSED"})


def _resume(state: CaseState, _: StepFact, rule: StepRule) -> CaseState:
    del rule
    return replace(state, flags=state.flags - {"PAUSED"})


def _withdraw(state: CaseState, _: StepFact, rule: StepRule) -> CaseState:
    """A claim that is withdrawn is at its end; of an accusation only the wish is noted, the office goes on."""
    del rule
    flags = state.flags | {"WITHDRAWN"}
    if state.nature == "ACCUSE":
        return replace(state, flags=flags)
    return replace(state, status="RESULT", result="WITHDRAWN", flags=flags)


def _result(state: CaseState, fact: StepFact, rule: StepRule) -> CaseState:
    outcome = fact.record.claim_outcome or state.claim_outcome
    return replace(state, status=rule.to, result=fact.record.result, claim_outcome=outcome, asked_days=0)


def _answer(state: CaseState, fact: StepFact, rule: StepRule) -> CaseState:
    outcome = fact.record.claim_outcome or state.claim_outcome
    return replace(state, status=rule.to, claim_outcome=outcome, asked_days=0)


def _feedback(state: CaseState, _: StepFact, rule: StepRule) -> CaseState:
    del rule
    return replace(state, status="REPLIED" if state.status == "RESULT" else state.status)


def _clarify(state: CaseState, _: StepFact, rule: StepRule) -> CaseState:
    del rule
    return replace(state, flags=state.flags | {"CLARIFIED"})


def _revisit(state: CaseState, fact: StepFact, _: StepRule) -> CaseState:
    """A revisit that brought a rating is one; without it, or nobody reached, the case still waits for one."""
    rating = fact.record.satisfaction
    if rating is None or rating == "UNREACHED":
        return replace(state, status="RATED" if state.status == "RATED" else "RETURN_VISIT")
    return replace(state, status="RATED", satisfaction=rating)


def _rate(state: CaseState, fact: StepFact, rule: StepRule) -> CaseState:
    return replace(state, status=rule.to, satisfaction=fact.record.satisfaction)


def _supervise(state: CaseState, fact: StepFact, _: StepRule) -> CaseState:
    return replace(state, orders=(*state.orders, fact.id), flags=state.flags | {"SUPERVISED"})


def _answer_order(state: CaseState, fact: StepFact, _: StepRule) -> CaseState:
    """Answers the order it names, or all of them."""
    named = fact.record.refers
    left = tuple(order for order in state.orders if order != named) if named in state.orders else ()
    return replace(state, orders=left, flags=state.flags if left else state.flags - {"SUPERVISED"})


def _review(state: CaseState, fact: StepFact, rule: StepRule) -> CaseState:
    body = UnitCode(fact.record.to_unit or state.county)
    return replace(_to_holder(state, body, rule.to), hand_overs=())


def _review_result(state: CaseState, fact: StepFact, rule: StepRule) -> CaseState:
    instance = 1 if rule.code == "REVIEW_RESULT" else 2
    flags = state.flags | {"FINAL"} if instance == 2 else state.flags
    return replace(_answer(state, fact, rule), instance=instance, flags=flags)


def _reopen(state: CaseState, _: StepFact, rule: StepRule) -> CaseState:
    return replace(
        state,
        status=rule.to,
        result=None,
        claim_outcome=None,
        satisfaction=None,
        disposition=None,
        asked_days=0,
        extended_days=0,
        instance=0,
        hand_overs=(),
        co_waiting=(),
        flags=state.flags - OF_THE_ROUND,
        done=state.done & {"REGISTER", "NOTICE"},
    )


_EFFECTS: MappingProxyType[str, Effect] = MappingProxyType(
    {
        "CLASSIFY": _classify,
        "FORWARD": _hand_over,
        "ASSIGN": _hand_over,
        "RECEIVE": _receive,
        "RETURN": _give_back,
        "RECALL": _recall,
        "ESCALATE": _escalate,
        "START": _start,
        "DISPOSE": _dispose,
        "CO_UNIT": _join,
        "CO_ANSWER": _report_as_helper,
        "PACKAGE": _package,
        "EXTEND": _ask_extension,
        "EXTEND_DECIDE": _decide_extension,
        "PAUSE": _pause,
        "RESUME": _resume,
        "WITHDRAW": _withdraw,
        "RESULT": _result,
        "ANSWER": _answer,
        "FEEDBACK": _feedback,
        "CLARIFY": _clarify,
        "REVISIT": _revisit,
        "RATE": _rate,
        "SUPERVISE": _supervise,
        "SUPERVISE_ANSWER": _answer_order,
        "REVIEW": _review,
        "REVIEW_RESULT": _review_result,
        "REREVIEW": _review,
        "REREVIEW_RESULT": _review_result,
        "CLOSE": _close,
        "REOPEN": _reopen,
    }
)
