"""What a profile's device is: its county, unit, keys and number block. Kept inside the encrypted store."""

from dataclasses import dataclass

import msgspec

from sync.domain.ids import UnitCode


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFacts:
    """Given at enrolment. Private keys are raw bytes as ``sync.protocol.keys`` makes them."""

    county: UnitCode
    county_name: str
    unit: UnitCode
    unit_name: str
    unit_kind: str
    """A term of ``org_kind``."""
    device: str
    block: str
    """Letters of the device's number block."""
    epoch: str
    """The county's epoch at enrolment; the current one stands in the store's books."""
    roles: tuple[str, ...]
    exchange_private: bytes
    signing_private: bytes
    key_card: bytes
    """Newest key card, encoded and signed."""
    root_fingerprint: bytes
    unit_identity_public: bytes
    offset: int = 0
    """County clock minus own clock at enrolment, milliseconds."""


def encode_facts(facts: DeviceFacts) -> bytes:
    """MessagePack of the facts."""
    return msgspec.msgpack.encode(facts)


def decode_facts(body: bytes) -> DeviceFacts:
    """The facts of their bytes."""
    return msgspec.msgpack.decode(body, type=DeviceFacts)
