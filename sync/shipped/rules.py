"""Load the rulebook and the working-day calendar from ``resources/rules/*.toml``."""

import tomllib
from functools import cache
from types import MappingProxyType

from sync.domain.calendar import WorkCalendar
from sync.domain.calendar_text import read_days
from sync.domain.clocks import Clockwork
from sync.domain.rulebook import Rulebook
from sync.domain.rulebook_text import parse_rulebook
from sync.shipped.places import resources_folder


@cache
def load_rulebook() -> Rulebook:
    """The rules that are shipped."""
    return parse_rulebook(_read("clocks.toml"))


@cache
def load_calendar() -> WorkCalendar:
    """The calendar that is shipped, 2004 to 2026."""
    text = _read("calendar.toml")
    table = tomllib.loads(text)
    years = frozenset(range(table["first_year"], table["last_year"] + 1))
    return WorkCalendar(MappingProxyType({moved.day: moved for moved in read_days(text)}), years)


@cache
def load_clockwork() -> Clockwork:
    """Shipped rules and calendar together, without the county's overlay."""
    return Clockwork(load_rulebook(), load_calendar())


def _read(name: str) -> str:
    return (resources_folder() / "rules" / name).read_text(encoding="utf-8")
