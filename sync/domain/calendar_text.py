"""The calendar as a file: for each year the days off as runs, and the weekends that are worked.

``[years.2027]`` with ``off = [[2027-01-01, 2027-01-03, "元旦"], …]`` and ``work = [[2027-01-04, "元旦"], …]``.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sync.domain.calendar import MovedDay, days_between
from sync.domain.errors import InvalidInput
from sync.domain.texts import Words

MOST_DAYS = 60
"""Longest run of days off."""
YEARS = range(2004, 2200)


def read_days(text: str, names: Mapping[str, str] | None = None) -> tuple[MovedDay, ...]:
    """The moved days of a file, by date; ``names`` gives the English name of a Chinese one.

    Raises InvalidInput ``rules.not_toml``, ``rules.bad_year``, ``rules.bad_day`` naming year and line, for anything
    that is not wholly understood.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput("rules.not_toml", field="years", reason=str(error)) from error
    years = table.get("years")
    if not isinstance(years, dict) or not years:
        raise InvalidInput("rules.bad_year", field="years", year="-")
    known = {**table.get("names", {}), **(names or {})} if isinstance(table.get("names", {}), dict) else names or {}
    found: dict[date, MovedDay] = {}
    for year, rows in years.items():
        for moved in _year(year, rows, known):
            if moved.day in found:
                raise InvalidInput("rules.day_twice", field=f"years.{year}", day=moved.day.isoformat())
            found[moved.day] = moved
    return tuple(found[day] for day in sorted(found))


def _year(year: str, rows: object, names: Mapping[str, str]) -> Iterator[MovedDay]:
    if not year.isdecimal() or int(year) not in YEARS or not isinstance(rows, dict) or not rows:
        raise InvalidInput("rules.bad_year", field=f"years.{year}", year=year)
    if set(rows) - {"off", "work"}:
        raise InvalidInput("rules.bad_year", field=f"years.{year}", year=year)
    for row in _rows(year, rows, "off", 3):
        first, last, name = row
        if not first <= last or (last - first).days >= MOST_DAYS:
            raise InvalidInput("rules.bad_day", field=f"years.{year}.off", day=str(first))
        yield from (MovedDay(day, False, _words(name, names)) for day in sorted(days_between(first, last)))
    for day, name in _rows(year, rows, "work", 2):
        yield MovedDay(day, True, _words(name, names))


def _rows(year: str, rows: Mapping[str, Any], which: str, width: int) -> Iterator[list[Any]]:
    lines = rows.get(which, [])
    if not isinstance(lines, list):
        raise InvalidInput("rules.bad_year", field=f"years.{year}.{which}", year=year)
    for row in lines:
        fits = isinstance(row, list) and len(row) == width and isinstance(row[-1], str) and row[-1].strip()
        if not fits or not all(_is_of(year, day) for day in row[:-1]):
            raise InvalidInput("rules.bad_day", field=f"years.{year}.{which}", day=str(row)[:40])
        yield row


def _is_of(year: str, day: object) -> bool:
    return isinstance(day, date) and not isinstance(day, datetime) and day.year == int(year)


def _words(name: str, names: Mapping[str, str]) -> Words:
    return Words(name, str(names.get(name, name)))
