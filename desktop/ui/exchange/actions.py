"""Exchange by wire and by file. By wire it runs on the network thread and borrows the store portion by portion."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from desktop.services.carried_slips import Manifest
from desktop.services.office import Office
from desktop.services.past_exchanges import PastExchange
from desktop.services.problem_shapes import ConflictRow, Problems
from desktop.services.shapes import Exchanged, ExchangeState
from desktop.services.sticks import carried_files
from desktop.ui.files import load_bytes, save_bytes
from desktop.ui.workplace import Workplace
from sync.client.report import Progress
from sync.domain.errors import LiandongError


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """A request was written: where, its numbers for the slip, how many files of attachments lie beside it."""

    path: Path
    manifest: Manifest
    blobs: int


if TYPE_CHECKING:
    from desktop.services.enrolling import TypedTicket

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

    def carry_out(
        self, path: Path, on_done: Callable[[CarriedOut], None], on_error: OnError, *, blobs: bool = False
    ) -> None:
        """Write what waits to a file; with ``blobs`` the attachments' files beside it."""
        self._place.tasks.write(lambda office: _carry_out(office, path, blobs=blobs), on_done, on_error, owner=self)

    def slip(self, told: Manifest, on_done: Callable[[bytes], None], on_error: OnError) -> None:
        """The paper that goes with the stick."""
        self._place.tasks.read(lambda office: office.print_slip(told), on_done, on_error, owner=self)

    def carry_in(self, paths: Iterable[Path], on_done: Callable[[Exchanged], None], on_error: OnError) -> None:
        """Take the county's answer from a file or from all its parts, or from all that lies in a folder.

        Search learns of what came behind it, portion by portion, as after an exchange by wire.
        """
        chosen, tasks = list(paths), self._place.tasks

        def taken(report: Exchanged) -> None:
            on_done(report)
            if tasks.is_open:
                borrow = tasks.on_data_thread
                tasks.aside(lambda office, stop: office.index_behind(borrow, stop), lambda _: None, owner=self)

        tasks.write(lambda office: _carry_in(office, chosen), taken, on_error, owner=self, kinds=TOUCHED)

    def reenrol(self, ticket: bytes, role: str | None, on_done: Callable[[str], None], on_error: OnError) -> None:
        """Enrol this device anew over the county's server."""
        self._place.tasks.write(lambda office: office.reenrol(ticket, role), on_done, on_error, owner=self)

    def reenrol_with_code(
        self, told: "TypedTicket", role: str | None, on_done: Callable[[str], None], on_error: OnError
    ) -> None:
        """The same with a code that was typed."""
        self._place.tasks.write(lambda office: office.reenrol_with_code(told, role), on_done, on_error, owner=self)

    def reenrol_out(
        self, ticket: bytes, role: str | None, path: Path, on_done: Callable[[None], None], on_error: OnError
    ) -> None:
        """Write the request to enrol anew into a file."""
        self._place.tasks.write(
            lambda office: save_bytes(path, office.reenrol_carry_out(ticket, role)), on_done, on_error, owner=self
        )

    def reenrol_in(self, ticket: bytes, path: Path, on_done: Callable[[str], None], on_error: OnError) -> None:
        """Take the county's answer to it."""
        self._place.tasks.write(
            lambda office: office.reenrol_carry_in(ticket, load_bytes(path)), on_done, on_error, owner=self
        )

    def settle(self, row: ConflictRow, take: str, on_done: Callable[[Any], None], on_error: OnError) -> None:
        """Take one of the two values of a conflict."""
        kinds = ("Conflict", row.target_kind)
        self._place.tasks.write(lambda office: office.settle(row.id, take), on_done, on_error, owner=self, kinds=kinds)


def _carry_out(office: Office, path: Path, *, blobs: bool) -> CarriedOut:
    data = office.carry_out()
    save_bytes(path, data)
    return CarriedOut(path, office.carried_manifest(data, path.name), office.carry_blobs_out(path) if blobs else 0)


def _carry_in(office: Office, chosen: list[Path]) -> Exchanged:
    """Files of attachments that lie beside the answers are taken with them."""
    folder = any(path.is_dir() for path in chosen)
    files = [one for path in chosen for one in (carried_files(path) if path.is_dir() else [path])]
    done = office.carry_in_files({str(path): load_bytes(path) for path in files}, folder=folder, behind=True)
    beside = {path.absolute().parent for path in files}
    return replace(done, blobs_waiting=office.carry_blobs_in(sorted(beside)))
