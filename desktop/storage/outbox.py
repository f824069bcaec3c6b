"""The changes of this device: what waits, what the county said, and which records they still lie over."""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum

import msgspec
import zstandard

from desktop.storage.books import Books
from desktop.storage.engine import Database, Row
from desktop.storage.row_codec import Fields, unpack_fields
from sync.protocol.messages import NO_HASH, Change, Operation, Result, change_hash, decode_change, encode_message

KEEP_SETTLED_MS = 90 * 24 * 3600 * 1000
_FORMER_DEVICE = 1_000_000_000
"""What changes of a former device lie lower: their order among themselves stays."""
_NUMBERED = ("outbox_body", "outbox_state", "outbox_dossier", "pending")
"""Tables that name a change by its sequence."""
LYING_OVER = (
    "JOIN outbox_dossier o ON o.dossier = d.value JOIN pending p ON p.sequence = o.sequence AND p.dossier = o.dossier"
)
"""SQL: operations ``p`` that lie over the records of the dossiers ``d``."""
_NAMED = "sequence = (SELECT sequence FROM outbox_body WHERE change_id = ?)"
_OPEN = "state != 'settled'"
"""Named in a condition it leads along the index of changes that are not settled."""
_OLD = "SELECT sequence FROM outbox_state WHERE settled_at < ?"


class State(StrEnum):
    """Where a change stands. WAITING and HELD are sent again; all but SETTLED lie over the county state."""

    WAITING = "waiting"
    HELD = "held"
    """The county has it but not what comes before it."""
    ACKNOWLEDGED = "acknowledged"
    """Taken; its effect is in the feed at a position not read yet."""
    QUARANTINED = "quarantined"
    SETTLED = "settled"


_BEFORE = {
    State.HELD: "waiting held",
    State.QUARANTINED: "waiting held quarantined",
    State.ACKNOWLEDGED: "waiting held quarantined acknowledged",
}
"""States that a word of the county moves on from; sent again after a restore, a change waits anew."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of ``pending``: an operation of this store that waits to be shown by the county."""

    operation: int
    """Its number."""
    kind: str
    id: str
    dossier: str
    creates: bool
    hash: bytes | None
    """Of the new record its row stands as, or ``overlay.edit_hash``; None where the row is not what it alone made."""


@dataclass(frozen=True, slots=True)
class PendingOperation:
    """One operation that the county state of a record does not contain yet."""

    sequence: int
    state: State
    effect_position: int
    creates: bool
    raw: bytes
    """Canonical bytes of its fields."""

    @property
    def fields(self) -> Fields:
        """The operation's fields; None clears."""
        return unpack_fields(self.raw)

    def is_shown_at(self, position: int) -> bool:
        """Whether the feed up to a position contains the operation's effect."""
        return self.state is State.ACKNOWLEDGED and self.effect_position <= position


