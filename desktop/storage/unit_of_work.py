"""The only commit: typed rows, computed columns, search and ONE change, in one transaction.

``with store.work(author, role, now_ms) as work:`` … on a clean exit everything is on disk and ``work.receipt`` says
what; on any exception nothing happened.
"""

from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import msgspec

from desktop.errors import NotFound
from desktop.storage.books import Books
from desktop.storage.case_clocks import CLOCK_KINDS
from desktop.storage.case_columns import MAKING_KINDS, all_cases, refresh_cases, refresh_new_case
from desktop.storage.directory import DIRECTORY_KINDS, Directory
from desktop.storage.drafts import drop_draft, drop_drafts_about
from desktop.storage.engine import Database
from desktop.storage.facts import DeviceFacts
from desktop.storage.outbox import Outbox
from desktop.storage.overlay import difference, edit_hash, join_edits
from desktop.storage.row_codec import Fields, codec
from desktop.storage.rows import TypedRow, insert, load, save, to_stored
from desktop.storage.search import SearchIndex
from sync.domain.authority import NUMBERED
from sync.domain.declarations import Owner, plain_value, to_fields
from sync.domain.errors import Refused
from sync.domain.ids import RecordId, new_change_id
from sync.domain.records import KINDS, Record, Stored, kind_of
from sync.protocol.canonical import content_hash, encode_edit, encode_fields
from sync.protocol.messages import Change, Operation, change_hash, encode_message

LOOKED_UP_BY_NUMBER = ("Case", "Visit", "Reception")
"""Kinds with an index of their numbers; others stand beside a case."""


@dataclass(frozen=True, slots=True)
class Touched:
    """One record a unit of work wrote."""

    kind: str
    id: RecordId
    dossier: RecordId


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is on disk now. ``change_id`` is empty where there was nothing to say to the county."""

    change_id: str
    sequence: int
    touched: tuple[Touched, ...]


@dataclass(frozen=True, slots=True)
class WorkParts:
    """What a unit of work writes to."""

    database: Database
    books: Books
    outbox: Outbox
    search: SearchIndex
    directory: Directory
    facts: DeviceFacts


@dataclass(slots=True)
class _Written:
    row: TypedRow
    base: int
    creates: bool
    fields: Fields = field(default_factory=dict)
    hash: bytes | None = None
    """Of a new record whose row stands as it was made."""
    alone: bool = False
    """Edits the county's state, with nothing else over it."""

    def said_hash(self) -> bytes | None:
        """What the outbox keeps of the operation."""
        county = self.row.snapshot
        return edit_hash(county, self.fields) if self.alone and county is not None else self.hash


