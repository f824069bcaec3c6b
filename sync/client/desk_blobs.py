"""The county desk's errands with files beside a stick: what a town's device signed goes on unread, pieces unopened."""

from collections.abc import Callable
from dataclasses import dataclass

from sync.client.link import CountyLink
from sync.client.transport import Transport
from sync.domain.errors import Damaged
from sync.protocol.county_desk import decode_desk, file_hash, join_pieces, split_pieces
from sync.protocol.desk_blobs import BRING, LOOK, TAKE, BlobErrand, BlobStand, BlobsTold
from sync.protocol.envelope import Purpose
from sync.protocol.messages import PROTOCOL_VERSION, encode_message

BLOBS_PATH = "/v1/county/blobs"


@dataclass(frozen=True, slots=True)
class BlobErrands:
    """Every method raises Unreachable, Refused and Damaged ``blobs.*``, ``desk.*``, ``envelope.*``."""

    link: CountyLink
    transport: Transport
    now_ms: Callable[[], int]

    def look(self, headers: tuple[str, ...]) -> BlobsTold:
        """How the files of these signed requests stand, with the county's receipt; ``MOST_HEADERS`` at most."""
        told, _ = self._run(LOOK, headers)
        if len(told.stands) != len(headers):
            raise Damaged("envelope.content")
        return told

    def take(self, header: str, offset: int, piece: bytes) -> BlobStand:
        """Give a piece; how the file stands then."""
        told, _ = self._run(TAKE, (header,), offset, piece=piece)
        return _only(told)

    def bring(self, header: str, offset: int, length: int) -> bytes:
        """A piece of a file the county has whole."""
        told, pieces = self._run(BRING, (header,), offset, length)
        if len(pieces) != 1 or file_hash(pieces[0]) != told.piece_hash or not 0 < len(pieces[0]) <= length:
            raise Damaged("blobs.no_progress")
        return pieces[0]

    def _run(
        self, act: str, headers: tuple[str, ...], offset: int = 0, length: int = 0, *, piece: bytes = b""
    ) -> tuple[BlobsTold, list[bytes]]:
        errand = BlobErrand(
            PROTOCOL_VERSION, self.link.device, self.now_ms(), act, headers, offset, length,
            file_hash(piece) if piece else b"",
        )  # fmt: skip
        envelope = self.link.seal(encode_message(errand), Purpose.COUNTY_BLOBS_REQUEST)
        body = join_pieces([envelope, piece] if piece else [envelope])
        answer, *pieces = split_pieces(self.transport.post(BLOBS_PATH, body))
        payload, _ = self.link.open(answer, envelope, Purpose.COUNTY_BLOBS_ANSWER)
        return decode_desk(payload, BlobsTold), pieces


def _only(told: BlobsTold) -> BlobStand:
    if len(told.stands) != 1:
        raise Damaged("envelope.content")
    return told.stands[0]
