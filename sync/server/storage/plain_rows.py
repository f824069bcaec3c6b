"""Read what corrections touch, and write it back where it lies. While the county's row is locked no row moves."""

from collections.abc import Collection
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Connection

from sync.protocol.messages import Operation
from sync.server.merge import RecordState, Writer
from sync.server.plain_changes import Edited, Held, HeldDossier, HeldRecord, Plain
from sync.server.standing import DECIDING_KINDS
from sync.server.storage.arrays import Bytes, Numbers, Places, Texts, Truths, columns
from sync.server.storage.bodies import open_row, seal_state
from sync.server.storage.driver import ask
from sync.server.storage.sealing import StoreKey
from sync.server.storage.writing import UnitStates, drop_feed_rows, write_new

# Dossier by dossier (see loading): asked for all at once, every case of the county is read where it grew quickly.
_DOSSIERS = (
    "SELECT d.*, (SELECT true FROM feed WHERE county = %s AND dossier = k.id LIMIT 1) FROM unnest(%s::text[]) AS k (id)"
    " CROSS JOIN LATERAL (SELECT ctid, id, units, digest, counts FROM dossier WHERE county = %s AND id = k.id"
    " OFFSET 0) d"
)
_COLUMNS = "ctid, kind, id, dossier, owner, unit, revision, hash, body, status, holder"
_DECIDERS = (
    "SELECT r.* FROM unnest(%s::text[]) AS k (dossier) CROSS JOIN LATERAL"  # noqa: S608 - of constants
    f" (SELECT {_COLUMNS} FROM record WHERE county = %s AND dossier = k.dossier OFFSET 0) r"
    " WHERE r.kind = ANY(%s)"
)
_NAMED = (
    "SELECT r.* FROM unnest(%s::text[], %s::text[]) AS k (kind, id) CROSS JOIN LATERAL"  # noqa: S608 - of constants
    f" (SELECT {_COLUMNS} FROM record WHERE county = %s AND kind = k.kind AND id = k.id OFFSET 0) r"
)
_WRITE_RECORDS = (
    "UPDATE record r SET revision = k.revision, hash = k.hash, body = k.body, device = k.device,"
    " in_unit_feed = k.in_unit, in_county_feed = k.in_county"
    " FROM unnest(%s::tid[], %s::int8[], %s::bytea[], %s::bytea[], %s::text[], %s::bool[], %s::bool[])"
    " AS k (at, revision, hash, body, device, in_unit, in_county) WHERE r.ctid = k.at"
)
_WRITE_DOSSIERS = (
    "UPDATE dossier d SET digest = k.digest, counts = k.counts FROM unnest(%s::tid[], %s::bytea[], %s::bytea[])"
    " AS k (at, digest, counts) WHERE d.ctid = k.at"
)
_DECIDING = Texts(sorted(DECIDING_KINDS))


def load_held(connection: Connection, key: StoreKey, county: str, operations: Collection[Operation]) -> Held:
    """The dossiers that operations name, and of their records those that are named or decide."""
    dossiers = {one.dossier for one in operations}
    named = {(one.kind, one.id) for one in operations if not (one.creates or one.kind in DECIDING_KINDS)}
    held = Held()
    if not dossiers:
        return held
    for place, name, units, digest, counts, in_feeds in ask(connection, _DOSSIERS, (county, Texts(dossiers), county)):
        kinds: dict[str, int] = msgspec.msgpack.decode(counts)
        held.dossiers[name] = HeldDossier(place, frozenset(units), int.from_bytes(digest, "big"), kinds, bool(in_feeds))
    for row in ask(connection, _DECIDERS, (Texts(held.dossiers), county, _DECIDING)):
        _add(held, key, row)
    if named:
        for row in ask(connection, _NAMED, (*columns(named, (Texts, Texts)), county)):
            _add(held, key, row)
    return held


def _add(held: Held, key: StoreKey, row: tuple[Any, ...]) -> None:
    place, kind, name, dossier, owner, unit, revision, content, body, status, holder = row
    open_it = partial(_open, key, (kind, name, dossier, owner, unit, revision, content, body))
    record = HeldRecord((kind, name), place, dossier, unit, revision, status, holder, open_it)
    held.records[kind, name] = record
    if kind in DECIDING_KINDS:
        held.dossiers[dossier].deciders.append(record)


def _open(key: StoreKey, row: tuple[Any, ...]) -> RecordState:
    kind, name, dossier, owner, unit, revision, content, sealed = row
    body = open_row(key, kind, name, sealed)
    writers = {name: Writer(*writer) for name, writer in body.writers.items()} if body.writers else {}
    writer = Writer(*body.writer)
    return RecordState(kind, name, dossier, owner, unit, revision, body.canonical, content, writer, writers)


def write_plain(connection: Connection, key: StoreKey, county: str, plain: Plain) -> UnitStates:
    """Write all of it; raises IntegrityError where something new is there. As ``writing.write_effects``."""
    if plain.edited:
        rows = (_edited_row(key, one) for one in plain.edited)
        ask(connection, _WRITE_RECORDS, columns(rows, (Places, Numbers, Bytes, Bytes, Texts, Truths, Truths)))
    drop_feed_rows(connection, county, plain.stale)
    if plain.dossiers:
        states = (
            (one.place, one.digest.to_bytes(32, "big"), msgspec.msgpack.encode(one.counts))
            for one in plain.dossiers.values()
        )
        ask(connection, _WRITE_DOSSIERS, columns(states, (Places, Bytes, Bytes)))
    return write_new(connection, county, plain.made)


def _edited_row(key: StoreKey, one: Edited) -> tuple[Any, ...]:
    state = one.state
    body = seal_state(key, state)
    return one.place, state.revision, state.hash, body, state.sole_device, one.in_unit, one.in_county
