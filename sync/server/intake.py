"""Take a device's changes into the county: repeats, gaps, order, then one round; one writer at a time."""

from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from msgspec.structs import replace
from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from sync.protocol.limits import MAX_RESULTS
from sync.protocol.messages import Echo, Outcome, Result, change_hash
from sync.server.applying import STORE_REFUSALS, Applying, Care, Done
from sync.server.county import County
from sync.server.feeds import Page, Reader, page_of
from sync.server.incoming import Incoming, once, read_one
from sync.server.numbering import Odd, numbers_in, renumber, suspects
from sync.server.place import Place, Sender, read_place
from sync.server.release import judge_again, release_asked, released_results
from sync.server.storage import tables
from sync.server.storage.arrays import Texts
from sync.server.storage.caps import HELD
from sync.server.storage.driver import ask, looking
from sync.server.storage.loading import LockedCounty, lock_county

GAP = "exchange_refusals.gap"
FORKED = "exchange_refusals.forked_chain"


_MOVE = (
    "WITH moved AS (UPDATE county SET position = %s, log_number = %s, log_hash = %s WHERE code = %s)"
    " UPDATE device SET seen_at = %s, unbroken = %s, last_hash = %s, read_to = coalesce(%s, read_to),"
    " acknowledged = greatest(acknowledged, %s), serials = coalesce(%s, serials)"
    " WHERE county = %s AND id = %s"
)
# One look by the index for each id: asked for all at once, a young county's whole log is read instead.
_KNOWN = (
    "SELECT l.* FROM unnest(%s::text[]) AS k (change) CROSS JOIN LATERAL (SELECT change, sequence, outcome, reason,"
    " position FROM change_log WHERE county = %s AND change = k.change OFFSET 0) l"
)


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


class Intake:
    """Writes changes of devices."""

    def __init__(self, county: County) -> None:
        self._county = county
        self._code = county.code

    def take(self, reader: Reader, incoming: Sequence[Incoming], now_ms: int) -> Taken:
        """Committed when this returns; results in the order of sequence.

        Taken whole; where the store refuses that, anew and with more care each time. So what goes on from the device's
        sequence is not looked up first: the log has each change once, and refuses what another device brought.
        """
        for care in (Care.SHORT_WAYS, Care.TOGETHER):
            try:
                return self._take(reader, incoming, now_ms, care)
            except STORE_REFUSALS:
                continue
        return self._take(reader, incoming, now_ms, Care.ONE_BY_ONE)

    def _take(self, reader: Reader, incoming: Sequence[Incoming], now_ms: int, care: Care) -> Taken:
        with self._county.engine.begin() as connection:
            locked = lock_county(connection, self._code)
            place = read_place(connection, self._county, reader.device)
            results = {} if care is Care.SHORT_WAYS and _go_on(incoming, place) else self._known(connection, incoming)
            order = self._in_order(connection, place, once(incoming), results)
            self._hold(connection, place.sender, order.held, now_ms)
            for item in order.held:
                results[item.id] = Result(item.id, item.sequence, Outcome.HELD, item.reason or GAP, 0)
            done, odd = Done(locked), Odd(place.sender.unit)
            if order.todo:
                done = Applying(self._county, connection, place, now_ms).apply(order.todo, locked, care)
                results.update((result.change, result) for result in done.results)
                named = numbers_in(order.todo) if done.named is None else done.named
                odd = suspects(connection, self._county, place, named)
                released = renumber(connection, self._county, odd, done.locked, now_ms)
                if place.stand.waits:
                    changes = (item.change for item in order.todo)
                    released = judge_again(connection, self._county, changes, released, now_ms)
                released = self._release(connection, place.sender, order.todo, released, now_ms)
                done = done if released is done.locked else Done(released, done.results)
            echoed = self._echoed(reader, place, incoming, order, done)
            read_to = echoed.page.to_position if echoed and echoed.page else None
            reached = now_ms, read_to, reader.acknowledged, odd.serials
            self._advance(connection, place.sender, order, done.locked, reached, holds=place.stand.county_holds)
        return echoed or Taken(sorted(results.values(), key=lambda result: result.sequence))

    def _echoed(
        self, reader: Reader, place: Place, incoming: Sequence[Incoming], order: _Order, done: Done
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
        with looking(self._county.engine) as connection:
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
        done = Applying(self._county, connection, place, now_ms).apply(todo, locked, Care.ONE_BY_ONE)
        mine = (tables.held.c.county == self._code) & (tables.held.c.device == place.sender.id)
        connection.execute(tables.held.delete().where(mine))
        return Judged(todo, done.results, done.locked)

    # Order -----------------------------------------------------------------------------------------------------------

    def _known(self, connection: Connection, incoming: Sequence[Incoming]) -> dict[str, Result]:
        """Results of changes that were taken before, whoever brings them again."""
        rows = ask(connection, _KNOWN, (Texts(item.id for item in incoming), self._code))
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

    # Applied ----------------------------------------------------------------------------------------------------------

    def _release(
        self, connection: Connection, sender: Sender, todo: Sequence[Incoming], locked: LockedCounty, now_ms: int
    ) -> LockedCounty:
        """What the county's own devices released from quarantine is applied in the same transaction."""
        if sender.unit != self._code:
            return locked
        changes = [item.change for item in todo if item.change is not None and not item.reason]
        return release_asked(connection, self._county, changes, locked, now_ms)

    def _advance(
        self,
        connection: Connection,
        sender: Sender,
        order: _Order,
        locked: LockedCounty,
        read: tuple[int, int | None, int, str | None],
        *,
        holds: bool,
    ) -> None:
        """Move the county and the device's unbroken sequence; what was taken is held no more, whoever brought it.
        ``read``: now, up to where the device was answered (None: not yet), up to where it says it has read, which of
        its numbers it has given (None: no more). ``holds``: whether anything of the county is held."""
        now_ms, *reached = read
        ask(
            connection,
            _MOVE,
            (
                locked.position, locked.log_number, locked.log_hash, self._code, now_ms, order.unbroken,
                order.last_hash, *reached, self._code, sender.id,
            ),
        )  # fmt: skip
        if order.todo and holds:
            taken = Texts(item.id for item in order.todo)
            ask(connection, "DELETE FROM held WHERE county = %s AND change = ANY(%s)", (self._code, taken))


def _go_on(incoming: Sequence[Incoming], place: Place) -> bool:
    """Whether changes come behind all that the device sent before."""
    return all(item.sequence > place.stand.unbroken for item in incoming)


Clock = Callable[[], int]
"""Milliseconds UTC."""
