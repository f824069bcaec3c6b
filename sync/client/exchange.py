"""The exchange by wire: one loop in named steps. A kill at any moment is harmless: changes are recognised by id.

While an answer is applied the next request is under way already, where it is certain that one follows; the county works
meanwhile. Otherwise each round reads the standing point anew, so a new epoch or a resend the store decided on takes
effect at once.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.client.asking import check_protocol, open_answer, seal_request
from sync.client.link import CountyLink
from sync.client.pace import Pace
from sync.client.port import Applied, StandingPoint, SyncStore
from sync.client.report import ExchangeReport, Progress, Tally
from sync.domain.errors import Damaged, Unreachable
from sync.protocol.messages import Answer, Outcome

if TYPE_CHECKING:
    from sync.client.transport import Transport

EXCHANGE_PATH = "/v1/exchange"
RETRY_WAIT_SECONDS = 0.5
RETRY_BEFORE_SECONDS = 5.0
"""A request is sent again only if it failed so soon: then even the retry ends within a minute."""
_MOST_RESENDS = 3
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
) -> ExchangeReport:
    """Send what waits and take what is new, until nothing waits and the head is reached, or ``stop`` says so.

    Raises Unreachable (nothing lost, try again), Damaged (the answer is not to be believed), Refused (the county's
    word). What earlier answers brought stays applied.
    """
    check_protocol(link)
    with _Loop(store, link, _Wire(transport, now_ms)) as loop:
        while not loop.finished:
            if stop():
                return loop.tally.report(store.count_waiting(), stopped=True)
            progress(loop.run_round())
        return loop.tally.report(store.count_waiting())


@dataclass(frozen=True, slots=True)
class _Heard:
    """What came back for a request, how long it took, and the own clock at half the time."""

    answer: bytes
    seconds: float
    moment: int


class _Wire:
    """Posts requests, in the background where the caller has other work."""

    def __init__(self, transport: "Transport", now_ms: Callable[[], int]) -> None:
        self._transport = transport
        self.now_ms = now_ms
        self.answered = False
        self._thread: ThreadPoolExecutor | None = None

    def ask(self, envelope: bytes) -> _Heard:
        """Post and wait."""
        before, started = self.now_ms(), time.monotonic()
        answer = self._post(envelope)
        self.answered = True
        return _Heard(answer, time.monotonic() - started, (before + self.now_ms()) // 2)

    def ask_meanwhile(self, envelope: bytes) -> "Future[_Heard]":
        """Post in the background."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="exchange")
        return self._thread.submit(self.ask, envelope)

    def close(self) -> None:
        """Wait for what is under way."""
        if self._thread is not None:
            self._thread.shutdown()

    def _post(self, envelope: bytes) -> bytes:
        """Send; once more where the line broke soon in an exchange that had gone well so far."""
        started = time.monotonic()
        try:
            return self._transport.post(EXCHANGE_PATH, envelope)
        except Unreachable:
            if not self.answered or time.monotonic() - started > RETRY_BEFORE_SECONDS:
                raise
        time.sleep(RETRY_WAIT_SECONDS)
        return self._transport.post(EXCHANGE_PATH, envelope)


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
    heard: "Future[_Heard] | None" = None


class _Loop:
    """State of one exchange; nothing of it must survive a kill."""

    def __init__(self, store: SyncStore, link: CountyLink, wire: _Wire) -> None:
        self.store = store
        self.link = link
        self.tally = Tally()
        self.finished = False
        self._wire = wire
        self._pace = Pace()
        self._flight: _Flight | None = None
        self._upcoming: _Batch | None = None
        self._sent_through = 0
        self._resends = 0
        self._differences = 0

    def __enter__(self) -> "_Loop":
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.close()

    def run_round(self) -> Progress:
        """One request, one answer applied."""
        flight = self._flight or self._prepare(self.store.standing_point())
        answer = self._land(flight)
        self._flight = self._look_ahead(flight, answer)
        applied = self.store.apply_answer(answer)
        self.tally.add(applied)
        self._note_card(answer)
        self._decide(flight, applied, answer.head)
        if self._flight is not None:
            self._upcoming = self._gather(self._flight.point)
        return Progress(self.store.count_waiting(), self.tally.received, applied.position, answer.head)

    def _prepare(self, point: StandingPoint) -> _Flight:
        """Seal the next request."""
        batch = self._upcoming or self._gather(point)
        self._upcoming = None
        if batch.changes:
            point = replace(point, first_unacknowledged=batch.changes[0][0])
        bodies = tuple(body for _, body in batch.changes)
        envelope = seal_request(self.link, point, bodies, self._wire.now_ms(), self._pace.entries)
        return _Flight(point, batch, envelope)

    def _gather(self, point: StandingPoint) -> _Batch:
        """Choose what goes next, and remember that it leaves."""
        after = max(self._sent_through, point.first_unacknowledged - 1)
        changes = tuple(self.store.waiting_changes(after, self._pace.changes, self._pace.change_bytes))
        if not changes:
            return _Batch()
        self._sent_through = changes[-1][0]
        self.store.mark_sent(self._sent_through)
        return _Batch(changes, bool(self.store.waiting_changes(self._sent_through, 1, 1)))

    def _land(self, flight: _Flight) -> Answer:
        """The answer, opened; learns the county's clock and the line's speed."""
        heard = flight.heard.result() if flight.heard is not None else self._wire.ask(flight.envelope)
        answer = open_answer(self.link, heard.answer, flight.envelope)
        self.tally.clock_offset = answer.county_time - heard.moment
        self._pace.learn(heard.seconds)
        return answer

    def _look_ahead(self, flight: _Flight, answer: Answer) -> _Flight | None:
        """The request that will follow, under way; None where it depends on what the store makes of this answer."""
        point = flight.point
        more = flight.batch.more or answer.to_position < answer.head
        follows = answer.from_position <= point.position < answer.to_position
        if not more or not follows or answer.epoch != point.epoch:
            return None
        first = max(point.first_unacknowledged, self._sent_through + 1)
        coming = self._prepare(replace(point, position=answer.to_position, first_unacknowledged=first))
        return replace(coming, heard=self._wire.ask_meanwhile(coming.envelope))

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
        self._differences += applied.agreed is False
        given_up = self._differences > _MOST_REPAIRS or (applied.agreed is False and applied.position >= head)
        more = flight.batch.more or self._flight is not None
        self.finished = not more and (applied.head_reached or given_up)
        if (
            not (self.finished or more or applied.entries or applied.results)
            and applied.position == flight.point.position
        ):
            raise Damaged("exchange.no_progress")
