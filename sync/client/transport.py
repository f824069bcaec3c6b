"""Bytes to the county and back: HTTPS that trusts the key card's certificate alone, whatever the clock says.

The HTTP library is imported when a transport is made, for starting the program must not wait for it.
"""

import ssl
from typing import Protocol

from sync.client.refusals import refusal_error
from sync.domain.errors import Damaged, LiandongError, Unreachable
from sync.protocol.envelope import is_envelope
from sync.protocol.key_card import KeyCard
from sync.protocol.limits import ANSWER_LIMITS
from sync.protocol.refusal import decode_plain_refusal

ANSWER_SECONDS = 25.0
"""Without one byte coming or going for so long, the county counts as gone."""
SLOWEST_BYTES_PER_SECOND = 2_000.0
MOST_MORE_SECONDS = 20.0
"""Longer than this and the answer's wait a large body is not waited for: an exchange ends within a minute."""
MAX_ANSWER_BYTES = ANSWER_LIMITS.sealed
_NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME; dead clock batteries are common in offices."""
_PARTIAL_CHAIN = 0x80000
_CONTENT_TYPE = "application/octet-stream"


class Transport(Protocol):
    """One request, one answer."""

    def post(self, path: str, body: bytes) -> bytes:
        """The answer's body, which may be a sealed refusal.

        Raises Unreachable when nothing certain came back, Refused for a refusal in plain.
        """


def county_tls(certificate_pem: bytes) -> ssl.SSLContext:
    """A context that accepts exactly this certificate, on any date. Raises Damaged ``exchange.certificate``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= _NO_CHECK_TIME | _PARTIAL_CHAIN
    try:
        context.load_verify_locations(cadata=certificate_pem.decode("ascii"))
    except (ssl.SSLError, ValueError) as error:
        raise Damaged("exchange.certificate") from error
    return context


class HttpsTransport:
    """HTTPS to the url of a key card. One connection, kept open; close it when the exchange is over."""

    def __init__(self, card: KeyCard, timeout: float = ANSWER_SECONDS, most_bytes: int = MAX_ANSWER_BYTES) -> None:
        """``timeout``: seconds without a byte; ``most_bytes``: of one answer.

        Raises Damaged ``exchange.url`` where the card names no https url.
        """
        from sync.client.line import Line

        self._line = Line(card.url, county_tls(card.tls_certificate))
        self._timeout = timeout
        self._most_bytes = most_bytes

    def post(self, path: str, body: bytes) -> bytes:
        """See :class:`Transport`. Nothing is sent twice here: only the caller knows what a repeat costs."""
        status, answer = self._ask("POST", path, body, {"content-type": _CONTENT_TYPE}, self._patience(len(body)))
        if status == 200 or (status < 500 and is_envelope(answer)):
            return answer
        raise _refusal_of(status, answer)

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        """One request of any method; its answer is never sealed. Raises Unreachable, Refused as :meth:`post`."""
        status, answer = self._ask(method, path, body, {"content-type": _CONTENT_TYPE, **headers}, self._timeout)
        if status == 200:
            return answer
        raise _refusal_of(status, answer)

    def close(self) -> None:
        """Close the connection."""
        self._line.close()

    def __enter__(self) -> "HttpsTransport":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str], patience: float) -> tuple[int, bytes]:
        return self._line.ask(method, path, body, headers, patience=patience, most_bytes=self._most_bytes)

    def _patience(self, size: int) -> float:
        """Seconds without a byte: more where much has to leave through a slow line before an answer can come."""
        more = min(size / SLOWEST_BYTES_PER_SECOND, MOST_MORE_SECONDS) if self._timeout >= ANSWER_SECONDS else 0.0
        return self._timeout + more


def _refusal_of(status: int, body: bytes) -> LiandongError:
    if not 400 <= status < 500:
        return Unreachable("exchange.server_trouble", status=status)
    try:
        refusal = decode_plain_refusal(body)
    except Damaged:
        return Unreachable("exchange.server_trouble", status=status)
    return refusal_error(refusal.code, refusal.values)
