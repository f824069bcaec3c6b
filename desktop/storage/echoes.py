"""An answer's echo: the county holds what this device sent, as it was sent; so nothing of it comes back over the wire.

The records' county state is worked out from the changes the device kept. Where a record has more to it than that
(other operations over it, a repair, a kind that changes more than its own row) the echo is spelt out as the results
and entries it stands for, and goes the long way.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

import msgspec

from desktop.storage.books import Books
from desktop.storage.case_columns import MAKING_KINDS, refresh_cases
from desktop.storage.confirmed import REVISION, Confirmed
from desktop.storage.engine import Database
from desktop.storage.former_identities import KIND as COMPLAINANT
from desktop.storage.outbox import Line, Outbox
from desktop.storage.overlay import overlay, split_edit
from desktop.storage.row_codec import Fields, codec, pack_fields, unpack_fields
from desktop.storage.rows import load_many
from desktop.storage.straight_pages import LONG_WAY
from desktop.storage.straight_rows import confirm_sql
from sync.domain.ids import UnitCode
from sync.domain.records import KINDS
from sync.protocol.canonical import digest_term
from sync.protocol.messages import Change, Echo, Entry, Mark, Operation, Outcome, Result


@dataclass(slots=True)
class _Record:
    """A record of the echo: its operations in order, and the revision of the last."""

    kind: str
    id: str
    dossier: str
    operations: list[Operation] = field(default_factory=list)
    revision: int = 0
    hash: bytes = b""
    former: tuple[int, bytes] | None = None
    """Revision and hash of the county state it replaces."""

    @property
    def is_new(self) -> bool:
        return self.operations[0].creates

    @property
    def is_untouched(self) -> bool:
        """Made, and not edited since."""
        return self.is_new and len(self.operations) == 1

    def state(self, county: Fields | None) -> bytes:
        """Canonical bytes of the county state after the operations."""
        if self.is_untouched:
            return bytes(self.operations[0].fields)
        edits = [unpack_fields(operation.fields) for operation in self.operations]
        return pack_fields(overlay(None if self.is_new else county, edits) or {})


class _Edit(msgspec.Struct, frozen=True, gc=False):
    """An edited record at its new revision, whether its county state is what it was edited from, and what the digest
    gains."""

    id: str
    revision: int
    hash: bytes
    follows: bool
    gain: int


def _edit(revision: int, line: Line, former: int, former_hash: bytes | None) -> _Edit:
    """``former``: revision and hash of the county state below the edit, as it is now."""
    before, after = split_edit(line.hash or b"")
    gain = digest_term(line.kind, line.id, revision, after) - digest_term(line.kind, line.id, former, before)
    return _Edit(line.id, revision, after, former > 0 and former_hash == before, gain)


@dataclass(frozen=True, slots=True)
class SpeltOut:
    """What an echo stands for."""

    results: tuple[Result, ...]
    entries: tuple[Entry, ...]


class Echoes:
    """Within the open transaction."""

    def __init__(self, database: Database, county: UnitCode, outbox: Outbox) -> None:
        self._database = database
        self._county = county
        self._outbox = outbox

    def take(self, echo: Echo, position: int, now_ms: int) -> int | SpeltOut | None:
        """What the digest gains; or what the echo stands for, to be taken the long way; None where a change of it is
        not here any more."""
        if not self._outbox.all_wait(echo.first, echo.last):
            return None
        gain = self._take_as_made(echo, position, now_ms)
        if gain is not None:
            return gain
        changes = self._outbox.sent(echo.first, echo.last)
        if len(changes) != echo.last - echo.first + 1:
            return None
        records = _records(changes, echo.revision)
        edited = self._work_out(records.values())
        if self._is_plain(records, echo) and self._database.attempt(
            lambda: self._confirm(records.values()) and self._settle_edits(edited)
        ):
            self._outbox.settle_range(echo.first, echo.last, position, now_ms)
            refresh_cases(self._database, self._county, _moved_cases(records.values()))
            return sum(map(_gain, records.values()))
        return _spell_out(changes, records, position)

    def _take_as_made(self, echo: Echo, position: int, now_ms: int) -> int | None:
        """Where every row stands as these operations made it: one line says what the county holds of new records, which
        are not written, and of edited ones it is known what they come to. What the digest gains; None where it is not
        so."""
        lines = self._outbox.lines(echo.first, echo.last)
        first = lines[0].operation if lines else 0
        in_order = all(line.hash is not None and line.operation == at for at, line in enumerate(lines, first))
        if not in_order or not self._are_alone(lines, echo) or not self._stand_as_made(lines):
            return None
        edits = self._edits(lines, echo.revision)
        if edits is None:
            return None
        for kind, rows in edits.items():
            sql = f'UPDATE "{codec(kind).table}" SET revision = ?, hash = ?, county_state = NULL WHERE id = ?'
            self._database.run_many(sql, [(edit.revision, edit.hash, edit.id) for edit in rows])
        if any(line.creates for line in lines):
            Confirmed(self._database).add(first, lines[-1].operation, echo.revision)
        self._outbox.settle_range(echo.first, echo.last, position, now_ms)
        heads = {line.id for line in lines if line.kind == "Case" and line.creates}
        steps = {line.dossier for line in lines if line.kind in MAKING_KINDS and line.kind != "Case"}
        refresh_cases(self._database, self._county, steps - heads)
        made = ((line, revision) for revision, line in enumerate(lines, echo.revision) if line.creates)
        gain = sum(digest_term(line.kind, line.id, revision, line.hash or b"") for line, revision in made)
        return gain + sum(edit.gain for rows in edits.values() for edit in rows)

    def _are_alone(self, lines: Sequence[Line], echo: Echo) -> bool:
        """Whether each operation is the only one over its record, and nothing is under way that looks at all."""
        ids = {line.id for line in lines}
        sealed = any(line.kind == COMPLAINANT and not line.creates for line in lines)
        if len(ids) < len(lines) or sealed or not self._is_quiet({line.kind for line in lines}):
            return False
        return not self._outbox.others_over(ids, echo.first, echo.last)

    def _stand_as_made(self, lines: Sequence[Line]) -> bool:
        """Whether nothing was written over the rows of new records since."""
        confirmed = Confirmed(self._database)
        counts = Counter(line.kind for line in lines if line.creates)
        return bool(lines) and all(
            kind in KINDS and confirmed.stand(codec(kind).table, lines[0].operation, lines[-1].operation) == count
            for kind, count in counts.items()
        )

    def _edits(self, lines: Sequence[Line], revision: int) -> dict[str, list[_Edit]] | None:
        """What edited records come to, by kind; None where the county's state of one is another than it was then."""
        wanted: defaultdict[str, dict[str, tuple[int, Line]]] = defaultdict(dict)
        for at, line in enumerate(lines, revision):
            if not line.creates:
                wanted[line.kind][line.id] = at, line
        edits: dict[str, list[_Edit]] = {}
        for kind, named in wanted.items():
            sql = (
                f'SELECT id, {REVISION}, hash FROM "{codec(kind).table}" '
                "WHERE id IN (SELECT value FROM json_each(?)) AND county_state IS NOT NULL"
            )
            rows = self._database.run(sql, (json.dumps(list(named)),))
            edits[kind] = [_edit(*named[record], former, hash_) for record, former, hash_ in rows]
            if len(rows) < len(named) or not all(edit.follows for edit in edits[kind]):
                return None
        return edits

    def _work_out(self, records: Iterable[_Record]) -> list[_Record]:
        """Hashes of all, and the county state that edited ones had; the edited ones."""
        edited: defaultdict[str, list[_Record]] = defaultdict(list)
        for record in records:
            if record.is_new:
                record.hash = hashlib.sha256(record.state(None)).digest()
            else:
                edited[record.kind].append(record)
        for kind, found in edited.items():
            rows = load_many(self._database, kind, [record.id for record in found]) if kind in KINDS else {}
            for record in found:
                row = rows.get(record.id)
                record.hash = hashlib.sha256(record.state(row.county_fields if row else None)).digest()
                if row is not None and row.revision and row.hash is not None:
                    record.former = row.revision, row.hash
        return [record for found in edited.values() for record in found]

    def _is_plain(self, records: Mapping[str, _Record], echo: Echo) -> bool:
        if any(record.kind == COMPLAINANT and not record.is_untouched for record in records.values()):
            return False  # a former ciphertext may have to leave the store
        quiet = self._is_quiet({record.kind for record in records.values()})
        return quiet and not self._outbox.others_over(records, echo.first, echo.last)

    def _is_quiet(self, kinds: Set[str]) -> bool:
        """Whether nothing is under way that looks at every record, and the kinds change no more than their rows."""
        if Books(self._database).number("county_restores"):
            return False  # a row may hold what others had written in an epoch that is over
        if not kinds <= KINDS.keys() - LONG_WAY:
            return False
        books = ("repair", "unconfirmed", "withdrawn")
        return all(self._database.one(f"SELECT 1 FROM {name} LIMIT 1") is None for name in books)

    def _confirm(self, records: Iterable[_Record]) -> bool:
        """Rows of new records as they stand become the county's state."""
        rows: defaultdict[str, list[tuple[int, bytes, str, str]]] = defaultdict(list)
        for record in records:
            if record.is_new:
                rows[record.kind].append((record.revision, record.hash, record.id, record.dossier))
        return all(self._database.change_all(confirm_sql(kind), found) for kind, found in rows.items())

    def _settle_edits(self, edited: Iterable[_Record]) -> bool:
        """Rows that were edited: what they show is the county's state now."""
        rows: defaultdict[str, list[tuple[int, bytes, str, int]]] = defaultdict(list)
        for record in edited:
            if record.former is None:
                return False
            rows[record.kind].append((record.revision, record.hash, record.id, record.former[0]))
        return all(
            self._database.change_all(
                f'UPDATE "{codec(kind).table}" SET revision = ?, hash = ?, county_state = NULL '
                f"WHERE id = ? AND {REVISION} = ? AND county_state IS NOT NULL",
                found,
            )
            for kind, found in rows.items()
        )


