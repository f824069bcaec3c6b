"""Records of the common feed, made by the county and read by every unit: directory, calendar, rules, registers."""

from dataclasses import dataclass

from sync.domain.declarations import FieldType as F
from sync.domain.declarations import Owner, Record, declare

COUNTY = Owner.COUNTY


@dataclass(frozen=True, slots=True, kw_only=True)
class OrgUnit(Record):
    """A county, town, village or body in the directory."""

    code: str = declare(F.TEXT, owner=COUNTY, required=True)
    name: str = declare(F.TEXT, owner=COUNTY, required=True)
    kind: str = declare(F.CODE, "org_kind", owner=COUNTY, required=True)
    parent: str | None = declare(F.TEXT, owner=COUNTY)
    active: bool = declare(F.BOOLEAN, owner=COUNTY, default=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff(Record):
    """A person who works with the software; ``unit`` is where. Powers come from here and the signing device's unit."""

    name: str = declare(F.TEXT, owner=COUNTY, required=True)
    roles: tuple[str, ...] = declare(F.TEXTS, owner=COUNTY)
    active: bool = declare(F.BOOLEAN, owner=COUNTY, default=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay(Record):
    """A day the State Council moved, laid over the shipped calendar; the newest record of a day counts."""

    day: str = declare(F.DATE, owner=COUNTY, required=True)
    working: bool = declare(F.BOOLEAN, owner=COUNTY, required=True)
    name: str | None = declare(F.TEXT, owner=COUNTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookVersion(Record):
    """All rules as the county set them: ``text`` is the file. The highest version counts, the shipped one included."""

    version: str = declare(F.TEXT, owner=COUNTY, required=True)
    text: str = declare(F.LONG_TEXT, owner=COUNTY, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterKeeper(Record):
    """Which device keeps a unit's register of letters from now on, by the county's word; the newest counts."""

    of_unit: str = declare(F.UNIT, owner=COUNTY, required=True)
    device: str = declare(F.TEXT, owner=COUNTY, required=True)
    former: str | None = declare(F.TEXT, owner=COUNTY)
    """The device that kept it before and was shut out."""
