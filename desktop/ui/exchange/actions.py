"""Exchange by wire and by file. By wire it runs on the network thread and borrows the store portion by portion."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from desktop.paths import write_private
from desktop.services.office import Office
from desktop.services.past_exchanges import PastExchange
from desktop.services.problem_shapes import ConflictRow, Problems
from desktop.services.shapes import Exchanged, ExchangeState
from desktop.ui.workplace import Workplace
from sync.client.report import Progress
from sync.domain.errors import Damaged, LiandongError
from sync.protocol.limits import MAX_CARRIED_BYTES

OnError = Callable[[LiandongError], None]
TOUCHED = ("Case", "Step", "Visit", "Reception")


class ExchangeActions(QObject):
    """Work of the exchange page."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._stop = threading.Event()

    def state(self, on_done: Callable[[ExchangeState], None]) -> None:
        """Where this device stands."""
        self._place.tasks.read(lambda office: office.exchange_state(), on_done, owner=self, key="state")

    def problems(self, on_done: Callable[[Problems], None]) -> None:
        """What needs a person."""
        self._place.tasks.read(lambda office: office.problems(), on_done, owner=self, key="problems")

    def history(self, on_done: Callable[[tuple[PastExchange, ...]], None]) -> None:
        """The last exchanges."""
        self._place.tasks.read(lambda office: office.exchange_history(), on_done, owner=self, key="history")

    def verify(self, on_done: Callable[[dict[str, Any]], None], on_error: OnError) -> None:
        """The proof of this side."""
        self._place.tasks.aside(lambda office, stop: office.verify(stop), on_done, on_error, owner=self)

    def run(
        self, on_progress: Callable[[Progress], None], on_done: Callable[[Exchanged], None], on_error: OnError
    ) -> None:
        """Exchange now; :meth:`stop` ends it between two portions."""
        self._stop.clear()
        tasks = self._place.tasks

        def tell(progress: Progress) -> None:
            tasks.post(self, on_progress, progress)

        def work(office: Office) -> Exchanged:
            return office.exchange(tell, self._stop.is_set, borrow=tasks.on_data_thread)

        tasks.network(work, on_done, on_error, owner=self)

    def stop(self) -> None:
        """Pause: what was sent stays sent."""
        self._stop.set()

    def carry_out(self, path: Path, on_done: Callable[[Any], None], on_error: OnError) -> None:
        """Write what waits to a file."""
        self._place.tasks.write(lambda office: _write_file(office, path), on_done, on_error, owner=self)

    def carry_in(self, paths: Iterable[Path], on_done: Callable[[Exchanged], None], on_error: OnError) -> None:
        """Take the county's answer from a file or from all its parts."""
        self._place.tasks.write(
            lambda office: office.carry_in_files({str(path): _read_file(path) for path in paths}),
            on_done,
            on_error,
            owner=self,
            kinds=TOUCHED,
        )

    def settle(self, row: ConflictRow, take: str, on_done: Callable[[Any], None], on_error: OnError) -> None:
        """Take one of the two values of a conflict."""
        kinds = ("Conflict", row.target_kind)
        self._place.tasks.write(lambda office: office.settle(row.id, take), on_done, on_error, owner=self, kinds=kinds)


def _write_file(office: Office, path: Path) -> Path:
    data = office.carry_out()
    try:
        write_private(path, data)
    except OSError:
        raise Damaged("exchange_screen.cannot_write", file=path.name) from None
    return path


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_CARRIED_BYTES + 1)
    except OSError:
        raise Damaged("exchange_screen.cannot_read", file=path.name) from None
