"""Apply the changes of a request to the county: by a short way where they go one, else in one round.

Who calls it has locked the county's row and knows what is to be taken, in order.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cache, partial

import msgspec
from psycopg import DataError as DriverDataError
from psycopg import IntegrityError as DriverIntegrityError
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from sync.domain.authority import Author
from sync.domain.ids import UnitCode, is_id
from sync.domain.vocabularies import VOCABULARIES
from sync.protocol.messages import Change, Outcome, Result
from sync.server.county import County
from sync.server.echoing import head_of_echo
from sync.server.effects import Effects, effects_of
from sync.server.feeds import COMMON
from sync.server.fresh_dossiers import FreshDossiers, LongWay, Put
from sync.server.incoming import Incoming, makes_dossiers
from sync.server.place import Place, Sender
from sync.server.plain_changes import Plain, PlainChanges, may_be_plain
from sync.server.round import Round, Verdict
from sync.server.soundness import MALFORMED
from sync.server.standing import Standing
from sync.server.storage.bodies import seal_new
from sync.server.storage.expunging import expunge
from sync.server.storage.ledger import Ledger, LogEntry
from sync.server.storage.loading import LockedCounty, load_identity_keys, load_standing
from sync.server.storage.plain_rows import load_held, write_plain
from sync.server.storage.writing import FEW, records_on_their_way, write_effects

STORE_REFUSALS = (DataError, IntegrityError, DriverDataError, DriverIntegrityError)
"""What the store says to rows that it does not take."""


class Care(IntEnum):
    """How much is looked up, and lost, when something does not go in."""

    SHORT_WAYS = 0
    TOGETHER = 1
    ONE_BY_ONE = 2


@dataclass(frozen=True, slots=True)
class Done:
    """The county after a round."""

    locked: LockedCounty
    results: list[Result] = field(default_factory=list)
    first: int = 0
    """Position before it."""
    head: int = 0
    """Of the sender's feed behind it, where it brought nothing to it but what was sent; else 0."""
    moved: Mapping[str, tuple[int, dict[str, int]]] = field(default_factory=dict)
    """New digest and counts of the units they moved for."""
    named: Mapping[str, set[str]] | None = None
    """Numbers given, each with its dossiers, where that was read on the way."""

    def states(self, unit: str) -> dict[str, bytes]:
        """The columns of a stand that moved."""
        columns: dict[str, bytes] = {}
        for name, prefix in ((unit, ""), (COMMON, "common_")):
            if name in self.moved:
                digest, counts = self.moved[name]
                columns[f"{prefix}digest"] = digest.to_bytes(32, "big")
                columns[f"{prefix}counts"] = msgspec.msgpack.encode(counts)
        return columns


@dataclass(frozen=True, slots=True)
class _Taken:
    """Changes that went the short way, and what is said of each."""

    plain: Plain
    results: list[Result]


