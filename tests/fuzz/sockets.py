"""The county's server on a real socket with TLS, and clients that speak no HTTP worth the name."""

import contextlib
import logging
import random
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from sync.client.transport import county_tls
from sync.server.app import CountyApp
from tests.fuzz.siege import Siege

PATIENCE_SECONDS = 2.0


class _Alarms(logging.Handler):
    """Keeps what the server calls an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage().splitlines()[0])


class Sockets:
    """Hostile connections to a port."""

    def __init__(self, siege: Siege, port: int, alarms: _Alarms) -> None:
        self._siege = siege
        self._port = port
        self._tls = county_tls(siege.county.card.tls_certificate)
        self.alarms = alarms

    def attack(self, chance: random.Random) -> str:
        """One connection; the first line of what came back."""
        plug = socket.create_connection(("127.0.0.1", self._port), PATIENCE_SECONDS)
        with contextlib.suppress(OSError, ssl.SSLError), plug:
            if chance.random() < 0.05:
                plug.sendall(chance.randbytes(300))
                return plug.recv(100).hex()
            with self._tls.wrap_socket(plug) as wrapped:
                return self._speak(chance, wrapped)
        return "cut"

    def is_well(self) -> bool:
        """The server still answers."""
        with self._tls.wrap_socket(socket.create_connection(("127.0.0.1", self._port), PATIENCE_SECONDS)) as plug:
            plug.sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            return b" 200 " in plug.recv(100)

    def _speak(self, chance: random.Random, plug: ssl.SSLSocket) -> str:
        said = self._words(chance)
        if chance.random() < 0.1:
            for byte in said[:12]:
                plug.sendall(bytes((byte,)))
                time.sleep(0.002)
            said = said[12:]
        plug.sendall(said)
        if chance.random() < 0.5:
            return "hung up"
        plug.settimeout(0.1)
        return plug.recv(100).split(b"\r\n")[0].decode("latin-1")

    def _words(self, chance: random.Random) -> bytes:
        sender = chance.choice(self._siege.hostile)
        envelope = sender.envelope([], sender.sequence + 1)
        head = b"POST /v1/exchange HTTP/1.1\r\nhost: x\r\n"
        length = b"content-length: %d\r\n"
        return chance.choice((
            head + length % (len(envelope) + 9_999) + b"\r\n" + envelope,
            head + length % (len(envelope) // 2) + b"\r\n" + envelope,
            head + b"content-length: 99999999999999999999\r\n\r\nabc",
            head + b"content-length: -5\r\n\r\n",
            head + length % 4 + b"transfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n",
            head + b"transfer-encoding: chunked\r\n\r\nffffffffffffffff\r\nabc\r\n",
            head + b"transfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
            head + b"expect: 100-continue\r\n" + length % 10 + b"\r\n0123456789",
            head + b"x: " + b"y" * 100_000 + b"\r\n\r\n",
            head + b"upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: eA==\r\n\r\n",
            b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n" * 20,
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"GET http://[::1 HTTP/1.1\r\n\r\n",
            b"POST /v1/blobs/%ff%00 HTTP/1.0\r\n\r\n",
            b"\0" * 50,
            chance.randbytes(400),
            head + length % len(envelope) + b"\r\n" + envelope,
        ))  # fmt: skip


@contextmanager
def open_sockets(siege: Siege) -> Iterator[Sockets]:
    """The server in a thread of this process; ends with the block."""
    home = siege.county.home
    config = uvicorn.Config(
        CountyApp(siege.county).application(), ssl_keyfile=home.tls_key, ssl_certfile=home.tls_certificate,
        log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=2, server_header=False,
    )  # fmt: skip
    alarms, log = _Alarms(), logging.getLogger("uvicorn.error")
    log.addHandler(alarms)
    plug = socket.create_server(("127.0.0.1", 0), backlog=128)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [plug]})
    thread.start()
    try:
        yield Sockets(siege, plug.getsockname()[1], alarms)
    finally:
        server.should_exit = True
        thread.join()
        plug.close()
        log.removeHandler(alarms)
