"""The clocks of the cases in this store: the shipped rules over the calendar as the county has moved it."""

from functools import lru_cache

from desktop.storage.engine import Database
from sync.domain import clocks
from sync.domain.calendar import MovedDay
from sync.domain.case_facts import CaseFacts
from sync.domain.case_state import CaseState
from sync.domain.clocks import Clockwork
from sync.domain.texts import Words
from sync.shipped.rules import load_calendar, load_rulebook


def next_due(state: CaseState, case: CaseFacts, moved: tuple[MovedDay, ...]) -> tuple[str | None, str | None]:
    """The earliest due date (ISO) of a running duty and its rule's id; (None, None) where none runs."""
    due = clocks.next_due(case, state, clockwork(moved))
    return (None, None) if due is None else (due.due.isoformat(), due.rule.id)


@lru_cache(maxsize=4)
def clockwork(moved: tuple[MovedDay, ...]) -> Clockwork:
    """Shipped rules, and the shipped calendar with these days laid over it."""
    return Clockwork(load_rulebook(), load_calendar().with_overlay(moved))


def moved_days(database: Database) -> tuple[MovedDay, ...]:
    """Days the county laid over the shipped calendar; malformed ones are passed over."""
    rows = database.run(
        "SELECT day, working, name FROM record_calendar_day WHERE day IS NOT NULL ORDER BY created_at, id"
    )
    days = ((clocks.parse_day(day), working, name or "") for day, working, name in rows)
    return tuple(MovedDay(day, bool(working), Words(name, name)) for day, working, name in days if day is not None)
