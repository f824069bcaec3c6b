"""One data thread that owns what was opened, a network thread and one for long work aside; results come back here.

The subject (an opened profile) is made, used and closed on the data thread only, so its work is serialised. Expected
troubles reach ``on_error``; anything else is a bug and is raised in the window's thread, where the bug report waits.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from sync.domain.errors import LiandongError

S = TypeVar("S")
T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Task:
    """One piece of work under way. A cancelled task is not begun, and its result is dropped."""

    owner: QObject | None
    key: str
    on_done: Callable[[Any], None]
    on_error: Callable[[LiandongError], None]
    future: "Future[Any] | None" = None
    cancelled: bool = False
    is_write: bool = False
    """Once asked for it is done, even when the profile is being locked."""

    def cancel(self) -> None:
        """Drop it: neither slot is called."""
        self.cancelled = True
        if self.future is not None:
            self.future.cancel()

    @property
    def is_wanted(self) -> bool:
        """False once cancelled or once its owner is gone."""
        return not self.cancelled and (self.owner is None or shiboken6.isValid(self.owner))


class Tasks(QObject, Generic[S]):
    """Runs work on the subject. ``changed`` carries what a write touched (kind, id), after its ``on_done``."""

    changed = Signal(object)
    troubled = Signal(object)
    """A LiandongError nobody asked for by ``on_error``."""
    _finished = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._data = ThreadPoolExecutor(1, "data")
        self._network = ThreadPoolExecutor(1, "network")
        self._aside = ThreadPoolExecutor(1, "aside")
        self._closing = threading.Event()
        self._subject: S | None = None
        self._close_subject: Callable[[S], None] | None = None
        self._running: list[Task] = []
        self._is_ending = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_idle(self) -> bool:
        """True when nothing runs, waits or is undelivered."""
        return not self._running

    @property
    def is_open(self) -> bool:
        """True while there is a subject."""
        return self._subject is not None

    def open(
        self,
        opener: Callable[[], S],
        close: Callable[[S], None],
        on_done: Callable[[None], None],
        on_error: Callable[[LiandongError], None],
    ) -> Task:
        """Make the subject on the data thread; ``close`` ends it there."""

        def make() -> None:
            subject = opener()
            self._subject, self._close_subject = subject, close

        return self._start(self._data, make, Task(None, "open", on_done, on_error))

    def before_open(
        self, work: Callable[[], T], on_done: Callable[[T], None], on_error: Callable[[LiandongError], None]
    ) -> Task:
        """Run ``work`` on the data thread without a subject: what a first run does before there is one."""
        return self._start(self._data, work, Task(None, "before", on_done, on_error))

    def open_now(self, opener: Callable[[], S], close: Callable[[S], None]) -> None:
        """The same, waiting for it; raises the opener's error. For a window that must be ready when it appears."""
        self._subject = self._data.submit(opener).result()
        self._close_subject = close

    def ask_now(self, work: Callable[[S], T]) -> T:
        """Run ``work(subject)`` and wait for it: only while a window is made, for what it cannot appear without."""
        return self.on_data_thread(lambda: work(self._require()))

    def read(
        self,
        work: Callable[[S], T],
        on_done: Callable[[T], None],
        on_error: Callable[[LiandongError], None] | None = None,
        *,
        owner: QObject | None = None,
        key: str = "",
    ) -> Task:
        """Run ``work(subject)``; a later read of the same owner and key replaces an earlier one."""
        if key:
            self._cancel_same(owner, key)
        return self._start(
            self._data, lambda: work(self._require()), Task(owner, key, on_done, on_error or self.troubled.emit)
        )

    def write(
        self,
        work: Callable[[S], T],
        on_done: Callable[[T], None],
        on_error: Callable[[LiandongError], None] | None = None,
        *,
        owner: QObject | None = None,
        kinds: tuple[str, ...] = (),
    ) -> Task:
        """Run ``work(subject)``, then tell every screen that records of ``kinds`` changed."""

        def done(result: T) -> None:
            on_done(result)
            self.changed.emit(frozenset(kinds))

        task = Task(owner, "", done, on_error or self.troubled.emit, is_write=True)
        return self._start(self._data, lambda: work(self._require()), task)

    def network(
        self,
        work: Callable[[S], T],
        on_done: Callable[[T], None],
        on_error: Callable[[LiandongError], None],
        *,
        owner: QObject | None = None,
    ) -> Task:
        """Run long work on the network thread; it reaches the store through :meth:`on_data_thread`."""
        return self._start(self._network, lambda: work(self._require()), Task(owner, "", on_done, on_error))

    def aside(
        self,
        work: Callable[[S, Callable[[], bool]], T],
        on_done: Callable[[T], None],
        on_error: Callable[[LiandongError], None] | None = None,
        *,
        owner: QObject | None = None,
    ) -> Task:
        """Run ``work(subject, stop)`` on a thread of its own: long work that only reads, beside all other.

        It reaches the store through :meth:`on_data_thread` and ends soon once ``stop()`` is true: the subject is to be
        closed.
        """
        task = Task(owner, "", on_done, on_error or self.troubled.emit)
        return self._start(self._aside, lambda: work(self._require(), self._closing.is_set), task)

    def warm(self, modules: Iterable[str]) -> None:
        """Import modules on the data thread, other work in between: so that opening does not wait for them."""
        self._data.submit(self._import_next, iter(modules))

    def on_data_thread(self, work: Callable[[], T]) -> T:
        """Called on another thread: run ``work`` on the data thread and wait for its result."""
        return self._data.submit(work).result()

    def post(self, owner: QObject, deliver: Callable[[Any], None], value: object) -> None:
        """Called on a working thread: hand ``value`` to ``deliver`` in the window's thread."""
        future: Future[Any] = Future()
        future.set_result(value)
        self._finished.emit(Task(owner, "", deliver, self.troubled.emit), future)

    def close_subject(self) -> None:
        """Wait for what runs and for writes, drop waiting reads, then close the subject on its thread."""
        for task in self._running:
            if not task.is_write:
                task.cancel()
        self._closing.set()
        for pool in (self._network, self._aside):
            pool.submit(lambda: None).result()
        self._data.submit(self._close).result()
        self._closing.clear()

    def shut_down(self) -> None:
        """Close the subject and end the threads."""
        self._is_ending = True
        self.close_subject()
        self._network.shutdown()
        self._aside.shutdown()
        self._data.shutdown()

    def _import_next(self, modules: Iterator[str]) -> None:
        name = next(modules, None)
        if name is not None and not self._is_ending:
            import_module(name)
            self._data.submit(self._import_next, modules)

    def _close(self) -> None:
        subject, close = self._subject, self._close_subject
        self._subject = self._close_subject = None
        if subject is not None and close is not None:
            close(subject)

    def _require(self) -> S:
        if self._subject is None:
            raise LiandongError("ui.locked_meanwhile")
        return self._subject

    def _cancel_same(self, owner: QObject | None, key: str) -> None:
        for task in self._running:
            if task.key == key and task.owner is owner:
                task.cancel()

    def _start(self, pool: ThreadPoolExecutor, work: Callable[[], Any], task: Task) -> Task:
        self._running.append(task)
        task.future = pool.submit(work)
        task.future.add_done_callback(lambda future: self._finished.emit(task, future))
        return task

    @Slot(object, object)
    def _deliver(self, task: Task, future: "Future[Any]") -> None:
        if task in self._running:
            self._running.remove(task)
        if future.cancelled() or not task.is_wanted:
            return
        error = future.exception()
        if error is None:
            task.on_done(future.result())
        elif isinstance(error, LiandongError):
            task.on_error(error)
        else:
            raise error