class Outbox:
    """Read and write the tables ``outbox_body``, ``outbox_state`` (read as ``outbox``) and ``pending``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._books = Books(database)

    def put(self, change: Change, body: bytes, hashes: Sequence[bytes | None]) -> None:
        """Keep a new change; its operations lie over their records from now on.

        ``hashes``: of each operation that made a record whose row says so, ``overlay.edit_hash`` of one that edited the
        county's state; None for the others.
        """
        self._database.run(
            "INSERT INTO outbox_body(sequence, change_id, body, packed, hash) VALUES(?, ?, ?, 1, ?)",
            (change.sequence, change.id, zstandard.compress(body, 3), change_hash(body)),
        )
        self._database.run("INSERT INTO outbox_state(sequence, state) VALUES(?, ?)", (change.sequence, State.WAITING))
        self._lay(change.sequence, change.operations, hashes)

    def _lay(self, sequence: int, operations: Sequence[Operation], hashes: Sequence[bytes | None]) -> None:
        first = self._books.last_operation + 1
        self._database.run_many(
            "INSERT INTO pending(sequence, operation, id, kind, dossier, creates, hash) VALUES(?, ?, ?, ?, ?, ?, ?)",
            [
                (sequence, number, operation.id, operation.kind, operation.dossier, operation.creates, hash_)
                for number, (operation, hash_) in enumerate(zip(operations, hashes, strict=True), first)
            ],
        )
        self._books.keep_number("last_operation", first + len(operations) - 1)
        self._database.run_many(
            "INSERT OR IGNORE INTO outbox_dossier(dossier, sequence) VALUES(?, ?)",
            [(operation.dossier, sequence) for operation in operations],
        )

    def first_unacknowledged(self) -> int:
        """Sequence of the first change to send; the next one to come where none waits."""
        first = self._database.count(
            f"SELECT min(sequence) FROM outbox_state WHERE state IN ('waiting', 'held') AND {_OPEN}"
        )
        return first or max(0, self._database.count("SELECT max(sequence) FROM outbox_state")) + 1

    def waiting(self, after: int, limit: int, limit_bytes: int) -> list[tuple[int, bytes]]:
        """Changes to send, in order; at least one where any waits."""
        rows = self._database.stream(
            "SELECT sequence, body, packed FROM outbox WHERE sequence > ? AND +state IN ('waiting', 'held') "
            "AND body IS NOT NULL ORDER BY sequence LIMIT ?",
            (after, limit),
        )
        chosen: list[tuple[int, bytes]] = []
        size, unpack = 0, unpacker()
        with closing(rows):
            for sequence, stored, packed in rows:
                body = unpack(stored, packed)
                size += len(body)
                if chosen and size > limit_bytes:
                    break
                chosen.append((sequence, body))
        return chosen

    def sent(self, first: int, last: int) -> list[Change]:
        """Changes of a range of sequences that wait for an answer and whose bytes are still here."""
        rows = self._database.run(
            "SELECT body, packed FROM outbox WHERE sequence BETWEEN ? AND ? AND body IS NOT NULL "
            "AND +state IN ('waiting', 'held') ORDER BY sequence",
            (first, last),
        )
        unpack = unpacker()
        return [decode_change(unpack(stored, packed)) for stored, packed in rows]

    def all_wait(self, first: int, last: int) -> bool:
        """Whether every change of a range of sequences is here and waits for an answer."""
        waiting = self._database.count(
            "SELECT count(*) FROM outbox_state WHERE sequence BETWEEN ? AND ? AND +state IN ('waiting', 'held')",
            (first, last),
        )
        return waiting == last - first + 1

    def lines(self, first: int, last: int) -> list[Line]:
        """Operations of a range of sequences, in order."""
        rows = self._database.run(
            "SELECT operation, kind, id, dossier, creates, hash FROM pending WHERE sequence BETWEEN ? AND ? "
            "ORDER BY sequence, operation",
            (first, last),
        )
        return [Line(*row) for row in rows]

    def others_over(self, ids: Iterable[str], first: int, last: int) -> bool:
        """Whether operations of other changes than those of a range lie over any of the records."""
        # A record is made before it is edited: of later operations only edits can be meant.
        theirs = "id IN (SELECT value FROM json_each(?)) LIMIT 1"
        wanted = json.dumps(list(ids))
        before = self._database.one(f"SELECT 1 FROM pending WHERE sequence < ? AND {theirs}", (first, wanted))
        edits = f"SELECT 1 FROM pending WHERE creates = 0 AND sequence > ? AND {theirs}"
        after = self._database.one(edits, (last, wanted))
        return before is not None or after is not None

    def settle_range(self, first: int, last: int, position: int, now_ms: int) -> None:
        """Changes the county accepted and whose whole effect has been shown with that."""
        self._database.run("DELETE FROM pending WHERE sequence BETWEEN ? AND ?", (first, last))
        self._database.run(
            "UPDATE outbox_state SET state = 'settled', outcome = 'accepted', reason = '', effect_position = ?, "
            "settled_at = ?, sent_at = coalesce(sent_at, ?) WHERE sequence BETWEEN ? AND ?",
            (position, now_ms, now_ms, first, last),
        )

    def count(self, *states: State) -> int:
        """How many changes are in any of the states."""
        marks = ", ".join("?" * len(states))
        only = "" if State.SETTLED in states else f" AND {_OPEN}"
        return self._database.count(f"SELECT count(*) FROM outbox_state WHERE state IN ({marks}){only}", states)

    def waiting_kinds(self) -> dict[str, int]:
        """Records that the changes to send write, by kind."""
        return dict(
            self._database.run(
                "SELECT kind, count(*) FROM pending JOIN outbox_state USING(sequence) "
                "WHERE state IN ('waiting', 'held') GROUP BY kind ORDER BY kind"
            )
        )

    def mark_sent(self, up_to: int, now_ms: int) -> None:
        """Remember when the waiting changes up to a sequence first left the device."""
        self._database.run(
            f"UPDATE outbox_state SET sent_at = ? WHERE sequence <= ? AND sent_at IS NULL "
            f"AND state = 'waiting' AND {_OPEN}",
            (now_ms, up_to),
        )

    def take_results(self, results: Iterable[Result], now_ms: int) -> dict[str, int]:
        """Write what the county said of each change; outcome → how many. An answer that comes late takes nothing back:
        what was set apart or taken since is not held again."""
        counts: dict[str, int] = {}
        rows = []
        for result in results:
            counts[result.outcome.value] = counts.get(result.outcome.value, 0) + 1
            state = {"held": State.HELD, "quarantined": State.QUARANTINED}.get(result.outcome, State.ACKNOWLEDGED)
            said = result.outcome.value, result.reason, result.position
            rows.append((state, *said, now_ms, result.change, _BEFORE[state]))
        self._database.run_many(
            "UPDATE outbox_state SET state = ?, outcome = ?, reason = ?, effect_position = ?, "
            f"sent_at = coalesce(sent_at, ?) WHERE {_NAMED} AND instr(?, state) > 0",
            rows,
        )
        return counts

    def release(self, changes: Iterable[str]) -> None:
        """Quarantined changes that a person released: their effect comes with the feed."""
        self._database.run_many(
            "UPDATE outbox_state SET state = 'acknowledged', effect_position = 0 "
            f"WHERE {_NAMED} AND state = 'quarantined'",
            [(change,) for change in changes],
        )

    def over(self, ids: Iterable[str]) -> dict[str, list[PendingOperation]]:
        """Pending operations by record id, in order of sequence."""
        rows = self._database.run(
            "SELECT p.id, o.sequence, o.state, o.effect_position, o.body, o.packed "
            "FROM pending p JOIN outbox o USING(sequence) "
            "WHERE o.body IS NOT NULL AND p.id IN (SELECT value FROM json_each(?)) ORDER BY p.sequence",
            (json.dumps(list(ids)),),
        )
        found: dict[str, list[PendingOperation]] = {}
        decoded: dict[int, dict[str, Operation]] = {}
        unpack = unpacker()
        for record_id, sequence, state, effect, body, packed in rows:
            if sequence not in decoded:
                change = decode_change(unpack(body, packed))
                decoded[sequence] = {operation.id: operation for operation in change.operations}
            operation = decoded[sequence][record_id]
            pending = PendingOperation(sequence, State(state), effect or 0, operation.creates, bytes(operation.fields))
            found.setdefault(record_id, []).append(pending)
        return found

    def history(self, dossier: str, record_id: str) -> list[Fields]:
        """Every operation of this store's changes on a record whose bytes are still kept, in order."""
        rows = self._database.run(
            "SELECT body, packed FROM outbox_dossier JOIN outbox USING(sequence) "
            "WHERE dossier = ? AND body IS NOT NULL ORDER BY sequence",
            (dossier,),
        )
        changes = (decode_change(unpack_body(body, packed)) for body, packed in rows)
        return [unpack_fields(op.fields) for change in changes for op in change.operations if op.id == record_id]

    def any_open(self) -> bool:
        """Whether any record has operations lying over it, or any change waits to be settled."""
        open_ones = (
            "SELECT 1 FROM pending UNION ALL "
            f"SELECT 1 FROM outbox_state WHERE state = 'acknowledged' AND {_OPEN} LIMIT 1"
        )
        return self._database.one(open_ones) is not None

    def settle(self, shown: Iterable[str], position: int, at_head: bool, now_ms: int) -> dict[str, set[str]]:
        """Operations whose effect the county has shown leave the view: those of the records ``shown`` by a page up to
        ``position``, at the head all of them. Kind → ids of the records they lay over."""
        done = f"SELECT sequence FROM outbox_state WHERE state = 'acknowledged' AND {_OPEN} AND effect_position <= ?"
        ids = json.dumps(list(shown))
        rows = self._database.run(
            f"DELETE FROM pending WHERE sequence IN ({done}) AND (? OR id IN (SELECT value FROM json_each(?))) "
            "RETURNING kind, id",
            (position, int(at_head), ids),
        )
        touched: dict[str, set[str]] = {}
        for kind, record_id in rows:
            touched.setdefault(kind, set()).add(record_id)
        whole = f"sequence IN ({done}) AND sequence NOT IN (SELECT sequence FROM pending)"
        unpacked = f"SELECT sequence, body, packed FROM outbox_body WHERE packed = 0 AND {whole}"
        self._pack(self._database.run(unpacked, (position,)))
        settled = f"UPDATE outbox_state SET state = 'settled', settled_at = ? WHERE {whole}"
        self._database.run(settled, (now_ms, position))
        return touched

    def _pack(self, rows: list[tuple[int, bytes | None, int]]) -> None:
        compress = zstandard.ZstdCompressor(level=3).compress
        packed = [(compress(body), sequence) for sequence, body, already in rows if body is not None and not already]
        self._database.run_many("UPDATE outbox_body SET body = ?, packed = 1 WHERE sequence = ?", packed)

    def any_old(self, now_ms: int) -> bool:
        """Whether a body was settled longer than 90 days ago."""
        return self._database.one(_OLD, (now_ms - KEEP_SETTLED_MS,)) is not None

    def forget_old(self, now_ms: int) -> None:
        """Bodies settled longer than 90 days ago go; the line stays."""
        before = (now_ms - KEEP_SETTLED_MS,)
        if self.any_old(now_ms):
            self._database.run(f"UPDATE outbox_body SET body = NULL WHERE sequence IN ({_OLD})", before)
            self._database.run("UPDATE outbox_state SET settled_at = NULL WHERE settled_at < ?", before)

    def chain_anew(self, after: int, previous: bytes, device: str) -> tuple[int, bytes] | None:
        """Make what can be sent again follow a sequence and its hash, ids and order kept.

        Needed where a body between is gone (with a withdrawn dossier, or by age) or was written anew (with a former
        identity) or a former device's changes may be lost at the county: it would hold back whatever comes behind a
        gap. The newest sequence and hash; None = not needed.
        """
        gaps = self._database.count("SELECT count(*) FROM outbox_body WHERE sequence > ? AND body IS NULL", (after,))
        former = self._database.count("SELECT count(*) FROM outbox_body WHERE sequence < 0 AND body IS NOT NULL")
        if not gaps and not former and not self._written_anew(after):
            return None
        for table in _NUMBERED:
            self._database.run(f"UPDATE {table} SET sequence = sequence - {_FORMER_DEVICE} WHERE sequence < 0")
            self._database.run(
                f"UPDATE {table} SET sequence = sequence - {_FORMER_DEVICE} WHERE sequence > ?", (after,)
            )
        rows = self._database.run(
            "SELECT sequence, body, packed FROM outbox_body WHERE sequence < 0 AND body IS NOT NULL ORDER BY sequence"
        )
        return self._chain(rows, device, after, previous)

    def _written_anew(self, after: int) -> bool:
        rows = self._database.stream(
            "SELECT body, packed, hash FROM outbox_body WHERE sequence > ? AND body IS NOT NULL", (after,)
        )
        return any(change_hash(unpack_body(body, packed)) != bytes(hash_) for body, packed, hash_ in rows)

    def send_again(self, after: int) -> int:
        """The county was restored and has nothing after a sequence: those changes wait again. How many."""
        rows = self._database.run(
            "SELECT sequence, body, packed FROM outbox WHERE sequence > ? AND body IS NOT NULL AND state != 'waiting'",
            (after,),
        )
        for sequence, stored, packed in rows:
            body = unpack_body(stored, packed)
            self._database.run(
                "UPDATE outbox_state SET state = 'waiting', sent_at = NULL, settled_at = NULL, outcome = NULL, "
                "reason = NULL, effect_position = NULL WHERE sequence = ?",
                (sequence,),
            )
            self._database.run("UPDATE outbox_body SET body = ?, packed = 0 WHERE sequence = ?", (body, sequence))
            self._database.run("DELETE FROM pending WHERE sequence = ?", (sequence,))
            operations = decode_change(body).operations
            self._lay(sequence, operations, [None] * len(operations))
        return len(rows)

    def reissue(self, device: str) -> tuple[int, bytes]:
        """After the device was enrolled anew: what waits goes out under the new device, ids and order kept.

        Older lines move below every new sequence. Returns the newest sequence and hash of the new chain.
        """
        for table in _NUMBERED:
            self._database.run(f"UPDATE {table} SET sequence = sequence - {_FORMER_DEVICE}")
        waiting = self._database.run(
            "SELECT sequence, body, packed FROM outbox WHERE state IN ('waiting', 'held') ORDER BY sequence"
        )
        newest = self._chain(waiting, device, 0, NO_HASH)
        self._database.run("UPDATE outbox_state SET state = 'waiting', sent_at = NULL WHERE sequence > 0")
        return newest

    def _chain(self, rows: list[Row], device: str, after: int, previous: bytes) -> tuple[int, bytes]:
        """Number changes anew behind a sequence and its hash; the newest of both."""
        sequence = after
        for sequence, (old, stored, packed) in enumerate(rows, after + 1):
            change = decode_change(unpack_body(stored, packed))
            body = encode_message(msgspec.structs.replace(change, device=device, sequence=sequence, previous=previous))
            previous = change_hash(body)
            self._database.run(
                "UPDATE outbox_body SET body = ?, packed = 0, hash = ? WHERE sequence = ?", (body, previous, old)
            )
            for table in _NUMBERED:
                self._database.run(f"UPDATE {table} SET sequence = ? WHERE sequence = ?", (sequence, old))
        return sequence, previous


def unpack_body(stored: bytes, packed: int) -> bytes:
    """A change's bytes as they were made."""
    return unpacker()(stored, packed)


def unpacker() -> Callable[[bytes, int], bytes]:
    """:func:`unpack_body` for many bodies in a row."""
    decompress = zstandard.ZstdDecompressor().decompress
    return lambda stored, packed: decompress(stored) if packed else stored
