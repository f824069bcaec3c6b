"""The short way of corrections: a unit edits its own records as it last read them, and adds what hangs on them.

Nothing meets anything there: the record stands at the revision its author had seen, no conflict is open in its dossier,
and neither who sees it nor where its case stands can move. So one record is read for each edit, not the whole dossier.
New dossiers among them go their own short way. Whatever is otherwise sends the whole request the long way, which knows
reasons; merging, soundness and authority are judged by the same rules as there.
"""

import dataclasses
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from sync.domain.authority import NUMBERED, Author, Proposal, judge
from sync.domain.case_facts import CaseFacts
from sync.domain.errors import Damaged
from sync.domain.records import KINDS, Case, Conflict, Step
from sync.protocol.canonical import DIGEST_MODULUS, digest_term
from sync.protocol.codec import read_fields
from sync.protocol.messages import Change, Mark, Operation
from sync.server.effects import UnitShift
from sync.server.fresh_dossiers import (
    ELSEWHERE,
    FreshDossiers,
    LongWay,
    NewDossiers,
    One,
    corrected,
    is_among,
    proposal_of,
    shape_of,
)
from sync.server.identities import COMPLAINANT, IDENTITY_KEY
from sync.server.incoming import Incoming, makes_dossiers
from sync.server.merge import RecordState, Writer, merge
from sync.server.soundness import is_sound
from sync.server.standing import DECIDING_KINDS, Key, Standing

_MOVES_CASES = frozenset(field.name for field in dataclasses.fields(CaseFacts))
"""Fields of a case that decide who sees it and where it stands."""
_NOT_EDITED = ELSEWHERE | {COMPLAINANT, IDENTITY_KEY} | (DECIDING_KINDS - {Case.__name__})
_NOT_ADDED = _NOT_EDITED | {Case.__name__} | NUMBERED


class HeldRecord(msgspec.Struct, gc=False):
    """A record as it stands: its columns, and how to open it."""

    key: Key
    place: bytes
    """Of its row, while the county is locked."""
    dossier: str
    unit: str
    revision: int
    status: str | None
    holder: str | None
    open: Callable[[], RecordState]


@dataclass(slots=True)
class HeldDossier:
    """A dossier as it stands. ``place``: as of a record."""

    place: bytes
    units: frozenset[str]
    digest: int
    counts: dict[str, int]
    has_feed_rows: bool
    deciders: list[HeldRecord] = field(default_factory=list)
    """What decides about it."""


@dataclass(slots=True)
class Held:
    """The dossiers a request names, and of their records those it names."""

    dossiers: dict[str, HeldDossier] = field(default_factory=dict)
    records: dict[Key, HeldRecord] = field(default_factory=dict)


class Edited(msgspec.Struct, frozen=True, gc=False):
    """A record in its new state, and the place of its row. ``in_unit``, ``in_county``: see ``standing.Home``."""

    place: bytes
    state: RecordState
    in_unit: bool
    in_county: bool


@dataclass(slots=True)
class Plain:
    """All rows that the changes of a request come to: of new dossiers, and of those that are there."""

    made: NewDossiers
    edited: list[Edited] = field(default_factory=list)
    stale: list[tuple[str, str, str]] = field(default_factory=list)
    """(dossier, kind, id) of edited records that may have rows in feeds."""
    dossiers: dict[str, HeldDossier] = field(default_factory=dict)
    """Those that are there, with their new digest and counts."""


class _Edit(msgspec.Struct, gc=False):
    """An edit as read."""

    operation: Operation
    fields: Mapping[str, Any]
    held: HeldRecord
    revision: int


