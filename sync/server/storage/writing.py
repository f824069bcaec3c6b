"""Write what a round changed: COPY for everything that can come in thousands."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from struct import pack
from typing import Any

import msgspec
from psycopg.adapt import Dumper
from psycopg.pq import Format
from sqlalchemy import Connection, update

from sync.protocol.canonical import DIGEST_MODULUS
from sync.server.effects import Effects, UnitShift
from sync.server.fresh_dossiers import NewDossiers, Put
from sync.server.storage import tables
from sync.server.storage.arrays import Bytes, Column, Marks, Numbers, Texts, Truths, columns, register
from sync.server.storage.bodies import seal_state
from sync.server.storage.driver import ask, driver_connection
from sync.server.storage.loading import LockedCounty, load_units
from sync.server.storage.sealing import StoreKey

_RECORD = (
    ("county", "text"), ("kind", "text"), ("id", "text"), ("dossier", "text"), ("owner", "text"), ("unit", "text"),
    ("revision", "int8"), ("hash", "bytea"), ("body", "bytea"), ("device", "text"), ("status", "text"),
    ("holder", "text"), ("in_unit_feed", "bool"), ("in_county_feed", "bool"),
)  # fmt: skip
_FEED = (
    ("county", "text"), ("unit", "text"), ("position", "int8"), ("kind", "text"), ("id", "text"), ("dossier", "text"),
    ("mark", "int2"),
)  # fmt: skip
UnitStates = dict[str, tuple[int, dict[str, int]]]
"""New digest and counts of units by code."""
FEW = 250
"""Rows up to which one statement is quicker than a COPY."""
_TEXT_OID = 25
_DOSSIER = (("county", "text"), ("id", "text"), ("units", "text[]"), ("digest", "bytea"), ("counts", "bytea"))


@lru_cache(maxsize=4096)
def _packed_texts(texts: tuple[str, ...]) -> bytes:
    """A one-dimensional ``text[]`` in PostgreSQL's binary form."""
    encoded = [text.encode() for text in texts]
    head = pack("!iii", 1, 0, _TEXT_OID) + pack("!ii", len(encoded), 1)
    return head + b"".join(pack("!i", len(item)) + item for item in encoded)


class _TextLists(Column):
    """``text[]`` of lists of texts, each as PostgreSQL writes it, for an array of arrays would be taken apart."""

    oid, element = Texts.oid, Texts.element

    def packed(self) -> Iterable[bytes]:
        """See ``Column``."""
        return Texts(map(_literal, self.values)).packed()


@lru_cache(maxsize=4096)
def _literal(texts: tuple[str, ...]) -> str:
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"


register(_TextLists)
_ARRAYS: dict[str, type[Column]] = {
    "text": Texts, "text[]": _TextLists, "bytea": Bytes, "int8": Numbers, "int2": Marks, "bool": Truths,
}  # fmt: skip


class _PackedTexts(Dumper):
    """The few lists of units that stand in thousands of rows, packed once each."""

    format = Format.BINARY
    oid = 1009

    def dump(self, obj: Sequence[str]) -> bytes:
        """The binary form."""
        return _packed_texts(tuple(obj))


def put_rows(
    connection: Connection, table: str, columns_of: Sequence[tuple[str, str]], rows: Sequence[Sequence[object]]
) -> None:
    """New rows: few by one statement, many by COPY."""
    if len(rows) > FEW:
        copy_rows(connection, table, columns_of, rows)
    elif rows:
        kinds = [_ARRAYS[kind] for _, kind in columns_of]
        ask(connection, _insertion(table, tuple(columns_of)), columns(rows, kinds))


@cache
def _insertion(table: str, columns_of: tuple[tuple[str, str], ...]) -> str:
    names = ", ".join(name for name, _ in columns_of)
    values = ", ".join(f"k.{name}::text[]" if kind == "text[]" else f"k.{name}" for name, kind in columns_of)
    arrays = ", ".join("%s::text[]" if kind == "text[]" else f"%s::{kind}[]" for _, kind in columns_of)
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM unnest({arrays}) AS k ({names})"  # noqa: S608


def copy_rows(
    connection: Connection, table: str, columns_of: Sequence[tuple[str, str]], rows: Iterable[Sequence[object]]
) -> None:
    """COPY rows in binary form."""
    with _copying_into(connection, table, columns_of) as put:
        for row in rows:
            put(row)


@contextmanager
def _copying_into(
    connection: Connection, table: str, columns_of: Sequence[tuple[str, str]]
) -> Iterator[Callable[[Sequence[object]], None]]:
    with driver_connection(connection).cursor() as cursor:
        cursor.adapters.register_dumper(tuple, _PackedTexts)
        with cursor.copy(_copying(table, tuple(columns_of))) as copy:
            copy.set_types([kind for _, kind in columns_of])
            yield copy.write_row


@contextmanager
def records_on_their_way(connection: Connection, county: str) -> Iterator[Put]:
    """COPY rows of new records as they are made: PostgreSQL writes them meanwhile. An exception undoes all of them,
    and the connection is as it was; while it lasts nothing else can be asked."""
    with connection.begin_nested(), _copying_into(connection, "record", _RECORD) as put:
        yield lambda row: put((county, *row))


@cache
def _copying(table: str, columns_of: tuple[tuple[str, str], ...]) -> str:
    names = ", ".join(name for name, _ in columns_of)
    return f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)"


