"""``due``: a due date with its explanation, from the rulebook and the calendar that stand."""

from datetime import date
from typing import Any

from desktop.services.inputs.values import parse_day
from sync.domain.deadlines import Pause, due_date, explain
from sync.domain.errors import InvalidInput, UsageError
from sync.shipped.rules import load_calendar, load_rulebook
from sync.shipped.texts import load_catalogue


def explain_due(rule_name: str, start: str, pauses: tuple[tuple[str, str], ...], language: str) -> dict[str, Any]:
    """``{"rule", "start", "due", "counted", "provisional", "explanation"}``; days as ``2026-11-20``."""
    rules = load_rulebook().rules
    if rule_name not in rules:
        raise UsageError("casework.no_such_rule", rule=rule_name, rules=", ".join(rules))
    held = [Pause(_day("paused", first), _day("paused", last)) for first, last in pauses]
    for pause in held:
        if pause.last is not None and pause.last < pause.first:
            raise InvalidInput("record.ends_before_start", field="paused")
    found = due_date(rules[rule_name], _day("date", start), load_calendar(), held)
    return {
        "rule": rule_name,
        "start": found.start.isoformat(),
        "due": found.due.isoformat(),
        "counted": found.counted.isoformat(),
        "provisional": found.provisional,
        "explanation": explain(found, load_catalogue(), language),
    }


def _day(field: str, text: str) -> date:
    day = parse_day(text)
    if day is None:
        raise InvalidInput("record.no_such_day", field=field)
    return day
