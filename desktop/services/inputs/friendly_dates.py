"""Dates as people type them into a window: ``1121``, ``昨天``, ``11-21``, ``20日``. Verbs take full dates only."""

import re
from datetime import date, time, timedelta

from desktop.services.inputs.values import parse_day, tidy_latin

_DAY_WORDS = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2, "前日": 2, "大前天": 3, "today": 0, "yesterday": 1}
_WEEKDAYS = "一二三四五六日"
_WEEKDAY = re.compile(r"(上)?(?:周|星期|礼拜)([一二三四五六日天])")
_FULL = re.compile(r"(\d{4})\s*[-./年]?\s*(\d{1,2})\s*[-./月]?\s*(\d{1,2})\s*[日号]?")
_MONTH_DAY = re.compile(r"(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?|(\d{2})(\d{2})")
_DAY_ONLY = re.compile(r"(\d{1,2})\s*[日号]?")
_CLOCK = re.compile(r"(\d{1,2})(?:[:点时]?(\d{2})|[点时])\s*分?")


def friendly_day(text: str, today: date) -> date | None:
    """The day meant by ``text``; without a year the latest one not after today; None where it is no day.

    >>> friendly_day("1121", date(2026, 11, 28))
    datetime.date(2026, 11, 21)
    """
    tidy = tidy_latin(text).lower()
    if tidy in _DAY_WORDS:
        return today - timedelta(days=_DAY_WORDS[tidy])
    return parse_day(tidy) or _weekday(tidy, today) or _with_year(tidy) or _month_day(tidy, today) or _bare(tidy, today)


def friendly_time(text: str) -> time | None:
    """The time of day meant by ``text`` (``9:10``, ``0910``, ``9点``), or None."""
    match = _CLOCK.fullmatch(tidy_latin(text))
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _weekday(tidy: str, today: date) -> date | None:
    match = _WEEKDAY.fullmatch(tidy)
    if match is None:
        return None
    wanted = _WEEKDAYS.index(match[2].replace("天", "日"))
    monday = today - timedelta(days=today.weekday() + (7 if match[1] else 0))
    day = monday + timedelta(days=wanted)
    return day if match[1] or day <= today else day - timedelta(days=7)


def _with_year(tidy: str) -> date | None:
    match = _FULL.fullmatch(tidy)
    return _day(int(match[1]), int(match[2]), int(match[3])) if match and len(tidy) >= 8 else None


def _month_day(tidy: str, today: date) -> date | None:
    match = _MONTH_DAY.fullmatch(tidy)
    if match is None:
        return None
    month, day = int(match[1] or match[3]), int(match[2] or match[4])
    years = (today.year, *range(today.year - 1, today.year - 9, -1))
    days = (_day(year, month, day) for year in years)
    return next((found for found in days if found is not None and found <= today), None)


def _bare(tidy: str, today: date) -> date | None:
    match = _DAY_ONLY.fullmatch(tidy)
    if match is None:
        return None
    last_month = today.replace(day=1) - timedelta(days=1)
    candidates = (_day(today.year, today.month, int(match[1])), _day(last_month.year, last_month.month, int(match[1])))
    return next((found for found in candidates if found is not None and found <= today), None)


def _day(year: int, month: int, day: int) -> date | None:
    return parse_day(f"{year:04d}-{month:02d}-{day:02d}")