def write_effects(connection: Connection, key: StoreKey, county: str, effects: Effects) -> UnitStates:
    """Write records, dossiers, feeds and unit states of one round; the new digest and counts of units by code."""
    _remove_former(connection, county, effects)
    put_rows(connection, "record", _RECORD, [_record_row(key, county, row) for row in effects.records])
    put_rows(connection, "feed", _FEED, [(county, *row) for row in effects.feed])
    dossiers = [
        (
            county,
            name,
            tuple(sorted(state.units)),
            state.digest.to_bytes(32, "big"),
            msgspec.msgpack.encode(state.counts),
        )
        for name, state in effects.dossiers.items()
    ]
    put_rows(connection, "dossier", _DOSSIER, dossiers)
    return _shift_units(connection, county, effects.units)


def write_new(connection: Connection, county: str, made: NewDossiers) -> UnitStates:
    """Write new dossiers; raises IntegrityError where one of them, or a record, is there. As :func:`write_effects`."""
    put_rows(connection, "record", _RECORD, [(county, *row) for row in made.records])
    put_rows(connection, "feed", _FEED, [(county, *row) for row in made.feed])
    dossiers = [
        (county, name, _sorted(viewers), digest.to_bytes(32, "big"), _packed_counts(kinds))
        for name, viewers, digest, kinds in made.dossiers
    ]
    put_rows(connection, "dossier", _DOSSIER, dossiers)
    return _shift_units(connection, county, made.shifts())


@lru_cache(maxsize=4096)
def _sorted(units: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(units))


@lru_cache(maxsize=4096)
def _packed_counts(kinds: tuple[str, ...]) -> bytes:
    return msgspec.msgpack.encode(dict(Counter(kinds)))


def _record_row(key: StoreKey, county: str, row: Any) -> tuple[object, ...]:
    state = row.state
    return (
        county, state.kind, state.id, state.dossier, state.owner, state.unit, state.revision, state.hash,
        seal_state(key, state), state.sole_device, row.status, row.holder, row.home.unit, row.home.county,
    )  # fmt: skip


def _remove_former(connection: Connection, county: str, effects: Effects) -> None:
    if effects.replaced:
        ask(
            connection,
            "DELETE FROM record WHERE ctid = ANY(ARRAY(SELECT r.ctid FROM"
            " unnest(%s::text[], %s::text[]) AS k (kind, id) CROSS JOIN LATERAL (SELECT ctid FROM record"
            " WHERE county = %s AND kind = k.kind AND id = k.id OFFSET 0) r))",
            (*columns(effects.replaced, (Texts, Texts)), county),
        )
    drop_feed_rows(connection, county, effects.stale)
    if effects.cleared:
        ask(
            connection,
            "DELETE FROM feed WHERE ctid = ANY(ARRAY(SELECT f.ctid FROM"
            " unnest(%s::text[], %s::text[]) AS k (unit, dossier)"
            " CROSS JOIN LATERAL (SELECT ctid FROM feed WHERE county = %s AND dossier = k.dossier"
            " AND unit = k.unit OFFSET 0) f))",
            (*map(list, zip(*effects.cleared, strict=True)), county),
        )
    if effects.unhomed:
        ask(
            connection,
            "UPDATE record r SET in_unit_feed = r.in_unit_feed AND r.unit <> k.unit,"
            " in_county_feed = r.in_county_feed AND k.unit <> %s"
            " FROM unnest(%s::text[], %s::text[]) AS k (unit, dossier)"
            " WHERE r.county = %s AND r.dossier = k.dossier",
            (county, *map(list, zip(*effects.unhomed, strict=True)), county),
        )
    if effects.former_dossiers:
        ask(
            connection,
            "DELETE FROM dossier WHERE county = %s AND id = ANY(%s)",
            (county, Texts(effects.former_dossiers)),
        )


def drop_feed_rows(connection: Connection, county: str, stale: Sequence[tuple[str, str, str]]) -> None:
    """Rows of changed records (dossier, kind, id), which other rows follow, leave every feed."""
    if stale:
        ask(
            connection,
            "DELETE FROM feed WHERE ctid = ANY(ARRAY(SELECT f.ctid FROM"
            " unnest(%s::text[], %s::text[], %s::text[]) AS k (dossier, kind, id)"
            " CROSS JOIN LATERAL (SELECT ctid FROM feed WHERE county = %s AND dossier = k.dossier"
            " AND kind = k.kind AND id = k.id AND mark <> 2 OFFSET 0) f))",
            (*columns(stale, (Texts, Texts, Texts)), county),
        )


def _shift_units(connection: Connection, county: str, shifts: dict[str, UnitShift]) -> UnitStates:
    if not shifts:
        return {}
    states = load_units(connection, county, shifts)
    moved: dict[str, tuple[int, dict[str, int]]] = {}
    for unit, shift in shifts.items():
        digest, counts = states[unit]
        kinds = {kind: counts.get(kind, 0) + shift.counts[kind] for kind in {*counts, *shift.counts}}
        moved[unit] = (digest + shift.digest) % DIGEST_MODULUS, kinds
    ask(
        connection,
        "INSERT INTO unit_state (county, unit, digest, counts)"
        " SELECT %s, unit, digest, counts FROM unnest(%s::text[], %s::bytea[], %s::bytea[]) AS t (unit, digest, counts)"
        " ON CONFLICT (county, unit) DO UPDATE SET digest = EXCLUDED.digest, counts = EXCLUDED.counts",
        (
            county,
            Texts(moved),
            Bytes(digest.to_bytes(32, "big") for digest, _ in moved.values()),
            Bytes(msgspec.msgpack.encode(counts) for _, counts in moved.values()),
        ),
    )
    return moved


def write_county(connection: Connection, code: str, county: LockedCounty) -> None:
    """Write the county row back before the transaction ends."""
    values = {"position": county.position, "log_number": county.log_number, "log_hash": county.log_hash}
    connection.execute(update(tables.county).where(tables.county.c.code == code).values(values))
