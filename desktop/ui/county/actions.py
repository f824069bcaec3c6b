"""Work of the county page: files and towns on the network thread, conflicts and quarantine on the data thread."""

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from desktop.services.office import Office
from desktop.services.problem_shapes import ApartRow, BatchRow, ConflictRow, Problems
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError
from sync.protocol.county_desk import TownsAnswer, WaitingRow
from sync.protocol.held_desk import HeldAnswer, HeldDevice

OnError = Callable[[LiandongError], None]
OnDevices = Callable[[tuple[WaitingRow, ...]], None]
OnHeld = Callable[[HeldAnswer], None]


class CountyActions(QObject):
    """What the page asks for."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._stop = threading.Event()

    def take(
        self,
        paths: list[Path],
        on_row: Callable[[BatchRow], None],
        on_done: Callable[[list[BatchRow]], None],
        on_error: OnError,
    ) -> None:
        """Hand files to the server one after another; :meth:`stop` ends it between two."""
        self._stop.clear()
        tasks = self._place.tasks

        def tell(row: BatchRow) -> None:
            tasks.post(self, on_row, row)

        def work(office: Office) -> list[BatchRow]:
            return office.take_batches(paths, tell, self._stop.is_set, borrow=tasks.on_data_thread)

        tasks.network(work, on_done, on_error, owner=self)

    def stop(self) -> None:
        """No further file."""
        self._stop.set()

    def towns(self, on_done: Callable[[TownsAnswer], None], on_error: OnError) -> None:
        """Ask the server how the towns stand."""
        tasks = self._place.tasks
        tasks.network(lambda office: office.towns(borrow=tasks.on_data_thread), on_done, on_error, owner=self)

    def devices(self, on_done: OnDevices, on_error: OnError) -> None:
        """Ask the server which devices wait."""
        tasks = self._place.tasks
        tasks.network(lambda office: office.waiting_devices(tasks.on_data_thread), on_done, on_error, owner=self)

    def admit(self, row: WaitingRow, on_done: OnDevices, on_error: OnError) -> None:
        """Let a device in."""
        tasks = self._place.tasks
        tasks.network(lambda office: office.admit_device(row, tasks.on_data_thread), on_done, on_error, owner=self)

    def turn_away(self, row: WaitingRow, on_done: OnDevices, on_error: OnError) -> None:
        """Refuse a device for good."""
        tasks = self._place.tasks
        tasks.network(lambda office: office.turn_device_away(row, tasks.on_data_thread), on_done, on_error, owner=self)

    def held(self, on_done: OnHeld, on_error: OnError) -> None:
        """Ask the server what is held behind a gap."""
        tasks = self._place.tasks
        tasks.network(lambda office: office.held_changes(tasks.on_data_thread), on_done, on_error, owner=self)

    def let_go(self, row: HeldDevice, reason: str, apart: bool, on_done: OnHeld, on_error: OnError) -> None:
        """Judge what a lost device left behind."""
        tasks = self._place.tasks
        tasks.network(
            lambda office: office.let_go(row, reason, apart=apart, borrow=tasks.on_data_thread),
            on_done,
            on_error,
            owner=self,
        )

    def problems(self, on_done: Callable[[Problems], None]) -> None:
        """What waits for a person, as far as it came here."""
        self._place.tasks.read(lambda office: office.problems(), on_done, owner=self, key="problems")

    def settle(self, row: ConflictRow, take: str, on_done: Callable[[object], None], on_error: OnError) -> None:
        """Take one of the two values."""
        kinds = ("Conflict", row.target_kind)
        self._place.tasks.write(lambda office: office.settle(row.id, take), on_done, on_error, owner=self, kinds=kinds)

    def release(self, row: ApartRow, on_done: Callable[[object], None], on_error: OnError) -> None:
        """Ask that a change be applied."""
        kinds = ("Quarantine",)
        self._place.tasks.write(lambda office: office.release(row.id), on_done, on_error, owner=self, kinds=kinds)