class PlainChanges:
    """One request's changes, by one author's unit."""

    def __init__(
        self, standing: Standing, held: Held, fresh: FreshDossiers, author_of: Callable[[Change], Author]
    ) -> None:
        self._standing, self._held, self._fresh, self._author_of = standing, held, fresh, author_of
        self._plain = Plain(fresh.made)
        self._lawful: set[Hashable] = set()
        self._touched: set[Key] = set()
        self._shares: dict[frozenset[str], UnitShift] = {}
        """What moves for dossiers, by who sees them."""

    def take(self, todo: Sequence[Incoming]) -> Plain | None:
        """What they come to; None where one of them has to go the long way."""
        try:
            for item in todo:
                if item.change is None or item.reason:
                    return None
                if makes_dossiers(item):
                    self._fresh.take_one(item.change)
                else:
                    self._take(item.change)
        except LongWay:
            return None
        for viewers, share in self._shares.items():
            for viewer in viewers:
                self._plain.made.units.setdefault(viewer, UnitShift()).add(share.digest, share.counts)
        return self._plain

    def _take(self, change: Change) -> None:
        author = self._author_of(change)
        read = [self._read(operation, author) for operation in change.operations]
        self._check_author(author, read)
        self._check_corrections(read)
        for one in read:
            dossier = self._dossier(one.operation.dossier)
            if isinstance(one, One):
                self._add(dossier, one, change, author)
            else:
                self._edit(dossier, one, change, author)
        self._plain.made.effects.append(read[-1].revision)

    def _read(self, operation: Operation, author: Author) -> One | _Edit:
        dossier = self._held.dossiers.get(operation.dossier)
        if dossier is None or author.unit not in dossier.units:
            raise LongWay
        if not operation.creates:
            return self._read_edit(operation, author)
        if operation.kind in _NOT_ADDED or operation.id == operation.dossier:
            raise LongWay
        return self._fresh.read(operation, author)

    def _read_edit(self, operation: Operation, author: Author) -> _Edit:
        kind, key = operation.kind, (operation.kind, operation.id)
        declaration, held = KINDS.get(kind), self._held.records.get(key)
        if declaration is None or declaration.common or kind in _NOT_EDITED or held is None or key in self._touched:
            raise LongWay
        if (held.dossier, held.unit, held.revision) != (operation.dossier, author.unit, operation.base):
            raise LongWay
        self._touched.add(key)
        try:
            fields: dict[str, Any] = read_fields(operation.fields)
        except Damaged as error:
            raise LongWay from error
        moves = kind == Case.__name__ and not _MOVES_CASES.isdisjoint(fields)
        if moves or not is_sound(kind, fields, creates=False):
            raise LongWay
        self._fresh.made.position += 1
        return _Edit(operation, fields, held, self._fresh.made.position)

    def _check_author(self, author: Author, read: Sequence[One | _Edit]) -> None:
        """By the rules of authority, once for each shape of a change."""
        shape = (author.role, author.active, tuple(map(_shape, read)))
        if shape in self._lawful:
            return
        proposals = [_proposal(one, author) for one in read]
        if judge(author, proposals, lambda _: frozenset({author.unit})) is not None:
            raise LongWay
        self._lawful.add(shape)

    def _check_corrections(self, read: Sequence[One | _Edit]) -> None:
        """They speak of records of their own dossier, which the request names or brings."""
        added = [one for one in read if isinstance(one, One)]
        for dossier, target in corrected(added):
            held = self._held.records.get(target)
            if (held is None or held.dossier != dossier) and not is_among(added, dossier, target):
                raise LongWay

    def _dossier(self, name: str) -> HeldDossier:
        """A dossier that does not move, whoever changed what else meanwhile."""
        found = self._plain.dossiers.get(name)
        if found is None:
            found = self._plain.dossiers[name] = self._held.dossiers[name]
            if Conflict.__name__ in found.counts or not self._is_steady(name, found):
                raise LongWay
        return found

    def _is_steady(self, name: str, dossier: HeldDossier) -> bool:
        """True where it comes to what it came to when it was last worked out: the directory may have changed since."""
        head = next((one for one in dossier.deciders if one.key == (Case.__name__, name)), None)
        if head is None:
            return not dossier.deciders
        registered = len(dossier.deciders) == 2 and dossier.counts.get(Step.__name__) == 1
        if registered and head.holder == head.unit and self._standing.units.get(head.unit):
            return True  # a single step registers or has no effect, and its maker holds the case
        for one in sorted(dossier.deciders, key=lambda one: one.revision):
            self._standing.add(one.open())
        now = self._standing.project(name)
        return (now.viewers, now.status, now.holder) == (dossier.units, head.status, head.holder)

    def _add(self, dossier: HeldDossier, one: One, change: Change, author: Author) -> None:
        columns = (None, None, author.unit != self._standing.county, self._standing.county in dossier.units)
        digest = self._fresh.put(one, change, author, columns)
        dossier.counts[one.operation.kind] = dossier.counts.get(one.operation.kind, 0) + 1
        share = self._shift(dossier, digest, one, author.unit)
        share.counts[one.operation.kind] += 1

    def _edit(self, dossier: HeldDossier, one: _Edit, change: Change, author: Author) -> None:
        before = one.held.open()
        by = Writer(one.revision, change.device, change.sequence, author.is_county, change.author)
        merged = merge(before, one.fields, one.operation.base, by)
        if not merged.changed or merged.collisions:
            raise LongWay
        state, county = merged.state, self._standing.county
        self._plain.edited.append(Edited(one.held.place, state, author.unit != county, county in dossier.units))
        if dossier.has_feed_rows:
            self._plain.stale.append((state.dossier, state.kind, state.id))
        former = digest_term(before.kind, before.id, before.revision, before.hash)
        digest = digest_term(state.kind, state.id, state.revision, state.hash) - former
        self._shift(dossier, digest, one, author.unit)

    def _shift(self, dossier: HeldDossier, digest: int, one: One | _Edit, unit: str) -> UnitShift:
        """What a written record means for the dossier, and for all who see it: their share, counts still to come."""
        operation, units = one.operation, dossier.units
        dossier.digest = (dossier.digest + digest) % DIGEST_MODULUS
        for viewer in units:
            if viewer not in (unit, self._standing.county):
                row = (viewer, one.revision, operation.kind, operation.id, operation.dossier, Mark.BODY)
                self._plain.made.feed.append(row)
        share = self._shares.get(units) or self._shares.setdefault(units, UnitShift())
        share.digest += digest
        return share


def may_be_plain(todo: Sequence[Incoming]) -> bool:
    """False where the kinds alone tell that a change has to go the long way."""
    return all(item.change is not None and not item.reason and _may_be_plain(item) for item in todo)


def _may_be_plain(item: Incoming) -> bool:
    operations = item.change.operations if item.change else ()
    return makes_dossiers(item) or not any(
        one.kind in (_NOT_ADDED if one.creates else _NOT_EDITED) for one in operations
    )


def _shape(one: One | _Edit) -> Hashable:
    if isinstance(one, One):
        return shape_of(one)
    return one.operation.kind, one.operation.id == one.operation.dossier, *one.fields


def _proposal(one: One | _Edit, author: Author) -> Proposal:
    if isinstance(one, One):
        return proposal_of(one)
    operation = one.operation
    return Proposal(operation.kind, operation.id, operation.dossier, False, one.fields, of_unit=author.unit)
