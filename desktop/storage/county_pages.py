"""Apply feed entries: the county state of records, the view over it, the digest. Within the open transaction."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from desktop.storage.books import Books
from desktop.storage.case_clocks import CLOCK_KINDS
from desktop.storage.case_columns import MAKING_KINDS, all_cases, moved_cases, refresh_cases
from desktop.storage.confirmed import REVISION
from desktop.storage.directory import DIRECTORY_KINDS, Directory
from desktop.storage.engine import Database
from desktop.storage.outbox import Outbox, PendingOperation, State
from desktop.storage.overlay import overlay
from desktop.storage.page_bodies import PageBodies
from desktop.storage.row_codec import Fields, codec, pack_fields, unpack_fields
from desktop.storage.rows import TypedRow, load_many, save_many
from desktop.storage.search import SearchIndex
from desktop.storage.search_terms import searched_fields
from desktop.storage.straight_pages import StraightPages
from desktop.storage.withdrawal import Withdrawals
from sync.domain.ids import UnitCode
from sync.domain.records import KINDS
from sync.protocol.canonical import DIGEST_MODULUS, digest_term
from sync.protocol.messages import DECODE_ERRORS, Entry, Mark

_mark = attrgetter("mark")
"""Of an entry."""


@dataclass(slots=True)
class _Page:
    """What a page does, gathered for one write each."""

    position: int
    digest: int
    operations: dict[str, list[PendingOperation]]
    bodies: PageBodies
    cases: set[str] = field(default_factory=set)
    texts: list[tuple[str, str]] = field(default_factory=list)
    written: set[str] = field(default_factory=set)


class CountyPages:
    """Takes entries in order of position."""

    def __init__(self, database: Database, county: UnitCode, outbox: Outbox, search: SearchIndex) -> None:
        self._database = database
        self._county = county
        self._outbox = outbox
        self._search = search
        self._books = Books(database)
        self._withdrawals = Withdrawals(database, search)
        self._straight = StraightPages(database, county)

    def apply(self, entries: Sequence[Entry], position: int, at_head: bool, now_ms: int, bodies: PageBodies) -> None:
        """Take the entries (all above the own position) and settle what the feed has shown by ``position``."""
        pending = self._outbox.any_open()
        ids = [entry.id for entry in entries] if pending else []
        page = _Page(position, self._books.digest, self._outbox.over(ids) if pending else {}, bodies)
        settled = self._outbox.settle(ids, position, at_head, now_ms) if pending else {}
        for segment in _segments(entries):
            self._take_segment(page, segment)
        self._lay_again(page, settled)
        refresh_cases(self._database, self._county, page.cases)
        self._index(page.texts)
        self._books.keep_digest(page.digest)

    def _take_segment(self, page: _Page, segment: Sequence[Entry]) -> None:
        if segment[0].mark is Mark.WITHDRAWN:
            page.digest = (page.digest - self._withdrawals.withdraw(segment[0].dossier)) % DIGEST_MODULUS
            return
        found: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
        for entry in segment:
            found[entry.kind][entry.id] = entry
        by_kind = dict(found)
        self._confirm(by_kind)
        self._take_straight(page, by_kind)
        for kind in (*KINDS, *(by_kind.keys() - KINDS.keys())):
            if kind in by_kind:
                self._take_kind(page, kind, by_kind[kind])

    def _take_straight(self, page: _Page, by_kind: dict[str, dict[str, Entry]]) -> None:
        """What can go the short way does, and leaves ``by_kind``; after a restore of the county rows may hold more
        than their operations say, so that echoes are looked at."""
        echoes = self._books.number("county_restores") == 0
        taken = self._straight.take(by_kind, page.operations, echoes=echoes, bodies=page.bodies)
        page.digest = (page.digest + taken.digest) % DIGEST_MODULUS
        page.written |= taken.written
        page.cases |= taken.cases
        page.texts += taken.texts

    def _confirm(self, by_kind: dict[str, dict[str, Entry]]) -> None:
        for table in ("repair", "unconfirmed"):
            if self._database.one(f"SELECT 1 FROM {table} LIMIT 1"):
                keys = [(kind, record) for kind, found in by_kind.items() for record in found]
                self._database.run_many(f"DELETE FROM {table} WHERE kind = ? AND id = ?", keys)
        self._withdrawals.granted_again(entry.dossier for found in by_kind.values() for entry in found.values())

    def _take_kind(self, page: _Page, kind: str, entries: dict[str, Entry]) -> None:
        unread: list[Entry] = []
        if kind in KINDS:
            rows = self._typed_rows(page, kind, entries, unread)
            self._count(page, kind, rows)
            moved = rows if kind != "Case" else moved_cases(self._database, rows)
            save_many(self._database, kind, [row.values() for row in rows])
            self._note(page, kind, rows, entries)
            if kind in MAKING_KINDS:
                page.cases.update(row.dossier for row in moved)
        else:
            unread = list(entries.values())
        if unread:
            self._take_raw(page, kind, unread)

    def _typed_rows(self, page: _Page, kind: str, entries: dict[str, Entry], unread: list[Entry]) -> list[TypedRow]:
        echoed = [entry.id for entry in entries.values() if entry.mark is Mark.ECHO]
        known = load_many(self._database, kind, echoed) if echoed else {}
        rows: list[TypedRow] = []
        for entry in entries.values():
            operations = page.operations.get(entry.id, [])
            echo = entry.mark is Mark.ECHO
            row = self._echo(entry, known.get(entry.id), operations) if echo else self._body(entry)
            if row is None:
                unread.append(entry)
                continue
            _lay_over(row, [op for op in operations if not op.is_shown_at(page.position)])
            rows.append(row)
        return rows

    def _body(self, entry: Entry) -> TypedRow | None:
        """The row of a body; None where its fields cannot be read (it is kept raw)."""
        body = entry.fields or b""
        try:
            fields = unpack_fields(body)
        except DECODE_ERRORS:
            return None
        own_hash = hashlib.sha256(body).digest()
        if own_hash != entry.hash:
            self._mark_repair(entry)
        return TypedRow(entry.kind, entry.id, entry.dossier, fields, entry.revision, own_hash)

    def _echo(self, entry: Entry, row: TypedRow | None, operations: list[PendingOperation]) -> TypedRow | None:
        """The row as this device's own operations make it, if its hash is the county's; else marked for repair.

        What was set apart lies over the county's state and is not in it.
        """
        taken = [operation.fields for operation in operations if operation.state is not State.QUARANTINED]
        states = _states(row.county_fields if row else None, taken)
        if entry.hash not in map(_hash, states):
            states = _states(row.county_fields if row else None, [operation.fields for operation in operations])
        if entry.hash not in map(_hash, states):
            states = _states(None, self._outbox.history(entry.dossier, entry.id)) + states
        state = next((found for found in reversed(states) if _hash(found) == entry.hash), None)
        if state is None:
            self._mark_repair(entry)
            if row is None:
                return None
            state = states[-1]
        return TypedRow(entry.kind, entry.id, entry.dossier, state, entry.revision, _hash(state))

    def _count(self, page: _Page, kind: str, rows: Iterable[TypedRow]) -> None:
        kept = list(rows)
        old = self._database.run(
            f'SELECT id, {REVISION}, hash FROM "{codec(kind).table}" '
            f"WHERE {REVISION} > 0 AND id IN (SELECT value FROM json_each(?))",
            (json.dumps([row.id for row in kept]),),
        )
        gone = sum(digest_term(kind, record, revision, hash_) for record, revision, hash_ in old)
        come = sum(digest_term(kind, row.id, row.revision, row.hash or b"") for row in kept)
        page.digest = (page.digest - gone + come) % DIGEST_MODULUS

    def _note(self, page: _Page, kind: str, rows: list[TypedRow], entries: dict[str, Entry]) -> None:
        page.written.update(row.id for row in rows)
        if kind in DIRECTORY_KINDS:
            Directory(self._database).refresh(kind, rows)
        if kind in CLOCK_KINDS:
            page.cases.update(all_cases(self._database))
        if kind == "Quarantine":
            released = [row.fields.get("change") for row in rows if row.fields.get("released") is True]
            self._outbox.release(change for change in released if isinstance(change, str))
        if searched_fields(kind):
            page.texts += [(kind, row.id) for row in rows if entries[row.id].mark is Mark.BODY]

    def _take_raw(self, page: _Page, kind: str, entries: list[Entry]) -> None:
        kept = [entry for entry in entries if entry.fields is not None]
        old = self._database.run(
            "SELECT id, revision, hash FROM raw_record WHERE kind = ? AND id IN (SELECT value FROM json_each(?))",
            (kind, json.dumps([entry.id for entry in kept])),
        )
        gone = sum(digest_term(kind, record, revision, hash_) for record, revision, hash_ in old)
        hashes = {entry.id: hashlib.sha256(entry.fields or b"").digest() for entry in kept}
        come = sum(digest_term(kind, entry.id, entry.revision, hashes[entry.id]) for entry in kept)
        page.digest = (page.digest - gone + come) % DIGEST_MODULUS
        self._database.run_many(
            "INSERT OR REPLACE INTO raw_record(kind, id, dossier, owner, revision, hash, fields) "
            "VALUES(?, ?, ?, ?, ?, ?, ?)",
            [(kind, e.id, e.dossier, e.owner, e.revision, hashes[e.id], e.fields) for e in kept],
        )

    def _lay_again(self, page: _Page, settled: dict[str, set[str]]) -> None:
        """Records whose operations left the overlay and that the page did not write: back to the county's state."""
        for kind, ids in settled.items():
            left = ids - page.written
            if not left or kind not in KINDS:
                continue
            operations = self._outbox.over(left)
            rows = [row for row in load_many(self._database, kind, left).values() if row.revision]
            for row in rows:
                row.fields, row.snapshot = row.county_fields or {}, None
                _lay_over(row, operations.get(row.id, []))
            save_many(self._database, kind, [row.values() for row in rows])
            page.texts += [(kind, row.id) for row in rows if searched_fields(kind)]
            page.cases.update(row.dossier for row in rows if kind in MAKING_KINDS)

    def _index(self, records: list[tuple[str, str]]) -> None:
        """Behind the rows; only what was sealed leaves the search at once."""
        if self._database.one("SELECT 1 FROM record_case WHERE secrecy = 'SEALED' LIMIT 1"):
            cases = json.dumps([record for kind, record in records if kind == "Case"])
            sql = "SELECT id FROM record_case WHERE secrecy = 'SEALED' AND id IN (SELECT value FROM json_each(?))"
            for (case,) in self._database.run(sql, (cases,)):
                self._search.drop_dossier(case)
        self._search.queue(records)

    def _mark_repair(self, entry: Entry) -> None:
        self._database.run("INSERT OR IGNORE INTO repair(kind, id) VALUES(?, ?)", (entry.kind, entry.id))


def _segments(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Runs of entries in order; a withdrawal stands alone, so that what comes after it is applied after it."""
    if Mark.WITHDRAWN not in map(_mark, entries):
        return [list(entries)] if entries else []
    segments: list[list[Entry]] = [[]]
    for entry in entries:
        if entry.mark is Mark.WITHDRAWN:
            segments += [[entry], []]
        else:
            segments[-1].append(entry)
    return [segment for segment in segments if segment]


def _states(county: Fields | None, operations: list[Fields]) -> list[Fields]:
    """The county state after none, the first, the first two … of the operations."""
    states = [] if county is None else [county]
    current = county
    for operation in operations:
        current = overlay(current, [operation])
        states.append(current or {})
    return states or [{}]


def _lay_over(row: TypedRow, operations: list[PendingOperation]) -> None:
    if operations:
        row.keep_snapshot()
        row.fields = overlay(row.fields, [operation.fields for operation in operations]) or {}


def _hash(fields: Fields) -> bytes:
    return hashlib.sha256(pack_fields(fields)).digest()
