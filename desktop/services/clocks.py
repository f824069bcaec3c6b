"""Due dates with their explanation, from the rulebook and the calendar that stand: one asked for, or a case's."""

from datetime import date
from typing import Any

from desktop.services.desk import Desk
from desktop.services.inputs.values import parse_day
from desktop.services.shapes import ClockRow
from desktop.services.stepping import standing
from desktop.storage.case_clocks import standing_clockwork
from sync.domain.case_state import CaseState
from sync.domain.clocks import Clockwork, running_dues
from sync.domain.clocks import case_clocks as clocks_of_case
from sync.domain.deadlines import DueDate, Pause, due_date, explain
from sync.domain.errors import InvalidInput, UsageError
from sync.shipped.rules import load_clockwork
from sync.shipped.texts import load_catalogue

ENDING = frozenset({"ANSWER", "RESULT", "WITHDRAW", "CLOSE"})
"""Steps that end a clock because the matter is done, and not because it went to another body."""


def explain_due(
    rule_name: str,
    start: str,
    pauses: tuple[tuple[str, str], ...],
    language: str,
    clockwork: Clockwork | None = None,
) -> dict[str, Any]:
    """``{"rule", "start", "due", "counted", "provisional", "rulebook", "explanation"}``; days as ``2026-11-20``.

    By the shipped rules and calendar where no ``clockwork`` is given.
    """
    clockwork = clockwork or load_clockwork()
    rules = clockwork.rulebook.rules
    if rule_name not in rules:
        raise UsageError("casework.no_such_rule", rule=rule_name, rules=", ".join(rules))
    held = [Pause(_day("paused", first), _day("paused", last)) for first, last in pauses]
    for pause in held:
        if pause.last is not None and pause.last < pause.first:
            raise InvalidInput("record.ends_before_start", field="paused")
    found = due_date(rules[rule_name], _day("date", start), clockwork.calendar, held)
    return {
        "rule": rule_name,
        "start": found.start.isoformat(),
        "due": found.due.isoformat(),
        "counted": found.counted.isoformat(),
        "provisional": found.provisional,
        "rulebook": clockwork.rulebook.version,
        "explanation": explain(found, load_catalogue(), language),
    }


def case_clocks(desk: Desk, case_id: str, language: str) -> tuple[ClockRow, ...]:
    """The clocks that run for a case, the next first."""
    _, state, facts = standing(desk, case_id)
    return tuple(_row(due, language) for due in running_dues(facts, state, clockwork_of(desk)))


def paper_clocks(desk: Desk, case_id: str) -> tuple[ClockRow, ...]:
    """The clocks that run, and behind them those that ended with the matter since it was last taken up: a sheet printed
    afterwards names the same dates."""
    _, state, facts = standing(desk, case_id)
    clockwork = clockwork_of(desk)
    ends = {fact.id for fact in state.trail[_taken_up(state) :] if fact.step in ENDING}
    ended = [one for one in clocks_of_case(facts, state, clockwork.rulebook) if one.ended_by in ends]
    dues = (*running_dues(facts, state, clockwork), *(one.due(clockwork.calendar) for one in reversed(ended)))
    return tuple(_row(due, "zh") for due in dues)


def _taken_up(state: CaseState) -> int:
    """Place of the last step by which the case was reopened; 0 where there is none."""
    return max((place for place, fact in enumerate(state.trail) if fact.step == "REOPEN"), default=0)


def _row(due: DueDate, language: str) -> ClockRow:
    said = explain(due, load_catalogue(), language)
    return ClockRow(due.rule.id, due.start, due.due, due.counted, due.provisional, said)


def clockwork_of(desk: Desk) -> Clockwork:
    """The rules and the calendar that stand in this store."""
    return standing_clockwork(desk.store.database)


def _day(field: str, text: str) -> date:
    day = parse_day(text)
    if day is None:
        raise InvalidInput("record.no_such_day", field=field)
    return day
