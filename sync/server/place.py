"""Where a device stands at the county: who it is, how far its changes came, and what its unit's feed comes to."""

from dataclasses import dataclass
from typing import Any

from psycopg.rows import namedtuple_row
from sqlalchemy import Connection

from sync.domain.errors import Refused
from sync.server.county import County
from sync.server.feeds import STAND_COLUMNS, STAND_TABLES
from sync.server.storage.driver import ask, keep_plans_fresh, looking

_PLACE = f"""SELECT d.id, d.unit, d.roles, d.signing_key, d.exchange_key, d.revoked_at, d.waiting, d.seen_at, d.read_to,
 d.acknowledged, EXISTS (SELECT FROM held h WHERE h.county = d.county AND h.device = d.id) AS holds, d.block, d.serials,
 EXISTS (SELECT FROM held h WHERE h.county = d.county) AS county_holds,
 EXISTS (SELECT FROM foreign_number n WHERE n.county = d.county AND n.unit = d.unit) AS odd_numbers,
 EXISTS (SELECT FROM change_log w WHERE w.county = d.county AND w.outcome = 'quarantined'
  AND w.reason IN ('exchange_refusals.unknown_record', 'authority.unknown_dossier')) AS waits, {STAND_COLUMNS}
 FROM {STAND_TABLES}"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Sender:
    """The device a request came from, as the county knows it."""

    id: str
    unit: str
    roles: frozenset[str]
    signing_key: bytes
    exchange_key: bytes
    revoked: bool
    waiting: bool
    seen_at: int
    """When it last asked, as far as that was written down; milliseconds UTC."""
    read_to: int
    """The position it was answered up to."""
    acknowledged: int
    """The position up to which it said, in an earlier request, that it had read."""
    unbroken: int
    """Highest sequence without a gap before it, as known when it was looked up."""


@dataclass(frozen=True, slots=True)
class Place:
    """A sender and the row behind it, which has the columns of ``feeds.STAND_COLUMNS``, ``holds``: whether changes
    of it wait for a gap to close, ``county_holds``: whether any do, its ``block``, ``serials``: which
    numbers of it were given, ``odd_numbers``: whether numbers came from devices not theirs, and
    ``waits``: whether changes were set apart because what they build on was not there."""

    sender: Sender
    stand: Any


def find_place(county: County, device: str) -> Place:
    """One look, without locks. Raises Refused ``exchange_refusals.device_unknown``."""
    with looking(county.engine) as connection:
        place = read_place(connection, county, device)
        keep_plans_fresh(connection, place.stand.head)
        return place


def read_place(connection: Connection, county: County, device: str) -> Place:
    """The same within a transaction."""
    row: Any = ask(connection, _PLACE, {"county": county.code, "device": device}, namedtuple_row).fetchone()
    if row is None:
        raise Refused("exchange_refusals.device_unknown", device=device)
    sender = Sender(
        id=row.id,
        unit=row.unit,
        roles=frozenset(row.roles),
        signing_key=row.signing_key,
        exchange_key=row.exchange_key,
        revoked=row.revoked_at is not None,
        waiting=row.waiting,
        seen_at=row.seen_at or 0,
        read_to=row.read_to,
        acknowledged=row.acknowledged,
        unbroken=row.unbroken,
    )
    return Place(sender, row)


def find_sender(county: County, device: str) -> Sender:
    """The device alone. Raises Refused ``exchange_refusals.device_unknown``."""
    return find_place(county, device).sender


def knows_device(county: County, device: str) -> bool:
    """Whether the county has a device of this id."""
    try:
        find_sender(county, device)
    except Refused:
        return False
    return True
