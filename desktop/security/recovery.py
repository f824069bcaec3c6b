"""The recovery slot of a vault: the profile's keys under a random word that only two custodians together can read."""

from dataclasses import dataclass, replace
from typing import Any

import msgspec

from desktop.errors import DamagedStore
from desktop.security.slots import Slot, VaultSecrets, make_slot, slot_from_json, slot_to_json
from sync.domain.ids import is_id, new_record_id
from sync.protocol.recovery import new_word, seal_pairs, word_info

ROLE = "RECOVERY"
_NAMES = ("id", "county", "unit", "unit_name")
_ITERATIONS = 1
"""The word has 130 random bits: stretching it adds nothing."""


@dataclass(frozen=True, slots=True)
class RecoverySlot:
    """A slot whose passphrase is the word. ``pairs``: "i-j" → the word sealed to custodian j, and that to i."""

    id: str
    county: str
    unit: str
    unit_name: str
    slot: Slot
    pairs: dict[str, bytes]

    def open(self, word: str) -> VaultSecrets:
        """The keys. Raises WrongPassphrase, DamagedStore."""
        return self.slot.open_secrets(self.slot.open_private(word))

    def with_data_key(self, data_key: bytes, previous: bytes | None) -> "RecoverySlot":
        """The same slot with another data key."""
        return replace(self, slot=self.slot.with_data_key(data_key, previous))


@dataclass(frozen=True, slots=True)
class Whose:
    """The unit whose profile it is, and the public keys of the county's custodians."""

    county: str
    unit: str
    unit_name: str
    custodians: tuple[bytes, ...]


def make_recovery(whose: Whose, secrets: VaultSecrets) -> RecoverySlot | None:
    """A fresh slot under a word nobody has seen; None where the county has no two custodians."""
    word, name = new_word(), new_record_id()
    pairs = seal_pairs(whose.custodians, word.encode(), word_info(whose.county, name))
    if not pairs:
        return None
    slot = make_slot("", ROLE, word, secrets, _ITERATIONS)
    return RecoverySlot(name, whose.county, whose.unit, whose.unit_name, slot, pairs)


def recovery_to_json(recovery: RecoverySlot) -> dict[str, Any]:
    """Plain JSON values."""
    pairs = {name: sealed.hex() for name, sealed in recovery.pairs.items()}
    named = {name: getattr(recovery, name) for name in _NAMES}
    return {**named, "slot": slot_to_json(recovery.slot), "pairs": pairs}


def recovery_from_json(data: Any) -> RecoverySlot:
    """The slot of its JSON. Raises DamagedStore."""
    try:
        pairs = {str(name): bytes.fromhex(sealed) for name, sealed in data["pairs"].items()}
        name, county, unit, unit_name = (str(data[key]) for key in _NAMES)
        found = RecoverySlot(name, county, unit, unit_name, slot_from_json(data["slot"]), pairs)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise DamagedStore("vault.damaged") from None
    if not is_id(found.id):
        raise DamagedStore("vault.damaged")
    return found


def pack_recovery(recovery: RecoverySlot) -> bytes:
    """Bytes for the county and for the unit's other devices."""
    return msgspec.msgpack.encode(recovery_to_json(recovery))


def unpack_recovery(data: bytes) -> RecoverySlot:
    """The slot of :func:`pack_recovery`. Raises DamagedStore."""
    try:
        return recovery_from_json(msgspec.msgpack.decode(data))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise DamagedStore("vault.damaged") from None
