"""The short way of changes that make nothing but new dossiers: what a first push of thousands consists of.

Such a change meets nothing that is there, so that nothing is merged; whether its author may make it depends on its
shape alone, and is judged once for all of one shape by the same rules as ever. What is otherwise (a record that is
there already, a field nobody declared, a conflict, a quarantine) sends the whole request the long way.
"""

import hashlib
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec

from sync.domain.authority import NUMBERED, Author, Proposal, judge
from sync.domain.declarations import from_fields
from sync.domain.fresh_cases import FACTS, OF_A_REGISTRATION
from sync.domain.ids import RecordId
from sync.domain.jurisdiction import BOUND_STEPS
from sync.domain.numbers import is_number
from sync.domain.records import KINDS, Case, Correction, Step, Stored
from sync.protocol.canonical import DIGEST_MODULUS, decode_fields, digest_term
from sync.protocol.messages import Change, Mark, Operation
from sync.server.effects import FeedRow, UnitShift
from sync.server.fresh_codec import FreshCodec, fresh_codec
from sync.server.standing import DECIDING_KINDS, Projection, Standing
from sync.server.storage.bodies import WriterRow

ELSEWHERE = frozenset({"Void", "Conflict", "Quarantine"})
"""Kinds that speak of other dossiers or are the county's."""
_NO_CASE = (None, None)


RecordRow = tuple[object, ...]
"""A row of the table ``record`` behind its county: see ``storage.writing``."""
Seal = Callable[[str, str, bytes, WriterRow], bytes]
"""Kind, id, canonical fields and writer of a record → its sealed body."""
Put = Callable[[RecordRow], None]
"""Where a row goes."""


@dataclass(slots=True)
class NewDossiers:
    """All rows that the changes of a request come to."""

    position: int
    """The county's last given position."""
    first: int
    records: list[RecordRow] = field(default_factory=list)
    """Those that were not put elsewhere as they were made."""
    feed: list[FeedRow] = field(default_factory=list)
    dossiers: list[tuple[str, frozenset[str], int, tuple[str, ...]]] = field(default_factory=list)
    """Id, units that see it, digest, kinds of its records."""
    units: dict[str, UnitShift] = field(default_factory=dict)
    """How units move for records that came to dossiers which were there."""
    numbers: dict[str, set[str]] = field(default_factory=dict)
    """Numbers given, each with the dossiers it is given to."""
    whole: bool = True
    """Whether their author's unit reads all of it."""
    effects: list[int] = field(default_factory=list)
    """Of each change the position in its author's feed from which on it is read; 0 where it is not."""

    def shifts(self) -> dict[str, UnitShift]:
        """How all units move; dossiers of one sort are counted together."""
        sorts: dict[tuple[frozenset[str], tuple[str, ...]], list[int]] = {}
        for _, viewers, digest, kinds in self.dossiers:
            sorts.setdefault((viewers, kinds), []).append(digest)
        shifts = {unit: UnitShift(shift.digest, shift.counts.copy()) for unit, shift in self.units.items()}
        for (viewers, kinds), digests in sorts.items():
            counts = {kind: kinds.count(kind) * len(digests) for kind in kinds}
            for viewer in viewers:
                shifts.setdefault(viewer, UnitShift()).add(sum(digests), counts)
        return shifts


class LongWay(Exception):
    """Something that a short way does not know."""


class One(msgspec.Struct, gc=False):
    """A new record as read."""

    operation: Operation
    values: Any
    hash: bytes
    revision: int


