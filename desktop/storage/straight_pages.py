"""The short way of a page's entries: records that are new here, others that were changed elsewhere, and echoes of what
this device alone has made.

New rows are inserted without looking, unless the first of them is there: the table's key refuses what is there, and
then it is looked up. What a row needs beyond its own bytes (an overlay, a snapshot, the directory, a repair) sends it
the long way.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from desktop.storage.case_clocks import CLOCK_KINDS
from desktop.storage.case_columns import MAKING_KINDS
from desktop.storage.directory import DIRECTORY_KINDS
from desktop.storage.engine import Database
from desktop.storage.fresh_columns import Columns, FreshColumns
from desktop.storage.outbox import PendingOperation
from desktop.storage.page_bodies import Body, PageBodies
from desktop.storage.row_codec import codec
from desktop.storage.search_terms import searched_fields
from desktop.storage.straight_edits import StraightEdits
from desktop.storage.straight_rows import Values, confirm_sql, filled
from sync.domain.ids import UnitCode
from sync.domain.records import KINDS
from sync.protocol.canonical import digest_term
from sync.protocol.messages import Entry, Mark

LONG_WAY = DIRECTORY_KINDS | CLOCK_KINDS | {"Quarantine"}
"""Kinds that change more than their own row."""
_NONE: Columns = (None, None, None, None)
ByKind = dict[str, dict[str, Entry]]


@dataclass(slots=True)
class Taken:
    """What went the short way."""

    digest: int = 0
    """Sum of the terms that came."""
    written: set[str] = field(default_factory=set)
    cases: set[str] = field(default_factory=set)
    """Dossiers whose case needs its columns worked out from all its records."""
    texts: list[tuple[str, str]] = field(default_factory=list)
    """Kind and id of new texts."""


class StraightPages:
    """Within the open transaction."""

    def __init__(self, database: Database, county: UnitCode) -> None:
        self._database = database
        self._columns = FreshColumns(database, county)
        self._edits = StraightEdits(database)

    def take(
        self,
        by_kind: ByKind,
        operations: Mapping[str, list[PendingOperation]],
        *,
        echoes: bool,
        bodies: PageBodies,
    ) -> Taken:
        """Write what can go the short way and take it out of ``by_kind``. ``echoes``: whether echoes may."""
        taken = Taken()
        self._columns.look_around()
        steady = not any(kind in LONG_WAY for kind in by_kind)
        if echoes and operations:
            self._take_echoes(taken, by_kind, operations, steady)
        self._take_new(taken, by_kind, operations, bodies)
        return taken

    # Echoes ----------------------------------------------------------------------------------------------------------

    def _take_echoes(
        self, taken: Taken, by_kind: ByKind, operations: Mapping[str, list[PendingOperation]], steady: bool
    ) -> None:
        heads: set[str] = set()
        deciding: set[str] = set()
        for kind in [kind for kind in by_kind if kind in KINDS and kind not in LONG_WAY]:
            plain = [entry for entry in by_kind[kind].values() if _is_as_sent(entry, operations.get(entry.id, ()))]
            rows = [(entry.revision, entry.hash, entry.id, entry.dossier) for entry in plain]
            if not rows or not self._database.change_all(confirm_sql(kind), rows):
                continue
            taken.digest += sum(digest_term(kind, e.id, e.revision, e.hash) for e in plain)
            _leave(taken, by_kind, kind, [entry.id for entry in plain])
            if kind == "Case":
                heads.update(entry.id for entry in plain)
            elif kind in MAKING_KINDS:
                deciding.update(entry.dossier for entry in plain)
        # Of a case that this device made and the county shows for the first time nobody else's record is here yet.
        taken.cases.update(deciding - heads if steady else deciding | heads)

    # New records -----------------------------------------------------------------------------------------------------

    def _take_new(
        self, taken: Taken, by_kind: ByKind, operations: Mapping[str, list[PendingOperation]], bodies: PageBodies
    ) -> None:
        new: dict[str, dict[str, Body]] = {}
        for kind in [kind for kind in by_kind if kind in KINDS and kind not in LONG_WAY]:
            entries: Iterable[Entry] = by_kind[kind].values()
            new[kind] = bodies.of([e for e in entries if e.id not in operations] if operations else entries)
        columns = self._fresh_columns(by_kind, new)
        for kind, rows in new.items():
            if rows:
                self._insert(taken, by_kind, kind, rows, columns)

    def _insert(
        self, taken: Taken, by_kind: ByKind, kind: str, found: dict[str, Body], columns: Mapping[str, Columns]
    ) -> None:
        new, rows = found, None
        if not self._there(kind, [next(iter(found))]):
            rows = self._insert_all(kind, new, columns)
        if rows is None:
            there = self._there(kind, found)
            self._change(taken, by_kind, kind, {record: found[record] for record in found if record in there})
            new = {record: body for record, body in found.items() if record not in there}
            rows = self._insert_all(kind, new, columns)
        if not rows:
            return
        taken.digest += sum([body.term for body in new.values()])
        _leave(taken, by_kind, kind, new)
        if kind in MAKING_KINDS:
            taken.cases.update([row[1] for row in rows if row[1] not in columns])
        if searched_fields(kind):
            taken.texts += [(kind, record) for record in new]

    def _change(self, taken: Taken, by_kind: ByKind, kind: str, there: dict[str, Body]) -> None:
        done = self._edits.take(kind, there)
        taken.digest += done.digest
        taken.cases.update(done.cases)
        taken.texts += [(kind, record) for record in done.texts]
        if done.ids:
            _leave(taken, by_kind, kind, done.ids)

    def _insert_all(self, kind: str, new: Mapping[str, Body], columns: Mapping[str, Columns]) -> list[Values] | None:
        """The rows that were written; None where one of them was there already."""
        rows = [body.row for body in new.values()]
        if kind == "Case":
            rows = [row + columns.get(row[0], _NONE) for row in rows]
        return rows if not rows or self._database.insert_all(codec(kind).table, *filled(kind, rows)) else None

    def _there(self, kind: str, found: Iterable[str]) -> set[str]:
        sql = f'SELECT id FROM "{codec(kind).table}" WHERE id IN (SELECT value FROM json_each(?))'
        return {row[0] for row in self._database.run(sql, (json.dumps(list(found)),))}

    def _fresh_columns(self, by_kind: ByKind, new: Mapping[str, dict[str, Body]]) -> dict[str, Columns]:
        """Columns of new cases of which nothing but the registration is known, by id."""
        cases, steps = new.get("Case", {}), new.get("Step", {})
        alone = {d: step for d, step in _lone_steps(by_kind).items() if d in cases and step in steps}
        for dossier in self._columns.with_others(alone) if alone else ():
            del alone[dossier]
        of = self._columns.of
        found = {dossier: of(cases[dossier].row, steps[step].row) for dossier, step in alone.items()}
        return {dossier: columns for dossier, columns in found.items() if columns is not None}


def _lone_steps(by_kind: ByKind) -> dict[str, str]:
    """Steps, by dossier, beside which the page has nothing of their dossier that decides but its case."""
    steps = by_kind.get("Step", {})
    lone = {entry.dossier: record for record, entry in steps.items()}
    others: list[str] = []
    if len(lone) < len(steps):
        others += [dossier for dossier, times in Counter(e.dossier for e in steps.values()).items() if times > 1]
    for kind in MAKING_KINDS & by_kind.keys() - {"Step"}:
        others += [e.dossier for e in by_kind[kind].values() if kind != "Case" or e.id != e.dossier]
    for dossier in others:
        lone.pop(dossier, None)
    return lone


def _leave(taken: Taken, by_kind: ByKind, kind: str, ids: Collection[str]) -> None:
    """Records that went the short way."""
    taken.written.update(ids)
    left = by_kind[kind]
    if len(ids) < len(left):
        for record in ids:
            del left[record]
    else:
        del by_kind[kind]


def _is_as_sent(entry: Entry, operations: "list[PendingOperation] | tuple[()]") -> bool:
    """Whether the record is what its one operation made, and the county holds exactly that."""
    if entry.mark is not Mark.ECHO or len(operations) != 1 or not operations[0].creates:
        return False
    return hashlib.sha256(operations[0].raw).digest() == entry.hash
