"""Start verbs as processes, wait for them, kill them; nothing started here outlives its test."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.e2e.warm import IMPORTED, WarmStarter

ROOT = Path(__file__).resolve().parents[2]
VERB_SECONDS = 120
READY_SECONDS = 30
STOP_SECONDS = 30

_starters: dict[str, WarmStarter] = {}
_cold: list[bool] = []


@dataclass(frozen=True, slots=True)
class Done:
    """A verb that ended: exit code and what it said."""

    command: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON on stdout."""
        return json.loads(self.out)

    def __str__(self) -> str:
        return f"{' '.join(self.command)}\nexit code {self.code}\n{self.out}\n{self.err}"


def environment() -> dict[str, str]:
    """The environment of all verbs: this tree, UTF-8, no screen, temporary files where the tests find them."""
    temp = temporary_files()
    temp.mkdir(exist_ok=True)
    tree = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "QT_QPA_PLATFORM": "offscreen"}
    return {**os.environ, **tree, "TMPDIR": str(temp), "TMP": str(temp), "TEMP": str(temp)}


def temporary_files() -> Path:
    """The folder for temporary files of all processes started by this run of the tests."""
    return Path(tempfile.gettempdir()) / f"liandong-e2e-{os.getpid()}"


def start(module: str, *arguments: str | Path) -> subprocess.Popen[str]:
    """Start a verb; its output is piped."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, cwd=tempfile.gettempdir(), env=environment(), stdout=pipe, stderr=pipe, text=True, encoding="utf-8"
    )


def start_server(module: str, *arguments: str | Path, log: Path) -> subprocess.Popen[bytes]:
    """Start what keeps running; its output goes to a log, because nobody reads a pipe meanwhile."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    with log.open("ab") as output:
        return subprocess.Popen(
            command, cwd=tempfile.gettempdir(), env=environment(), stdout=output, stderr=subprocess.STDOUT
        )


@contextmanager
def cold_starts() -> Iterator[None]:
    """Within the block each verb imports its program itself, as it does for people, and measures its own Argon2id."""
    _cold.append(True)
    try:
        yield
    finally:
        _cold.pop()


def run(module: str, *arguments: str | Path, seconds: float = VERB_SECONDS) -> Done:
    """Run a verb to its end, without its imports where it may; kills it and fails when it takes too long."""
    if module in IMPORTED and not _cold and hasattr(os, "fork"):
        words = [str(word) for word in arguments]
        code, out, err = _starter(module).run(words, tempfile.gettempdir(), environment(), seconds)
        return Done((module, *words), code, out, err)
    with start(module, *arguments) as process:
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            kill_tree(process.pid)
            raise
    return Done((module, *map(str, arguments)), process.returncode, out, err)


def _starter(module: str) -> WarmStarter:
    if module not in _starters:
        _starters[module] = WarmStarter(module)
        atexit.register(_starters[module].close)
    return _starters[module]


def run_and_kill(module: str, *arguments: str | Path, after: float) -> Done:
    """Start a verb and SIGKILL it after some seconds; it may have ended before."""
    with start(module, *arguments) as process:
        try:
            out, err = process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            out, err = process.communicate()
    return Done((module, *map(str, arguments)), process.returncode, out, err)


def kill_tree(pid: int) -> None:
    """SIGKILL a process and all its descendants."""
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for process in family:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family, timeout=STOP_SECONDS)


def processes_of(folder: Path) -> list[psutil.Process]:
    """All processes whose command line or working folder names a folder (PostgreSQL names its data)."""
    found = []
    for process in psutil.process_iter():
        try:
            words = " ".join([*process.cmdline(), process.cwd()])
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
        if str(folder) in words and process.pid != os.getpid():
            found.append(process)
    return found


def free_port() -> int:
    """A port of the loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes], seconds: float = READY_SECONDS) -> None:
    """Wait until a server listens; fails when its process ends before."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"no server on port {port} after {seconds} s")
