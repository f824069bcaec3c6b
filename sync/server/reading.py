"""Read records at the county for a person: list, show, status. Complainants stay closed: nobody here has the key."""

from typing import Any

from sqlalchemy import Connection, func, select

from sync.domain.errors import InvalidInput, Refused
from sync.domain.ids import UnitCode
from sync.domain.readout import ReadContext, read_out
from sync.domain.records import KINDS, Stored
from sync.domain.times import local_text
from sync.protocol.collisions import read_made_by_county
from sync.server.county import County
from sync.server.dues import county_clockwork, next_dues
from sync.server.feeds import COMMON, unit_head
from sync.server.standing import typed
from sync.server.storage import tables
from sync.server.storage.bodies import open_state


def list_records(county: County, kind: str, unit: str) -> list[dict[str, Any]]:
    """Records of a kind in a unit's feed, oldest first: ``id, number, created_at``, a case's ``status, holder, due``.

    Raises InvalidInput ``county.unknown_kind``, Refused ``county.unknown_unit``.
    """
    _check_kind(kind)
    record, dossier = tables.record.c, tables.dossier.c
    query = (
        select(tables.record)
        .join(tables.dossier, (dossier.county == record.county) & (dossier.id == record.dossier))
        .where(record.county == county.code, record.kind == kind, dossier.units.overlap([unit, COMMON]))
    )
    with county.engine.connect() as connection:
        county.unit(connection, unit)
        rows = connection.execute(query).mappings().all()
        dues = next_dues(connection, county, [row["id"] for row in rows]) if kind == "Case" else {}
    listed = [(typed(open_state(county.store_key, row)), row) for row in rows]
    listed.sort(key=lambda pair: (pair[0].record.created_at, pair[0].record.id))
    return [_listed(stored, row, dues.get(stored.record.id)) for stored, row in listed]


def _listed(stored: Stored, row: Any, due: str | None) -> dict[str, Any]:
    record = stored.record
    line: dict[str, Any] = {
        "id": record.id,
        "number": getattr(record, "number", None),
        "created_at": local_text(record.created_at),
        "unit": record.unit,
        "revision": stored.revision,
    }
    line |= read_made_by_county(record)
    if row["kind"] == "Case":
        line |= {"status": row["status"], "holder": row["holder"], "due": due}
    return line


def show_record(county: County, kind: str, record_id: str) -> dict[str, Any]:
    """Every value of a record, as the desktop shows it without identity.

    Raises InvalidInput ``county.unknown_kind``, Refused ``county.unknown_record``.
    """
    _check_kind(kind)
    columns = tables.record.c
    with county.engine.connect() as connection:
        query = select(tables.record).where(columns.county == county.code, columns.kind == kind)
        row = connection.execute(query.where(columns.id == record_id)).mappings().first()
        if row is None:
            raise Refused("county.unknown_record", kind=kind, id=record_id)
        related = _dossier(connection, county, row["dossier"])
        units = county.active_units(connection)
        clockwork = county_clockwork(connection, county)
    stored = typed(open_state(county.store_key, row))
    context = ReadContext(UnitCode(county.code), units=units, clockwork=clockwork)
    return read_out(stored, related, context) | read_made_by_county(stored.record)


def _dossier(connection: Connection, county: County, dossier: str) -> list[Stored]:
    columns = tables.record.c
    query = select(tables.record).where(columns.county == county.code, columns.dossier == dossier)
    rows = connection.execute(query.order_by(columns.revision)).mappings()
    return [typed(open_state(county.store_key, row)) for row in rows if row["kind"] in KINDS]


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise InvalidInput("county.unknown_kind", field="kind", kind=kind)


def read_status(county: County) -> dict[str, Any]:
    """How the county stands: counts only, no content."""
    with county.engine.connect() as connection:
        row = connection.execute(select(tables.county).where(tables.county.c.code == county.code)).one()
        return {
            "county": county.code,
            "name": county.facts.name,
            "url": county.card.url,
            "epoch": row.epoch,
            "position": row.position,
            "changes": row.log_number,
            "head": unit_head(connection, county.code, county.code),
            "records": _count(connection, county.code, "record"),
            "devices": _count(connection, county.code, "device"),
            "held": _count(connection, county.code, "held"),
            "quarantined_envelopes": _count(connection, county.code, "quarantined_envelope"),
            "database": "embedded" if county.cluster else "external",
            "card_version": county.card.version,
        }


def _count(connection: Connection, county: str, name: str) -> int:
    table = tables.metadata.tables[name]
    return connection.execute(select(func.count()).select_from(table).where(table.c.county == county)).scalar_one()
