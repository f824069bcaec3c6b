"""The working-day calendar and due dates against an independent count."""

import itertools
import random
from datetime import date, timedelta

import chinese_calendar
import pytest

from sync.domain.calendar import WEEKENDS_ONLY, MovedDay, days_between
from sync.domain.deadlines import Pause, add_months, due_date, explain, quarter_end
from sync.domain.rulebook import CountUnit
from sync.shipped.rules import load_calendar, load_rulebook
from sync.shipped.texts import load_catalogue

CALENDAR = load_calendar()
RULES = load_rulebook().rules


def test_every_day_of_the_shipped_table_is_as_announced() -> None:
    days = sorted(days_between(date(2004, 1, 1), date(2026, 12, 31)))
    wrong = [day for day in days if CALENDAR.is_working(day) != chinese_calendar.is_workday(day)]
    assert wrong == []


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (date(2020, 1, 20), 15, date(2020, 2, 18)),
        (date(2025, 9, 26), 15, date(2025, 10, 23)),
        (date(2026, 2, 10), 15, date(2026, 3, 9)),
        (date(2026, 2, 10), 5, date(2026, 2, 24)),
    ],
)
def test_known_check_values(start: date, count: int, due: date) -> None:
    assert CALENDAR.add_working_days(start, count) == due


def counted_apart(start: date, count: int, paused: frozenset[date]) -> date:
    """The n-th element of the list of working days after the start."""
    later = (start + timedelta(days=ahead) for ahead in range(1, 400))
    worked = (day for day in later if chinese_calendar.is_workday(day) and day not in paused)
    return next(itertools.islice(worked, count - 1, None))


def test_three_hundred_dates_agree_with_a_count_apart() -> None:
    dice = random.Random(20_261_128)
    for _ in range(300):
        start = date(2004, 1, 1) + timedelta(days=dice.randrange(8_000))
        count = dice.choice((1, 3, 5, 10, 15, 22, 60))
        first = start + timedelta(days=dice.randrange(1, 30))
        paused = days_between(first, first + timedelta(days=dice.randrange(-1, 20)))
        assert CALENDAR.add_working_days(start, count, paused) == counted_apart(start, count, paused)


def test_a_make_up_saturday_counts_and_is_named() -> None:
    due = due_date(RULES["upper_direct"], date(2026, 2, 10), CALENDAR)
    assert due.due == date(2026, 2, 24)
    assert not due.provisional
    said = explain(due, load_catalogue(), "zh")
    assert "2026-02-14" in said
    assert "春节放假 2026-02-15 至 2026-02-23" in said
    assert "Spring Festival" in explain(due, load_catalogue(), "en")


def test_a_date_beyond_the_known_years_is_provisional_until_the_county_lays_them_over() -> None:
    rule = RULES["realname_notice"]
    before = due_date(rule, date(2026, 12, 1), CALENDAR)
    beyond = due_date(rule, date(2026, 12, 25), CALENDAR)
    assert (before.due, before.provisional) == (date(2026, 12, 22), False)
    assert (beyond.due, beyond.provisional) == (date(2027, 1, 15), True)
    assert "暂定" in explain(beyond, load_catalogue(), "zh")
    days = [MovedDay(date(2027, 1, 1), False), MovedDay(date(2027, 1, 2), True), MovedDay(date(2027, 10, 1), False)]
    laid = due_date(rule, date(2026, 12, 25), CALENDAR.with_overlay(days))
    assert (laid.due, laid.provisional) == (date(2027, 1, 15), False)
    assert not CALENDAR.with_overlay(days[:1]).knows(date(2027, 1, 1), date(2027, 1, 1))


def test_without_any_table_weekends_are_left_out() -> None:
    assert WEEKENDS_ONLY.add_working_days(date(2026, 2, 10), 5) == date(2026, 2, 17)


def test_a_claim_is_extended_once_and_by_no_more_than_the_rule_says() -> None:
    rule = RULES["handle_claim"]
    assert due_date(rule, date(2026, 3, 1), CALENDAR).due == date(2026, 4, 30)
    assert due_date(rule, date(2026, 3, 1), CALENDAR, extension=20).due == date(2026, 5, 20)
    assert due_date(rule, date(2026, 3, 1), CALENDAR, extension=99).due == date(2026, 5, 30)


def test_a_pause_moves_only_the_clocks_whose_rule_says_so() -> None:
    pause = [Pause(date(2026, 3, 10), date(2026, 3, 14))]
    assert due_date(RULES["rereview"], date(2026, 3, 1), CALENDAR, pause).due == date(2026, 4, 5)
    held = due_date(RULES["handle_claim"], date(2026, 3, 1), CALENDAR, pause)
    assert held.due == date(2026, 4, 30)
    assert "不因" in explain(held, load_catalogue(), "zh")
    standing = due_date(RULES["rereview"], date(2026, 3, 1), CALENDAR, [Pause(date(2026, 3, 10))])
    assert standing.provisional


def test_a_rolled_date_shows_both_days() -> None:
    due = due_date(RULES["review_request"], date(2026, 9, 4), CALENDAR)
    assert (due.counted, due.due) == (date(2026, 10, 4), date(2026, 10, 8))
    said = explain(due, load_catalogue(), "zh")
    assert "2026-10-04" in said
    assert "2026-10-08" in said


def test_a_letter_sets_the_date_where_the_rule_lets_it() -> None:
    assigned = due_date(RULES["assigned_report"], date(2026, 11, 30), CALENDAR)
    assert assigned.due == date(2027, 2, 28)
    letter = date(2026, 12, 15)
    assert due_date(RULES["assigned_report"], date(2026, 11, 30), CALENDAR, letter=letter).due == letter
    assert due_date(RULES["handle_claim"], date(2026, 11, 30), CALENDAR, letter=letter).due == date(2027, 1, 29)


def test_months_and_quarters_end_where_they_do() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert [quarter_end(date(2026, month, 1), 1).month for month in (1, 3, 4, 12)] == [3, 3, 6, 12]
    assert quarter_end(date(2026, 12, 31), 2) == date(2027, 3, 31)


def test_a_matter_of_the_same_day_says_so() -> None:
    due = due_date(load_rulebook().rules["urgent"], date(2026, 12, 31), load_calendar())
    said = {language: explain(due, load_catalogue(), language) for language in ("zh", "en")}
    assert due.due == date(2026, 12, 31) and "2026-12-31 当日为期" in said["zh"] and "次日" not in said["zh"]
    assert "the day of receipt, 2026-12-31" in said["en"] and "0 " not in said["en"]


def test_every_rule_explains_itself_in_both_languages() -> None:
    for rule in RULES.values():
        due = due_date(rule, date(2026, 11, 28), CALENDAR, [Pause(date(2026, 11, 29), date(2026, 11, 30))], extension=5)
        for language in ("zh", "en"):
            said = explain(due, load_catalogue(), language)
            assert rule.name.say(language) in said
            assert due.due.isoformat() in said
        assert due.due >= due.counted >= due.start


def test_the_rulebook_holds_every_clock_of_the_work() -> None:
    assert {
        "start_handling",
        "upper_direct",
        "lower_register",
        "realname_notice",
        "realname_feedback",
        "petition_transfer",
        "acceptance_notice",
        "objection",
        "handle_claim",
        "review",
        "rereview",
        "assigned_report",
        "disposition_opinion",
        "quarterly_result",
        "received_check",
        "disposition_check",
        "urgent",
        "visit_interval",
    } <= set(RULES)
    assert {rule.unit for rule in RULES.values()} == set(CountUnit)
