"""Name the device that keeps a unit's register of letters, after the one that kept it was lost and shut out."""

from sqlalchemy import Connection, select

from sync.domain.errors import Refused
from sync.domain.ids import UnitCode, new_record_id
from sync.domain.numbers import FIRST_BLOCK
from sync.domain.records import RegisterKeeper
from sync.server.county import County
from sync.server.directory import write_common
from sync.server.standing import typed
from sync.server.storage import tables
from sync.server.storage.bodies import open_state
from sync.server.storage.loading import lock_county


def name_keeper(county: County, device: str, now_ms: int) -> str:
    """From the next exchange on this device may take its unit's register over; the code of the unit.

    Raises Refused ``county.unknown_device``, ``county.register_not_active`` (revoked or not let in), and
    ``county.register_kept`` while the device that keeps it is not shut out.
    """
    with county.engine.begin() as connection:
        locked = lock_county(connection, county.code)
        unit = _active_unit(connection, county, device)
        former = _keeper(connection, county, unit)
        if former is not None and (former == device or not _is_revoked(connection, county, former)):
            raise Refused("county.register_kept", device=former)
        record = RegisterKeeper(
            id=new_record_id(), unit=UnitCode(county.code), created_at=now_ms, of_unit=unit, device=device,
            former=former,
        )  # fmt: skip
        write_common(connection, county, locked, [record], now_ms)
    return unit


def _active_unit(connection: Connection, county: County, device: str) -> str:
    columns = tables.device.c
    query = select(columns.unit, columns.revoked_at, columns.waiting).where(columns.county == county.code)
    row = connection.execute(query.where(columns.id == device)).first()
    if row is None:
        raise Refused("county.unknown_device", device=device)
    if row.revoked_at or row.waiting:
        raise Refused("county.register_not_active", device=device)
    return str(row.unit)


def _keeper(connection: Connection, county: County, unit: str) -> str | None:
    """The device named last, or else the first that joined."""
    columns = tables.record.c
    query = select(tables.record).where(columns.county == county.code, columns.kind == RegisterKeeper.__name__)
    rows = connection.execute(query.order_by(columns.revision)).mappings().all()
    kept = [typed(open_state(county.store_key, row)).record for row in rows]
    named = [record.device for record in kept if isinstance(record, RegisterKeeper) and record.of_unit == unit]
    if named:
        return named[-1]
    device = tables.device.c
    first = select(device.id).where(device.county == county.code, device.unit == unit, device.block == FIRST_BLOCK)
    found: str | None = connection.execute(first).scalar()
    return found


def _is_revoked(connection: Connection, county: County, device: str) -> bool:
    columns = tables.device.c
    query = select(columns.revoked_at).where(columns.county == county.code, columns.id == device)
    return bool(connection.execute(query).scalar())
