"""The same schedules spread over several processes, each with a county and a PostgreSQL of its own."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Event, Thread

from tests.scenarios.run import Order, Tally, run, stopped_by_signals

_FIRST_LOOK_SECONDS = 0.5


class WorkerDied(RuntimeError):
    """A worker ended without saying what it had done."""


def spread(order: Order, workers: int) -> Tally:
    """Run an order in so many processes; the sums. Raises WorkerDied.

    Each worker takes every ``workers``-th seed, so that a failed schedule is found again by its seed alone. SIGTERM
    and SIGINT end all of them behind the schedule under way.
    """
    if workers == 1:
        return run(order)
    tally = Tally()
    context = multiprocessing.get_context("spawn")
    started: list[tuple[BaseProcess, Connection]] = []
    with stopped_by_signals() as halt:
        for share in shares_of(order, workers):
            here, there = context.Pipe(duplex=False)
            process = context.Process(target=_work, args=(share, there))
            process.start()
            there.close()
            started.append((process, here))
        with _passing_on(halt, [process for process, _ in started]):
            for _, told in started:
                tally.join(_said(told))
    return tally


def shares_of(order: Order, workers: int) -> Iterator[Order]:
    """What each worker does."""
    for number in range(min(workers, order.schedules or workers)):
        schedules = len(range(number, order.schedules, workers))
        yield replace(order, seed=order.seed + number, schedules=schedules, stride=workers)


def _work(order: Order, told: Connection) -> None:
    told.send(run(order))
    told.close()


def _said(told: Connection) -> Tally:
    try:
        said = told.recv()
    except EOFError:
        raise WorkerDied("a worker ended early") from None
    assert isinstance(said, Tally)
    return said


@contextmanager
def _passing_on(halt: Event, processes: list[BaseProcess]) -> Iterator[None]:
    """Signals reach the workers too; all have ended when this is left."""
    over = Event()

    def watch() -> None:
        while not over.wait(_FIRST_LOOK_SECONDS):
            if halt.is_set():
                break
        else:
            return
        for process in processes:
            process.terminate()

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
        for process in processes:
            process.join()
