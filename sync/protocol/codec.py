"""Bytes from outside into messages: strict, bounded in size, depth and count, refused with one error.

Depth is bounded by the types themselves: a message nests as its class says, a field value holds at most two levels.
"""

from typing import Any, TypeVar, cast

import msgspec

from sync.domain.errors import Damaged
from sync.domain.ids import is_id
from sync.domain.plain_lines import is_plain_line
from sync.protocol import limits
from sync.protocol.keys import SIGNING_KEY_BYTES, check_exchange_public
from sync.protocol.messages import (
    DECODE_ERRORS,
    PROTOCOL_VERSION,
    Answer,
    Change,
    Echo,
    EnrolmentAnswer,
    EnrolmentRequest,
    Operation,
    Refusal,
    Request,
)

Message = TypeVar("Message", Request, Answer, EnrolmentRequest, EnrolmentAnswer, Refusal)
Scalar = bool | int | str | bytes | None
FieldValue = Scalar | list[Scalar | list[Scalar] | dict[str, Scalar]] | dict[str, Scalar | list[Scalar]]
"""What a record's field may be on the wire: no floats, no deeper nesting."""

_SCALARS = frozenset((bool, int, str, bytes, type(None)))
_VALUE_DEPTH = 2

HASH_BYTES = 32
_MAX_COUNT = 1 << 62


class _Versioned(msgspec.Struct, frozen=True, array_like=True):
    version: int


_version_decoder = msgspec.msgpack.Decoder(_Versioned)
_fields_decoder = msgspec.msgpack.Decoder(dict[str, Any])
_change_decoder = msgspec.msgpack.Decoder(Change)


def decode_request(body: bytes) -> Request:
    """A device's request. Raises Damaged ``envelope.newer`` or ``envelope.content``; so do the functions below."""
    request = _decode(body, Request)
    _require(is_id(request.device) and _is_code(request.unit) and len(request.epoch) <= limits.MAX_CODE_CHARACTERS)
    _require(_are_counts(request.position, request.first_unacknowledged) and request.want_entries >= -1)
    _require(len(request.changes) <= limits.MAX_CHANGES)
    _require(all(len(change) <= limits.MAX_CHANGE_BYTES for change in request.changes))
    return request


def decode_answer(body: bytes) -> Answer:
    """The county's answer."""
    answer = _decode(body, Answer)
    _require(len(answer.request_hash) == HASH_BYTES and len(answer.last_hash) == HASH_BYTES)
    _require(answer.digest is None or len(answer.digest) == HASH_BYTES)
    _require(len(answer.entries) <= limits.MAX_ENTRIES and len(answer.results) <= limits.MAX_RESULTS)
    _require(len(answer.counts) <= limits.MAX_COUNTED_KINDS and len(answer.key_card) <= limits.MAX_KEY_CARD_BYTES)
    _require(_are_counts(answer.from_position, answer.to_position, answer.head, answer.unbroken))
    _require(answer.from_position <= answer.to_position and _positions_grow(answer))
    _require(answer.echo is None or _is_echo(answer.echo, answer.to_position))
    return answer


def decode_enrolment_request(body: bytes) -> EnrolmentRequest:
    """A device's wish to join; its MAC is not judged here."""
    request = _decode(body, EnrolmentRequest)
    _require(is_id(request.ticket) and is_id(request.device) and _is_code(request.role))
    _require(is_plain_line(request.user) and len(request.user) <= limits.MAX_NAME_CHARACTERS)
    _require(len(request.mac) == HASH_BYTES)
    _require(len(request.signing_key) == SIGNING_KEY_BYTES)
    _require_public(request.exchange_key)
    _require_public(request.unit_identity_key)
    return request