def _records(changes: Iterable[Change], revision: int) -> dict[str, _Record]:
    """Records by id."""
    records: dict[str, _Record] = {}
    for change in changes:
        for operation in change.operations:
            record = records.get(operation.id)
            if record is None:
                record = records[operation.id] = _Record(operation.kind, operation.id, operation.dossier)
            record.operations.append(operation)
            record.revision = revision
            revision += 1
    return records


def _gain(record: _Record) -> int:
    term = digest_term(record.kind, record.id, record.revision, record.hash)
    return term if record.former is None else term - digest_term(record.kind, record.id, *record.former)


def _moved_cases(records: Iterable[_Record]) -> set[str]:
    """Cases whose steps have taken their place; of one that was made along with them nobody else's is here yet."""
    steps = {record.dossier for record in records if record.kind in MAKING_KINDS - {"Case"}}
    return steps - {record.id for record in records if record.kind == "Case" and record.is_new}


def _spell_out(changes: Iterable[Change], records: Mapping[str, _Record], position: int) -> SpeltOut:
    results = tuple(Result(change.id, change.sequence, Outcome.ACCEPTED, "", position) for change in changes)
    inorder = sorted(records.values(), key=lambda record: record.revision)
    entries = (
        Entry(r.revision, Mark.ECHO, r.kind, r.id, r.dossier, r.operations[0].owner, r.revision, r.hash, None)
        for r in inorder
    )
    return SpeltOut(results, tuple(entries))
