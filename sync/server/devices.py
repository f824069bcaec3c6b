"""Devices of a county: list and revoke. Those that wait: ``admission``."""

from typing import Any

from sqlalchemy import Engine, select, update

from sync.domain.errors import Refused
from sync.domain.times import local_text
from sync.protocol.keys import fingerprint
from sync.server.admission import comparison_of, shown_block, turn_away, waiting_devices
from sync.server.county import County
from sync.server.storage import tables


def list_devices(county: County) -> list[dict[str, Any]]:
    """Every device with who uses it, since when, and how it stands."""
    columns = tables.device.c
    query = select(tables.device).where(columns.county == county.code).order_by(columns.unit, columns.enrolled_at)
    with county.engine.connect() as connection:
        rows = connection.execute(query).all()
    first = {row.unit: row.id for row in reversed(rows) if not (row.revoked_at and row.waiting)}
    return [
        {
            "device": row.id,
            "unit": row.unit,
            "further": row.id != first.get(row.unit),
            "user": row.user_name,
            "role": row.role,
            "block": shown_block(row),
            "state": "revoked" if row.revoked_at else "waiting" if row.waiting else "active",
            "enrolled_at": local_text(row.enrolled_at),
            "seen_at": local_text(row.seen_at) if row.seen_at else None,
            "sequence": row.unbroken,
            "fingerprint": fingerprint(row.signing_key),
            "comparison": comparison_of(county, row),
        }
        for row in rows
    ]


def revoke_device(county: County, device: str, now_ms: int) -> None:
    """Shut a device out; one that waits is turned away. Raises Refused ``county.unknown_device``."""
    if any(one.joining.device == device for one in waiting_devices(county)):
        turn_away(county, device, now_ms)
        return
    _change(county.engine, county.code, device, {"revoked_at": now_ms})


def _change(engine: Engine, county: str, device: str, values: dict[str, Any]) -> None:
    columns = tables.device.c
    with engine.begin() as connection:
        mine = update(tables.device).where(columns.county == county, columns.id == device)
        if connection.execute(mine.values(values)).rowcount == 0:
            raise Refused("county.unknown_device", device=device)
