"""Read a unit's feed: page, head, digest and counts in one snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, text

from sync.protocol import limits
from sync.protocol.messages import Entry, Mark
from sync.server.county import County
from sync.server.storage.bodies import open_canonical
from sync.server.storage.loading import add_units, load_units, look_up_by_index

COMMON = "*"
_PAGE = text(
    "SELECT f.position, f.mark, f.kind, f.id, f.dossier, r.owner, r.revision, r.hash,"
    " CASE WHEN r.device = :echo AND r.revision = f.position THEN NULL ELSE r.body END AS body FROM ("
    " (SELECT position, mark, kind, id, dossier FROM feed"
    "  WHERE county = :county AND unit = :unit AND position > :after ORDER BY position LIMIT :count)"
    " UNION ALL"
    " (SELECT position, mark, kind, id, dossier FROM feed"
    "  WHERE county = :county AND unit = '*' AND position > :after ORDER BY position LIMIT :count)"
    " ORDER BY position LIMIT :count) f"
    " LEFT JOIN LATERAL (SELECT * FROM record WHERE county = :county AND kind = f.kind AND id = f.id"
    " AND f.mark = 0 OFFSET 0) r ON true"
    " ORDER BY f.position"
)
"""What a device made itself comes without its body, but for a dossier that is granted (again): it may have left it."""
_GREATEST = (
    " greatest(coalesce((SELECT max(position) FROM feed WHERE county = :county AND unit = :unit), 0),"
    " coalesce((SELECT max(position) FROM feed WHERE county = :county AND unit = '*'), 0))"
)
_HEAD = text("SELECT" + _GREATEST)
_STAND = text(
    "SELECT c.epoch, d.unbroken, d.last_hash, own.digest, own.counts, every.digest AS common_digest,"  # noqa: S608
    " every.counts AS common_counts," + _GREATEST + " AS head FROM county c"
    " JOIN device d ON d.county = c.code AND d.id = :device"
    " LEFT JOIN unit_state own ON own.county = c.code AND own.unit = :unit"
    " LEFT JOIN unit_state every ON every.county = c.code AND every.unit = '*'"
    " WHERE c.code = :county"
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page with all that is said beside it."""

    epoch: str
    from_position: int
    to_position: int
    head: int
    entries: tuple[Entry, ...]
    digest: bytes | None
    counts: dict[str, int]
    unbroken: int
    last_hash: bytes


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, from where, and how much. ``count``: 0 = nothing, -1 = as much as one answer holds."""

    device: str
    unit: str
    epoch: str
    position: int
    count: int
    bodies: bool = False
    """Wants the bodies of its own records too."""


def read_page(county: County, reader: Reader) -> Page:
    """The page behind the reader's position. One who knows another epoch reads from the start."""
    with county.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        values = {"county": county.code, "unit": reader.unit, "device": reader.device}
        stand = connection.execute(_STAND, values).one()
        after = reader.position if reader.epoch in ("", stand.epoch) else 0
        entries, reached = _read_entries(connection, county, reader, after, stand.head)
    digest, counts = _kept(stand) if reached >= stand.head else (None, {})
    packed = None if digest is None else digest.to_bytes(32, "big")
    return Page(stand.epoch, after, reached, stand.head, entries, packed, counts, stand.unbroken, stand.last_hash)


def _kept(stand: Row[Any]) -> tuple[int, dict[str, int]]:
    own = (stand.digest, stand.counts), (stand.common_digest, stand.common_counts)
    return add_units(
        (int.from_bytes(digest, "big"), msgspec.msgpack.decode(counts)) for digest, counts in own if digest
    )


def unit_head(connection: Connection, county: str, unit: str) -> int:
    """Position of the newest entry a unit may read."""
    return int(connection.execute(_HEAD, {"county": county, "unit": unit}).scalar_one())


def unit_state(connection: Connection, county: str, unit: str) -> tuple[int, dict[str, int]]:
    """Digest and counts of what a unit holds at its head, the common feed included."""
    return add_units(load_units(connection, county, (unit, COMMON)).values())


def _read_entries(
    connection: Connection, county: County, reader: Reader, after: int, head: int
) -> tuple[tuple[Entry, ...], int]:
    """Entries and the position reached; an answer ends early where it grows too large."""
    if reader.count == 0 or after >= head:
        return (), after
    count = limits.MAX_ENTRIES if reader.count < 0 else min(reader.count, limits.MAX_ENTRIES)
    size_limit = limits.ANSWER_BYTES_PER_PAGE
    echo = "-" if reader.bodies else reader.device
    values = {"county": county.code, "unit": reader.unit, "after": after, "count": count, "echo": echo}
    entries: list[Entry] = []
    size = 0
    look_up_by_index(connection)
    with connection.execution_options(yield_per=2_000).execute(_PAGE, values) as rows:
        for row in rows:
            entry = _entry(county, row)
            size += len(entry.fields or b"")
            if entries and size > size_limit:
                return tuple(entries), entries[-1].position
            entries.append(entry)
    return tuple(entries), _reached(entries, count, after, head)


def _reached(entries: Sequence[Entry], count: int, after: int, head: int) -> int:
    if len(entries) < count:
        return max(head, after)
    return entries[-1].position


def _entry(county: County, row: Row[Any]) -> Entry:
    if row.mark == Mark.WITHDRAWN:
        return Entry(row.position, Mark.WITHDRAWN, row.kind, row.id, row.dossier, "", 0, b"", None)
    mark, fields = Mark.ECHO, None
    if row.body is not None:
        mark, fields = Mark.BODY, open_canonical(county.store_key, row.kind, row.id, row.body)
    return Entry(row.position, mark, row.kind, row.id, row.dossier, row.owner, row.revision, row.hash, fields)
