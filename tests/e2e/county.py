"""A real county: home, server process, verbs; and the offices that enrol there."""

import json
import secrets
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests.e2e.processes import (
    STOP_SECONDS,
    Done,
    free_port,
    kill_tree,
    processes_of,
    run,
    run_and_kill,
    start_server,
    wait_for_port,
)

SERVER, DESKTOP = "sync.server", "desktop"
GUIYANG = "431021"


@dataclass(slots=True)
class Office:
    """A profile of a township or of the county office, used through the verbs of ``liandong``."""

    folder: Path
    unit: str
    user: str
    scratch: Path

    @property
    def passphrase(self) -> Path:
        """The passphrase file."""
        return self.scratch / f"{self.folder.name}.passphrase"

    @property
    def signs_in(self) -> tuple[str | Path, ...]:
        """The options every verb takes."""
        return ("--profile", self.folder, "--passphrase-file", self.passphrase)

    def verb(self, *words: str | Path, seconds: float = 120) -> Done:
        """Run a verb as it comes."""
        return run(DESKTOP, *words, *self.signs_in, seconds=seconds)

    def does(self, *words: str | Path, seconds: float = 120) -> Done:
        """Run a verb that must succeed."""
        done = self.verb(*words, seconds=seconds)
        assert done.code == 0, str(done)
        return done

    def killed(self, *words: str | Path, after: float) -> Done:
        """Run a verb and kill it after some seconds."""
        return run_and_kill(DESKTOP, *words, *self.signs_in, after=after)

    def paper(self, value: Any) -> Path:
        """A JSON file to read a record from."""
        path = self.scratch / f"{secrets.token_hex(6)}.json"
        path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        return path

    def record(self, kind: str, value: dict[str, Any]) -> dict[str, Any]:
        """Record one thing; returns what the verb printed."""
        paper = self.paper(value)
        saved: dict[str, Any] = self.does("record", kind, "--in", paper).json
        paper.unlink()
        return saved

    def show(self, kind: str, record: str) -> dict[str, Any]:
        """All values of a record."""
        shown: dict[str, Any] = self.does("show", kind, record, "--json").json
        return shown

    def listed(self, kind: str) -> list[dict[str, Any]]:
        """All records of a kind."""
        rows: list[dict[str, Any]] = self.does("list", kind, "--json").json
        return rows

    def verify(self) -> dict[str, Any]:
        """The proof of this side."""
        proof: dict[str, Any] = self.does("verify", "--json").json
        return proof

    def exchange(self, *words: str | Path) -> Done:
        """Exchange with the county; must succeed."""
        return self.does("exchange", *words)

    def files(self) -> list[Path]:
        """Every file of the profile."""
        return [path for path in self.folder.rglob("*") if path.is_file()]


@dataclass(slots=True)
class County:
    """A county home with its server."""

    home: Path
    scratch: Path
    port: int = field(default_factory=free_port)
    server: subprocess.Popen[bytes] | None = None

    def does(self, *words: str | Path) -> Done:
        """Run a county verb that must succeed."""
        done = self.verb(*words)
        assert done.code == 0, str(done)
        return done

    def verb(self, *words: str | Path) -> Done:
        """Run a county verb as it comes."""
        return run(SERVER, *words, "--home", self.home)

    def init(self) -> None:
        """Make the county 桂阳县."""
        url = f"https://127.0.0.1:{self.port}"
        self.does("init", "--org", GUIYANG, "--url", url, "--office-ticket", self.office_ticket)

    @property
    def office_ticket(self) -> Path:
        """The county office's first ticket."""
        return self.scratch / "office.ticket"

    @property
    def log(self) -> Path:
        """What the server said."""
        return self.scratch / "serve.log"

    def start(self) -> None:
        """Start the server and wait until it listens."""
        wait_for_port(self.port, self.launch())

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the server and do not wait."""
        words = ("serve", "--home", self.home, "--host", "127.0.0.1", "--port", str(self.port))
        self.server = start_server(SERVER, *words, log=self.log)
        return self.server

    def stop(self) -> None:
        """Ask the server to end; all it started must end too."""
        if self.server is None:
            return
        self.server.send_signal(signal.SIGTERM)
        code = self.server.wait(timeout=STOP_SECONDS)
        assert code == 0, self.log.read_text(encoding="utf-8")
        self.server = None
        psutil.wait_procs(processes_of(self.home), timeout=STOP_SECONDS)
        assert processes_of(self.home) == []

    def kill(self) -> None:
        """SIGKILL the server alone."""
        assert self.server is not None
        self.server.kill()
        self.server.wait(timeout=STOP_SECONDS)
        self.server = None

    def sweep(self) -> None:
        """End everything that belongs to this county, whatever happened before."""
        if self.server is not None:
            kill_tree(self.server.pid)
            self.server.wait(timeout=STOP_SECONDS)
            self.server = None
        for process in processes_of(self.home):
            kill_tree(process.pid)

    def ticket(self, unit: str, roles: str = "TOWN_CDI,RECEPTION", *words: str) -> Path:
        """A ticket for one device of a unit."""
        path = self.scratch / f"{unit}-{secrets.token_hex(4)}.ticket"
        self.does("ticket", "--unit", unit, "--role", roles, "--out", path, *words)
        return path

    def enrol(self, unit: str, *, user: str = "张明", role: str = "TOWN_CDI", ticket: Path | None = None) -> Office:
        """Enrol a new profile of a unit by wire."""
        office = self.office_to_be(unit, user)
        ticket = ticket or self.ticket(unit)
        office.does("init", "--ticket", ticket, "--user", user, "--role", role)
        return office

    def office_to_be(self, unit: str, user: str = "张明") -> Office:
        """A profile that is not enrolled yet, with its passphrase file."""
        office = Office(self.scratch / f"profile-{unit}-{secrets.token_hex(4)}", unit, user, self.scratch)
        office.passphrase.write_text("夜雨 剪韭 春山 2026\n", encoding="utf-8")
        return office

    def show(self, kind: str, record: str) -> dict[str, Any]:
        """All values of a record as the county holds them."""
        shown: dict[str, Any] = self.does("show", kind, record, "--json").json
        return shown

    def listed(self, kind: str, unit: str) -> list[dict[str, Any]]:
        """All records of a kind in a unit's feed."""
        rows: list[dict[str, Any]] = self.does("list", kind, "--unit", unit, "--json").json
        return rows

    def verify(self, unit: str) -> dict[str, Any]:
        """The proof of the county's side for a unit."""
        proof: dict[str, Any] = self.does("verify", "--unit", unit, "--json").json
        return proof

    @contextmanager
    def another_server(self) -> Iterator[int]:
        """A further server process of the same home, on the port it yields; the first one goes on afterwards."""
        beside = County(self.home, self.scratch)
        try:
            beside.start()
            yield beside.port
        finally:
            if beside.server is not None:
                beside.server.send_signal(signal.SIGTERM)
                beside.server.wait(timeout=STOP_SECONDS)


@contextmanager
def running_county(folder: Path) -> Iterator[County]:
    """A county with its server; everything ends with the block."""
    county = County(folder / "county", folder)
    try:
        county.init()
        county.start()
        yield county
        county.stop()
    finally:
        county.sweep()
