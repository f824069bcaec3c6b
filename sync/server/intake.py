"""Take a device's changes into the county: repeats, gaps, order, then one round; one writer at a time."""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace

from psycopg import DataError as DriverDataError
from psycopg import IntegrityError as DriverIntegrityError
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError, IntegrityError

from sync.domain.authority import Author
from sync.domain.errors import Damaged
from sync.domain.ids import UnitCode, is_id
from sync.domain.vocabularies import VOCABULARIES
from sync.protocol.codec import decode_bounded_change
from sync.protocol.limits import MAX_RESULTS
from sync.protocol.messages import Change, Outcome, Result, change_hash
from sync.server.county import County
from sync.server.effects import Effects, effects_of
from sync.server.release import release_asked, released_results
from sync.server.round import Round, Verdict
from sync.server.soundness import MALFORMED
from sync.server.standing import Standing
from sync.server.storage import tables
from sync.server.storage.expunging import expunge
from sync.server.storage.ledger import Ledger, LogEntry
from sync.server.storage.loading import LockedCounty, any_of, load_identity_keys, load_standing, lock_county
from sync.server.storage.writing import write_county, write_effects

GAP = "exchange_refusals.gap"
FORKED = "exchange_refusals.forked_chain"
FOREIGN_DEVICE = "exchange_refusals.foreign_device"
FORGED_UNIT = "exchange_refusals.forged_unit"


_STORE_REFUSALS = (DataError, IntegrityError, DriverDataError, DriverIntegrityError)


@dataclass(frozen=True, slots=True)
class Sender:
    """The device a request came from, as the county knows it."""

    id: str
    unit: str
    roles: frozenset[str]
    signing_key: bytes
    exchange_key: bytes
    revoked: bool
    waiting: bool
    unbroken: int = 0
    """Highest sequence without a gap before it, as known when the request came."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One change as it came. ``change`` is None where it cannot be read; ``reason`` sends it to quarantine."""

    body: bytes
    id: str
    sequence: int
    hash: bytes
    change: Change | None
    reason: str = ""
    chained: bool = True
    """Takes its place in the device's sequence; a stray one does not."""


def read_incoming(bodies: Sequence[bytes], first: int, sender: Sender) -> list[Incoming]:
    """Decode and look at each change, without locks."""
    incoming: list[Incoming] = []
    expected = first
    for body in bodies:
        item = _read(body, expected, sender)
        incoming.append(item)
        expected = item.sequence + 1
    return incoming


def _read(body: bytes, expected: int, sender: Sender) -> Incoming:
    digest = change_hash(body)
    try:
        change = decode_bounded_change(body)
    except Damaged:
        return Incoming(body, digest.hex()[:32], expected, digest, None, MALFORMED)
    if change.device != sender.id:
        return Incoming(body, change.id, change.sequence, digest, change, FOREIGN_DEVICE, chained=False)
    reason = FORGED_UNIT if change.unit != sender.unit else ""
    return Incoming(body, change.id, change.sequence, digest, change, reason)


@dataclass(frozen=True, slots=True)
class _Order:
    """What can be applied now, held changes included, what waits for a gap to close, and how far the sequence goes."""

    todo: list[Incoming]
    held: list[Incoming]
    unbroken: int
    last_hash: bytes


