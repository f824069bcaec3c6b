"""Requests on a line that may be slow and may break: sent in the background, counted, given up when nobody is there."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sync.domain.errors import Unreachable

if TYPE_CHECKING:
    from sync.client.transport import Transport

Outcome = TypeVar("Outcome")
EXCHANGE_PATH = "/v1/exchange"
RETRY_WAIT_SECONDS = 0.5
"""Before the first new try; each further one in a row waits twice as long."""
LONGEST_WAIT_SECONDS = 4.0
RETRY_WITHIN_SECONDS = 8.0
"""So long after the last sign of the county a request is tried again; a county that is gone is given up soon."""
MOST_LOSSES = 8
"""In a row; the line is then no line."""
CUT = "exchange.broken"
"""The line broke while somebody was there, so that a new try is worth it."""


@dataclass(frozen=True, slots=True)
class LineClock:
    """What tells how long a request took, and waits before the next."""

    now: Callable[[], float] = time.monotonic
    wait: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back for a request, how long it took, and the own clock at half the time."""

    answer: bytes
    seconds: float
    moment: int


class Wire:
    """Posts requests, in the background where the caller has other work."""

    def __init__(self, transport: "Transport", now_ms: Callable[[], int], clock: LineClock) -> None:
        self.now_ms = now_ms
        self._transport = transport
        self._clock = clock
        self._thread: ThreadPoolExecutor | None = None
        self._started = clock.now()
        self._sign_at: float | None = None
        """When the county last answered, or a line to it broke."""
        self._losses = 0

    def ask(self, envelope: bytes) -> Heard:
        """Post and wait."""
        before, self._started = self.now_ms(), self._clock.now()
        answer = self._transport.post(EXCHANGE_PATH, envelope)
        self._sign_at = self._clock.now()
        self._losses = 0
        return Heard(answer, self._sign_at - self._started, (before + self.now_ms()) // 2)

    def meanwhile(self, work: Callable[[], Outcome]) -> "Future[Outcome]":
        """Ask, and read what is heard, in the background."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(2, thread_name_prefix="exchange")
        return self._thread.submit(work)

    def bear(self, loss: Unreachable) -> float:
        """A request was lost: wait before the next; how many seconds the lost one took. Raises the loss to give up."""
        now = self._clock.now()
        if loss.code == CUT:
            self._sign_at = now
        self._losses += 1
        if self._sign_at is None or now - self._sign_at > RETRY_WITHIN_SECONDS or self._losses >= MOST_LOSSES:
            raise loss
        self._clock.wait(min(RETRY_WAIT_SECONDS * 2 ** (self._losses - 1), LONGEST_WAIT_SECONDS))
        return now - self._started

    def close(self) -> None:
        """Wait for what is under way."""
        if self._thread is not None:
            self._thread.shutdown()
