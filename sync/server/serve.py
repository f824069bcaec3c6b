"""Run the county: HTTPS in the foreground, PostgreSQL watched over, all stopped on SIGTERM."""

import gc
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import structlog
import uvicorn

from sync.domain.errors import LiandongError, Refused
from sync.server.app import CountyApp
from sync.server.county import open_county
from sync.server.faults import FaultFormatter, tell_faults_only
from sync.server.postgres import Cluster

GRACE_SECONDS = 4
WATCH_SECONDS = 0.5
_OBJECTS_BEFORE_COLLECTION = 20_000
"""A request of 500 changes makes so many at once, none of them in a circle."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What ``serve`` was asked. ``said`` is called with the address once requests are answered."""

    home: Path
    host: str
    port: int
    said: Callable[[str], None]
    database_file: Path | None = None


class _Server(uvicorn.Server):
    """Says when it is ready and leaves signals to us."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[int], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Start; then say the port that was really taken."""
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started and self.servers:
            self._ready(self.servers[0].sockets[0].getsockname()[1])

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are handled by ``run_server``, for PostgreSQL must be stopped afterwards."""
        yield


def run_server(serving: Serving) -> None:
    """Serve until SIGTERM or SIGINT. Raises Refused ``county.port_taken`` where the port is not free."""
    _configure_logs()
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTION, 20, 50)
    server: list[_Server] = []
    asked = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        asked.set()
        if server:
            server[0].should_exit = True

    with (
        _handling(stop),
        _listening(serving) as plug,
        open_county(serving.home, serving.database_file) as county,
    ):
        gc.freeze()  # what is there now stays: no request waits while it is looked through
        config = uvicorn.Config(
            CountyApp(county).application(),
            ssl_keyfile=county.home.tls_key,
            ssl_certfile=county.home.tls_certificate,
            log_config=None,
            access_log=False,
            lifespan="on",
            timeout_keep_alive=75,
            timeout_graceful_shutdown=GRACE_SECONDS,
            server_header=False,
        )
        server.append(_Server(config, lambda port: serving.said(f"https://{serving.host}:{port}")))
        if asked.is_set():  # on the way up: what was begun is whole now, and is closed in order
            return
        with _watching(county.cluster):
            server[0].run(sockets=[plug])


@contextmanager
def _listening(serving: Serving) -> Iterator[socket.socket]:
    """The socket, taken before anything is started."""
    family = socket.AF_INET6 if ":" in serving.host else socket.AF_INET
    try:
        plug = socket.create_server((serving.host, serving.port), family=family, backlog=512)
    except OSError as error:
        raise Refused("county.port_taken", host=serving.host, port=serving.port) from error
    with plug:
        # asyncio does this only for sockets that name their protocol; without it short answers wait for 40 ms.
        plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield plug


@contextmanager
def _handling(stop: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    former = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


@contextmanager
def _watching(cluster: Cluster | None) -> Iterator[None]:
    """Start PostgreSQL again whenever it died."""
    if cluster is None:
        yield
        return
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(cluster, over), name="postgres-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _watch(cluster: Cluster, over: threading.Event) -> None:
    log = structlog.get_logger("liandong.county")
    while not over.wait(WATCH_SECONDS):
        try:
            if cluster.ensure_running():
                log.warning("postgres_restarted")
        except LiandongError as error:
            log.error("postgres_down", code=error.code)


def _configure_logs() -> None:
    """JSON lines on stderr; of the libraries only warnings; of bugs only their kind and place."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(FaultFormatter("%(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    tell_faults_only()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
