"""Read what a round touches, under the county's lock."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, any_, bindparam, select, text
from sqlalchemy.types import ARRAY, Text

from sync.domain.errors import Damaged
from sync.protocol.canonical import add_terms
from sync.protocol.codec import read_fields
from sync.protocol.messages import Operation
from sync.server.identities import COMPLAINANT, keys_of
from sync.server.standing import DossierState, Key, Standing
from sync.server.storage import tables
from sync.server.storage.bodies import open_state
from sync.server.storage.sealing import StoreKey

_MARK_WITHDRAWN = 2
_BY_INDEX = text(
    "SELECT set_config(name, 'off', true) FROM unnest(ARRAY['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'])"
    " AS name"
)
# OFFSET 0 keeps the planner from turning look-ups into a scan of tables that have grown since it last looked.
_BY_KEY = text(
    "SELECT r.* FROM unnest(:kinds, :ids) AS k (kind, id) CROSS JOIN LATERAL (SELECT * FROM record"
    " WHERE county = :county AND kind = k.kind AND id = k.id OFFSET 0) r"
).bindparams(bindparam("kinds", type_=ARRAY(Text)), bindparam("ids", type_=ARRAY(Text)))


@dataclass(frozen=True, slots=True)
class LockedCounty:
    """The county row, locked until the transaction ends: one writer at a time."""

    epoch: str
    position: int
    log_number: int
    log_hash: bytes


def lock_county(connection: Connection, code: str) -> LockedCounty:
    """Lock the county's row and read it."""
    look_up_by_index(connection)
    columns = tables.county.c
    query = select(columns.epoch, columns.position, columns.log_number, columns.log_hash)
    row = connection.execute(query.where(columns.code == code).with_for_update()).one()
    return LockedCounty(*row)


def look_up_by_index(connection: Connection) -> None:
    """Until the transaction ends rows are found by index, whatever the planner thinks of tables that grew quickly."""
    connection.execute(_BY_INDEX)


def load_standing(
    connection: Connection, key: StoreKey, standing: Standing, dossiers: Collection[str], keys: Iterable[Key]
) -> None:
    """Fill a standing with the whole dossiers named, and with single records named by kind and id."""
    county = standing.county
    columns = tables.dossier.c
    found = connection.execute(
        select(columns.id, columns.units, columns.digest, columns.counts).where(
            columns.county == county, columns.id == any_of(dossiers)
        )
    ).all()
    for row in found:
        counts: dict[str, int] = msgspec.msgpack.decode(row.counts)
        standing.dossiers[row.id] = DossierState(frozenset(row.units), int.from_bytes(row.digest, "big"), counts)
    if found:
        _load_dossiers(connection, key, standing, [row.id for row in found])
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
    columns = tables.record.c
    rows = connection.execute(
        select(tables.record).where(columns.county == standing.county, columns.dossier == any_of(dossiers))
    ).mappings()
    for state in sorted((open_state(key, row) for row in rows), key=lambda state: state.revision):
        standing.add(state)
    feed = tables.feed.c
    marks = select(feed.unit, feed.dossier, feed.position).where(
        feed.county == standing.county, feed.dossier == any_of(dossiers), feed.mark == _MARK_WITHDRAWN
    )
    for unit, dossier, position in connection.execute(marks):
        standing.withdrawn[unit, dossier] = position


def _load_keys(connection: Connection, key: StoreKey, standing: Standing, keys: list[Key]) -> None:
    """Records that lie in another dossier than the operation says: only known to be there."""
    if not keys:
        return
    kinds, ids = [kind for kind, _ in keys], [record_id for _, record_id in keys]
    found = connection.execute(_BY_KEY, {"kinds": kinds, "ids": ids, "county": standing.county})
    for row in found.mappings():
        standing.records[row["kind"], row["id"]] = open_state(key, row)


def load_units(connection: Connection, county: str, units: Iterable[str]) -> dict[str, tuple[int, dict[str, int]]]:
    """Digest and counts of units; those that have nothing yet stand at zero."""
    wanted = list(units)
    columns = tables.unit_state.c
    query = select(columns.unit, columns.digest, columns.counts).where(
        columns.county == county, columns.unit == any_of(wanted)
    )
    state: dict[str, tuple[int, dict[str, int]]] = {unit: (0, {}) for unit in wanted}
    for unit, digest, counts in connection.execute(query):
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
