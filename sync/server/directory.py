"""Records the county itself writes into the common feed (units, staff, days, rules), as a logged change of its own."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import msgspec
from sqlalchemy import Connection

from sync.domain.declarations import to_fields
from sync.domain.ids import RecordId, UnitCode, new_change_id
from sync.domain.records import AccountEntry, CalendarDay, OrgUnit, RegisterKeeper, RulebookVersion, Staff
from sync.protocol.canonical import encode_fields
from sync.protocol.messages import Change, Operation, Outcome, change_hash, encode_message
from sync.server.county import County
from sync.server.effects import effects_of
from sync.server.round import COUNTY_DEVICE, Round
from sync.server.standing import Standing
from sync.server.storage.ledger import NO_CHAIN, Ledger, LogEntry
from sync.server.storage.loading import LockedCounty, load_standing
from sync.server.storage.writing import write_county, write_effects

CommonRecord = OrgUnit | Staff | CalendarDay | RulebookVersion | RegisterKeeper | AccountEntry
"""An account entry is no record for everyone: a line in the access log of a unit and the county."""


def directory_id(kind: str, *names: str) -> RecordId:
    """The id of a directory record: the same wherever and whenever the directory is made."""
    return RecordId(hashlib.sha256("/".join(("liandong", kind, *names)).encode()).hexdigest()[:32])


def write_common(
    connection: Connection, county: County, locked: LockedCounty, records: Sequence[CommonRecord], now_ms: int
) -> LockedCounty:
    """Write records of the common feed under the county's lock, and the county row with them."""
    standing = Standing(UnitCode(county.code), {})
    keys = [(type(record).__name__, record.id) for record in records]
    load_standing(connection, county.store_key, standing, [record.id for record in records], keys)
    done = Round(standing, locked.position, now_ms)
    for record in records:
        done.put_county_record(type(record).__name__, record, record.id)
    write_effects(connection, county.store_key, county.code, effects_of(done))
    ledger = Ledger(county.code, locked.log_number, locked.log_hash)
    ledger.append(_log_entry(county, locked, records, now_ms))
    ledger.write(connection, county.store_key, now_ms)
    written = replace(locked, position=done.position, log_number=ledger.number, log_hash=ledger.chain)
    write_county(connection, county.code, written)
    return written


def _log_entry(county: County, locked: LockedCounty, records: Sequence[CommonRecord], now_ms: int) -> LogEntry:
    change = Change(
        id=new_change_id(),
        device=COUNTY_DEVICE,
        sequence=locked.log_number + 1,
        previous=NO_CHAIN,
        unit=county.code,
        author="",
        role="ADMIN",
        local_time=now_ms,
        offset=0,
        seen=locked.position,
        operations=tuple(_operation(record) for record in records),
    )
    body = encode_message(change)
    return LogEntry(
        change.id, COUNTY_DEVICE, change.sequence, county.code, Outcome.ACCEPTED, "", locked.position, body,
        change_hash(body),
    )  # fmt: skip


def _operation(record: CommonRecord) -> Operation:
    fields = msgspec.Raw(encode_fields(to_fields(record)))
    return Operation(type(record).__name__, record.id, record.id, "C", 0, True, fields)
