"""Days and clocks as people type them."""

from datetime import date, datetime

import pytest

from desktop.ui.widgets.moment_words import parse_day, parse_moment

NOW = datetime.fromisoformat("2026-11-28T14:05")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1121", "2026-11-21T14:05"),
        ("昨天", "2026-11-27T14:05"),
        ("昨天 9:10", "2026-11-27T09:10"),
        ("昨天下午3点", "2026-11-27T15:00"),
        ("11月21日14点", "2026-11-21T14:00"),
        ("2026-11-20T09:10", "2026-11-20T09:10"),
        ("2026-11-20 09:10", "2026-11-20T09:10"),
        ("1121", "2026-11-21T14:05"),
        ("9:10", "2026-11-28T09:10"),
    ],
)
def test_a_moment_is_understood(typed: str, meant: str) -> None:
    moment = parse_moment(typed, NOW)
    assert moment is not None and moment.isoformat(timespec="minutes") == meant


def test_nonsense_means_nothing() -> None:
    assert parse_moment("改天", NOW) is None


def test_a_day_to_come_is_the_next_one() -> None:
    assert parse_day("1201", NOW.date(), coming=True) == date(2026, 12, 1)
    assert parse_day("2026-12-01", NOW.date(), coming=True) == date(2026, 12, 1)
