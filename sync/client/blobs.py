"""Files of attachments to the county and back, after the records: piece by piece, resumed where each side stands."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sync.client.link import CountyLink
from sync.domain.errors import Damaged
from sync.protocol.blob_request import (
    GET,
    HEADER,
    MAX_PIECE_BYTES,
    PATH,
    PUT,
    VERSION,
    BlobRequest,
    BlobState,
    body_hash,
    decode_state,
    sign_request,
)
from sync.protocol.limits import KIB

FIRST_PIECE_BYTES = 32 * KIB
"""So that a line of 32 kbit/s carries a piece before the connection counts as dead."""
_QUICK_SECONDS, _SLOW_SECONDS = 1.0, 6.0


class Need(Protocol):
    """A file that should travel."""

    @property
    def name(self) -> str:
        """SHA-256 of the ciphertext."""
        ...

    @property
    def record(self) -> str:
        """Id of the attachment."""
        ...

    @property
    def bytes(self) -> int:
        """Length of the ciphertext."""
        ...


class BlobShelf(Protocol):
    """The device's files as the transfer sees them."""

    def read_piece(self, name: str, offset: int, length: int) -> bytes:
        """Bytes of a whole file."""

    def part_bytes(self, name: str) -> int:
        """How much of a file being fetched is here."""

    def add_part(self, name: str, offset: int, data: bytes) -> None:
        """Write fetched bytes at the end of the part."""

    def finish_part(self, name: str) -> None:
        """Prove a part and make it whole; Damaged drops it."""


class BlobTransport(Protocol):
    """One HTTP request. Raises Unreachable, Refused."""

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        """The answer's body."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One request: a piece of a file to give (``body``) or to get (``length``)."""

    method: str
    need: Need
    offset: int = 0
    length: int = 0
    body: bytes = b""


@dataclass(slots=True)
class BlobCarrier:
    """Carries files over one connection. ``now_ms``: the county's time; ``stop`` is asked between pieces."""

    link: CountyLink
    shelf: BlobShelf
    transport: BlobTransport
    now_ms: Callable[[], int]
    stop: Callable[[], bool] = lambda: False
    _piece: int = FIRST_PIECE_BYTES

    def push(self, need: Need) -> bool:
        """Give the county a file; true once it has proven the whole. Raises Unreachable; what it has it keeps.

        Raises Refused where the county does not know the record (yet), Damaged where it got something else.
        """
        state = self._put(need, 0, b"")
        while not state.complete and not self.stop():
            piece = self.shelf.read_piece(need.name, state.have, self._piece)
            before, state = state, self._put(need, state.have, piece)
            if not state.complete and state.have <= before.have:
                raise Damaged("blobs.no_progress")
        return state.complete

    def fetch(self, need: Need) -> bool:
        """Get a file from the county; true once it is here and proven. Raises as :meth:`push`."""
        have = self.shelf.part_bytes(need.name)
        while have < need.bytes:
            if self.stop():
                return False
            piece = self._ask(Asking(GET, need, have, min(self._piece, need.bytes - have)))
            if not 0 < len(piece) <= need.bytes - have:
                raise Damaged("blobs.no_progress")
            self.shelf.add_part(need.name, have, piece)
            have += len(piece)
        self.shelf.finish_part(need.name)
        return True

    def _put(self, need: Need, offset: int, piece: bytes) -> BlobState:
        return decode_state(self._ask(Asking(PUT, need, offset, len(piece), piece)))

    def _ask(self, asking: Asking) -> bytes:
        headers = {HEADER: signed_header(self.link, asking, self.now_ms())}
        started = time.monotonic()
        answer = self.transport.ask(asking.method, PATH + asking.need.name, asking.body, headers)
        if asking.length:
            self._learn(time.monotonic() - started)
        return answer

    def _learn(self, seconds: float) -> None:
        if seconds < _QUICK_SECONDS:
            self._piece = min(self._piece * 2, MAX_PIECE_BYTES)
        elif seconds > _SLOW_SECONDS:
            self._piece = max(self._piece // 2, FIRST_PIECE_BYTES)


def signed_header(link: CountyLink, asking: Asking, now_ms: int) -> str:
    """The signature of one request by this device, as the county's clock stands."""
    request = BlobRequest(
        version=VERSION,
        method=asking.method,
        county=link.card.county,
        device=link.device,
        blob=asking.need.name,
        record=asking.need.record,
        offset=asking.offset,
        length=asking.length,
        body_hash=body_hash(asking.body),
        time=now_ms,
    )
    return sign_request(request, link.signing_private)
