"""What travels inside an envelope: frozen, versioned messages. Decoding is strict; record fields stay raw bytes."""

import hashlib
from enum import IntEnum, StrEnum

import msgspec

PROTOCOL_VERSION = 1
DECODE_ERRORS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""All that msgspec raises for bytes that are not what was asked for: malformed, not UTF-8, nested too deep."""


class Operation(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """One record created or changed by a change.

    ``base`` is the county revision of the record its author had seen; 0 with all fields creates it. ``fields`` is
    canonical MessagePack: every field of a new record, or the changed ones (nil = cleared).
    """

    kind: str
    id: str
    dossier: str
    owner: str
    base: int
    creates: bool
    fields: msgspec.Raw


class Change(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One use case: its operations are judged, applied or quarantined together. Once encoded it is immutable bytes."""

    id: str
    device: str
    sequence: int
    previous: bytes
    """SHA-256 of the device's previous change; 32 zero bytes before the first."""
    unit: str
    author: str
    role: str
    local_time: int
    offset: int
    """County clock minus device clock when last known by wire, milliseconds."""
    seen: int
    """Feed position the author had seen."""
    operations: tuple[Operation, ...]


class _Outline(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A change of which only the number of operations is read."""

    id: msgspec.Raw
    device: msgspec.Raw
    sequence: msgspec.Raw
    previous: msgspec.Raw
    unit: msgspec.Raw
    author: msgspec.Raw
    role: msgspec.Raw
    local_time: msgspec.Raw
    offset: msgspec.Raw
    seen: msgspec.Raw
    operations: tuple[msgspec.Raw, ...]


class Outcome(StrEnum):
    """What became of a change at the county."""

    ACCEPTED = "accepted"
    MERGED = "merged"
    CONFLICT = "conflict"
    QUARANTINED = "quarantined"
    HELD = "held"


class Result(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """Outcome of one change. ``position``: once the feed was read to here the change's effect is in it."""

    change: str
    sequence: int
    outcome: Outcome
    reason: str
    position: int


class Echo(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """The changes ``first`` to ``last`` of the request were accepted, and the county holds what they made as it was
    sent: their operations, in order, gave their records the revisions ``revision``, ``revision`` + 1, …

    Said once instead of a result for each change and an entry for each record.
    """

    first: int
    last: int
    revision: int


class Mark(IntEnum):
    """What a feed entry carries."""

    BODY = 0
    ECHO = 1
    """The record is exactly what this device sent: no body."""
    WITHDRAWN = 2
    """The unit may no longer see this record's dossier; ``kind`` and ``id`` are the head's, all of it goes."""


class Entry(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """A record in a unit's feed at ``position``; positions are unique in a county and only grow."""

    position: int
    mark: Mark
    kind: str
    id: str
    dossier: str
    owner: str
    revision: int
    hash: bytes
    fields: bytes | None
    """Canonical MessagePack of all fields; None for an echo and a withdrawal."""


class Request(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One exchange asked: unacknowledged changes in order of sequence, and how far the feed was read."""

    version: int
    device: str
    unit: str
    epoch: str
    position: int
    """Feed entries up to here are applied."""
    changes: tuple[bytes, ...]
    """Encoded :class:`Change` each, as ``chaining.without_chain`` leaves them."""
    first_unacknowledged: int
    local_time: int
    want_entries: int
    """How many entries the device will take now; 0 = results only, -1 = all to the head (carried)."""
    card_version: int = 0
    """Version of the key card the device has; the answer brings a newer one."""
    bodies: bool = False
    """No echoes: the device cannot tell any more what it sent."""


class Answer(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The county's word on a request, bound to it by hash."""

    version: int
    request_hash: bytes
    county_time: int
    epoch: str
    from_position: int
    """The page follows this position; apply it only if own position >= this."""
    to_position: int
    """Own position after the page."""
    head: int
    """Position of the newest entry in the unit's feed; the head is reached when to_position >= head."""
    results: tuple[Result, ...]
    entries: tuple[Entry, ...]
    unbroken: int
    """Highest sequence of this device without a gap before it."""
    last_hash: bytes
    """Hash of the change at ``unbroken`` (32 zero bytes at 0)."""
    digest: bytes | None
    """32 bytes, of the unit's records at ``head``; present when the page reaches it."""
    counts: dict[str, int]
    """Records by kind at ``head``; empty before it."""
    key_card: bytes
    """Newest key card, encoded; empty when the request's device has it."""
    echo: Echo | None = None
    """Comes before the entries."""


class EnrolmentRequest(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A device asks to join. ``mac`` = HMAC-SHA-256(ticket secret, canonical bytes of the rest)."""

    version: int
    ticket: str
    device: str
    user: str
    role: str
    signing_key: bytes
    """Ed25519 public key, 32 bytes."""
    exchange_key: bytes
    """HPKE public key of the device: ML-KEM-768 public + X25519 public."""
    unit_identity_key: bytes
    """HPKE public key the device made for its unit, in case the unit has none yet."""
    local_time: int
    mac: bytes


class EnrolmentAnswer(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The county takes a device in, or says why not: ``refusal`` is a text code, the rest then empty.

    Of a device that waits the unit is named, so that a code of another unit shows before somebody lets it in.
    """

    version: int
    request_hash: bytes
    refusal: str
    county_time: int
    epoch: str
    county: str
    unit: str
    unit_name: str
    unit_kind: str
    block: str
    """Letters of the device's number block."""
    roles: tuple[str, ...]
    unit_identity_key: bytes
    """The unit's public identity key that stands (the device's own one if it was the first)."""
    key_card: bytes


class Refusal(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The county does not take a known device's request: a text key and what fills it."""

    version: int
    request_hash: bytes
    code: str
    values: dict[str, str | int]


_encoder = msgspec.msgpack.Encoder()
_change_decoder = msgspec.msgpack.Decoder(Change)
_outline_decoder = msgspec.msgpack.Decoder(_Outline)


def encode_message(message: msgspec.Struct) -> bytes:
    """MessagePack of any message."""
    return _encoder.encode(message)


def decode_change(body: bytes) -> Change:
    """The change of its bytes; one of ``DECODE_ERRORS`` where it is none."""
    return _change_decoder.decode(body)


def count_operations(body: bytes) -> int:
    """How many operations a change of this version holds, its fields unread; one of ``DECODE_ERRORS`` where it is
    none."""
    return len(_outline_decoder.decode(body).operations)


def change_hash(body: bytes) -> bytes:
    """SHA-256 of a change's bytes; the next change of the device names it."""
    return hashlib.sha256(body).digest()


NO_HASH = bytes(32)
