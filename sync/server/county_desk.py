"""Serve the county's own desk: take carried files it hands over unopened, and tell how the towns stand."""

from collections import Counter
from typing import Any

from sqlalchemy import Connection, exists, func, select

from sync.domain.errors import Damaged, LiandongError, Refused
from sync.domain.records import OrgUnit
from sync.protocol.carried import CarriedKind, carried_code, read_carried, write_carried, write_carried_parts
from sync.protocol.county_desk import (
    BatchAnswer,
    DeskRequest,
    TownRow,
    TownsAnswer,
    file_hash,
    join_pieces,
    split_pieces,
)
from sync.protocol.envelope import Purpose, read_header
from sync.protocol.messages import PROTOCOL_VERSION, encode_message
from sync.server.accept import answer_requests
from sync.server.county import County
from sync.server.desk_door import open_desk, seal_desk
from sync.server.enrolment import enrol
from sync.server.feeds import unit_head
from sync.server.place import find_sender
from sync.server.standing import typed
from sync.server.storage import tables
from sync.server.storage.bodies import open_state
from sync.server.storage.driver import looking


def answer_desk(county: County, body: bytes, now_ms: int) -> bytes:
    """Answer one request of a device of the county's own unit.

    Raises Damaged ``envelope.*``, Refused ``exchange_refusals.*``, ``desk.county_only``, ``desk.other_file``.
    """
    envelope, *files = split_pieces(body)
    sender, request = open_desk(county, envelope, Purpose.COUNTY_DESK_REQUEST, DeskRequest)
    if not request.file_hash:
        told = encode_message(_towns(county, now_ms))
        return join_pieces([seal_desk(county, sender, envelope, Purpose.COUNTY_DESK_ANSWER, told)])
    if len(files) != 1 or file_hash(files[0]) != request.file_hash:
        raise Refused("desk.other_file")
    batch, parts = take_batch(county, files[0], now_ms)
    told = encode_message(batch)
    return join_pieces([seal_desk(county, sender, envelope, Purpose.COUNTY_DESK_ANSWER, told), *parts])


def take_batch(county: County, data: bytes, now_ms: int) -> tuple[BatchAnswer, list[bytes]]:
    """Take one carried file; what became of it, and the answer files to carry back."""
    code = carried_code(data)
    try:
        file = read_carried(data)
        if file.county != county.code:
            raise Damaged("carried.foreign", county=file.county)
        if file.kind is CarriedKind.ENROL_REQUEST:
            return _enrolled(county, file.envelopes, code, now_ms)
        if file.kind is not CarriedKind.EXCHANGE_REQUEST or not file.envelopes:
            raise Damaged("carried.wrong_kind_exchange_request")
        return _exchanged(county, file.envelopes, code)
    except LiandongError as error:
        values = {name: value if isinstance(value, int) else str(value) for name, value in error.values.items()}
        return BatchAnswer(PROTOCOL_VERSION, "damaged", "", "", "", code, {}, error.code, values), []


def _exchanged(county: County, envelopes: tuple[bytes, ...], code: str) -> tuple[BatchAnswer, list[bytes]]:
    done = answer_requests(county, envelopes)
    sender = find_sender(county, read_header(envelopes[-1]).device)
    parts = write_carried_parts(CarriedKind.EXCHANGE_ANSWER, county.code, done.envelopes)
    return _batch(county, state=done.state, kind="exchange", unit=sender.unit, code=code, outcomes=done.outcomes), parts


def _enrolled(county: County, envelopes: tuple[bytes, ...], code: str, now_ms: int) -> tuple[BatchAnswer, list[bytes]]:
    done = [enrol(county, envelope, now_ms) for envelope in envelopes]
    outcomes = Counter(one.refusal or "enrolled" for one in done)
    state = "quarantined" if any(one.refusal for one in done) else "accepted"
    data = write_carried(CarriedKind.ENROL_ANSWER, county.code, [one.answer for one in done])
    unit = done[0].unit if done else ""
    return _batch(county, state=state, kind="enrolment", unit=unit, code=code, outcomes=outcomes), [data]


def _batch(county: County, *, state: str, kind: str, unit: str, code: str, outcomes: Counter[str]) -> BatchAnswer:
    with looking(county.engine) as connection:
        known = county.directory(connection).get(unit)
    return BatchAnswer(PROTOCOL_VERSION, state, kind, unit, known.name if known else unit, code, dict(outcomes), "", {})


# How the towns stand -------------------------------------------------------------------------------------------------


def _towns(county: County, now_ms: int) -> TownsAnswer:
    with looking(county.engine) as connection:
        directory = county.directory(connection)
        waiting = _open_records(connection, county)
        rows = [
            _town(connection, county, directory[unit], devices, waiting)
            for unit, devices in sorted(_devices(connection, county).items())
            if unit in directory
        ]
    return TownsAnswer(PROTOCOL_VERSION, now_ms, tuple(rows))


def _devices(connection: Connection, county: County) -> dict[str, list[Any]]:
    """Devices that are not revoked, or of which changes are held still, by unit; the county's own are left out."""
    columns, held = tables.device.c, tables.held.c
    waits = exists().where(held.county == columns.county, held.device == columns.id)
    query = select(tables.device).where(columns.county == county.code, columns.revoked_at.is_(None) | waits)
    found: dict[str, list[Any]] = {}
    for row in connection.execute(query):
        if row.unit != county.code:
            found.setdefault(row.unit, []).append(row)
    return found


def _open_records(connection: Connection, county: County) -> Counter[tuple[str, str]]:
    """Conflicts and quarantines that wait for a person, by kind and unit."""
    columns = tables.record.c
    query = select(tables.record).where(columns.county == county.code, columns.kind.in_(("Conflict", "Quarantine")))
    counts: Counter[tuple[str, str]] = Counter()
    for row in connection.execute(query).mappings():
        record: Any = typed(open_state(county.store_key, row)).record
        if not (record.settled if row["kind"] == "Conflict" else record.released):
            counts[row["kind"], row["unit"]] += 1
    return counts


def _town(
    connection: Connection, county: County, unit: OrgUnit, devices: list[Any], waiting: Counter[tuple[str, str]]
) -> TownRow:
    held, missing = _held(connection, county, devices)
    devices = [device for device in devices if device.revoked_at is None]
    head = unit_head(connection, county.code, unit.code)
    behind = max((head - device.read_to for device in devices), default=0)
    return TownRow(
        unit=unit.code,
        name=unit.name,
        devices=len(devices),
        last_exchange=max((device.seen_at or 0 for device in devices), default=0),
        missing=missing,
        held=held,
        conflicts=waiting["Conflict", unit.code],
        quarantined=waiting["Quarantine", unit.code],
        behind=max(behind, 0),
        agreed=behind <= 0 and not held,
    )


def _held(connection: Connection, county: County, devices: list[Any]) -> tuple[int, int]:
    """Changes held behind a gap, and how many the gaps lack."""
    columns = tables.held.c
    held = missing = 0
    for device in devices:
        query = select(func.count(), func.max(columns.sequence)).where(
            columns.county == county.code, columns.device == device.id
        )
        count, last = connection.execute(query).one()
        held += count
        missing += max((last or 0) - device.unbroken - count, 0)
    return held, missing
