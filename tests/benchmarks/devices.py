"""A real county process and real devices, with the processor time each side used."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from desktop.app import enrol
from desktop.services.desk import Desk
from desktop.services.office import Office
from desktop.storage.bulk import synced_at_the_end
from sync.client.exchange import run_exchange
from sync.client.report import ExchangeReport
from sync.client.transport import HttpsTransport
from sync.server.county import open_county
from sync.server.tickets import TicketOrder, make_ticket
from tests.benchmarks.cases import make_cases
from tests.e2e.county import County, running_county
from tests.e2e.processes import processes_of

PASSPHRASE = "夜雨 剪韭 春山 2026"
TOWN = "431021001"


@dataclass(slots=True)
class Device:
    """A profile of a town, opened in this process."""

    office: Office

    @property
    def desk(self) -> Desk:
        """The parts below the office."""
        return self.office._desk

    def fill(self, count: int, seed: int) -> list[str]:
        """Record cases as a person would, without waiting for the disk at each; their ids."""
        with synced_at_the_end(self.desk.store.database):
            return [self.office.record("Case", case).id for case in make_cases(count, seed)]

    def change(self, cases: list[str]) -> None:
        """Correct one field of each case."""
        with synced_at_the_end(self.desk.store.database):
            for case in cases:
                self.office.correct("Case", case, {"remark": "改"})

    def exchange(self, transport: "CountingTransport") -> ExchangeReport:
        """One exchange by wire, without the indexing that follows it."""
        desk = self.desk
        return run_exchange(desk.store.sync, desk.link(), transport, now_ms=desk.clock)


class CountingTransport:
    """The real transport, which also counts the bytes of requests."""

    def __init__(self, device: Device) -> None:
        self._inner = HttpsTransport(device.desk.card)
        self.sent = 0

    def post(self, path: str, body: bytes) -> bytes:
        """Post and count."""
        self.sent += len(body)
        return self._inner.post(path, body)

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()


@dataclass(slots=True)
class Ground:
    """A running county and where devices are made."""

    county: County
    folder: Path

    def device(self, unit: str = TOWN) -> Device:
        """A new device, enrolled over the wire, its directory there."""
        with open_county(self.county.home) as county:
            ticket = make_ticket(county, TicketOrder(unit, ("TOWN_CDI", "RECEPTION")), _now(county))
        folder = self.folder / f"device-{secrets.token_hex(4)}"
        return Device(enrol(folder, ticket, "张明", "TOWN_CDI", PASSPHRASE))

    def database_url(self) -> str:
        """The county's own PostgreSQL, which the floor uses too."""
        with open_county(self.county.home) as county:
            url = county.engine.url.set(drivername="postgresql")
            return url.render_as_string(hide_password=False)

    def processor_seconds(self) -> float:
        """Seconds of processor this process, the server and PostgreSQL have used so far."""
        return sum(map(_used, (psutil.Process(os.getpid()), *processes_of(self.county.home))))


def _now(county: Any) -> int:
    del county
    from sync.server.county import now_ms

    return now_ms()


def _used(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


@contextmanager
def ground(folder: Path) -> Iterator[Ground]:
    """A county in ``folder`` with its server; all of it ends with the block."""
    with running_county(folder) as county:
        yield Ground(county, folder)
