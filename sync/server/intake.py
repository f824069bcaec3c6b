"""Take a device's changes into the county: repeats, gaps, order, then one round; one writer at a time."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cache, partial

import msgspec
from psycopg import DataError as DriverDataError
from psycopg import IntegrityError as DriverIntegrityError
from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError, IntegrityError

from sync.domain.authority import Author
from sync.domain.ids import UnitCode, is_id
from sync.domain.vocabularies import VOCABULARIES
from sync.protocol.limits import MAX_RESULTS
from sync.protocol.messages import Change, Echo, Outcome, Result, change_hash
from sync.server.county import County
from sync.server.echoing import head_of_echo
from sync.server.effects import Effects, effects_of
from sync.server.feeds import COMMON, Page, Reader, page_of
from sync.server.fresh_dossiers import FreshDossiers, NewDossiers
from sync.server.incoming import Incoming, makes_dossiers, once, read_one
from sync.server.numbering import renumber, suspects
from sync.server.place import Place, Sender, read_place
from sync.server.release import judge_again, release_asked, released_results
from sync.server.round import Round, Verdict
from sync.server.soundness import MALFORMED
from sync.server.standing import Standing
from sync.server.storage import tables
from sync.server.storage.bodies import seal_new
from sync.server.storage.caps import HELD
from sync.server.storage.driver import ask
from sync.server.storage.expunging import expunge
from sync.server.storage.ledger import Ledger, LogEntry
from sync.server.storage.loading import LockedCounty, load_identity_keys, load_standing, lock_county
from sync.server.storage.writing import write_effects, write_new

GAP = "exchange_refusals.gap"
FORKED = "exchange_refusals.forked_chain"


_MOVE = (
    "WITH moved AS (UPDATE county SET position = %s, log_number = %s, log_hash = %s WHERE code = %s)"
    " UPDATE device SET seen_at = %s, unbroken = %s, last_hash = %s, read_to = coalesce(%s, read_to),"
    " acknowledged = greatest(acknowledged, %s)"
    " WHERE county = %s AND id = %s"
)
_KNOWN = "SELECT change, sequence, outcome, reason, position FROM change_log WHERE county = %s AND change = ANY(%s)"
_STORE_REFUSALS = (DataError, IntegrityError, DriverDataError, DriverIntegrityError)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a request's changes. ``page``: the answer's page, where nothing but the changes' own effect is new
    to the device; then ``echo`` speaks for all of them and ``results`` are empty."""

    results: list[Result]
    echo: Echo | None = None
    page: Page | None = None

    def outcomes(self) -> dict[str, int]:
        """Outcome → how many changes."""
        counts = Counter(result.outcome.value for result in self.results)
        if self.echo is not None:
            counts[Outcome.ACCEPTED.value] += self.echo.last - self.echo.first + 1
        return dict(counts)


@dataclass(frozen=True, slots=True)
class Judged:
    """Held changes that were judged without what came before them."""

    taken: list[Incoming]
    results: list[Result]
    locked: LockedCounty


@dataclass(frozen=True, slots=True)
class _Order:
    """What can be applied now, held changes included, what waits for a gap to close, and how far the sequence goes."""

    todo: list[Incoming]
    held: list[Incoming]
    unbroken: int
    last_hash: bytes


@dataclass(frozen=True, slots=True)
class _At:
    """Where and when a request is worked on."""

    connection: Connection
    place: Place
    now_ms: int


class Care(IntEnum):
    """How much is looked up, and lost, when something does not go in."""

    NEW_DOSSIERS = 0
    TOGETHER = 1
    ONE_BY_ONE = 2


@dataclass(frozen=True, slots=True)
class _Done:
    """The county after a round."""

    locked: LockedCounty
    results: list[Result] = field(default_factory=list)
    first: int = 0
    """Position before it."""
    head: int = 0
    """Of the sender's feed behind it, where it brought nothing to it but what was sent; else 0."""
    moved: Mapping[str, tuple[int, dict[str, int]]] = field(default_factory=dict)
    """New digest and counts of the units they moved for."""

    def states(self, unit: str) -> dict[str, bytes]:
        """The columns of a stand that moved."""
        columns: dict[str, bytes] = {}
        for name, prefix in ((unit, ""), (COMMON, "common_")):
            if name in self.moved:
                digest, counts = self.moved[name]
                columns[f"{prefix}digest"] = digest.to_bytes(32, "big")
                columns[f"{prefix}counts"] = msgspec.msgpack.encode(counts)
        return columns


