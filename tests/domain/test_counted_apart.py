"""Three hundred due dates against a count that shares nothing with the software: a walk over single days, each asked of
the announced table of another package, Monday to Friday in the years nobody has announced yet."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

import chinese_calendar

from sync.domain.deadlines import Pause, due_date
from sync.domain.rulebook import CountUnit, Rule
from sync.shipped.rules import load_calendar, load_rulebook

CALENDAR = load_calendar()
RULES = load_rulebook().rules
LAST_ANNOUNCED = 2026
COUNT = 300
ONE = timedelta(days=1)
MAKE_UPS = sorted(day for day, _ in chinese_calendar.constants.workdays.items() if day.weekday() >= 5)


def is_worked(day: date) -> bool:
    return day.weekday() < 5 if day.year > LAST_ANNOUNCED else bool(chinese_calendar.is_workday(day))


@dataclass(frozen=True)
class Asked:
    """One date to count: a rule, its start, a pause, days granted."""

    rule: Rule
    start: date
    paused: tuple[date, date] | None
    granted: int

    def stands_still(self, day: date) -> bool:
        return self.rule.pauses and self.paused is not None and self.paused[0] <= day <= self.paused[1]


@dataclass(frozen=True)
class Counted:
    counted: date
    due: date
    provisional: bool
    make_ups: int


def count_apart(asked: Asked) -> Counted:
    """Day by day, nothing else."""
    rule, day, left = asked.rule, asked.start, asked.rule.days + min(asked.granted, asked.rule.extension)
    by_work = rule.unit is CountUnit.WORKING_DAY
    make_ups, unknown = 0, False
    while left:
        day += ONE
        counts = not asked.stands_still(day) and (not by_work or is_worked(day))
        left -= counts
        make_ups += counts and by_work and day.weekday() >= 5
        unknown |= by_work and day.year > LAST_ANNOUNCED
    last = day
    while rule.rolls_over and not is_worked(last):
        last += ONE
    unknown |= rule.rolls_over and last.year > LAST_ANNOUNCED
    return Counted(day, last, unknown, make_ups)


def questions(dice: random.Random) -> list[Asked]:
    kinds = [
        replace(rule, pauses=pauses, rolls_over=rolls)
        for rule in RULES.values()
        if rule.unit in (CountUnit.WORKING_DAY, CountUnit.CALENDAR_DAY) and rule.days
        for pauses in (rule.pauses, True)
        for rolls in (rule.rolls_over, True)
    ]
    return [_question(dice, dice.choice(kinds), number) for number in range(COUNT)]


def _question(dice: random.Random, rule: Rule, number: int) -> Asked:
    places = (
        date(2004, 1, 1) + timedelta(days=dice.randrange(8_300)),
        dice.choice(MAKE_UPS) - timedelta(days=dice.randrange(1, 12)),
        date(2026, 10, 25) + timedelta(days=dice.randrange(120)),
    )
    start = places[number % 3]
    first = start + timedelta(days=dice.randrange(1, 25))
    paused = (first, first + timedelta(days=dice.randrange(20))) if dice.random() < 0.5 else None
    return Asked(rule, start, paused, dice.choice((0, 0, 7, 30)))


def test_three_hundred_due_dates_agree_with_the_count_apart() -> None:
    asked = questions(random.Random(20_261_128))
    found = [count_apart(one) for one in asked]
    for question, wanted in zip(asked, found, strict=True):
        pauses = [Pause(*question.paused)] if question.paused else []
        due = due_date(question.rule, question.start, CALENDAR, pauses, extension=question.granted)
        assert (due.counted, due.due, due.provisional) == (wanted.counted, wanted.due, wanted.provisional), question
    assert sum(one.make_ups > 0 for one in found) >= 40, "make-up Saturdays and Sundays"
    assert sum(one.provisional for one in found) >= 30, "dates in a year nobody announced"
    assert sum(one.counted != one.due for one in found) >= 20, "last days that roll over"
    assert sum(one.rule.pauses and one.paused is not None for one in asked) >= 60
    assert sum(bool(one.granted and one.rule.extension) for one in asked) >= 5
