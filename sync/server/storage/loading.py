"""Read what a round touches, under the county's lock."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from psycopg.rows import dict_row
from sqlalchemy import Connection, any_, bindparam
from sqlalchemy.types import ARRAY, Text

from sync.domain.errors import Damaged
from sync.protocol.canonical import add_terms
from sync.protocol.codec import read_fields
from sync.protocol.messages import Operation
from sync.server.identities import COMPLAINANT, keys_of
from sync.server.standing import DossierState, Home, Key, Standing
from sync.server.storage.arrays import Texts, columns
from sync.server.storage.bodies import open_state
from sync.server.storage.driver import ask, keep_plans_fresh
from sync.server.storage.sealing import StoreKey

_LOCK = "SELECT epoch, position, log_number, log_hash FROM county WHERE code = %s FOR UPDATE"
# OFFSET 0 keeps the planner from turning look-ups into a scan of tables that have grown since it last looked.
_BY_KEY = (
    "SELECT r.* FROM unnest(%s::text[], %s::text[]) AS k (kind, id) CROSS JOIN LATERAL (SELECT * FROM record"
    " WHERE county = %s AND kind = k.kind AND id = k.id OFFSET 0) r"
)
_OF_DOSSIERS = (
    "SELECT r.* FROM unnest(%s::text[]) AS k (dossier) CROSS JOIN LATERAL (SELECT * FROM record"
    " WHERE county = %s AND dossier = k.dossier OFFSET 0) r ORDER BY r.revision"
)
_WITHDRAWN = (
    "SELECT f.* FROM unnest(%s::text[]) AS k (dossier) CROSS JOIN LATERAL (SELECT unit, dossier, position FROM feed"
    " WHERE county = %s AND dossier = k.dossier AND mark = 2 OFFSET 0) f"
)


@dataclass(frozen=True, slots=True)
class LockedCounty:
    """The county row, locked until the transaction ends: one writer at a time."""

    epoch: str
    position: int
    log_number: int
    log_hash: bytes


def lock_county(connection: Connection, code: str) -> LockedCounty:
    """Lock the county's row and read it."""
    row = ask(connection, _LOCK, (code,)).fetchone()
    assert row is not None
    locked = LockedCounty(*row)
    keep_plans_fresh(connection, locked.position)
    return locked


def load_standing(
    connection: Connection, key: StoreKey, standing: Standing, dossiers: Collection[str], keys: Iterable[Key]
) -> None:
    """Fill a standing with the whole dossiers named, and with single records named by kind and id."""
    query = "SELECT id, units, digest, counts FROM dossier WHERE county = %s AND id = ANY(%s)"
    found = ask(connection, query, (standing.county, Texts(dossiers))).fetchall()
    for name, units, digest, packed in found:
        counts: dict[str, int] = msgspec.msgpack.decode(packed)
        standing.dossiers[name] = DossierState(frozenset(units), int.from_bytes(digest, "big"), counts)
    if found:
        _load_dossiers(connection, key, standing, [row[0] for row in found])
    _load_keys(connection, key, standing, [wanted for wanted in keys if wanted not in standing.records])


def load_identity_keys(
    connection: Connection, key: StoreKey, standing: Standing, operations: Iterable[Operation]
) -> None:
    """The keys of complainants that operations would seal anew."""
    sealed = [one for one in operations if one.kind == COMPLAINANT and (COMPLAINANT, one.id) in standing.records]
    wanted = keys_of(standing, ((one.id, _fields_of(one)) for one in sealed)) if sealed else set()
    _load_keys(connection, key, standing, [one for one in wanted if one not in standing.records])


def _fields_of(operation: Operation) -> dict[str, Any]:
    """Fields as far as they can be read; those that cannot are judged where the change is."""
    try:
        fields: dict[str, Any] = read_fields(operation.fields)
    except Damaged:
        return {}
    return fields


def any_of(values: Collection[str]) -> Any:
    """``= ANY(array)``: one statement whatever the count."""
    return any_(bindparam(None, list(values), type_=ARRAY(Text)))


def _load_dossiers(connection: Connection, key: StoreKey, standing: Standing, dossiers: list[str]) -> None:
    values = (Texts(dossiers), standing.county)
    for row in ask(connection, _OF_DOSSIERS, values, dict_row):
        standing.add(open_state(key, row))
        standing.homes[row["kind"], row["id"]] = Home(row["in_unit_feed"], row["in_county_feed"])
    for unit, dossier, position in ask(connection, _WITHDRAWN, values):
        standing.withdrawn[unit, dossier] = position


def _load_keys(connection: Connection, key: StoreKey, standing: Standing, keys: list[Key]) -> None:
    """Records that lie in another dossier than the operation says: only known to be there."""
    if not keys:
        return
    kinds, ids = columns(keys, (Texts, Texts))
    for row in ask(connection, _BY_KEY, (kinds, ids, standing.county), dict_row):
        standing.records[row["kind"], row["id"]] = open_state(key, row)


def load_units(connection: Connection, county: str, units: Iterable[str]) -> dict[str, tuple[int, dict[str, int]]]:
    """Digest and counts of units; those that have nothing yet stand at zero."""
    wanted = list(units)
    query = "SELECT unit, digest, counts FROM unit_state WHERE county = %s AND unit = ANY(%s)"
    state: dict[str, tuple[int, dict[str, int]]] = {unit: (0, {}) for unit in wanted}
    for unit, digest, counts in ask(connection, query, (county, Texts(wanted))):
        state[unit] = (int.from_bytes(digest, "big"), msgspec.msgpack.decode(counts))
    return state


def add_units(states: Iterable[tuple[int, dict[str, int]]]) -> tuple[int, dict[str, int]]:
    """Digest and counts of several feeds together; kinds of which none is left are out."""
    digest, counts = 0, dict[str, int]()
    for part, kinds in states:
        digest = add_terms(digest, part)
        for kind, count in kinds.items():
            counts[kind] = counts.get(kind, 0) + count
    return digest, {kind: count for kind, count in counts.items() if count}
