"""Load the rulebook and the working-day calendar from ``resources/rules/*.toml``."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from sync.domain.calendar import MovedDay, WorkCalendar, days_between
from sync.domain.clocks import Clockwork
from sync.domain.rulebook import Conditions, CountUnit, Rule, Rulebook, RuleKind
from sync.domain.texts import Words
from sync.shipped.places import resources_folder


@cache
def load_rulebook() -> Rulebook:
    """The rules that are shipped."""
    table = _read("clocks.toml")
    rules = {name: _rule(name, row) for name, row in table["rules"].items()}
    return Rulebook(table["version"], MappingProxyType(rules))


@cache
def load_calendar() -> WorkCalendar:
    """The calendar that is shipped, 2004 to 2026."""
    table = _read("calendar.toml")
    names = {zh: Words(zh, en) for zh, en in table["names"].items()}
    moved: dict[date, MovedDay] = {}
    for year in table["years"].values():
        for first, last, name in year["off"]:
            moved |= {day: MovedDay(day, False, names[name]) for day in days_between(first, last)}
        moved |= {day: MovedDay(day, True, names[name]) for day, name in year["work"]}
    years = frozenset(range(table["first_year"], table["last_year"] + 1))
    return WorkCalendar(MappingProxyType(moved), years)


@cache
def load_clockwork() -> Clockwork:
    """Shipped rules and calendar together, without the county's overlay."""
    return Clockwork(load_rulebook(), load_calendar())


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((resources_folder() / "rules" / name).read_text(encoding="utf-8"))


def _rule(name: str, row: Mapping[str, Any]) -> Rule:
    return Rule(
        id=name,
        name=Words(**row["name"]),
        start_fact=Words(**row["from"]),
        days=row["days"],
        unit=CountUnit(row["unit"]),
        kind=RuleKind(row["kind"]),
        duty_of=row["duty_of"],
        source=Words(**row["source"]),
        verified=row["verified"],
        rolls_over=row.get("rolls_over", False),
        pauses=row.get("pauses", False),
        extension=row.get("extension", 0),
        by_letter=row.get("by_letter", False),
        applies_to=_conditions(row["applies_to"]),
        starts=frozenset(row.get("starts", ())),
        stops=frozenset(row.get("stops", ())),
    )


def _conditions(row: Mapping[str, Any]) -> Conditions:
    values: dict[str, Any] = {
        name: frozenset(value) if isinstance(value, list) else value for name, value in row.items()
    }
    return Conditions(**values)
