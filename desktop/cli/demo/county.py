"""The county of the demonstration: the real command ``liandong-county`` as processes of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sync.domain.errors import Refused

READY_SECONDS, STOP_SECONDS, VERB_SECONDS = 30, 30, 120
LAST_LINES = 400


def environment() -> dict[str, str]:
    """The environment of the processes started here: this very tree, UTF-8."""
    tree = Path(__file__).resolve().parents[3]
    return {**os.environ, "PYTHONPATH": str(tree), "PYTHONUTF8": "1"}


def free_port() -> int:
    """A port of the loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class CountyCommand:
    """The county's home and its verbs. ``code`` is the county's six digits."""

    home: Path
    code: str
    port: int = field(default_factory=free_port)

    def init(self, office_ticket: Path) -> None:
        """Make the county with its keys and directory."""
        url = f"https://127.0.0.1:{self.port}"
        self.run("init", "--org", self.code, "--url", url, "--office-ticket", str(office_ticket))

    def ticket(self, unit: str, roles: tuple[str, ...], out: Path) -> bytes:
        """A new enrolment ticket for a unit; the file is removed once it is read."""
        self.run("ticket", "--unit", unit, "--role", ",".join(roles), "--out", str(out))
        content = out.read_bytes()
        out.unlink()
        return content

    def ask(self, *words: str) -> Any:
        """What a verb prints as JSON."""
        return json.loads(self.run(*words, "--json"))

    def run(self, *words: str) -> str:
        """Run one verb to its end. Raises Refused with the verb's own line when it fails."""
        done = subprocess.run(
            [*self._command(words[0]), *words[1:]],
            env=environment(),
            capture_output=True,
            timeout=VERB_SECONDS,
            check=False,
        )
        if done.returncode:
            raise Refused("demo.county_failed", verb=words[0], line=_last(done.stderr))
        return done.stdout.decode()

    @contextmanager
    def serving(self, log: Path) -> Iterator[None]:
        """The server runs within the block; it is asked to end, and killed when it does not listen."""
        words = ("--host", "127.0.0.1", "--port", str(self.port))
        with log.open("wb") as output:
            server = subprocess.Popen(
                [*self._command("serve"), *words], env=environment(), stdout=output, stderr=output
            )
        try:
            self._wait(server, log)
            yield
        finally:
            _end(server)

    def _command(self, verb: str) -> list[str]:
        return [sys.executable, "-P", "-m", "sync.server", verb, "--home", str(self.home)]

    def _wait(self, server: "subprocess.Popen[bytes]", log: Path) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and server.poll() is None:
            with socket.socket() as probe:
                probe.settimeout(0.2)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise Refused("demo.county_failed", verb="serve", line=_last(log.read_bytes()))


def _end(server: "subprocess.Popen[bytes]") -> None:
    """SIGTERM (Windows: end), then SIGKILL."""
    if os.name == "nt":
        server.terminate()
    else:
        server.send_signal(signal.SIGTERM)
    try:
        server.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(timeout=STOP_SECONDS)


def _last(output: bytes) -> str:
    lines = output.decode("utf-8", errors="replace").strip().splitlines()
    return lines[-1][:LAST_LINES] if lines else "?"
