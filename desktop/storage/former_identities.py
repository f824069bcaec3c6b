"""Who complained, sealed anew to the county alone: what the unit could still open of it leaves this store.

The bodies of changes stay, with the ciphertext that stands in place of the former one: should the county have to be
sent them again, the identity comes protected. A row's snapshot goes with the page itself, older backups are replaced.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
import zstandard

from desktop.storage.books import Books
from desktop.storage.engine import Database
from desktop.storage.outbox import LYING_OVER, State, unpack_body
from desktop.storage.row_codec import Fields, pack_fields, unpack_fields
from desktop.storage.rows import TypedRow, load, load_many, save
from sync.protocol.keys import key_id
from sync.protocol.messages import Change, Entry, Operation, decode_change, encode_message

KIND = "Complainant"
IDENTITIES_DUE = "identities_due"
_SEALED_FIELDS = ("key", "suite", "cipher")
Looked = dict[str, frozenset[str]]
"""Complainant → the keys it lay under before a page."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A change that speaks of a complainant."""

    sequence: int
    state: State
    change: Change
    operation: Operation
    fields: Fields


class FormerIdentities:
    """Everything within the open transaction: :meth:`look` before a page is applied, :meth:`forget` after it."""

    def __init__(self, database: Database, unit_public: Callable[[], bytes]) -> None:
        self._database = database
        self._unit_public = unit_public
        self._books = Books(database)

    def look(self, entries: Iterable[Entry]) -> Looked:
        """The complainants a page brings, and those that could not be cleaned up before."""
        ids = {entry.id for entry in entries if entry.kind == KIND}
        if self._books.number(IDENTITIES_DUE):
            of_own = "SELECT id FROM record_complainant WHERE dossier IN (SELECT dossier FROM outbox_dossier)"
            ids.update(row[0] for row in self._database.run(of_own))
        rows = load_many(self._database, KIND, ids) if ids else {}
        return {name: _keys_of(row) for name, row in rows.items()}

    def forget(self, looked: Looked) -> bool:
        """Clean up behind the complainants that only the county opens now; whether anything was there."""
        if not looked:
            return False
        opens: dict[str, bool] = {}
        cleaned = blocked = False
        for row in load_many(self._database, KIND, looked).values():
            county = row.county_fields
            if county is None or self._unit_opens(str(county.get("key")), opens):
                continue
            former = any(self._unit_opens(key, opens) for key in looked[row.id])
            lines = [line for line in self._lines(row, former) if line.fields["key"] != county.get("key")]
            waiting = [line for line in lines if not self._may_rewrite(row, line)]
            done = [line for line in lines if line not in waiting]
            self._rewrite(row, county, done)
            cleaned, blocked = cleaned or former or bool(done), blocked or bool(waiting)
        if cleaned:
            self._books.keep_number("backup_due", 1)
        if blocked or self._books.number(IDENTITIES_DUE):
            self._books.keep_number(IDENTITIES_DUE, int(blocked))
        return cleaned

    def _unit_opens(self, key: str, known: dict[str, bool]) -> bool:
        """Whether a key here is sealed to the unit, whoever holds the unit's private half."""
        if key not in known:
            row = load(self._database, "IdentityKey", key)
            own = key_id(self._unit_public())
            known[key] = row is not None and any(slot.get("recipient") == own for slot in row.fields.get("slots", ()))
        return known[key]

    def _lines(self, row: TypedRow, former: bool) -> Iterator[_Line]:
        found = self._database.run(
            "SELECT sequence, state, body, packed FROM outbox_dossier JOIN outbox USING(sequence) "
            "WHERE dossier = ? AND body IS NOT NULL ORDER BY sequence",
            (row.dossier,),
        )
        if len(found) < 2 and not former:
            return  # one change alone holds one ciphertext: the one that stands
        for sequence, state, body, packed in found:
            change = decode_change(unpack_body(body, packed))
            for operation in change.operations:
                fields = unpack_fields(operation.fields) if (operation.kind, operation.id) == (KIND, row.id) else {}
                if fields.get("key") is not None:
                    yield _Line(sequence, State(state), change, operation, fields)

    def _may_rewrite(self, row: TypedRow, line: _Line) -> bool:
        """What the county has not taken goes to it as it was saved; what the feed has not shown lies over the row."""
        if line.state in (State.WAITING, State.HELD):
            return False
        lies_over = "SELECT 1 FROM pending WHERE id = ? AND sequence = ?"
        return line.state is State.QUARANTINED or self._database.one(lies_over, (row.id, line.sequence)) is None

    def _rewrite(self, row: TypedRow, county: Fields, lines: Sequence[_Line]) -> None:
        for line in lines:
            body = zstandard.compress(encode_message(_with(line, county)), 3)
            self._database.run("UPDATE outbox_body SET body = ?, packed = 1 WHERE sequence = ?", (body, line.sequence))
        apart = [line.sequence for line in lines if line.state is State.QUARANTINED]
        if apart:
            self._lift(row, county, apart)

    def _lift(self, row: TypedRow, county: Fields, sequences: list[int]) -> None:
        """What was set apart lies over the row no more."""
        lifted = "DELETE FROM pending WHERE sequence IN (SELECT value FROM json_each(?)) AND id = ?"
        self._database.run(lifted, (json.dumps(sequences), row.id))
        over = f"SELECT 1 FROM json_each(?) d {LYING_OVER} WHERE p.id = ? LIMIT 1"
        if self._database.one(over, (json.dumps([row.dossier]), row.id)) is None:
            row.fields, row.snapshot = county, None
            save(self._database, row)


def _keys_of(row: TypedRow) -> frozenset[str]:
    states = (row.fields, row.snapshot or {})
    return frozenset(str(state["key"]) for state in states if state.get("key") is not None)


def _with(line: _Line, county: Fields) -> Change:
    """The change with the ciphertext that stands."""
    standing = {name: county[name] for name in _SEALED_FIELDS if name in line.fields and name in county}
    fields = msgspec.Raw(pack_fields({**line.fields, **standing}))
    changed = msgspec.structs.replace(line.operation, fields=fields)
    operations = tuple(changed if one is line.operation else one for one in line.change.operations)
    return msgspec.structs.replace(line.change, operations=operations)
