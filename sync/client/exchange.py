"""The exchange by wire: one loop in named steps. A kill at any moment is harmless: changes are recognised by id.

While an answer is applied the next request is under way already, where it is certain that one follows; the county works
meanwhile, and on a good line the request after it is sealed. A device that only reads asks for the page behind the next
one as soon as that is opened. Otherwise each round reads the standing point anew, so a
new epoch or a resend the store decided on takes effect at once. After a lost request the county is first asked what it
has of it: a change goes again only where the county says that it did not come.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.client.asking import RESULTS_ONLY, check_protocol, open_answer, seal_request
from sync.client.link import CountyLink
from sync.client.pace import Pace
from sync.client.port import Applied, StandingPoint, SyncStore
from sync.client.report import ExchangeReport, Progress, Tally
from sync.client.wire import Heard, LineClock, Wire
from sync.domain.errors import Damaged, Unreachable
from sync.protocol.messages import Answer, Outcome, count_operations

if TYPE_CHECKING:
    from sync.client.transport import Transport

_MOST_RESENDS = 3
_MOST_WAITING = 1
"""Answers that are read while one before them is applied."""
_MOST_REPAIRS = 3
"""The store answers a difference of digests by reading its feed anew; so often at most in one exchange."""


def run_exchange(
    store: SyncStore,
    link: CountyLink,
    transport: "Transport",
    *,
    now_ms: Callable[[], int],
    progress: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
    clock: LineClock = LineClock(),  # noqa: B008 - frozen
) -> ExchangeReport:
    """Send what waits and take what is new, until nothing waits and the head is reached, or ``stop`` says so.

    Raises Unreachable (nothing lost, try again), Damaged (the answer is not to be believed), Refused (the county's
    word). What earlier answers brought stays applied.
    """
    check_protocol(link)
    with _Loop(store, link, Wire(transport, now_ms, clock)) as loop:
        while not loop.finished:
            if stop():
                return loop.tally.report(store.count_waiting(), stopped=True)
            progress(loop.run_round())
        return loop.tally.report(store.count_waiting())


@dataclass(frozen=True, slots=True)
class _Batch:
    """The next changes in order, and whether more may wait behind them."""

    changes: tuple[tuple[int, bytes], ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Flight:
    """A request and where the device stood, or will stand, when it is answered."""

    point: StandingPoint
    batch: _Batch
    envelope: bytes
    told: "Future[_Told] | None" = None
    asks_only: bool = False
    """Nothing is sent: what has come of the changes sent before?"""


@dataclass(frozen=True, slots=True)
class _Ahead:
    """A request that was sealed while the one before it is under way, for where the device will probably stand."""

    point: StandingPoint
    batch: _Batch
    entries: int
    envelope: bytes


@dataclass(frozen=True, slots=True)
class _Told:
    """What came back, the answer opened, and the request that follows where it is under way already."""

    heard: Heard
    answer: Answer
    following: "_Flight | None" = None


class _Loop:
    """State of one exchange; nothing of it must survive a kill."""

    def __init__(self, store: SyncStore, link: CountyLink, wire: Wire) -> None:
        self.store = store
        self.link = link
        self.tally = Tally()
        self.finished = False
        self._wire = wire
        self._pace = Pace()
        self._flight: _Flight | None = None
        self._upcoming: _Batch | None = None
        self._ahead: _Ahead | None = None
        self._sent_through = 0
        self._resends = 0
        self._differences = 0
        self._head = 0
        self._opened = 0
        """Answers so far; with those that landed it tells how many wait."""
        self._landed = 0

    def __enter__(self) -> "_Loop":
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.close()

    def run_round(self) -> Progress:
        """One request, one answer applied; or the request is lost, and what comes next is prepared."""
        flight = self._flight or self._prepare(self.store.standing_point())
        try:
            told = self._land(flight)
        except Unreachable as loss:
            self._bear(flight, loss)
            return Progress(self.store.count_waiting(), self.tally.received, flight.point.position, self._head)
        answer = told.answer
        self._flight, self._head = told.following or self._look_ahead(flight, answer), answer.head
        applied = self.store.apply_answer(answer)
        self.tally.add(applied)
        self._note_card(answer)
        self._decide(flight, applied, answer.head)
        if self._flight is not None:
            if self._upcoming is None or not self._upcoming.changes:
                self._upcoming = self._gather(self._flight.point)
            self._ahead = self._seal_ahead(self._flight, self._upcoming)
        return Progress(self.store.count_waiting(), self.tally.received, applied.position, answer.head)

    def _prepare(self, point: StandingPoint) -> _Flight:
        """Seal the next request."""
        batch = self._upcoming or self._gather(point)
        self._upcoming = None
        if batch.changes:
            point = replace(point, first_unacknowledged=batch.changes[0][0])
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead.batch is batch and (ahead.point, ahead.entries) == (point, self._pace.entries):
            return _Flight(point, batch, ahead.envelope)
        return _Flight(point, batch, self._seal(point, batch))

    def _seal(self, point: StandingPoint, batch: _Batch) -> bytes:
        bodies = tuple(body for _, body in batch.changes)
        pace = self._pace
        return seal_request(
            self.link, point, bodies, self._wire.now_ms(), pace.entries, quick=pace.is_wide and bool(bodies)
        )

    def _seal_ahead(self, flight: _Flight, batch: _Batch) -> _Ahead | None:
        """The request behind one under way, as it will be if nobody else's changes come between: sealed while the
        county works. None where a line is slow, or nothing waits."""
        if not (self._pace.is_wide and flight.batch.changes and batch.changes):
            return None
        position = flight.point.position + sum(count_operations(body) for _, body in flight.batch.changes)
        point = replace(flight.point, position=position, first_unacknowledged=batch.changes[0][0])
        return _Ahead(point, batch, self._pace.entries, self._seal(point, batch))

    def _gather(self, point: StandingPoint) -> _Batch:
        """Choose what goes next."""
        after = max(self._sent_through, point.first_unacknowledged - 1)
        changes = tuple(self.store.waiting_changes(after, self._pace.changes, self._pace.change_bytes))
        if not changes:
            return _Batch()
        self._sent_through = changes[-1][0]
        return _Batch(changes, bool(self.store.waiting_changes(self._sent_through, 1, 1)))

    def _land(self, flight: _Flight) -> _Told:
        """The answer, opened; learns the county's clock and the line's speed."""
        told = flight.told.result() if flight.told is not None else self._ask(flight)
        heard, answer = told.heard, told.answer
        self._landed += 1
        self.tally.clock_offset = answer.county_time - heard.moment
        self._pace.learn(heard.seconds, sum(len(body) for _, body in flight.batch.changes), len(answer.entries))
        return told

    def _ask(self, flight: _Flight, *, aside: bool = False) -> _Told:
        """Post, and open and read what is heard; touches nothing the main thread changes. ``aside``: another thread."""
        heard = self._wire.ask(flight.envelope)
        answer = open_answer(self.link, heard.answer, flight.envelope)
        self._opened += 1
        following = self._follow(flight, answer) if aside else None
        self.store.read_ahead(answer)
        return _Told(heard, answer, following)

    def _follow(self, flight: _Flight, answer: Answer) -> _Flight | None:
        """The request for the page behind an answer that did not land yet, under way. None where changes go along, or
        another answer waits before this one."""
        if flight.batch.changes or self._opened - self._landed > _MOST_WAITING or not _leads_on(flight, answer):
            return None
        point = replace(flight.point, position=answer.to_position)
        return self._take_off(_Flight(point, _Batch(), self._seal(point, _Batch())))

    def _take_off(self, flight: _Flight) -> _Flight:
        """The flight, under way."""
        return replace(flight, told=self._wire.meanwhile(lambda: self._ask(flight, aside=True)))

    def _bear(self, flight: _Flight, loss: Unreachable) -> None:
        """Go on after a lost request, from the first change it carried. Raises the loss to give up."""
        self._pace.lose(self._wire.bear(loss))
        self._flight, self._upcoming, self._ahead = None, None, None
        if not flight.batch.changes and not flight.asks_only:
            return
        if flight.batch.changes:
            self._sent_through = flight.batch.changes[0][0] - 1
        envelope = seal_request(self.link, flight.point, (), self._wire.now_ms(), RESULTS_ONLY)
        self._flight = _Flight(flight.point, _Batch(), envelope, asks_only=True)

    def _look_ahead(self, flight: _Flight, answer: Answer) -> _Flight | None:
        """The request that will follow, under way; None where it depends on what the store makes of this answer."""
        if not _leads_on(flight, answer):
            return None
        first = max(flight.point.first_unacknowledged, self._sent_through + 1)
        point = replace(flight.point, position=answer.to_position, first_unacknowledged=first)
        return self._take_off(self._prepare(point))

    def _note_card(self, answer: Answer) -> None:
        if answer.key_card and self.link.newer_card(answer.key_card) is not None:
            self.tally.key_card = answer.key_card

    def _decide(self, flight: _Flight, applied: Applied, head: int) -> None:
        """Finished, another round, or no way on."""
        if applied.resend_from and self._resends < _MOST_RESENDS:
            self._resends += 1
            self._sent_through = applied.resend_from - 1
            self.tally.results.pop(Outcome.HELD, None)  # what was held goes again behind what the county lost
            return
        if flight.asks_only:
            return
        self._differences += applied.agreed is False
        given_up = self._differences > _MOST_REPAIRS or (applied.agreed is False and applied.position >= head)
        more = flight.batch.more or self._flight is not None
        self.finished = not more and (applied.head_reached or given_up)
        if (
            not (self.finished or more or applied.entries or applied.results)
            and applied.position == flight.point.position
        ):
            raise Damaged("exchange.no_progress")


def _leads_on(flight: _Flight, answer: Answer) -> bool:
    """Whether it is certain, before an answer is applied, that another request follows, and from where."""
    more = flight.batch.more or answer.to_position < answer.head
    follows = answer.from_position <= flight.point.position < answer.to_position
    return more and follows and answer.epoch == flight.point.epoch and not flight.asks_only
