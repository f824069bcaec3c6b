"""What the county's desk and its server say about files of attachments that lie beside a stick's request.

The desk passes on what a town's device signed (``blob_note``) and pieces of ciphertext; the server judges the device's
signature and rights as if the stick had come to it. A request is a sealed envelope, followed by the piece it gives; an
answer is a sealed envelope, followed by the piece it brings. Neither side of the desk can open a piece.
"""

import msgspec

from sync.protocol.blob_request import MAX_PIECE_BYTES
from sync.protocol.limits import DESK_LIMITS, KIB

LOOK, TAKE, BRING = "LOOK", "TAKE", "BRING"
MOST_HEADERS = 1_000
"""In one look; a longer note is looked through in parts, each with a receipt of its own."""
BODY_LIMIT = DESK_LIMITS.sealed + MAX_PIECE_BYTES + KIB


class BlobErrand(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """``LOOK``: how do these stand? ``TAKE``: a piece of the first, from ``offset``. ``BRING``: ``length`` of it."""

    version: int
    device: str
    local_time: int
    act: str
    headers: tuple[str, ...]
    """Requests as a device signed them."""
    offset: int = 0
    length: int = 0
    piece_hash: bytes = b""
    """SHA-256 of the piece that follows; empty where none does."""


class BlobStand(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """How a file stands at the county. ``refusal``: a text key, the rest is empty then."""

    method: str
    blob: str
    bytes: int
    have: int
    complete: bool
    refusal: str = ""


class BlobsTold(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One stand a header, in their order; ``receipt``: the county's signed word on what it has whole of them."""

    version: int
    stands: tuple[BlobStand, ...]
    receipt: bytes = b""
    piece_hash: bytes = b""
