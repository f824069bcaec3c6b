"""The clocks of the cases in this store: rules and calendar as they are shipped and as the county changed them."""

from functools import lru_cache

from desktop.storage.engine import Database
from sync.domain import clocks
from sync.domain.calendar import MovedDay
from sync.domain.case_facts import CaseFacts
from sync.domain.case_state import CaseState
from sync.domain.clocks import Clockwork
from sync.domain.rulebook_text import newest_rulebook
from sync.domain.texts import Words
from sync.shipped.rules import load_calendar, load_rulebook

CLOCK_KINDS = frozenset({"CalendarDay", "RulebookVersion"})
"""Kinds whose change moves every due date."""


def next_due(state: CaseState, case: CaseFacts, clockwork: Clockwork) -> tuple[str | None, str | None]:
    """The earliest due date (ISO) of a running duty and its rule's id; (None, None) where none runs."""
    due = clocks.next_due(case, state, clockwork)
    return (None, None) if due is None else (due.due.isoformat(), due.rule.id)


def standing_clockwork(database: Database) -> Clockwork:
    """The rules and the calendar that stand now; the same object as long as nothing was published."""
    return _clockwork(moved_days(database), _rule_texts(database))


@lru_cache(maxsize=4)
def _clockwork(moved: tuple[MovedDay, ...], texts: tuple[str, ...]) -> Clockwork:
    return Clockwork(newest_rulebook(load_rulebook(), texts), load_calendar().with_overlay(moved))


def moved_days(database: Database) -> tuple[MovedDay, ...]:
    """Days the county laid over the shipped calendar; malformed ones are passed over."""
    rows = database.run(
        "SELECT day, working, name FROM record_calendar_day WHERE day IS NOT NULL ORDER BY created_at, id"
    )
    days = ((clocks.parse_day(day), working, name or "") for day, working, name in rows)
    return tuple(MovedDay(day, bool(working), Words(name, name)) for day, working, name in days if day is not None)


def _rule_texts(database: Database) -> tuple[str, ...]:
    """Published rulebooks, by version."""
    rows = database.run("SELECT text FROM record_rulebook_version WHERE text IS NOT NULL ORDER BY version, id")
    return tuple(row[0] for row in rows)