class Intake:
    """Writes changes of devices."""

    def __init__(self, county: County) -> None:
        self._county = county
        self._code = county.code

    def take(self, sender: Sender, incoming: Sequence[Incoming], now_ms: int) -> list[Result]:
        """Results in the order of sequence; committed when this returns."""
        with self._county.engine.begin() as connection:
            locked = lock_county(connection, self._code)
            results = self._known(connection, incoming)
            order = self._in_order(connection, sender, _once(incoming), results)
            self._hold(connection, sender, order.held, now_ms)
            for item in order.held:
                results[item.id] = Result(item.id, item.sequence, Outcome.HELD, item.reason or GAP, 0)
            if order.todo:
                taken, locked = self._apply(connection, sender, order.todo, locked, now_ms)
                results.update((result.change, result) for result in taken)
                locked = self._release(connection, sender, order.todo, locked, now_ms)
                write_county(connection, self._code, locked)
            self._advance(connection, sender, order, now_ms)
        return sorted(results.values(), key=lambda result: result.sequence)

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

    # Order -----------------------------------------------------------------------------------------------------------

    def _known(self, connection: Connection, incoming: Sequence[Incoming]) -> dict[str, Result]:
        """Results of changes that were taken before, whoever brings them again."""
        log = tables.change_log.c
        query = select(log.change, log.sequence, log.outcome, log.reason, log.position).where(
            log.county == self._code, log.change == any_of([item.id for item in incoming])
        )
        rows = connection.execute(query)
        known = {row[0]: Result(row[0], row[1], Outcome(row[2]), row[3], row[4]) for row in rows}
        return {**known, **released_results(connection, self._code, known.values())}

    def _in_order(
        self, connection: Connection, sender: Sender, incoming: Sequence[Incoming], known: Container[str]
    ) -> _Order:
        """A change taken before has its place in the sequence all the same: a device enrolled anew brings it again.

        A second successor of one change comes from a copied disk: it waits until it comes under a new device.
        """
        device = tables.device.c
        query = select(device.unbroken, device.last_hash).where(device.county == self._code, device.id == sender.id)
        unbroken, last_hash = connection.execute(query).one()
        names = {item.id for item in incoming}
        waiting = [item for item in self._held(connection, sender) if item.id not in names]
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
        return [_read(body, 0, sender) for body in bodies]

    def _hold(self, connection: Connection, sender: Sender, held: Sequence[Incoming], now_ms: int) -> None:
        rows = [
            {
                "county": self._code, "device": sender.id, "sequence": item.sequence, "change": item.id,
                "sealed": self._county.store_key.seal_packed(f"held/{item.id}", item.body), "received_at": now_ms,
            }
            for item in held
        ]  # fmt: skip
        if rows:
            connection.execute(insert(tables.held).on_conflict_do_nothing(), rows)

    # Applying --------------------------------------------------------------------------------------------------------

    def _apply(
        self, connection: Connection, sender: Sender, todo: list[Incoming], locked: LockedCounty, now_ms: int
    ) -> tuple[list[Result], LockedCounty]:
        """All in one round; where the store refuses that, one by one, each in its own savepoint.

        What only makes new dossiers is written without looking them up: the keys of the tables refuse what is there.
        """
        for fresh in (True, False) if all(map(_makes_dossiers, todo)) else (False,):
            try:
                with connection.begin_nested():
                    return self._run(connection, sender, todo, locked, now_ms, fresh=fresh)
            except _STORE_REFUSALS:
                continue
        results: list[Result] = []
        for item in todo:
            try:
                with connection.begin_nested():
                    done, locked = self._run(connection, sender, [item], locked, now_ms)
            except _STORE_REFUSALS:
                spoiled = replace(item, change=None, reason=MALFORMED)
                with connection.begin_nested():
                    done, locked = self._run(connection, sender, [spoiled], locked, now_ms)
            results += done
        return results, locked

    def _run(
        self,
        connection: Connection,
        sender: Sender,
        todo: list[Incoming],
        locked: LockedCounty,
        now_ms: int,
        *,
        fresh: bool = False,
    ) -> tuple[list[Result], LockedCounty]:
        standing = self._standing(connection, () if fresh else todo)
        done = Round(standing, locked.position, now_ms)
        verdicts = [self._judge(done, sender, item) for item in todo]
        effects = effects_of(done)
        write_effects(connection, self._county.store_key, self._code, effects)
        results = [
            Result(item.id, item.sequence, verdict.outcome, verdict.reason, _effect(standing, effects, sender, verdict))
            for item, verdict in zip(todo, verdicts, strict=True)
        ]
        ledger = Ledger(self._code, locked.log_number, locked.log_hash)
        for item, result in zip(todo, results, strict=True):
            ledger.append(_log_entry(item, result, sender))
        ledger.write(connection, self._county.store_key, now_ms)
        if done.superseded:
            ledger = expunge(connection, self._county.store_key, self._code, done.superseded, ledger, now_ms=now_ms)
        return results, replace(locked, position=done.position, log_number=ledger.number, log_hash=ledger.chain)

    def _release(
        self, connection: Connection, sender: Sender, todo: Sequence[Incoming], locked: LockedCounty, now_ms: int
    ) -> LockedCounty:
        """What the county's own devices released from quarantine is applied in the same transaction."""
        if sender.unit != self._code:
            return locked
        changes = [item.change for item in todo if item.change is not None and not item.reason]
        return release_asked(connection, self._county, changes, locked, now_ms)

    def _standing(self, connection: Connection, todo: Iterable[Incoming]) -> Standing:
        operations = [operation for item in todo if item.change for operation in item.change.operations]
        standing = self._county.standing(connection)
        dossiers = list({operation.dossier for operation in operations})
        keys = {(operation.kind, operation.id) for operation in operations}
        if keys:
            load_standing(connection, self._county.store_key, standing, dossiers, keys)
            load_identity_keys(connection, self._county.store_key, standing, operations)
        return standing

    def _judge(self, done: Round, sender: Sender, item: Incoming) -> Verdict:
        if item.reason or item.change is None:
            return done.quarantine(item.id, sender.id, sender.unit, item.reason, item.change)
        author = Author(
            unit=UnitCode(sender.unit),
            county=UnitCode(self._code),
            role=item.change.role,
            roles=sender.roles | _unit_roles(sender.unit == self._code),
            active=done.standing.units.get(sender.unit, True),
        )
        return done.take(item.change, author)

    def _advance(self, connection: Connection, sender: Sender, order: _Order, now_ms: int) -> None:
        """Move the device's unbroken sequence; what was taken is held no more, whoever had brought it."""
        device, held = tables.device.c, tables.held.c
        values = {"seen_at": now_ms, "unbroken": order.unbroken, "last_hash": order.last_hash}
        mine = update(tables.device).where(device.county == self._code, device.id == sender.id)
        connection.execute(mine.values(values))
        if order.todo:
            taken = held.change == any_of([item.id for item in order.todo])
            connection.execute(delete(tables.held).where(held.county == self._code, taken))


def _makes_dossiers(item: Incoming) -> bool:
    """Whether a change creates everything it names, heads of dossiers included."""
    if item.change is None:
        return True
    operations = item.change.operations
    heads = {operation.id for operation in operations if operation.id == operation.dossier}
    return all(operation.creates and operation.dossier in heads for operation in operations)


def _once(items: Sequence[Incoming]) -> list[Incoming]:
    """The first of each id: a request that names a change twice means it once."""
    return list({item.id: item for item in reversed(items)}.values())[::-1]


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
