"""The exchange by wire: one loop in named steps. A kill at any moment is harmless: changes are recognised by id.

Each round reads the standing point anew, so a new epoch or a resend the store decided on takes effect at once.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from sync.client.asking import check_protocol, open_answer, seal_request
from sync.client.link import CountyLink
from sync.client.pace import Pace
from sync.client.port import Applied, StandingPoint, SyncStore
from sync.client.report import ExchangeReport, Progress, Tally
from sync.domain.errors import Damaged, Unreachable
from sync.protocol.messages import Answer

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
    loop = _Loop(store, link, transport, now_ms)
    while not loop.finished:
        if stop():
            return loop.tally.report(store.count_waiting(), stopped=True)
        progress(loop.run_round())
    return loop.tally.report(store.count_waiting())


class _Loop:
    """State of one exchange; nothing of it must survive a kill."""

    def __init__(self, store: SyncStore, link: CountyLink, transport: "Transport", now_ms: Callable[[], int]) -> None:
        self.store = store
        self.link = link
        self.transport = transport
        self.now_ms = now_ms
        self.tally = Tally()
        self.finished = False
        self._pace = Pace()
        self._sent_through = 0
        self._resends = 0
        self._differences = 0
        self._answered = False

    def run_round(self) -> Progress:
        """One request, one answer applied."""
        point = self.store.standing_point()
        batch, more = self._gather(point)
        envelope = seal_request(self.link, point, tuple(body for _, body in batch), self.now_ms(), self._pace.entries)
        if batch:
            self.store.mark_sent(batch[-1][0])
        answer = self._ask(envelope)
        applied = self.store.apply_answer(answer)
        self.tally.add(applied)
        self._note_card(answer)
        self._decide(point.position, more, applied, answer.head)
        return Progress(self.store.count_waiting(), self.tally.received, applied.position, answer.head)

    def _gather(self, point: StandingPoint) -> tuple[list[tuple[int, bytes]], bool]:
        """The next changes in order, and whether more may wait behind them."""
        after = max(self._sent_through, point.first_unacknowledged - 1)
        batch = self.store.waiting_changes(after, self._pace.changes, self._pace.change_bytes)
        if not batch:
            return batch, False
        self._sent_through = batch[-1][0]
        return batch, bool(self.store.waiting_changes(self._sent_through, 1, 1))

    def _ask(self, envelope: bytes) -> Answer:
        """Post, open, and learn the county's clock and the line's speed."""
        before, started = self.now_ms(), time.monotonic()
        answer = open_answer(self.link, self._post(envelope), envelope)
        self.tally.clock_offset = answer.county_time - (before + self.now_ms()) // 2
        self._pace.learn(time.monotonic() - started)
        self._answered = True
        return answer

    def _post(self, envelope: bytes) -> bytes:
        """Send; once more where the line broke soon in an exchange that had gone well so far."""
        started = time.monotonic()
        try:
            return self.transport.post(EXCHANGE_PATH, envelope)
        except Unreachable:
            if not self._answered or time.monotonic() - started > RETRY_BEFORE_SECONDS:
                raise
        time.sleep(RETRY_WAIT_SECONDS)
        return self.transport.post(EXCHANGE_PATH, envelope)

    def _note_card(self, answer: Answer) -> None:
        if answer.key_card and self.link.newer_card(answer.key_card) is not None:
            self.tally.key_card = answer.key_card

    def _decide(self, before: int, more: bool, applied: Applied, head: int) -> None:
        """Finished, another round, or no way on."""
        if applied.resend_from and self._resends < _MOST_RESENDS:
            self._resends += 1
            self._sent_through = applied.resend_from - 1
            return
        self._differences += applied.agreed is False
        given_up = self._differences > _MOST_REPAIRS or (applied.agreed is False and applied.position >= head)
        self.finished = not more and (applied.head_reached or given_up)
        if not (self.finished or more or applied.entries or applied.results) and applied.position == before:
            raise Damaged("exchange.no_progress")
