"""The envelope: compressed, padded, sealed to one key, signed by another. The same bytes go by wire and on a stick.

Layout: header 64 | HPKE ciphertext | Ed25519 signature 64 | checksum 8. Header: magic 4, version 1, suite 2, purpose 1,
key id 8, device 16, binding 32. The checksum only tells damage from malice; trust rests on the signature. Inside:
length 4 | zstd frame | zeros.
"""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import zstandard

from sync.domain.errors import Damaged
from sync.domain.ids import is_id
from sync.protocol import limits as bounds
from sync.protocol.keys import (
    SEAL_OVERHEAD_BYTES,
    SIGNATURE_BYTES,
    SUITE_XWING,
    exchange_public,
    hpke_decrypt,
    hpke_encrypt,
    key_id,
    sign,
    verify,
)
from sync.protocol.limits import EnvelopeLimits

MAGIC = b"LDEN"
VERSION = 1
HEADER_BYTES = 64
CHECKSUM_BYTES = 8
NO_BINDING = bytes(32)
_LENGTH_BYTES = 4
_MIN_BYTES = HEADER_BYTES + SEAL_OVERHEAD_BYTES + _LENGTH_BYTES + SIGNATURE_BYTES + CHECKSUM_BYTES
_COMPRESSION_LEVEL, _REQUEST_LEVEL, _QUICK_LEVEL = 2, 5, 2
"""What a township sends often goes over the slower half of a line; the county packs for many at once. A line that is
not slow is better served by a level that costs a third of the time for a fiftieth more bytes; records packed by the
page come out no smaller at level 3 than at 2."""


class Purpose(StrEnum):
    """What an envelope is for; it cannot be opened as anything else."""

    EXCHANGE_REQUEST = "exchange-request"
    EXCHANGE_ANSWER = "exchange-answer"
    ENROL_REQUEST = "enrol-request"
    ENROL_ANSWER = "enrol-answer"
    BACKUP = "backup"
    REFUSAL = "refusal"
    COUNTY_DESK_REQUEST = "county-desk-request"
    COUNTY_DESK_ANSWER = "county-desk-answer"
    COUNTY_DEVICES_REQUEST = "county-devices-request"
    COUNTY_DEVICES_ANSWER = "county-devices-answer"
    COUNTY_BLOBS_REQUEST = "county-blobs-request"
    COUNTY_BLOBS_ANSWER = "county-blobs-answer"
    COUNTY_HELD_REQUEST = "county-held-request"
    COUNTY_HELD_ANSWER = "county-held-answer"


_of_thread = threading.local()
_PURPOSE_CODES = {purpose: number for number, purpose in enumerate(Purpose, start=1)}
_PURPOSES = {number: purpose for purpose, number in _PURPOSE_CODES.items()}

LIMITS = {
    Purpose.EXCHANGE_REQUEST: bounds.REQUEST_LIMITS,
    Purpose.EXCHANGE_ANSWER: bounds.ANSWER_LIMITS,
    Purpose.ENROL_REQUEST: bounds.ENROLMENT_LIMITS,
    Purpose.ENROL_ANSWER: bounds.ENROLMENT_LIMITS,
    Purpose.BACKUP: bounds.BACKUP_LIMITS,
    Purpose.REFUSAL: bounds.REFUSAL_LIMITS,
    Purpose.COUNTY_DESK_REQUEST: bounds.ENROLMENT_LIMITS,
    Purpose.COUNTY_DESK_ANSWER: bounds.DESK_LIMITS,
    Purpose.COUNTY_DEVICES_REQUEST: bounds.ENROLMENT_LIMITS,
    Purpose.COUNTY_DEVICES_ANSWER: bounds.DESK_LIMITS,
    Purpose.COUNTY_BLOBS_REQUEST: bounds.DESK_LIMITS,
    Purpose.COUNTY_BLOBS_ANSWER: bounds.DESK_LIMITS,
    Purpose.COUNTY_HELD_REQUEST: bounds.ENROLMENT_LIMITS,
    Purpose.COUNTY_HELD_ANSWER: bounds.DESK_LIMITS,
}
"""The limits each purpose has unless the caller names tighter ones."""