class Intake:
    """Writes changes of devices."""

    def __init__(self, county: County) -> None:
        self._county = county
        self._code = county.code

    def take(self, reader: Reader, incoming: Sequence[Incoming], now_ms: int) -> Taken:
        """Committed when this returns; results in the order of sequence.

        Taken whole; where the store refuses that, anew and with more care each time.
        """
        for care in (Care.NEW_DOSSIERS, Care.TOGETHER):
            try:
                return self._take(reader, incoming, now_ms, care)
            except _STORE_REFUSALS:
                continue
        return self._take(reader, incoming, now_ms, Care.ONE_BY_ONE)

    def _take(self, reader: Reader, incoming: Sequence[Incoming], now_ms: int, care: Care) -> Taken:
        with self._county.engine.begin() as connection:
            locked = lock_county(connection, self._code)
            place = read_place(connection, self._county, reader.device)
            results = self._known(connection, incoming)
            order = self._in_order(connection, place, once(incoming), results)
            self._hold(connection, place.sender, order.held, now_ms)
            for item in order.held:
                results[item.id] = Result(item.id, item.sequence, Outcome.HELD, item.reason or GAP, 0)
            done = _Done(locked)
            if order.todo:
                done = self._apply(_At(connection, place, now_ms), order.todo, locked, care)
                results.update((result.change, result) for result in done.results)
                odd = suspects(connection, self._county, place, order.todo)
                released = renumber(connection, self._county, odd, done.locked, now_ms)
                if place.stand.waits:
                    changes = (item.change for item in order.todo)
                    released = judge_again(connection, self._county, changes, released, now_ms)
                released = self._release(connection, place.sender, order.todo, released, now_ms)
                done = done if released is done.locked else _Done(released, done.results)
            echoed = self._echoed(reader, place, incoming, order, done)
            read_to = echoed.page.to_position if echoed and echoed.page else None
            self._advance(_At(connection, place, now_ms), order, done.locked, (read_to, reader.acknowledged))
        return echoed or Taken(sorted(results.values(), key=lambda result: result.sequence))

    def _echoed(
        self, reader: Reader, place: Place, incoming: Sequence[Incoming], order: _Order, done: _Done
    ) -> Taken | None:
        """The short answer, where the device had read everything before and gets back nothing but what it sent."""
        if not done.head or order.held or reader.count == 0 or reader.bodies:
            return None
        if [item.id for item in order.todo] != [item.id for item in incoming]:
            return None
        stand = place.stand
        if reader.epoch != stand.epoch or reader.position != stand.head:
            return None
        moved = stand._replace(
            head=done.head, unbroken=order.unbroken, last_hash=order.last_hash, **done.states(place.sender.unit)
        )
        echo = Echo(incoming[0].sequence, incoming[-1].sequence, done.first + 1)
        return Taken([], echo, page_of(moved, reader.position, done.head, ()))

    def remembered(self, sender: Sender, first: int) -> list[Result]:
        """What became of the device's changes from a sequence on, for one that lost the answer; nothing is written."""
        log = tables.change_log.c
        mine = (log.county == self._code) & (log.device == sender.id) & (log.sequence >= first)
        most = min(sender.unbroken - first + 1, MAX_RESULTS)
        columns = (log.change, log.sequence, log.outcome, log.reason, log.position)
        with self._county.engine.connect() as connection:
            rows = connection.execute(select(*columns).where(mine).order_by(log.number.desc()).limit(most)).all()
            known = {row[0]: Result(row[0], row[1], Outcome(row[2]), row[3], row[4]) for row in rows}
            known.update(released_results(connection, self._code, known.values()))
        return sorted(known.values(), key=lambda result: result.sequence)

    def judge_held(
        self, connection: Connection, place: Place, locked: LockedCounty, now_ms: int, *, reason: str = ""
    ) -> Judged:
        """Judge what waits of a device one by one, whatever it lacks; with a ``reason`` all of it is set apart."""
        held = once(self._held(connection, place.sender))
        known = self._known(connection, held)
        todo = [replace(item, reason=item.reason or reason) for item in held if item.id not in known]
        done = self._apply(_At(connection, place, now_ms), todo, locked, Care.ONE_BY_ONE)
        mine = (tables.held.c.county == self._code) & (tables.held.c.device == place.sender.id)
        connection.execute(tables.held.delete().where(mine))
        return Judged(todo, done.results, done.locked)

    # Order -----------------------------------------------------------------------------------------------------------

    def _known(self, connection: Connection, incoming: Sequence[Incoming]) -> dict[str, Result]:
        """Results of changes that were taken before, whoever brings them again."""
        rows = ask(connection, _KNOWN, (self._code, [item.id for item in incoming]))
        known = {row[0]: Result(row[0], row[1], Outcome(row[2]), row[3], row[4]) for row in rows}
        return {**known, **released_results(connection, self._code, known.values())}

    def _in_order(
        self, connection: Connection, place: Place, incoming: Sequence[Incoming], known: Container[str]
    ) -> _Order:
        """A change taken before has its place in the sequence all the same: a device enrolled anew brings it again.

        A second successor of one change comes from a copied disk: it waits until it comes under a new device.
        """
        unbroken, last_hash = place.stand.unbroken, place.stand.last_hash
        names = {item.id for item in incoming}
        held_ones = self._held(connection, place.sender) if place.stand.holds else []
        waiting = [item for item in held_ones if item.id not in names]
        todo: list[Incoming] = []
        held: list[Incoming] = []
        for item in sorted([*incoming, *waiting], key=lambda item: item.sequence):
            follows = item.sequence == unbroken + 1 and (item.change is None or item.change.previous == last_hash)
            if item.chained and follows:
                unbroken, last_hash = item.sequence, item.hash
            if item.id in known:
                continue
            if not item.chained or follows:
                todo.append(item)
            elif item.sequence <= unbroken:
                held.append(replace(item, reason=FORKED))
            else:
                held.append(item)
        return _Order(todo, [item for item in held if item.id in names], unbroken, last_hash)

    def _held(self, connection: Connection, sender: Sender) -> list[Incoming]:
        columns = tables.held.c
        query = select(columns.change, columns.sealed).where(columns.county == self._code, columns.device == sender.id)
        bodies = [
            self._county.store_key.open_packed(f"held/{change}", sealed)
            for change, sealed in connection.execute(query.order_by(columns.sequence))
        ]
        return [read_one(body, change_hash(body), 0, sender) for body in bodies]

    def _hold(self, connection: Connection, sender: Sender, held: Sequence[Incoming], now_ms: int) -> None:
        rows = [
            {
                "county": self._code, "device": sender.id, "sequence": item.sequence, "change": item.id,
                "sealed": self._county.store_key.seal_packed(f"held/{item.id}", item.body), "received_at": now_ms,
            }
            for item in held
        ]  # fmt: skip
        if rows:
            HELD.check(connection, self._code, sender.id, {row["change"]: row["sealed"] for row in rows})
            connection.execute(insert(tables.held).on_conflict_do_nothing(), rows)

    # Applying --------------------------------------------------------------------------------------------------------

    def _apply(self, at: _At, todo: list[Incoming], locked: LockedCounty, care: Care) -> _Done:
        """All in one round; with all care one by one, each in its own savepoint.

        What only makes new dossiers is written without looking them up: the keys of the tables refuse what is there.
        """
        fresh = care is Care.NEW_DOSSIERS and all(map(makes_dossiers, todo))
        if care is not Care.ONE_BY_ONE:
            return self._run(at, todo, locked, fresh=fresh)
        done = _Done(locked)
        for item in todo:
            try:
                with at.connection.begin_nested():
                    one = self._run(at, [item], done.locked)
            except _STORE_REFUSALS:
                spoiled = replace(item, change=None, reason=MALFORMED)
                with at.connection.begin_nested():
                    one = self._run(at, [spoiled], done.locked)
            done = _Done(one.locked, done.results + one.results)
        return done

    def _run(self, at: _At, todo: list[Incoming], locked: LockedCounty, *, fresh: bool = False) -> _Done:
        sender = at.place.sender
        standing = self._standing(at.connection, at.place, () if fresh else todo)
        made = self._make(standing, sender, todo, locked.position) if fresh else None
        if made is not None:
            return self._write_new(at, todo, locked, made)
        done = Round(standing, locked.position, at.now_ms, sender.acknowledged)
        verdicts = [self._judge(done, sender, item) for item in todo]
        effects = effects_of(done)
        states = write_effects(at.connection, self._county.store_key, self._code, effects)
        results = [
            Result(item.id, item.sequence, verdict.outcome, verdict.reason, _effect(standing, effects, sender, verdict))
            for item, verdict in zip(todo, verdicts, strict=True)
        ]
        moved = self._log(at, todo, results, replace(locked, position=done.position))
        if done.superseded:
            ledger = Ledger(self._code, moved.log_number, moved.log_hash)
            key = self._county.store_key
            ledger = expunge(at.connection, key, self._code, done.superseded, ledger, now_ms=at.now_ms)
            moved = replace(moved, log_number=ledger.number, log_hash=ledger.chain)
        return _Done(moved, results, done.first, head_of_echo(done, effects, sender.unit), states)

    def _make(self, standing: Standing, sender: Sender, todo: list[Incoming], position: int) -> NewDossiers | None:
        """The short way, where all go it."""
        key = self._county.store_key
        author_of = partial(self._author, standing, sender)
        return FreshDossiers(standing, position, author_of, partial(seal_new, key)).take(todo)

    def _write_new(self, at: _At, todo: list[Incoming], locked: LockedCounty, made: NewDossiers) -> _Done:
        states = write_new(at.connection, self._code, made)
        results = [
            Result(item.id, item.sequence, Outcome.ACCEPTED, "", effect)
            for item, effect in zip(todo, made.effects, strict=True)
        ]
        moved = self._log(at, todo, results, replace(locked, position=made.position))
        head = made.position if made.whole else 0
        return _Done(moved, results, made.first, head, states)

    def _log(self, at: _At, todo: list[Incoming], results: list[Result], locked: LockedCounty) -> LockedCounty:
        ledger = Ledger(self._code, locked.log_number, locked.log_hash)
        for item, result in zip(todo, results, strict=True):
            ledger.append(_log_entry(item, result, at.place.sender))
        ledger.write(at.connection, self._county.store_key, at.now_ms)
        return replace(locked, log_number=ledger.number, log_hash=ledger.chain)

    def _release(
        self, connection: Connection, sender: Sender, todo: Sequence[Incoming], locked: LockedCounty, now_ms: int
    ) -> LockedCounty:
        """What the county's own devices released from quarantine is applied in the same transaction."""
        if sender.unit != self._code:
            return locked
        changes = [item.change for item in todo if item.change is not None and not item.reason]
        return release_asked(connection, self._county, changes, locked, now_ms)

    def _standing(self, connection: Connection, place: Place, todo: Iterable[Incoming]) -> Standing:
        operations = [operation for item in todo if item.change for operation in item.change.operations]
        standing = self._county.standing(connection, place.stand.common_digest or b"")
        dossiers = list({operation.dossier for operation in operations})
        keys = {(operation.kind, operation.id) for operation in operations}
        if keys:
            load_standing(connection, self._county.store_key, standing, dossiers, keys)
            load_identity_keys(connection, self._county.store_key, standing, operations)
        return standing

    def _judge(self, done: Round, sender: Sender, item: Incoming) -> Verdict:
        if item.reason or item.change is None:
            return done.quarantine(item.id, sender.id, sender.unit, item.reason, item.change)
        return done.take(item.change, self._author(done.standing, sender, item.change))

    def _author(self, standing: Standing, sender: Sender, change: Change) -> Author:
        return Author(
            unit=UnitCode(sender.unit),
            county=UnitCode(self._code),
            role=change.role,
            roles=sender.roles | _unit_roles(sender.unit == self._code),
            active=standing.units.get(sender.unit, True),
        )

    def _advance(self, at: _At, order: _Order, locked: LockedCounty, read: tuple[int | None, int]) -> None:
        """Move the county and the device's unbroken sequence; what was taken is held no more, whoever brought it.
        ``read``: up to where the device was answered (None: not yet), up to where it says it has read."""
        ask(
            at.connection,
            _MOVE,
            (
                locked.position, locked.log_number, locked.log_hash, self._code, at.now_ms, order.unbroken,
                order.last_hash, *read, self._code, at.place.sender.id,
            ),
        )  # fmt: skip
        if order.todo:
            taken = [item.id for item in order.todo]
            ask(at.connection, "DELETE FROM held WHERE county = %s AND change = ANY(%s)", (self._code, taken))


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


Clock = Callable[[], int]
"""Milliseconds UTC."""
