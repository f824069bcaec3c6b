"""Read a unit's feed: page, head, digest and counts in one snapshot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from psycopg.rows import namedtuple_row
from sqlalchemy import Connection

from sync.protocol import limits
from sync.protocol.messages import Entry, Mark
from sync.server.county import County
from sync.server.storage.bodies import open_canonical
from sync.server.storage.driver import ask, driver_connection, keep_plans_fresh
from sync.server.storage.loading import add_units, load_units
from sync.server.storage.sealing import StoreKey

COMMON = "*"
_AT_ONCE = limits.ENTRIES_PER_PAGE
_FEED_ROWS = """
 (SELECT f.position, f.mark, f.kind, f.id, f.dossier, r.owner, r.revision, r.hash,
   CASE WHEN r.device = %(echo)s AND r.revision = f.position THEN NULL ELSE r.body END AS body
  FROM (SELECT position, mark, kind, id, dossier FROM feed
   WHERE county = %(county)s AND unit = {unit} AND position > %(after)s ORDER BY position LIMIT %(count)s) f
  LEFT JOIN LATERAL (SELECT * FROM record WHERE county = %(county)s AND kind = f.kind AND id = f.id
   AND f.mark = 0 OFFSET 0) r ON true ORDER BY f.position)
"""
_HOME_ROWS = """
 (SELECT revision AS position, 0::smallint AS mark, kind, id, dossier, owner, revision, hash,
   CASE WHEN device = %(echo)s THEN NULL ELSE body END AS body
  FROM record WHERE county = %(county)s AND {home} AND revision > %(after)s ORDER BY revision LIMIT %(count)s)
"""
_UNIT_HOME, _COUNTY_HOME = "unit = %(unit)s AND in_unit_feed", "in_county_feed"


def _page_sql(home: str) -> str:
    parts = _HOME_ROWS.format(home=home), _FEED_ROWS.format(unit="%(unit)s"), _FEED_ROWS.format(unit="'*'")
    return f"{' UNION ALL '.join(parts)} ORDER BY position LIMIT %(count)s"


_PAGE = {False: _page_sql(_UNIT_HOME), True: _page_sql(_COUNTY_HOME)}
"""By whether the county's own unit reads. What a device made itself comes without its body, but for a dossier that is
granted (again): it may have left it."""
_HEAD_OF = """greatest(
 (SELECT max(position) FROM feed WHERE county = c.code AND unit = {unit}),
 (SELECT max(position) FROM feed WHERE county = c.code AND unit = '*'),
 CASE WHEN {unit} = c.code
  THEN (SELECT max(revision) FROM record WHERE county = c.code AND in_county_feed)
  ELSE (SELECT max(revision) FROM record WHERE county = c.code AND unit = {unit} AND in_unit_feed) END, 0)"""
_HEAD = f"SELECT {_HEAD_OF.format(unit='%(unit)s')} FROM county c WHERE c.code = %(county)s"  # noqa: S608
STAND_COLUMNS = f"""c.epoch, d.unbroken, d.last_hash, own.digest, own.counts, every.digest AS common_digest,
 every.counts AS common_counts, {_HEAD_OF.format(unit="d.unit")} AS head"""
STAND_TABLES = """county c JOIN device d ON d.county = c.code AND d.id = %(device)s
 LEFT JOIN unit_state own ON own.county = c.code AND own.unit = d.unit
 LEFT JOIN unit_state every ON every.county = c.code AND every.unit = '*'
 WHERE c.code = %(county)s"""
_STAND = f"SELECT {STAND_COLUMNS} FROM {STAND_TABLES}"  # noqa: S608


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
    acknowledged: int = 0
    """The position up to which it says it has read, where nothing older is still to come of it; else 0."""


def read_page(county: County, reader: Reader) -> Page:
    """The page behind the reader's position. One who knows another epoch reads from the start."""
    with county.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        values = {"county": county.code, "device": reader.device}
        stand: Any = ask(connection, _STAND, values, namedtuple_row).fetchone()
        keep_plans_fresh(connection, stand.head)
        after = _start(reader, stand)
        entries, reached = _read_entries(connection, county, reader, after, stand.head)
        driver_connection(connection).commit()  # what a rollback would make the driver forget stays prepared
    return page_of(stand, after, reached, entries)


def standing_page(reader: Reader, stand: Any) -> Page | None:
    """The page of one for whom nothing is new, from what is known already; None where there is something to read."""
    after = _start(reader, stand)
    return page_of(stand, after, max(after, stand.head), ()) if after >= stand.head else None


def page_of(stand: Any, after: int, reached: int, entries: tuple[Entry, ...]) -> Page:
    """A page with what is said beside it; ``stand`` has the columns of ``STAND_COLUMNS``."""
    digest, counts = _kept(stand) if reached >= stand.head else (None, {})
    packed = None if digest is None else digest.to_bytes(32, "big")
    return Page(stand.epoch, after, reached, stand.head, entries, packed, counts, stand.unbroken, stand.last_hash)


def _start(reader: Reader, stand: Any) -> int:
    return reader.position if reader.epoch in ("", stand.epoch) else 0


def _kept(stand: Any) -> tuple[int, dict[str, int]]:
    own = (stand.digest, stand.counts), (stand.common_digest, stand.common_counts)
    return add_units(
        (int.from_bytes(digest, "big"), msgspec.msgpack.decode(counts)) for digest, counts in own if digest
    )


def unit_head(connection: Connection, county: str, unit: str) -> int:
    """Position of the newest entry a unit may read."""
    row = driver_connection(connection).execute(_HEAD, {"county": county, "unit": unit}).fetchone()
    return int(row[0]) if row else 0


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
    echo = "-" if reader.bodies else reader.device
    values = {"county": county.code, "unit": reader.unit, "after": after, "count": count, "echo": echo}
    entries: list[Entry] = []
    size = 0
    for row in _rows(connection, _PAGE[reader.unit == county.code], values, count):
        entry = _entry(county.store_key, row)
        size += len(entry.fields or b"")
        if entries and size > limits.ANSWER_BYTES_PER_PAGE:
            return tuple(entries), entries[-1].position
        entries.append(entry)
    return tuple(entries), _reached(entries, count, after, head)


def _rows(connection: Connection, sql: str, values: dict[str, Any], count: int) -> Iterator[tuple[Any, ...]]:
    """Few rows at once, many piece by piece."""
    if count <= _AT_ONCE:
        yield from ask(connection, sql, values)
        return
    with driver_connection(connection).cursor("page", binary=True) as cursor:
        cursor.itersize = _AT_ONCE
        yield from cursor.execute(sql, values)


def _reached(entries: Sequence[Entry], count: int, after: int, head: int) -> int:
    if len(entries) < count:
        return max(head, after)
    return entries[-1].position


def _entry(key: StoreKey, row: tuple[Any, ...]) -> Entry:
    position, mark, kind, record, dossier, owner, revision, content, body = row
    if mark == Mark.WITHDRAWN:
        return Entry(position, Mark.WITHDRAWN, kind, record, dossier, "", 0, b"", None)
    if body is None:
        return Entry(position, Mark.ECHO, kind, record, dossier, owner, revision, content, None)
    fields = open_canonical(key, kind, record, body)
    return Entry(position, Mark.BODY, kind, record, dossier, owner, revision, content, fields)