@dataclass(frozen=True, slots=True)
class Header:
    """The part in clear. Nothing in it is proven before :func:`open_envelope` has returned."""

    version: int
    suite: int
    purpose: Purpose
    key_id: str
    """Of the public key it is sealed to."""
    device: str
    """Requests: who sends. Answers and refusals: for whom it is."""
    binding: bytes
    """SHA-256 of the request an answer is bound to; zeros where there is none."""


def binding_of(request_envelope: bytes) -> bytes:
    """SHA-256 of a request's envelope: what an answer's header, signature and ``request_hash`` name. b"" → zeros."""
    return hashlib.sha256(request_envelope).digest() if request_envelope else NO_BINDING


def seal_envelope(
    payload: bytes,
    *,
    purpose: Purpose,
    recipient_public: bytes,
    device: str,
    signing_key: bytes,
    bound_to: bytes = b"",
    quick: bool = False,
) -> bytes:
    """Sealed bytes. ``device``: 32 hex digits; ``bound_to``: the whole envelope of the request this answers; ``quick``:
    packed in less time, a little less tightly."""
    if not is_id(device):
        raise Damaged("envelope.device")
    header = _encode_header(purpose, recipient_public, device, binding_of(bound_to))
    body = _pack_body(payload, _QUICK_LEVEL if quick else _level_of(purpose))
    signed = header + hpke_encrypt(recipient_public, body, _info(purpose, header))
    signature = sign(signing_key, _context(purpose), hashlib.sha256(signed).digest())
    return b"".join((signed, signature, _checksum(signed, signature)))


def read_header(envelope: bytes) -> Header:
    """The header, believed only as far as its checksum.

    Raises Damaged ``envelope.none`` (something else), ``.damaged``, ``.newer`` (made by a newer version),
    ``.unknown_suite``.
    """
    if envelope[: len(MAGIC)] != MAGIC:
        raise Damaged("envelope.none")
    _check_checksum(envelope)
    if envelope[4] != VERSION:
        raise Damaged("envelope.newer", version=envelope[4])
    suite = int.from_bytes(envelope[5:7], "big")
    if suite != SUITE_XWING:
        raise Damaged("envelope.unknown_suite", suite=suite)
    if envelope[7] not in _PURPOSES:
        raise Damaged("envelope.newer", version=envelope[4])
    purpose = _PURPOSES[envelope[7]]
    return Header(envelope[4], suite, purpose, envelope[8:16].hex(), envelope[16:32].hex(), envelope[32:64])


def is_envelope(data: bytes) -> bool:
    """True where the bytes claim to be an envelope."""
    return data[: len(MAGIC)] == MAGIC


def open_envelope(
    envelope: bytes,
    *,
    purpose: Purpose,
    private_key: bytes,
    signer: bytes | Callable[[bytes], bytes],
    bound_to: bytes | None = b"",
    limits: EnvelopeLimits | None = None,
) -> bytes:
    """The payload, proven to be sealed for us and signed by ``signer``.

    ``signer`` is the signing public key, or a function that finds it in the payload (enrolment, where the key comes
    along; the function must treat the payload as unproven). ``bound_to`` is the request's envelope; None takes an
    answer to any request (a stick's; judge ``Header.binding``). Raises Damaged: those of :func:`read_header` and
    ``envelope.too_large``, ``.wrong_purpose``, ``.wrong_key``, ``.wrong_signer``, ``.not_this_request``, ``.damaged``.
    """
    limit = limits or LIMITS[purpose]
    if len(envelope) > limit.sealed:
        raise Damaged("envelope.too_large", limit=limit.sealed)
    header = read_header(envelope)
    _check_header(header, purpose, private_key, bound_to)
    if not callable(signer):
        _check_signature(envelope, purpose, signer)
        return _open_body(envelope, purpose, private_key, limit)
    payload = _open_body(envelope, purpose, private_key, limit)
    _check_signature(envelope, purpose, signer(payload))
    return payload