class FreshDossiers:
    """One request's changes, by one author's unit. ``put``: takes rows of records; else they are kept."""

    def __init__(
        self,
        standing: Standing,
        position: int,
        author_of: Callable[[Change], Author],
        seal: Seal,
        put: Put | None = None,
    ) -> None:
        self._standing = standing
        self._author_of = author_of
        self._seal = seal
        self.made = NewDossiers(position, position)
        """What they come to so far."""
        self._put = put or self.made.records.append
        self._lawful: set[Hashable] = set()
        self._projections: dict[Hashable, Projection] = {}
        self._ids: set[str] = set()

    def take_one(self, change: Change) -> None:
        """A change that makes everything it names. Raises LongWay."""
        author = self._author_of(change)
        dossiers: dict[str, list[One]] = {}
        for operation in change.operations:
            dossiers.setdefault(operation.dossier, []).append(self.read(operation, author))
        self._check_author(author, dossiers)
        for records in dossiers.values():
            if not all(is_among(records, dossier, target) for dossier, target in corrected(records)):
                raise LongWay
        shown = [self._write(dossier, records, change, author) for dossier, records in dossiers.items()]
        self.made.effects.append(max(shown))

    def read(self, operation: Operation, author: Author) -> One:
        """A new record, at the next position. Raises LongWay where it is anything else."""
        codec = _codec_of(operation.kind)
        if codec is None or not operation.creates or operation.id in self._ids:
            raise LongWay
        values = codec.read(operation.fields)
        if values is None or values.unit != author.unit:
            raise LongWay
        if operation.kind == Step.__name__:
            if values.step in BOUND_STEPS:
                raise LongWay
        elif operation.kind in NUMBERED and values.number:
            self._note_number(values.number, operation.dossier, author.unit)
        self._ids.add(operation.id)
        self.made.position += 1
        digest = hashlib.sha256(operation.fields).digest()
        return One(operation, values, digest, self.made.position)

    def _note_number(self, number: str, dossier: str, unit: str) -> None:
        """Raises LongWay where it is not of the unit, or not as it is printed."""
        if not number.startswith(f"{unit}-") or number != number.strip().upper():
            raise LongWay
        if is_number(number):
            self.made.numbers.setdefault(number, set()).add(dossier)

    def _check_author(self, author: Author, dossiers: dict[str, list[One]]) -> None:
        """By the rules of authority, once for each shape of a change."""
        records = [one for found in dossiers.values() for one in found]
        shape = (author.role, author.active, tuple(map(shape_of, records)))
        if shape in self._lawful:
            return
        if judge(author, [proposal_of(one) for one in records], lambda _: None) is not None:
            raise LongWay
        self._lawful.add(shape)

    def _write(self, dossier: str, records: list[One], change: Change, author: Author) -> int:
        """All rows of a new dossier; the position up to which its unit has to read to have it whole."""
        made, unit, county = self.made, author.unit, self._standing.county
        seen = self._project(dossier, records, unit)
        in_unit, in_county = unit in seen.viewers and unit != county, county in seen.viewers
        digest = 0
        for one in records:
            is_case = one.operation.id == dossier and one.operation.kind == Case.__name__
            case = (seen.status, seen.holder) if is_case else _NO_CASE
            digest += self.put(one, change, author, (*case, in_unit, in_county))
        kinds = tuple(one.operation.kind for one in records)
        made.dossiers.append((dossier, seen.viewers, digest % DIGEST_MODULUS, kinds))
        for viewer in seen.viewers:
            if viewer not in (unit, county):
                made.feed += _feed_rows(viewer, records)
        made.whole = made.whole and unit in seen.viewers
        return records[-1].revision if unit in seen.viewers else 0

    def put(self, one: One, change: Change, author: Author, columns: tuple[object, ...]) -> int:
        """Its row, with status, holder and in which feeds it stands by itself; its share of digests."""
        operation, revision = one.operation, one.revision
        writer = (revision, change.device, change.sequence, author.is_county, change.author)
        body = self._seal(operation.kind, operation.id, bytes(operation.fields), writer)
        self._put(
            (operation.kind, operation.id, operation.dossier, operation.owner, author.unit, revision, one.hash, body,
             change.device, *columns)
        )  # fmt: skip
        return digest_term(operation.kind, operation.id, revision, one.hash)

    def _project(self, dossier: str, records: list[One], unit: str) -> Projection:
        head = next((one for one in records if one.operation.id == dossier), None)
        if head is None:
            raise LongWay
        if head.operation.kind != Case.__name__:
            return Projection(frozenset({unit, self._standing.county}))
        deciders = [one for one in records if one.operation.kind in DECIDING_KINDS]
        key = _fresh_key(head, deciders)
        found = self._projections.get(key) if key is not None else None
        if found is None:
            found = self._standing.project_new([_stored(one) for one in deciders], unit)
            if key is not None:
                self._projections[key] = found
        return found


@cache
def _codec_of(kind: str) -> FreshCodec | None:
    """The codec of a kind whose new records stand in dossiers of their own unit."""
    declaration = KINDS.get(kind)
    return None if declaration is None or declaration.common or kind in ELSEWHERE else fresh_codec(kind)


_facts = attrgetter(*(name for name in FACTS if hasattr(Case, name)))
_registration = attrgetter(*sorted(OF_A_REGISTRATION))


def _fresh_key(head: One, deciders: list[One]) -> Hashable | None:
    """What it has in common with other cases that were only registered; None where there is more to it."""
    steps = [one for one in deciders if one is not head]
    if len(steps) != 1 or steps[0].operation.kind != Step.__name__:
        return None
    step = steps[0].values
    given = msgspec.structs.astuple(step)
    registration = _registration(step)
    if step.step != "REGISTER" or given.count(None) - registration.count(None) != len(given) - len(registration):
        return None
    return _facts(head.values), step.role


def corrected(records: Iterable[One]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Dossier and target of every correction among new records."""
    for one in records:
        if one.operation.kind == Correction.__name__:
            yield one.operation.dossier, (one.values.target_kind, one.values.target)


def is_among(records: Iterable[One], dossier: str, key: tuple[str, str]) -> bool:
    """Whether a record of a dossier comes along."""
    names = ((one.operation.dossier, one.operation.kind, one.operation.id) for one in records)
    return (dossier, *key) in names


def shape_of(one: One) -> Hashable:
    """What of a new record decides whether its author may make it."""
    operation, values = one.operation, one.values
    declaration = KINDS[operation.kind]
    named = getattr(values, declaration.dossier_field) if declaration.dossier_field else None
    step = (values.step, values.role) if operation.kind == Step.__name__ else None
    return operation.kind, operation.id == operation.dossier, named == operation.dossier, named is None, step


def proposal_of(one: One) -> Proposal:
    """The same for the rules of authority."""
    operation = one.operation
    fields = {name: value for name, value in msgspec.structs.asdict(one.values).items() if value is not None}
    return Proposal(operation.kind, operation.id, operation.dossier, True, fields)


def _stored(one: One) -> Stored:
    operation = one.operation
    record = from_fields(KINDS[operation.kind].record, decode_fields(operation.fields), id=RecordId(operation.id))
    return Stored(record, RecordId(operation.dossier), one.revision)


def _feed_rows(viewer: str, records: list[One]) -> Iterator[FeedRow]:
    for one in records:
        yield viewer, one.revision, one.operation.kind, one.operation.id, one.operation.dossier, Mark.BODY