class UnitOfWork:
    """One use case. Not to be nested, not to be used twice."""

    def __init__(self, parts: WorkParts, author: str, role: str, now_ms: int, offset: int) -> None:
        self._parts, self._offset = parts, offset
        self._author, self._role, self._now_ms = author, role, now_ms  # by the county's clock, as far as it is known
        self._written: dict[tuple[str, str], _Written] = {}
        self._drawn: set[str] = set()
        self._stack = ExitStack()
        self._receipt: Receipt | None = None

    @property
    def receipt(self) -> Receipt:
        """What was written; only after the block ended well."""
        if self._receipt is None:
            raise RuntimeError("nothing is committed yet")
        return self._receipt

    def __enter__(self) -> Self:
        self._stack.enter_context(self._parts.database.transaction())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._stack:
            if error is not None:
                self._stack.pop_all().__exit__(kind, error, trace)
                return
            receipt = self._finish()
        self._receipt = receipt

    def add(self, record: Record, dossier: RecordId | None = None) -> Stored:
        """A new record; its dossier is found from the record itself unless it is given.

        Raises Refused ``store.number_taken`` where another matter here has its number.
        """
        kind = kind_of(record)
        fields = to_fields(record)
        row = TypedRow(kind, record.id, dossier or self._dossier_of(record), fields)
        self._check_number(row)
        hash_ = content_hash(encode_fields(fields))
        number = self._parts.books.last_operation + 1 + len(self._written)
        if not insert(self._parts.database, row, number, hash_):
            raise ValueError("a record of this id is there already")
        self._written[(kind, record.id)] = _Written(row, 0, True, dict(fields), hash_)
        return Stored(record, RecordId(row.dossier))

    def edit(self, kind: str, record_id: str, **changes: Any) -> Stored:
        """Change fields of a record; None (or an empty tuple) clears one. Values equal to the present ones are no
        change. Raises NotFound, ValueError for fields that are written once or unknown."""
        row = self._row(kind, record_id)
        edit = difference(row.fields, {**row.fields, **_plain_changes(kind, changes)})
        edit = {name: value for name, value in edit.items() if value is not None or name in row.fields}
        alone = row.revision > 0 and row.snapshot is None
        written = self._written.get((kind, record_id)) or _Written(row, row.revision, False, alone=alone)
        if edit:
            row.keep_snapshot()
            row.fields = {name: value for name, value in {**row.fields, **edit}.items() if value is not None}
            written.row, written.hash = row, None
            written.fields = dict(row.fields) if written.creates else join_edits(written.fields, edit)
            save(self._parts.database, row)
            self._written[(kind, record_id)] = written
        stored = to_stored(row)
        if stored is None:
            raise ValueError("a field the record cannot be without was cleared")
        return stored

    def say_again(self, kind: str, record_id: str) -> None:
        """The creation of a record once more, in this change: the county set apart the one that brought it."""
        row = self._row(kind, record_id)
        self._written[(kind, record_id)] = _Written(row, 0, True, dict(row.fields))

    def get(self, kind: str, record_id: str) -> Stored | None:
        """The record as this work sees it."""
        row = load(self._parts.database, kind, record_id)
        return None if row is None else to_stored(row)

    def draw_number(self, year: int) -> str:
        """The next number of this device; given out only if the work is committed."""
        number = self._parts.books.next_number(self._parts.facts.unit, year)
        self._drawn.add(number)
        return number

    def _check_number(self, row: TypedRow) -> None:
        """What was drawn here nobody else has; any other number may stand on another matter."""
        number = row.fields.get("number") if row.kind in NUMBERED else None
        if number is None or number in self._drawn:
            return
        for kind in LOOKED_UP_BY_NUMBER:
            sql = f'SELECT 1 FROM "{codec(kind).table}" WHERE number = ? AND dossier != ? LIMIT 1'
            if self._parts.database.one(sql, (number, row.dossier)) is not None:
                raise Refused("store.number_taken", number=number)

    def draw_document_serial(self, year: int) -> int:
        """The serial after the highest of this unit's register of letters in a year; given out as ``draw_number``."""
        sql = "SELECT max(serial) FROM record_document_number WHERE unit = ? AND year = ?"
        row = self._parts.database.one(sql, (self._parts.facts.unit, year))
        return int(row[0] or 0) + 1 if row else 1

    def drop_draft(self, user: str, screen: str, key: str) -> None:
        """The draft of what is saved here goes in the same transaction."""
        drop_draft(self._parts.database, user, screen, key)

    def drop_drafts_about(self, dossier: str) -> None:
        """What anybody typed about a dossier goes in the same transaction."""
        drop_drafts_about(self._parts.database, dossier)

    def _row(self, kind: str, record_id: str) -> TypedRow:
        row = load(self._parts.database, kind, record_id)
        if row is None:
            raise NotFound("store.no_record", kind=kind, id=record_id)
        return row

    def _dossier_of(self, record: Record) -> str:
        declaration = KINDS[kind_of(record)]
        if declaration.dossier_field:
            return getattr(record, declaration.dossier_field) or record.id
        if not declaration.follows:
            return record.id
        followed_kind = getattr(record, f"{declaration.follows}_kind")
        followed = getattr(record, declaration.follows)
        if not followed or followed_kind not in KINDS:
            return record.id
        return self._row(followed_kind, followed).dossier

    def _finish(self) -> Receipt:
        touched = tuple(
            Touched(w.row.kind, RecordId(w.row.id), RecordId(w.row.dossier)) for w in self._written.values()
        )
        if not self._written:
            return Receipt("", 0, ())
        change = self._change()
        body = encode_message(change)
        self._parts.outbox.put(change, body, [written.said_hash() for written in self._written.values()])
        self._parts.books.keep_number("last_sequence", change.sequence)
        self._parts.books.keep("last_hash", change_hash(body))
        self._derive(change.sequence)
        return Receipt(change.id, change.sequence, touched)

    def _change(self) -> Change:
        books = self._parts.books
        return Change(
            id=new_change_id(),
            device=self._parts.facts.device,
            sequence=books.last_sequence + 1,
            previous=books.last_hash,
            unit=self._parts.facts.unit,
            author=self._author,
            role=self._role,
            local_time=self._now_ms - self._offset,
            offset=self._offset,
            seen=books.position,
            operations=tuple(_operation(written) for written in self._written.values()),
        )

    def _derive(self, sequence: int) -> None:
        rows = [written.row for written in self._written.values()]
        self._derive_cases(rows, sequence)
        self._parts.search.put(rows)
        for kind in DIRECTORY_KINDS:
            if found := [row for row in rows if row.kind == kind]:
                self._parts.directory.refresh(kind, found)

    def _derive_cases(self, rows: list[TypedRow], sequence: int) -> None:
        database, county = self._parts.database, self._parts.facts.county
        cases = {row.dossier for row in rows if row.kind in MAKING_KINDS}
        if any(row.kind in CLOCK_KINDS for row in rows):
            cases |= all_cases(database)
        for case in [case for case in cases if self._made_here(case)]:
            making = (row for row in rows if row.dossier == case and row.kind in MAKING_KINDS)
            kept = [stored for stored in map(to_stored, making) if stored is not None]
            refresh_new_case(database, county, kept, sequence)
            cases.discard(case)
        refresh_cases(database, county, cases)

    def _made_here(self, case: str) -> bool:
        """Whether this work made the case: then nothing of its dossier was there before."""
        written = self._written.get(("Case", case))
        return written is not None and written.creates


def _operation(written: _Written) -> Operation:
    row = written.row
    body = encode_fields(written.fields) if written.creates else encode_edit(written.fields)
    owner = KINDS[row.kind].owner
    return Operation(row.kind, row.id, row.dossier, owner.value, written.base, written.creates, msgspec.Raw(body))


def _plain_changes(kind: str, changes: dict[str, Any]) -> Fields:
    facets = codec(kind).facets
    plain: Fields = {}
    for name, value in changes.items():
        if name not in facets or facets[name].owner is Owner.APPEND:
            raise ValueError(f"{kind}.{name} cannot be edited")
        plain[name] = None if value is None or value == () else plain_value(facets[name], value)
    return plain
