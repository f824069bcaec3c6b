"""Verbs without their imports: a parent that imported the program once and forks for every verb.

What runs is the program's own ``__main__`` in a process of its own: own memory, own streams, own exit code; it can be
killed like any other. Only the imports are shared, and Argon2id takes the fewest passes that vaults of the tests take
everywhere. Servers, verbs that are killed, and the tests that say so start cold, as people start them.

As a program (``python -m tests.e2e.warm MODULE SOCKET``) this is the parent.
"""

import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
IMPORTED = {
    "desktop": (
        "desktop.app", "desktop.cli.main", "desktop.cli.session", "desktop.cli.verbs.casework",
        "desktop.cli.verbs.enrolment", "desktop.cli.verbs.printing", "desktop.cli.verbs.reading",
        "desktop.cli.verbs.records", "desktop.opening", "desktop.services.office", "desktop.storage.upgrade",
        "urllib3", "sqlcipher3", "sync.client.exchange", "sync.client.transport",
    ),
    "sync.server": ("sync.server.cli", "sync.server.county", "sync.server.reading", "sync.server.tickets", "psycopg"),
}  # fmt: skip
REQUEST_BYTES = 256 * 1024


@dataclass(slots=True)
class WarmStarter:
    """The parent of one program's verbs; it ends when this end of its socket closes."""

    module: str
    _line: socket.socket = field(init=False)
    _parent: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self._line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            self._line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, REQUEST_BYTES)
            words = [sys.executable, "-m", "tests.e2e.warm", self.module, str(other.fileno())]
            tree = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
            self._parent = subprocess.Popen(
                words, pass_fds=[other.fileno()], cwd=tempfile.gettempdir(), env={**os.environ, **tree}
            )

    def run(
        self, arguments: Sequence[str], cwd: str, environment: Mapping[str, str], seconds: float
    ) -> tuple[int, str, str]:
        """Run a verb to its end: exit code, stdout, stderr. Kills it and raises TimeoutExpired when it takes long."""
        ours, theirs = socket.socketpair()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, ours:
            with theirs:
                request = json.dumps([list(arguments), cwd, dict(environment)]).encode()
                socket.send_fds(self._line, [request], [out.fileno(), err.fileno(), theirs.fileno()])
            ours.settimeout(seconds)
            said = ours.makefile("r")
            child = int(said.readline())
            try:
                code = int(said.readline())
            except TimeoutError:
                os.kill(child, signal.SIGKILL)
                raise subprocess.TimeoutExpired([self.module, *arguments], seconds) from None
            return code, _text(out), _text(err)

    def close(self) -> None:
        """End the parent."""
        self._line.close()
        self._parent.wait(timeout=30)


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8").replace("\r\n", "\n")


# The parent ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Nest:
    """Forks for each request; tells each caller the process and, once it ended, its exit code."""

    line: socket.socket
    callers: dict[int, socket.socket] = field(default_factory=dict)

    def serve(self) -> list[str] | None:
        """Returns twice and more: in each child the words of its verb, in the parent None at the end."""
        woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        with selectors.DefaultSelector() as selector:
            selector.register(self.line, selectors.EVENT_READ)
            selector.register(woken, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fd == woken:
                        os.read(woken, 1024)
                        self._tell_of_the_ended()
                        continue
                    request, given, *_rest = socket.recv_fds(self.line, REQUEST_BYTES, 3)
                    if not request:
                        return None
                    words = self._fork(request, given, (woken, wake))
                    if words is not None:
                        return words

    def _fork(self, request: bytes, given: Sequence[int], mine: Sequence[int]) -> list[str] | None:
        words, cwd, environment = json.loads(request)
        out, err, caller = given
        child = os.fork()
        if child:
            os.close(out)
            os.close(err)
            self.callers[child] = socket.socket(fileno=caller)
            self.callers[child].sendall(f"{child}\n".encode())
            return None
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._become(out, err, (*mine, caller))
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(environment)
        tempfile.tempdir = None
        return [str(word) for word in words]

    def _become(self, out: int, err: int, strange: Sequence[int]) -> None:
        os.dup2(out, 1)
        os.dup2(err, 2)
        for fd in (out, err, *strange):
            os.close(fd)
        self.line.close()
        for other in self.callers.values():
            other.close()

    def _tell_of_the_ended(self) -> None:
        while self.callers:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            with self.callers.pop(child) as caller, suppress(OSError):
                caller.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _take_few_passes() -> None:
    from desktop.security import passphrase

    passphrase.LEAST_ITERATIONS = passphrase.MOST_ITERATIONS = 1


def main(module: str, fd: int) -> None:
    """Import the program, fork for verbs until the socket closes."""
    for name in IMPORTED[module]:
        importlib.import_module(name)
    if module == "desktop":
        _take_few_passes()
    gc.collect()
    gc.freeze()
    words = _Nest(socket.socket(fileno=fd)).serve()
    if words is not None:
        sys.argv[:] = [module, *words]
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
