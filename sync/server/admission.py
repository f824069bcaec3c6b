"""Devices that wait for a person at the county: listed with the digits to compare, let in, or turned away.

Until it is let in a waiting device leaves no trace but its own row: nobody stands in the directory for it, and no key
of it stands for its unit. One that was turned away gives its number block back, for it never drew a number.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from sync.domain.errors import Refused
from sync.domain.ids import RecordId, UnitCode, new_record_id
from sync.domain.numbers import block_letters
from sync.domain.records import AccountEntry, Staff
from sync.protocol.enrolment import comparison_code
from sync.protocol.key_card import card_root_fingerprint
from sync.server.county import County
from sync.server.directory import CommonRecord, directory_id, write_common
from sync.server.standing import typed
from sync.server.storage import tables
from sync.server.storage.bodies import open_state
from sync.server.storage.loading import LockedCounty, lock_county

_GIVEN_BACK = "-"
"""What stands before the id of a device in place of a block it gave back."""


@dataclass(frozen=True, slots=True)
class Joining:
    """Who joins with which device."""

    unit: str
    device: str
    user: str
    role: str


@dataclass(frozen=True, slots=True)
class WaitingDevice:
    """A device that asked and is not let in yet; ``asked_at`` in milliseconds UTC."""

    joining: Joining
    ticket_name: str
    asked_at: int
    comparison: str
    further: bool
    """Its unit has a device already."""


def waiting_devices(county: County) -> list[WaitingDevice]:
    """Those that wait, the first that came first."""
    device, ticket = tables.device.c, tables.ticket.c
    query = (
        select(tables.device, ticket.name.label("ticket_name"))
        .outerjoin(tables.ticket, (ticket.county == device.county) & (ticket.id == device.ticket))
        .where(device.county == county.code, device.waiting, device.revoked_at.is_(None))
        .order_by(device.enrolled_at, device.id)
    )
    active = select(device.unit).where(device.county == county.code, device.waiting.is_(False)).distinct()
    with county.engine.connect() as connection:
        units = set(connection.execute(active).scalars())
        return [_waiting(county, row, further=row.unit in units) for row in connection.execute(query)]


def _waiting(county: County, row: Row[Any], *, further: bool) -> WaitingDevice:
    joining = Joining(row.unit, row.id, row.user_name, row.role)
    return WaitingDevice(joining, row.ticket_name or "", row.enrolled_at, comparison_of(county, row), further)


def comparison_of(county: County, row: Row[Any]) -> str:
    """The digits a device shows while it waits, as the county reckons them."""
    return comparison_code(row.id, row.signing_key, row.exchange_key, card_root_fingerprint(county.card_bytes))


def shown_block(row: Row[Any]) -> str:
    """Letters of a device's number block; none where it was given back."""
    return "" if row.block.startswith(_GIVEN_BACK) else str(row.block)


def confirm_device(county: County, device: str, now_ms: int, by: str = "", *, comparison: str | None = None) -> None:
    """Let a device in whose digits a person (``by``) has compared; one that is in already stays.

    Raises Refused ``county.unknown_device``, ``county.device_turned_away``, and ``county.comparison_differs`` where
    the digits named are not the device's.
    """
    columns = tables.device.c
    with county.engine.begin() as connection:
        locked = lock_county(connection, county.code)
        row = _device(connection, county, device)
        if row.revoked_at is not None:
            raise Refused("county.device_turned_away", device=device)
        if comparison is not None and comparison != comparison_of(county, row):
            raise Refused("county.comparison_differs", device=device)
        if not row.waiting:
            return
        mine = update(tables.device).where(columns.county == county.code, columns.id == device)
        connection.execute(mine.values(waiting=False))
        joining = Joining(row.unit, row.id, row.user_name, row.role)
        write_joined(connection, county, locked, joining, now_ms, told=True, by=by)


def turn_away(county: County, device: str, now_ms: int, by: str = "") -> None:
    """Refuse a waiting device for good; its ticket stays used, and both unit and county are told.

    Raises Refused ``county.unknown_device``, ``county.device_not_waiting``.
    """
    columns = tables.device.c
    with county.engine.begin() as connection:
        locked = lock_county(connection, county.code)
        row = _device(connection, county, device)
        if row.revoked_at is not None or not row.waiting:
            raise Refused("county.device_not_waiting", device=device)
        mine = update(tables.device).where(columns.county == county.code, columns.id == device)
        connection.execute(mine.values(revoked_at=now_ms, block=_GIVEN_BACK + device))
        identity = tables.unit_identity
        connection.execute(identity.delete().where(identity.c.county == county.code, identity.c.device == device))
        entry = _entry("DEVICE_REFUSED", Joining(row.unit, row.id, row.user_name, row.role), now_ms, by)
        write_common(connection, county, locked, [entry], now_ms)


def free_block(connection: Connection, county: County, unit: str) -> str:
    """Letters of the first number block no device of the unit has."""
    columns = tables.device.c
    query = select(columns.block).where(columns.county == county.code, columns.unit == unit)
    taken = set(connection.execute(query).scalars())
    return next(letters for letters in map(block_letters, range(len(taken) + 1)) if letters not in taken)


def write_joined(
    connection: Connection,
    county: County,
    locked: LockedCounty,
    joining: Joining,
    now_ms: int,
    *,
    told: bool,
    by: str = "",
) -> LockedCounty:
    """Put who joined into the directory; ``told``: and that the device joined into the access log."""
    entries = [_entry("DEVICE_JOINED", joining, now_ms, by)] if told else []
    records: list[CommonRecord] = [_staff(connection, county, joining, now_ms), *entries]
    return write_common(connection, county, locked, records, now_ms)


def _staff(connection: Connection, county: County, joining: Joining, now_ms: int) -> Staff:
    """A person of the unit; one who is in the directory already gets the further role."""
    staff_id = directory_id("Staff", joining.unit, joining.user)
    columns = tables.record.c
    query = select(tables.record).where(columns.county == county.code, columns.kind == "Staff", columns.id == staff_id)
    row = connection.execute(query).mappings().first()
    former = typed(open_state(county.store_key, row)).record if row else None
    roles = former.roles if isinstance(former, Staff) else ()
    return Staff(
        id=staff_id,
        unit=UnitCode(joining.unit),
        created_at=former.created_at if former else now_ms,
        name=joining.user,
        roles=tuple(dict.fromkeys((*roles, joining.role))),
    )


def _entry(act: str, joining: Joining, now_ms: int, by: str) -> AccountEntry:
    """Told in the access log, on every PC of the unit and at the county's desk."""
    return AccountEntry(
        id=RecordId(new_record_id()), unit=UnitCode(joining.unit), created_at=now_ms, author=by, act=act,
        subject=joining.user, role=joining.role, device=joining.device,
    )  # fmt: skip


def _device(connection: Connection, county: County, device: str) -> Row[Any]:
    columns = tables.device.c
    query = select(tables.device).where(columns.county == county.code, columns.id == device)
    row = connection.execute(query).first()
    if row is None:
        raise Refused("county.unknown_device", device=device)
    return row
