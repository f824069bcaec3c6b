"""A device of the schedules: a real encrypted store on real files, that can be killed, copied and set back."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from desktop.paths import ProfilePaths
from desktop.services.enrolling import device_facts
from desktop.storage.rows import load
from desktop.storage.store import Store
from desktop.storage.unit_of_work import UnitOfWork
from sync.client.carried import make_carried_request, take_answer_sets, take_carried_answer
from sync.client.enrolment import Enrolled
from sync.client.exchange import run_exchange
from sync.client.report import ExchangeReport
from sync.client.stick import read_sets
from sync.domain.errors import Damaged, Refused, Unreachable
from sync.domain.ids import UnitCode
from sync.protocol.limits import CARRIED_PART_BYTES
from tests.scenarios.county_end import Clock, CountyEnd, Wire, role_of

KEY = bytes(range(32))
TICK_INSTRUCTIONS = 300
"""SQLite asks once in so many instructions of its machine whether the power is still on."""
LOST_PLACE = ("store.cloned", "exchange_refusals.device_unknown", "exchange_refusals.device_revoked")
"""After these refusals a device has to be enrolled again."""


class PowerCut(Exception):
    """The device is off."""


@dataclass
class Device:
    """One PC. ``receipts``: ids of the changes whose saving it told its user."""

    name: str
    county: CountyEnd
    enrolled: Enrolled
    folder: Path
    clock: Clock
    store: Store = field(init=False)
    receipts: list[str] = field(default_factory=list)
    lost_place: bool = False
    disagreed: str = ""
    """What proved that digests differed at the head; must stay empty."""

    def create(self) -> None:
        """A new, empty store."""
        self.store = Store.create(ProfilePaths(self.folder), KEY, device_facts(self.enrolled), self.clock)

    def create_from(self, template: Path) -> None:
        """The same, made once and then copied; only the epoch is another one each time."""
        if not template.is_dir():
            self.create()
            self.close()
            copy_disk(self.folder, template)
        copy_disk(template, self.folder)
        self.open()
        with self.store.database.transaction():
            self.store.books.keep("epoch", self.enrolled.epoch.encode())
        self.store.keep_facts(device_facts(self.enrolled))

    def open(self) -> None:
        """Open the store that is there."""
        self.store = Store.open(ProfilePaths(self.folder), KEY, self.clock)

    @property
    def unit(self) -> UnitCode:
        return UnitCode(self.enrolled.unit)

    @property
    def position(self) -> int:
        return self.store.books.position

    # Work ------------------------------------------------------------------------------------------------------------

    @contextmanager
    def work(self) -> Iterator[UnitOfWork]:
        """A unit of work; its receipt is a promise to the user."""
        with self.store.work("张明", role_of(self.unit), self.clock()) as work:
            yield work
        if work.receipt.change_id:
            self.receipts.append(work.receipt.change_id)

    def fields(self, kind: str, record: str) -> dict[str, Any] | None:
        """What the user sees of a record."""
        row = load(self.store.database, kind, record)
        return None if row is None else row.fields

    # Exchange --------------------------------------------------------------------------------------------------------

    def exchange(self, wire: Wire, rounds: int = 1000) -> str:
        """By wire, at most so many rounds; what came of it."""
        done = 0

        def stop() -> bool:
            nonlocal done
            done += 1
            return done > rounds

        return self._told(
            lambda: run_exchange(self.store.sync, self.enrolled.link(), wire, now_ms=self.clock, stop=stop)
        )

    def carry_out(self) -> bytes:
        """A stick for the county."""
        return make_carried_request(self.store.sync, self.enrolled.link(), self.clock())

    def brought(self, carried: bytes, part_bytes: int = CARRIED_PART_BYTES) -> list[bytes]:
        """Its stick read at the county; nothing where the county, set back, knows the device no longer."""
        try:
            return self.county.accept(carried, part_bytes)
        except Refused as refusal:
            if refusal.code not in LOST_PLACE:
                raise
            self.lost_place = True
            return []

    def carry_in(self, parts: Sequence[bytes]) -> str:
        """A stick from the county; what came of it."""
        return self._told(lambda: take_carried_answer(self.store.sync, self.enrolled.link(), parts))

    def carry_in_folder(self, files: Sequence[bytes]) -> str:
        """All files that lie in a folder, sorted into answers as the program does it; what came of it."""
        link = self.enrolled.link()
        named = {str(number): data for number, data in enumerate(files)}
        return self._told(
            lambda: take_answer_sets(self.store.sync, link, read_sets(link, named, passing_over=True)),
        )

    def enrol_again(self, *, by_stick: bool = False) -> None:
        """As a new device; what waits goes out under its name."""
        self.enrolled = self.county.enrol(self.unit, by_stick=by_stick)
        self.store.enrol_again(device_facts(self.enrolled))
        self.lost_place = False

    def _told(self, exchange: Callable[[], ExchangeReport]) -> str:
        try:
            report = exchange()
        except Unreachable:
            return "unreachable"
        except Refused as refusal:
            self.lost_place = self.lost_place or refusal.code in LOST_PLACE
            if not self.lost_place and not isinstance(refusal, Damaged):
                raise
            if isinstance(refusal, Damaged) and refusal.code != "envelope.wrong_device":
                raise
            return refusal.code
        if report.agreed is False:
            self.disagreed = f"{self.name} at {report.position}"
        return "stopped" if report.stopped else "done"

    # Misfortunes -----------------------------------------------------------------------------------------------------

    def kill_during(self, act: Callable[[], object], tick: int) -> str:
        """Cut the power at the tick-th tick of the store's work in ``act``, or right behind it; start again."""
        image = self.folder.with_name(f"{self.folder.name}.image")
        ticks = 0

        def on_tick() -> int:
            nonlocal ticks
            ticks += 1
            if ticks != tick:
                return 0
            copy_disk(self.folder, image)
            return 1

        raw: Any = self.store.database.connection.connection.driver_connection
        raw.set_progress_handler(on_tick, TICK_INSTRUCTIONS)
        try:
            act()
        except (sqlcipher.OperationalError, Refused) as error:
            if ticks < tick:
                raise
            assert "interrupt" in str(error) or getattr(error, "code", "") == "store.stopped"
        finally:
            raw.set_progress_handler(None, 0)
        inside = ticks >= tick
        if not inside:
            copy_disk(self.folder, image)
        self.set_disk_back(image)
        return "inside" if inside else "behind"

    def set_disk_back(self, image: Path) -> None:
        """The files become those of the image; opened again as after a power cut."""
        self.store.close()
        for path in store_files(self.folder):
            path.unlink()
        copy_disk(image, self.folder)
        self.open()

    def close(self) -> None:
        """Close the store."""
        self.store.close()


def store_files(folder: Path) -> list[Path]:
    """The database and its log."""
    return [path for path in folder.iterdir() if path.name.startswith("store.db") and not path.name.endswith("-shm")]


def copy_disk(source: Path, target: Path) -> None:
    """Copy the store's files as they lie."""
    target.mkdir(exist_ok=True)
    for path in store_files(target):
        path.unlink()
    for path in store_files(source):
        shutil.copyfile(path, target / path.name)
