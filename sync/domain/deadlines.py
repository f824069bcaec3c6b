"""Due dates that explain themselves: rule, start, calendar, pauses, extension, roll-over."""

import calendar as months
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sync.domain.calendar import MovedDay, WorkCalendar, days_between
from sync.domain.rulebook import CountUnit, Rule
from sync.domain.texts import Catalogue, Words

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """A clock stood still from ``first`` to ``last``, both included; ``last`` is None while it still does."""

    first: date
    last: date | None = None
    author: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of an explanation: text key and values; a value in :class:`Words` is said in the language asked."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DueDate:
    """A computed date. ``counted`` is the last day before any roll-over, ``due`` the day that counts."""

    rule: Rule
    start: date
    counted: date
    due: date
    provisional: bool
    lines: tuple[Line, ...]


def due_date(
    rule: Rule,
    start: date,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    *,
    extension: int = 0,
    letter: date | None = None,
) -> DueDate:
    """When a clock runs out. Counting begins the day after ``start``.

    ``extension`` are approved days (cut to what the rule allows); ``letter`` is a date set in writing, which stands
    where the rule lets a letter set it. A pause still open counts as not ended and makes the date provisional.
    """
    held = tuple(pauses) if rule.pauses else ()
    paused = (days_between(pause.first, pause.last) for pause in held if pause.last is not None)
    granted = min(max(extension, 0), rule.extension)
    count = _Count(rule, start, calendar, frozenset().union(*paused), granted, letter if rule.by_letter else None)
    counted = count.last_day()
    due = calendar.next_working(counted) if rule.rolls_over else counted
    unknown = not count.is_known(due)
    lines = (
        *_basis_lines(count),
        *_calendar_lines(count, due),
        *_pause_lines(rule, pauses),
        *([Line("rules.extended", {"days": granted})] if granted else []),
        *_result_lines(counted, due),
        *([Line("rules.provisional")] if unknown else []),
        *([] if rule.verified else [Line("rules.unverified")]),
        *([Line("rules.version", {"version": rule.version})] if rule.version else []),
    )
    return DueDate(rule, start, counted, due, unknown or any(pause.last is None for pause in held), lines)


def explain(due: DueDate, catalogue: Catalogue, language: str) -> str:
    """The explanation as one text in ``zh`` or ``en``."""
    gap = "" if language == "zh" else " "
    return gap.join(_say(line, catalogue, language) for line in due.lines)


def add_months(start: date, count: int) -> date:
    """The same day ``count`` months later, or the month's last day where it has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))


def quarter_end(start: date, count: int) -> date:
    """The last day of the ``count``-th quarter, 1 being the one ``start`` lies in."""
    first_month = (start.month - 1) // 3 * 3 + 1
    return add_months(date(start.year, first_month, 1), 3 * count) - ONE_DAY


@dataclass(frozen=True, slots=True)
class _Count:
    """One count: what is counted, from when, and what changes it."""

    rule: Rule
    start: date
    calendar: WorkCalendar
    paused: frozenset[date]
    granted: int
    letter: date | None

    @property
    def by_working_days(self) -> bool:
        """Whether the calendar decides the length."""
        return self.rule.unit is CountUnit.WORKING_DAY and self.letter is None

    def last_day(self) -> date:
        """The last day before any roll-over."""
        if self.letter is not None:
            return self.letter + timedelta(days=self.granted)
        if self.by_working_days:
            return self.calendar.add_working_days(self.start, self.rule.days + self.granted, self.paused)
        if self.rule.unit is CountUnit.QUARTER_END:
            return quarter_end(self.start, self.rule.days)
        return self._plain_days(self._whole_days() + self.granted)

    def is_known(self, due: date) -> bool:
        """Whether every day the date depends on is announced."""
        if self.by_working_days:
            return self.calendar.knows(min(self.start + ONE_DAY, due), due)
        return self.calendar.knows(due, due) if self.rule.rolls_over else True

    def _whole_days(self) -> int:
        if self.rule.unit is CountUnit.CALENDAR_DAY:
            return self.rule.days
        return (add_months(self.start, self.rule.days) - self.start).days

    def _plain_days(self, count: int) -> date:
        day = self.start
        while count > 0:
            day += ONE_DAY
            count -= day not in self.paused
        return day


def _basis_lines(count: _Count) -> Iterable[Line]:
    rule = count.rule
    values: dict[str, object] = {
        "name": rule.name,
        "fact": rule.start_fact,
        "start": count.start,
        "days": rule.days,
        "source": rule.source,
    }
    if count.letter is not None:
        return [Line("rules.by_letter", {**values, "letter": count.letter})]
    if not rule.days and rule.unit is not CountUnit.QUARTER_END:
        return [Line("rules.counted_same_day", values)]
    return [Line(f"rules.counted_{rule.unit.value}", values)]


def _calendar_lines(count: _Count, due: date) -> Iterable[Line]:
    """Which holidays were left out and which weekends were worked."""
    if not count.by_working_days:
        return []
    table = count.calendar.moved
    moved = [table[day] for day in sorted(days_between(count.start + ONE_DAY, due)) if day in table]
    worked = ", ".join(day.day.isoformat() for day in moved if day.working)
    lines = [Line("rules.holiday", _holiday(run)) for run in _runs([day for day in moved if not day.working])]
    return [*lines, Line("rules.make_up", {"days": worked})] if worked else lines


def _runs(free: Sequence[MovedDay]) -> list[list[MovedDay]]:
    """Free days that follow one another under one name."""
    runs: list[list[MovedDay]] = []
    for moved in free:
        if runs and runs[-1][-1].day + ONE_DAY == moved.day and runs[-1][-1].name == moved.name:
            runs[-1].append(moved)
        else:
            runs.append([moved])
    return runs


def _holiday(run: Sequence[MovedDay]) -> dict[str, object]:
    return {"name": run[0].name, "first": run[0].day, "last": run[-1].day}


def _pause_lines(rule: Rule, pauses: Sequence[Pause]) -> list[Line]:
    if not rule.pauses:
        return [Line("rules.pause_without_effect")] if pauses else []
    return [
        Line("rules.paused_open", {"first": pause.first})
        if pause.last is None
        else Line("rules.paused", {"first": pause.first, "last": pause.last})
        for pause in pauses
    ]


def _result_lines(counted: date, due: date) -> list[Line]:
    if counted == due:
        return [Line("rules.due", {"due": due})]
    return [Line("rules.rolled", {"counted": counted, "due": due})]


def _say(line: Line, catalogue: Catalogue, language: str) -> str:
    values = {
        name: value.say(language) if isinstance(value, Words) else str(value) for name, value in line.values.items()
    }
    return catalogue.say(line.key, language, **values)
