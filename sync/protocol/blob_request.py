"""One request for a piece of an attachment's ciphertext, signed by the device that asks.

The signature covers method, name, record, offset, length, the hash of the body and the county's time as the device
knows it. Within the window of that time a request could be repeated by whoever broke TLS: a repeated piece changes
nothing, for the county takes bytes only at the end of what it has, and what it gives is ciphertext.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

import msgspec

from sync.domain.errors import Damaged
from sync.domain.ids import is_id
from sync.protocol.keys import sign, verify
from sync.protocol.limits import KIB, MIB
from sync.protocol.messages import DECODE_ERRORS
from sync.protocol.sealed_stream import MAX_PLAIN_BYTES, sealed_size

CONTEXT = "liandong/blob-request/v1"
VERSION = 1
PATH = "/v1/blobs/"
HEADER = "x-liandong-request"
GET, PUT, CARRY = "GET", "PUT", "CARRY"
WINDOW_MS = 15 * 60 * 1000
MAX_HEADER_BYTES = 2 * KIB
MAX_PIECE_BYTES = 1 * MIB
MAX_STATE_BYTES = 1 * KIB
MAX_SEALED_BYTES = sealed_size(MAX_PLAIN_BYTES)
_NAME = re.compile(r"[0-9a-f]{64}")


class BlobRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``blob``: name of the ciphertext; ``record``: the attachment it belongs to; ``time``: county time, ms UTC."""

    version: int
    method: str
    county: str
    device: str
    blob: str
    record: str
    offset: int
    length: int
    body_hash: bytes
    time: int


class BlobState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the county has of a file: so many bytes from its start, proven whole or not."""

    have: int
    complete: bool


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request as it came, not proven yet."""

    request: BlobRequest
    payload: bytes
    signature: bytes

    def prove(self, signing_public: bytes) -> BlobRequest:
        """The request. Raises Damaged ``seal.signature_wrong``."""
        verify(signing_public, CONTEXT, self.payload, self.signature)
        return self.request


def body_hash(body: bytes) -> bytes:
    """What a request says of its body."""
    return hashlib.sha256(body).digest()


def sign_request(request: BlobRequest, signing_private: bytes) -> str:
    """The value of the header :data:`HEADER`."""
    payload = msgspec.msgpack.encode(request)
    signature = sign(signing_private, CONTEXT, payload)
    return ".".join(base64.urlsafe_b64encode(part).decode("ascii") for part in (payload, signature))


def read_request(header: str) -> SignedRequest:
    """Raises Damaged ``blobs.request`` for what is none."""
    if len(header) > MAX_HEADER_BYTES or header.count(".") != 1:
        raise Damaged("blobs.request")
    try:
        payload, signature = (base64.b64decode(part, b"-_", validate=True) for part in header.split("."))
        request = msgspec.msgpack.decode(payload, type=BlobRequest)
    except (binascii.Error, ValueError, *DECODE_ERRORS) as error:
        raise Damaged("blobs.request") from error
    if not _is_sound(request):
        raise Damaged("blobs.request")
    return SignedRequest(request, payload, signature)


def _is_sound(request: BlobRequest) -> bool:
    named = is_id(request.device) and is_id(request.record) and _NAME.fullmatch(request.blob) is not None
    within = all(0 <= number <= MAX_SEALED_BYTES for number in (request.offset, request.length))
    return request.version == VERSION and named and within


def encode_state(state: BlobState) -> bytes:
    """The body of an answer to PUT."""
    return msgspec.msgpack.encode(state)


def decode_state(body: bytes) -> BlobState:
    """Raises Damaged ``blobs.request``."""
    if len(body) > MAX_STATE_BYTES:
        raise Damaged("blobs.request")
    try:
        return msgspec.msgpack.decode(body, type=BlobState)
    except DECODE_ERRORS as error:
        raise Damaged("blobs.request") from error
