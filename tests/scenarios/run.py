"""Many schedules on one PostgreSQL, until the time is over."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from tests.scenarios.county_end import open_county_end
from tests.scenarios.mutants import MUTANTS
from tests.scenarios.places import folder_in_memory
from tests.scenarios.schedule import Outcome, run_schedule, seeded_ids


@dataclass(frozen=True)
class Order:
    """What was asked. ``schedules``: exactly so many; 0 = as many as fit the minutes."""

    minutes: float
    seed: int
    schedules: int = 0
    mutant: str = ""
    keep_going: bool = False
    stride: int = 1
    """Seeds go up by so much: each of several workers has its own."""


@dataclass
class Tally:
    """The sums."""

    schedules: int = 0
    operations: int = 0
    faults: int = 0
    failed: int = 0
    seconds: float = 0.0

    def add(self, outcome: Outcome) -> None:
        """One more schedule."""
        self.schedules += 1
        self.operations += outcome.operations
        self.faults += outcome.faults
        self.failed += bool(outcome.trouble)

    def join(self, other: "Tally") -> None:
        """What another process did meanwhile."""
        self.schedules += other.schedules
        self.operations += other.operations
        self.faults += other.faults
        self.failed += other.failed
        self.seconds = max(self.seconds, other.seconds)

    def as_json(self) -> dict[str, Any]:
        """The last line."""
        return {
            "schedules": self.schedules, "operations": self.operations, "faults": self.faults, "failed": self.failed,
            "seconds": round(self.seconds, 1),
        }  # fmt: skip


def run(order: Order) -> Tally:
    """Schedules of seeds from ``order.seed`` on; failed ones are printed. A mutant's run ends at its first catch."""
    tally = Tally()
    with ExitStack() as stack:
        halt = stack.enter_context(stopped_by_signals())
        folder = stack.enter_context(folder_in_memory())
        with seeded_ids(0):
            county = stack.enter_context(open_county_end(folder))
        if order.mutant:
            stack.enter_context(MUTANTS[order.mutant]())
        started = time.monotonic()
        while not halt.is_set() and _goes_on(order, tally, started):
            outcome = run_schedule(county, folder / "world", order.seed + tally.schedules * order.stride)
            tally.add(outcome)
            tally.seconds = time.monotonic() - started
            if outcome.trouble:
                _show(outcome)
    return tally


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """Set by SIGTERM or SIGINT: the schedule under way ends as usual, then PostgreSQL stops and the folder goes."""
    halt = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield halt
        return
    names = (signal.SIGTERM, signal.SIGINT)
    former = [signal.signal(name, lambda *_: halt.set()) for name in names]
    try:
        yield halt
    finally:
        for name, handler in zip(names, former, strict=True):
            signal.signal(name, handler)


def _goes_on(order: Order, tally: Tally, started: float) -> bool:
    if order.mutant and tally.failed and not order.keep_going:
        return False
    if order.schedules:
        return tally.schedules < order.schedules
    return time.monotonic() - started < order.minutes * 60


def _show(outcome: Outcome) -> None:
    told = (f"  {number:3} {line}" for number, line in enumerate(outcome.told, start=1))
    print("\n".join((f"schedule --seed {outcome.seed} --schedules 1 failed: {outcome.trouble}", *told)), flush=True)
