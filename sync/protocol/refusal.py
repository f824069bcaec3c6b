"""How the county says no: sealed and signed to a device it knows, in plain where it knows none."""

import msgspec

from sync.domain.errors import Damaged, LiandongError
from sync.protocol import limits
from sync.protocol.codec import decode_refusal
from sync.protocol.envelope import Purpose, binding_of, open_envelope, seal_envelope
from sync.protocol.messages import DECODE_ERRORS, PROTOCOL_VERSION, Refusal, encode_message


class PlainRefusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of an HTTP refusal: MessagePack map ``{"code", "values"}``; nothing in it is proven."""

    code: str
    values: dict[str, str | int]


_plain_decoder = msgspec.msgpack.Decoder(PlainRefusal)


def encode_plain_refusal(error: LiandongError) -> bytes:
    """Body of a refusal to somebody unknown."""
    return msgspec.msgpack.encode(PlainRefusal(error.code, _sendable(error)))


def decode_plain_refusal(body: bytes) -> PlainRefusal:
    """Raises Damaged ``envelope.content`` for anything else."""
    if len(body) > limits.MAX_REFUSAL_BYTES:
        raise Damaged("envelope.content")
    try:
        return _plain_decoder.decode(body)
    except DECODE_ERRORS as error:
        raise Damaged("envelope.content") from error


def seal_refusal(
    error: LiandongError, request_envelope: bytes, *, recipient_public: bytes, device: str, signing_key: bytes
) -> bytes:
    """An envelope that says no to exactly this request."""
    refusal = Refusal(PROTOCOL_VERSION, binding_of(request_envelope), error.code, _sendable(error))
    return seal_envelope(
        encode_message(refusal),
        purpose=Purpose.REFUSAL,
        recipient_public=recipient_public,
        device=device,
        signing_key=signing_key,
        bound_to=request_envelope,
    )


def open_refusal(envelope: bytes, *, private_key: bytes, signer: bytes, bound_to: bytes) -> Refusal:
    """The refusal, proven to be the county's word on this request. Raises Damaged ``envelope.*``."""
    payload = open_envelope(
        envelope, purpose=Purpose.REFUSAL, private_key=private_key, signer=signer, bound_to=bound_to
    )
    return decode_refusal(payload)


def _sendable(error: LiandongError) -> dict[str, str | int]:
    return {name: value if isinstance(value, int) else str(value) for name, value in error.values.items()}
