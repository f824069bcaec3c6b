"""Read and write typed rows by kind and id; what a row's county state is."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from desktop.storage.confirmed import REVISION
from desktop.storage.engine import Database, Row
from desktop.storage.row_codec import Fields, codec, fields_of, pack_fields, unpack_fields
from sync.domain.declarations import from_fields
from sync.domain.ids import RecordId
from sync.domain.records import KINDS, Stored

_NOTHING: MappingProxyType[str, object] = MappingProxyType({})
HEAD = ("id", "dossier", "revision", "hash", "county_state")
_REVISION, _HASH = HEAD.index("revision"), HEAD.index("hash")


@dataclass(slots=True)
class TypedRow:
    """A row as it stands: the view's fields, and the county's state apart where local edits lie over it."""

    kind: str
    id: str
    dossier: str
    fields: Fields
    revision: int = 0
    hash: bytes | None = None
    snapshot: Fields | None = None
    """The county's fields while the view differs from them; None = the view is the county's state (revision > 0)."""

    @property
    def county_fields(self) -> Fields | None:
        """The last county state; None where the county has not shown the record."""
        if self.revision == 0:
            return None
        return self.fields if self.snapshot is None else self.snapshot

    def keep_snapshot(self) -> None:
        """Before the first local edit: remember what the county said."""
        if self.revision and self.snapshot is None:
            self.snapshot = self.fields

    def values(self) -> list[Any]:
        """The row's values in the order of :func:`columns`."""
        snapshot = None if self.snapshot is None else pack_snapshot(self.snapshot, self.revision, self.hash)
        return [self.id, self.dossier, self.revision, self.hash, snapshot, *codec(self.kind).to_row(self.fields)]


def pack_snapshot(fields: Fields, revision: int, hash_: bytes | None) -> bytes:
    """The column ``county_state``."""
    return pack_fields({"fields": fields, "revision": revision, "hash": hash_})


@cache
def columns(kind: str) -> tuple[str, ...]:
    """Columns of a kind's table, computed ones not included."""
    return (*HEAD, "extra", *codec(kind).names)


@cache
def select_sql(kind: str, more: tuple[str, ...] = ()) -> str:
    """``SELECT`` of all columns and ``more`` behind them, to be followed by a condition."""
    names = ", ".join(REVISION if name == "revision" else f'"{name}"' for name in (*columns(kind), *more))
    return f'SELECT {names} FROM "{codec(kind).table}" '


@cache
def upsert_sql(kind: str) -> str:
    """``INSERT`` of all columns that replaces the row of the same id."""
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in columns(kind)[1:])
    return f"{_insert_sql(kind)} ON CONFLICT(id) DO UPDATE SET {sets}"


@cache
def insert_sql(kind: str) -> str:
    """``INSERT`` of all columns that leaves a row of the same id alone; its id where it was written."""
    return f"{_insert_sql(kind)} ON CONFLICT(id) DO NOTHING RETURNING id"


def _insert_sql(kind: str) -> str:
    names = columns(kind)
    quoted = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{codec(kind).table}"({quoted}) VALUES({", ".join("?" * len(names))})'


def to_typed(kind: str, row: Row) -> TypedRow:
    """The typed row of a selected one."""
    snapshot = None if row[4] is None else unpack_fields(row[4])["fields"]
    return TypedRow(kind, row[0], row[1], codec(kind).to_fields(row[5:]), row[2], row[3] if row[2] else None, snapshot)


def load(database: Database, kind: str, record_id: str) -> TypedRow | None:
    """The row or None."""
    row = database.one(select_sql(kind) + "WHERE id = ?", (record_id,))
    return None if row is None else to_typed(kind, row)


def load_many(database: Database, kind: str, ids: Iterable[str]) -> dict[str, TypedRow]:
    """Rows by id."""
    sql = select_sql(kind) + "WHERE id IN (SELECT value FROM json_each(?))"
    return {row[0]: to_typed(kind, row) for row in database.run(sql, (json.dumps(list(ids)),))}


def save(database: Database, row: TypedRow) -> None:
    """Write one row."""
    database.run(upsert_sql(row.kind), row.values())


def insert(database: Database, row: TypedRow, operation: int, hash_: bytes) -> bool:
    """Write the row of a record made here, by the operation of this number; False, and nothing written, where one of
    its id is there."""
    values = row.values()
    values[_REVISION], values[_HASH] = -operation, hash_
    return bool(database.run(insert_sql(row.kind), values))


def save_many(database: Database, kind: str, values: Iterable[Sequence[Any]]) -> None:
    """Write many rows of one kind, each in the order of :func:`columns`."""
    database.run_many(upsert_sql(kind), values)


@cache
def _required(kind: str) -> tuple[str, ...]:
    return tuple(field.name for field in fields_of(kind) if field.facet.required)


def to_stored(row: TypedRow) -> Stored | None:
    """The typed record; None where a field it cannot be without is missing or of a wrong type (it stays hidden)."""
    fields = row.fields
    for name in _required(row.kind):
        if fields.get(name) is None:
            return None
    record = from_fields(KINDS[row.kind].record, fields, id=RecordId(row.id))
    data = codec(row.kind)
    if data.knows(fields):
        return Stored(record, RecordId(row.dossier), row.revision, _NOTHING)
    unknown = {name: value for name, value in fields.items() if name not in data.facets}
    return Stored(record, RecordId(row.dossier), row.revision, MappingProxyType(unknown))