def decode_enrolment_answer(body: bytes) -> EnrolmentAnswer:
    """The county's answer to it, a refusal or the facts of the device."""
    answer = _decode(body, EnrolmentAnswer)
    _require(len(answer.request_hash) == HASH_BYTES and len(answer.refusal) <= limits.MAX_CODE_CHARACTERS)
    if not answer.refusal:
        _require(all(map(_is_code, (answer.county, answer.unit, answer.unit_kind, answer.block, *answer.roles))))
        _require(len(answer.key_card) <= limits.MAX_KEY_CARD_BYTES)
        _require_public(answer.unit_identity_key)
    return answer


def decode_refusal(body: bytes) -> Refusal:
    """A sealed refusal."""
    refusal = _decode(body, Refusal)
    _require(len(refusal.request_hash) == HASH_BYTES and _is_code(refusal.code))
    return refusal


def decode_bounded_change(body: bytes) -> Change:
    """One change of a request, its fields still raw. Raises Damaged ``envelope.content``: malformed, to quarantine."""
    _require(len(body) <= limits.MAX_CHANGE_BYTES)
    try:
        change = _change_decoder.decode(body)
    except DECODE_ERRORS as error:
        raise Damaged("envelope.content") from error
    named = is_id(change.id) and is_id(change.device) and len(change.previous) == HASH_BYTES
    counted = 1 <= change.sequence <= _MAX_COUNT and 0 <= change.seen <= _MAX_COUNT
    signed = _is_code(change.unit) and _is_code(change.role) and len(change.author) <= limits.MAX_NAME_CHARACTERS
    _require(named and counted and signed and 0 < len(change.operations) <= limits.MAX_OPERATIONS)
    _require(all(map(_is_sound, change.operations)))
    return change


def read_fields(fields: bytes | msgspec.Raw) -> dict[str, FieldValue]:
    """A record's fields as they came. Raises Damaged ``envelope.content`` for floats, deep nesting, or no field map."""
    _require(len(memoryview(fields)) <= limits.MAX_FIELDS_BYTES)
    try:
        read = _fields_decoder.decode(fields)
    except DECODE_ERRORS as error:
        raise Damaged("envelope.content") from error
    _require(all(type(value) in _SCALARS or _is_shallow(value, _VALUE_DEPTH) for value in read.values()))
    return cast(dict[str, FieldValue], read)


def _decode(body: bytes, kind: type[Message]) -> Message:
    try:
        version = _version_decoder.decode(body).version
        if version > PROTOCOL_VERSION:
            raise Damaged("envelope.newer", version=version)
        return msgspec.msgpack.decode(body, type=kind)
    except DECODE_ERRORS as error:
        raise Damaged("envelope.content") from error


def _is_shallow(value: Any, depth: int) -> bool:
    """True for scalars, and for lists and maps of them nested at most ``depth`` deep."""
    if type(value) in _SCALARS:
        return True
    if depth == 0 or type(value) not in (list, dict):
        return False
    if isinstance(value, dict) and not all(isinstance(name, str) for name in value):
        return False
    return all(_is_shallow(item, depth - 1) for item in (value.values() if isinstance(value, dict) else value))


def _require(sound: bool) -> None:
    if not sound:
        raise Damaged("envelope.content")


def _require_public(public: bytes) -> None:
    try:
        check_exchange_public(public)
    except Damaged as error:
        raise Damaged("envelope.content") from error


def _is_code(text: str) -> bool:
    return 0 < len(text) <= limits.MAX_CODE_CHARACTERS


def _are_counts(*numbers: int) -> bool:
    return all(0 <= number <= _MAX_COUNT for number in numbers)


def _is_sound(operation: Operation) -> bool:
    ids = is_id(operation.id) and (operation.dossier == operation.id or is_id(operation.dossier))
    return ids and _is_code(operation.kind) and _is_code(operation.owner) and operation.base >= 0


def _is_echo(echo: Echo, to_position: int) -> bool:
    in_order = 1 <= echo.first <= echo.last < echo.first + limits.MAX_CHANGES
    return in_order and 1 <= echo.revision <= to_position


def _positions_grow(answer: Answer) -> bool:
    last = answer.from_position
    for entry in answer.entries:
        if not last < entry.position <= answer.to_position:
            return False
        last = entry.position
    return True