class Applying:
    """The changes of one request, by one device."""

    def __init__(self, county: County, connection: Connection, place: Place, now_ms: int) -> None:
        self._county = county
        self._code = county.code
        self._connection = connection
        self._place = place
        self._now = now_ms

    def apply(self, todo: list[Incoming], locked: LockedCounty, care: Care) -> Done:
        """All in one round; with all care one by one, each in its own savepoint.

        What is new is written without looking it up: the keys of the tables refuse what is there.
        """
        if care is not Care.ONE_BY_ONE:
            return self._run(todo, locked, short=care is Care.SHORT_WAYS)
        done = Done(locked)
        for item in todo:
            try:
                with self._connection.begin_nested():
                    one = self._run([item], done.locked)
            except STORE_REFUSALS:
                spoiled = msgspec.structs.replace(item, change=None, reason=MALFORMED)
                with self._connection.begin_nested():
                    one = self._run([spoiled], done.locked)
            done = Done(one.locked, done.results + one.results)
        return done

    def _run(self, todo: list[Incoming], locked: LockedCounty, *, short: bool = False) -> Done:
        standing = self._county.standing(self._connection, self._place.stand.common_digest or b"")
        ledger = Ledger(self._code, locked.log_number, locked.log_hash)
        if short and may_be_plain(todo):
            taken = self._plain(standing, todo, locked.position, ledger)
            if taken is not None:
                return self._write_plain(taken, locked, ledger)
        if not (short and all(map(makes_dossiers, todo))):
            self._load(standing, todo)
        return self._round(standing, todo, locked, ledger)

    def _plain(self, standing: Standing, todo: list[Incoming], position: int, ledger: Ledger) -> _Taken | None:
        """The short way, where all go it; their lines stand in the ledger then."""
        key = self._county.store_key
        authors: dict[str, Author] = {}

        def author_of(change: Change) -> Author:
            return authors.get(change.role) or authors.setdefault(change.role, self._author(standing, change))

        found = [one for item in todo if item.change and not makes_dossiers(item) for one in item.change.operations]
        seal = partial(seal_new, key)
        if len(todo) > FEW and not found:
            ledger.expect(key, [item.body for item in todo])
            return self._streamed(todo, ledger, partial(FreshDossiers, standing, position, author_of, seal))
        held = load_held(self._connection, key, self._code, found)
        fresh = FreshDossiers(standing, position, author_of, seal)
        plain = PlainChanges(standing, held, fresh, author_of).take(todo)
        return None if plain is None else _Taken(plain, self._accepted(todo, plain.made.effects, ledger))

    def _streamed(self, todo: list[Incoming], ledger: Ledger, judging: Callable[[Put], FreshDossiers]) -> _Taken | None:
        """Many new dossiers: their records are written while the next are judged, and while their lines are made."""
        try:
            with records_on_their_way(self._connection, self._code) as put:
                fresh = judging(put)
                for item in todo:
                    if item.change is not None:
                        fresh.take_one(item.change)
                return _Taken(Plain(fresh.made), self._accepted(todo, fresh.made.effects, ledger))
        except LongWay:
            return None

    def _accepted(self, todo: list[Incoming], effects: list[int], ledger: Ledger) -> list[Result]:
        results = [
            Result(item.id, item.sequence, Outcome.ACCEPTED, "", effect)
            for item, effect in zip(todo, effects, strict=True)
        ]
        self._append(todo, results, ledger)
        return results

    def _write_plain(self, taken: _Taken, locked: LockedCounty, ledger: Ledger) -> Done:
        made = taken.plain.made
        states = write_plain(self._connection, self._county.store_key, self._code, taken.plain)
        moved = self._write_lines(ledger, replace(locked, position=made.position))
        head = made.position if made.whole else 0
        return Done(moved, taken.results, made.first, head, states, made.numbers)

    def _round(self, standing: Standing, todo: list[Incoming], locked: LockedCounty, ledger: Ledger) -> Done:
        sender, key = self._place.sender, self._county.store_key
        done = Round(standing, locked.position, self._now, sender.acknowledged)
        verdicts = [self._judge(done, item) for item in todo]
        effects = effects_of(done)
        states = write_effects(self._connection, key, self._code, effects)
        results = [
            Result(item.id, item.sequence, verdict.outcome, verdict.reason, _effect(standing, effects, sender, verdict))
            for item, verdict in zip(todo, verdicts, strict=True)
        ]
        self._append(todo, results, ledger)
        moved = self._write_lines(ledger, replace(locked, position=done.position))
        if done.superseded:
            ledger = Ledger(self._code, moved.log_number, moved.log_hash)
            ledger = expunge(self._connection, key, self._code, done.superseded, ledger, now_ms=self._now)
            moved = replace(moved, log_number=ledger.number, log_hash=ledger.chain)
        return Done(moved, results, done.first, head_of_echo(done, effects, sender.unit), states)

    def _append(self, todo: list[Incoming], results: list[Result], ledger: Ledger) -> None:
        for item, result in zip(todo, results, strict=True):
            ledger.append(_log_entry(item, result, self._place.sender))

    def _write_lines(self, ledger: Ledger, locked: LockedCounty) -> LockedCounty:
        ledger.write(self._connection, self._county.store_key, self._now)
        return replace(locked, log_number=ledger.number, log_hash=ledger.chain)

    def _load(self, standing: Standing, todo: Iterable[Incoming]) -> None:
        operations = [operation for item in todo if item.change for operation in item.change.operations]
        dossiers = list({operation.dossier for operation in operations})
        keys = {(operation.kind, operation.id) for operation in operations}
        if keys:
            load_standing(self._connection, self._county.store_key, standing, dossiers, keys)
            load_identity_keys(self._connection, self._county.store_key, standing, operations)

    def _judge(self, done: Round, item: Incoming) -> Verdict:
        sender = self._place.sender
        if item.reason or item.change is None:
            return done.quarantine(item.id, sender.id, sender.unit, item.reason, item.change)
        return done.take(item.change, self._author(done.standing, item.change))

    def _author(self, standing: Standing, change: Change) -> Author:
        sender = self._place.sender
        return Author(
            unit=UnitCode(sender.unit),
            county=UnitCode(self._code),
            role=change.role,
            roles=sender.roles | _unit_roles(sender.unit == self._code),
            active=standing.units.get(sender.unit, True),
        )


@cache
def _unit_roles(county: bool) -> frozenset[str]:
    """Roles people of a unit may have: users are made on the device, bounded by the unit's kind."""
    roles = (term.code for term in VOCABULARIES["role"].terms)
    return frozenset(role for role in roles if county or not role.startswith("COUNTY_"))


def _effect(standing: Standing, effects: Effects, sender: Sender, verdict: Verdict) -> int:
    """Position in the sender's feed from which on the effect is read; 0 where the feed does not carry it."""
    position = 0
    for key in verdict.touched:
        state = standing.records.get(key)
        if state is None:
            continue
        dossier = effects.dossiers.get(state.dossier) or standing.dossiers.get(state.dossier)
        if dossier is not None and (sender.unit in dossier.units or "*" in dossier.units):
            position = max(position, state.revision)
    return position


def _log_entry(item: Incoming, result: Result, sender: Sender) -> LogEntry:
    return LogEntry(
        change=item.id if is_id(item.id) else item.hash.hex()[:32],
        device=sender.id,
        sequence=item.sequence,
        unit=sender.unit,
        outcome=result.outcome,
        reason=result.reason,
        position=result.position,
        body=item.body,
        hash=item.hash,
    )
