"""Take a ciphertext out of the bodies of the change log. The chain runs over hashes and holds; a line tells of it."""

import hashlib
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, select

from sync.protocol.canonical import decode_fields, encode_edit
from sync.protocol.messages import Operation, Outcome, decode_change, encode_message
from sync.server.identities import COMPLAINANT, Superseded
from sync.server.round import COUNTY_DEVICE
from sync.server.storage import tables
from sync.server.storage.ledger import Ledger, LogEntry, read_bodies, replace_body
from sync.server.storage.sealing import StoreKey

EXPUNGED = "identity.expunged"
_CIPHER = "cipher"


def expunge(
    connection: Connection, key: StoreKey, county: str, todo: Sequence[Superseded], ledger: Ledger, *, now_ms: int
) -> Ledger:
    """Expunge superseded identities from the log written so far; the ledger with a line for each body changed."""
    after = Ledger(county, ledger.number, ledger.chain)
    for one in dict.fromkeys(todo):
        log = tables.change_log.c
        of_change = (log.county == county) & (log.device == one.device) & (log.sequence == one.sequence)
        lines = connection.execute(select(log.number, log.change, log.unit).where(of_change)).all()
        bodies = read_bodies(connection, key, county, {line.number: line.change for line in lines})
        for number, change, unit in lines:
            left = _without(bodies[number], one.complainant) if number in bodies else None
            if left is not None:
                replace_body(connection, key, county, number, change, body=left)
                after.append(_line(one, change, unit))
    after.write(connection, key, now_ms)
    return after


def _without(body: bytes, complainant: str) -> bytes | None:
    """The change without the ciphertext; None where it has none."""
    change = decode_change(body)
    operations = tuple(_stripped(one, complainant) for one in change.operations)
    if operations == change.operations:
        return None
    return encode_message(msgspec.structs.replace(change, operations=operations))


def _stripped(operation: Operation, complainant: str) -> Operation:
    if (operation.kind, operation.id) != (COMPLAINANT, complainant):
        return operation
    fields = decode_fields(operation.fields)
    left = {name: value for name, value in fields.items() if name != _CIPHER}
    return operation if left == fields else msgspec.structs.replace(operation, fields=msgspec.Raw(encode_edit(left)))


def _line(one: Superseded, change: str, unit: str) -> LogEntry:
    """Which body was expunged, and which change (its author stands in it) made that necessary."""
    body = msgspec.msgpack.encode({"expunge": change, "complainant": one.complainant, "by": one.by})
    digest = hashlib.sha256(body).digest()
    return LogEntry(
        change=digest.hex()[:32],
        device=COUNTY_DEVICE,
        sequence=0,
        unit=unit,
        outcome=Outcome.ACCEPTED.value,
        reason=EXPUNGED,
        position=0,
        body=body,
        hash=digest,
    )