def _check_header(header: Header, purpose: Purpose, private_key: bytes, bound_to: bytes | None) -> None:
    if header.purpose is not purpose:
        raise Damaged("envelope.wrong_purpose", purpose=header.purpose)
    if header.key_id != key_id(exchange_public(private_key)):
        raise Damaged("envelope.wrong_key", key=header.key_id)
    if bound_to is not None and header.binding != binding_of(bound_to):
        raise Damaged("envelope.not_this_request")


def _check_signature(envelope: bytes, purpose: Purpose, public: bytes) -> None:
    end = len(envelope) - CHECKSUM_BYTES
    signed, signature = memoryview(envelope)[: end - SIGNATURE_BYTES], envelope[end - SIGNATURE_BYTES : end]
    try:
        verify(public, _context(purpose), hashlib.sha256(signed).digest(), signature)
    except Damaged as error:
        raise Damaged("envelope.wrong_signer") from error


def _open_body(envelope: bytes, purpose: Purpose, private_key: bytes, limit: EnvelopeLimits) -> bytes:
    ciphertext = envelope[HEADER_BYTES : -(SIGNATURE_BYTES + CHECKSUM_BYTES)]
    try:
        body = hpke_decrypt(private_key, ciphertext, _info(purpose, envelope[:HEADER_BYTES]))
    except Damaged as error:
        raise Damaged("envelope.damaged") from error
    return _unpack_body(body, limit.opened)


def _encode_header(purpose: Purpose, recipient_public: bytes, device: str, binding: bytes) -> bytes:
    suite = SUITE_XWING.to_bytes(2, "big")
    key = bytes.fromhex(key_id(recipient_public))
    return MAGIC + bytes((VERSION,)) + suite + bytes((_PURPOSE_CODES[purpose],)) + key + bytes.fromhex(device) + binding


def _info(purpose: Purpose, header: bytes) -> bytes:
    return f"liandong/{purpose}/v1".encode() + header


def _context(purpose: Purpose) -> str:
    return f"liandong/{purpose}/v1/signature"


def _checksum(*pieces: bytes | memoryview) -> bytes:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.digest()[:CHECKSUM_BYTES]


def _check_checksum(envelope: bytes) -> None:
    if len(envelope) < _MIN_BYTES:
        raise Damaged("envelope.damaged")
    if _checksum(memoryview(envelope)[:-CHECKSUM_BYTES]) != envelope[-CHECKSUM_BYTES:]:
        raise Damaged("envelope.damaged")


def _level_of(purpose: Purpose) -> int:
    return _REQUEST_LEVEL if purpose is Purpose.EXCHANGE_REQUEST else _COMPRESSION_LEVEL


def _pack_body(payload: bytes, level: int) -> bytes:
    frame = zstandard.ZstdCompressor(level=level).compress(payload)
    packed = len(frame).to_bytes(_LENGTH_BYTES, "big") + frame
    return packed.ljust(_padded_length(len(packed)), b"\0")


def _padded_length(length: int) -> int:
    if length >= bounds.PADDED_BELOW:
        return length
    return -(-length // bounds.PADDING_STEP) * bounds.PADDING_STEP


def _unpack_body(body: bytes, limit: int) -> bytes:
    end = _LENGTH_BYTES + int.from_bytes(body[:_LENGTH_BYTES], "big")
    if end > len(body) or len(body) != _padded_length(end) or any(body[end:]):
        raise Damaged("envelope.damaged")
    return _decompress(body[_LENGTH_BYTES:end], limit)


def _decompressor() -> zstandard.ZstdDecompressor:
    """Of this thread: making one costs more than a small frame."""
    if not hasattr(_of_thread, "decompressor"):
        _of_thread.decompressor = zstandard.ZstdDecompressor()
    found: zstandard.ZstdDecompressor = _of_thread.decompressor
    return found


def _decompress(frame: bytes, limit: int) -> bytes:
    """Expansion is bounded by the size the frame declares, which must be declared and within the limit."""
    try:
        size = zstandard.frame_content_size(frame)
        if size > limit:
            raise Damaged("envelope.too_large", limit=limit)
        if size < 0:
            raise Damaged("envelope.damaged")
        return _decompressor().decompress(frame, max_output_size=limit, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise Damaged("envelope.damaged") from error
