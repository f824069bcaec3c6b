"""HTTP over TLS to one address: one request, one bounded answer. Nothing is sent twice here, nothing redirected.

Importing this module costs what the HTTP library costs: import it where a line is opened.
"""

import ssl

from urllib3 import HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.response import BaseHTTPResponse
from urllib3.util import parse_url

from sync.domain.errors import Damaged, Unreachable

CONNECT_SECONDS = 10.0
_PIECE_BYTES = 1 << 18
_AT_ONCE = 2
"""Connections kept open: an exchange has at most so many requests under way."""
_BROKEN = (ssl.SSLEOFError, ConnectionResetError, BrokenPipeError)


class _Connection(HTTPSConnection):
    """Waits less for a connection than for an answer."""

    def connect(self) -> None:
        """Connect, then be as patient as the request is."""
        patience = self.timeout
        self.timeout = min(patience, CONNECT_SECONDS) if isinstance(patience, int | float) else CONNECT_SECONDS
        super().connect()
        self.timeout = patience
        self.sock.settimeout(patience)
        self.is_verified = True  # whom to trust the context says; what it lets through is no reason for a warning


class _Connections(HTTPSConnectionPool):
    ConnectionCls = _Connection


class Line:
    """Connections to one address, kept open. From any thread, each request on a connection of its own."""

    def __init__(self, url: str, context: ssl.SSLContext) -> None:
        """``context`` alone says whom to trust, not the name in ``url``. Raises Damaged ``exchange.url``."""
        try:
            address = parse_url(url)
        except HTTPError as error:
            raise Damaged("exchange.url") from error
        if address.scheme != "https" or not address.host:
            raise Damaged("exchange.url")
        self._base = (address.path or "").rstrip("/")
        self._connections = _Connections(
            address.host,
            address.port,
            maxsize=_AT_ONCE,
            retries=False,
            headers={"user-agent": "liandong", "accept-encoding": "identity"},
            ssl_context=context,
            cert_reqs=context.verify_mode,
            assert_hostname=False,
        )

    def ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], *, patience: float, most_bytes: int
    ) -> tuple[int, bytes]:
        """Status and body of the answer. ``patience``: seconds without one byte coming or going.

        Raises Unreachable ``exchange.unreachable``, ``exchange.broken``, ``exchange.wrong_certificate``, Damaged
        ``envelope.too_large``.
        """
        try:
            answer = self._connections.urlopen(
                method,
                self._base + path,
                body,
                {**self._connections.headers, **headers},
                redirect=False,
                timeout=Timeout(connect=patience, read=patience),
                preload_content=False,
                decode_content=False,
            )
            return answer.status, _read_bounded(answer, most_bytes)
        except HTTPError as error:
            raise _unreachable(error) from error

    def close(self) -> None:
        """Close the connections."""
        self._connections.close()

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _read_bounded(answer: BaseHTTPResponse, most: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    for piece in answer.stream(_PIECE_BYTES, decode_content=False):
        size += len(piece)
        if size > most:
            answer.close()
            raise Damaged("envelope.too_large", limit=most)
        pieces.append(piece)
    answer.release_conn()
    return b"".join(pieces)


def _unreachable(error: HTTPError) -> Unreachable:
    """A wrong certificate is told apart, for the network may lead to somebody else; so is a line that broke."""
    broken = isinstance(error, ProtocolError)
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Unreachable("exchange.wrong_certificate")
        broken = broken or isinstance(cause, _BROKEN)
        cause = cause.__cause__ or cause.__context__
    return Unreachable("exchange.broken" if broken else "exchange.unreachable")
