"""Working days: the shipped table of holidays and make-up days, with later years laid over it by the county.

Beyond the last known year only weekends are counted, and what depends on such a day is provisional.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from sync.domain.texts import Words

SATURDAY = 5
ONE_DAY = timedelta(days=1)
NO_NAME = Words("", "")


@dataclass(frozen=True, slots=True)
class MovedDay:
    """A day that differs from its weekday: worked on a weekend, or free on a weekday. Also used for free weekends."""

    day: date
    working: bool
    name: Words = NO_NAME


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Days that differ, by date, and the years in which all of them are known."""

    moved: Mapping[date, MovedDay]
    years: frozenset[int]

    def is_working(self, day: date) -> bool:
        """True for a working day; in an unknown year Monday to Friday."""
        moved = self.moved.get(day)
        return moved.working if moved is not None else day.weekday() < SATURDAY

    def knows(self, first: date, last: date) -> bool:
        """True where every year from ``first`` to ``last`` is known."""
        return all(year in self.years for year in range(first.year, last.year + 1))

    def next_working(self, day: date) -> date:
        """The day itself if it is worked, else the first worked day after it."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def add_working_days(self, start: date, days: int, paused: frozenset[date] = frozenset()) -> date:
        """The last of ``days`` working days counted from the day after ``start``; paused days do not count."""
        day = start
        while days > 0:
            day += ONE_DAY
            if day not in paused and self.is_working(day):
                days -= 1
        return day

    def with_overlay(self, days: Iterable[MovedDay]) -> "WorkCalendar":
        """This calendar with days of the county laid over it.

        A new year counts as known once its 1 October is among them: the State Council announces a year at once.
        """
        names = {moved.name.zh: moved.name for moved in self.moved.values()}
        laid = {moved.day: replace(moved, name=names.get(moved.name.zh, moved.name)) for moved in days}
        known = {day.year for day, moved in laid.items() if (day.month, day.day) == (10, 1) and not moved.working}
        return replace(self, moved=MappingProxyType({**self.moved, **laid}), years=self.years | known)


def days_between(first: date, last: date) -> frozenset[date]:
    """Every day from ``first`` to ``last``, both included; empty if ``last`` lies before."""
    return frozenset(first + timedelta(days=count) for count in range((last - first).days + 1))


WEEKENDS_ONLY = WorkCalendar(MappingProxyType({}), frozenset())
"""A calendar that knows no holiday at all: every date of it is provisional."""
