"""A slow line that loses requests: a TCP proxy that counts what passes, lets it pass so fast, and cuts as lots fall."""

import contextlib
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sync.client.wire import LineClock

PIECE = 1024
SHORT_ANSWER = 400
"""A lost answer is cut within so many bytes."""


@dataclass(slots=True)
class LineTime:
    """The line's own time in seconds: bytes over bandwidth and waits. ``real`` also sleeps for them."""

    bytes_per_second: float
    real: bool = False
    counted: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, seconds: float) -> None:
        """Let time pass."""
        if self.real:
            time.sleep(seconds)
        with self.lock:
            self.counted += seconds

    def now(self) -> float:
        """Seconds on this clock."""
        return time.monotonic() if self.real else self.counted

    def clock(self) -> LineClock:
        """For the exchange."""
        return LineClock(self.now, self.spend)


@dataclass(slots=True)
class _Fate:
    """What will happen to the coming request: how many bytes may go up, and down once ``size`` went up."""

    kind: str = "whole"
    size: int = 0
    up_left: float = float("inf")
    down_left: float = float("inf")
    up: int = 0


class SlowProxy:
    """In front of a server on loopback. ``expect`` draws what befalls the request that comes next."""

    def __init__(self, port: int, line: LineTime, lost_share: float, seed: int) -> None:
        self._target = port
        self._line = line
        self._lost_share = lost_share
        self._lots = random.Random(seed)
        self._fate = _Fate()
        self.fates: Counter[str] = Counter()
        self.passed = 0
        """Bytes that passed, both ways."""
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._listening.getsockname()[1]}"

    def expect(self, size: int) -> str:
        """A request of ``size`` bytes comes; what will become of it."""
        fate = _Fate(size=size)
        if self._lots.random() < self._lost_share:
            fate.kind = self._lots.choice(("before", "midway", "answer"))
            if fate.kind == "answer":
                fate.down_left = self._lots.randrange(SHORT_ANSWER)
            else:
                fate.up_left = 0 if fate.kind == "before" else self._lots.randrange(1, size)
        self._fate = fate
        self.fates[fate.kind] += 1
        return fate.kind

    def serve(self) -> None:
        """Take connections until closed."""
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._open += [near, far]
                for start, end, up in ((near, far, True), (far, near, False)):
                    thread = threading.Thread(target=self._pump, args=(start, end, up))
                    thread.start()
                    self._threads.append(thread)

    def close(self) -> None:
        """Cut everything."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._cut(*self._open)
        for thread in self._threads:
            thread.join()

    def _pump(self, start: socket.socket, end: socket.socket, up: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := start.recv(PIECE):
                allowed = self._allowed(len(piece), up)
                end.sendall(piece[:allowed])
                self.passed += allowed
                self._line.spend(allowed / self._line.bytes_per_second)
                if allowed < len(piece):
                    break
        self._cut(start, end)
        start.close()

    def _allowed(self, size: int, up: bool) -> int:
        """How many of the bytes still pass."""
        fate = self._fate
        if up:
            allowed = int(min(size, fate.up_left))
            fate.up += allowed
            fate.up_left -= allowed
            return allowed
        if fate.up < fate.size:
            return size
        allowed = int(min(size, fate.down_left))
        fate.down_left -= allowed
        return allowed

    @staticmethod
    def _cut(*plugs: socket.socket) -> None:
        for plug in plugs:
            with contextlib.suppress(OSError):
                plug.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def slow_proxy(port: int, line: LineTime, lost_share: float, seed: int) -> Iterator[SlowProxy]:
    """The proxy, running; everything of it ends with the block."""
    proxy = SlowProxy(port, line, lost_share, seed)
    thread = threading.Thread(target=proxy.serve)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join()
