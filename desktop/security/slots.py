"""Key slots of the vault: one a user, holding the profile's keys sealed to that user's own key pair.

The passphrase opens the private half of the pair; the keys are sealed to its public half. So whoever is signed in can
add a colleague or change the data key for all without knowing anyone else's passphrase.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import msgspec

from desktop.errors import DamagedStore
from desktop.security.passphrase import Stretching, fresh_stretching, unwrap, wrap
from desktop.security.vault_file import SUITE
from sync.domain.errors import Damaged
from sync.protocol.keys import exchange_public, generate_exchange_key, open_sealed, seal_to


@dataclass(frozen=True, slots=True)
class VaultSecrets:
    """What the vault keeps: the store's data key (32 bytes) and private identity keys (None = not for this role)."""

    data_key: bytes
    unit_identity: bytes | None = None
    county_identity: bytes | None = None
    previous_data_key: bytes | None = None
    """Still opens the store while a change of the data key is under way."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One user's slot as it stands in ``vault.json``."""

    user: str
    role: str
    suite: int
    stretching: Stretching
    public: bytes
    private: bytes
    """The pair's private half, wrapped under the passphrase."""
    keys: bytes
    """Data keys, sealed to ``public``."""
    identities: bytes
    """Identity keys, sealed to ``public``; empty where the role may not read identities."""

    def open_private(self, passphrase: str) -> bytes:
        """The pair's private half. Raises WrongPassphrase."""
        return unwrap(self.stretching.key(passphrase), self.private, _wrap_context(self))

    def open_secrets(self, private: bytes) -> VaultSecrets:
        """The keys of the slot. Raises DamagedStore."""
        try:
            keys = msgspec.msgpack.decode(
                open_sealed(private, self.keys, _seal_context("keys", self.user, self.role)),
                type=tuple[bytes, bytes | None],
            )
            unit, county = self._open_identities(private)
        except (Damaged, msgspec.MsgspecError):
            raise DamagedStore("vault.damaged") from None
        return VaultSecrets(keys[0], unit, county, keys[1])

    def _open_identities(self, private: bytes) -> tuple[bytes | None, bytes | None]:
        if not self.identities:
            return None, None
        plain = open_sealed(private, self.identities, _seal_context("identities", self.user, self.role))
        return msgspec.msgpack.decode(plain, type=tuple[bytes | None, bytes | None])

    def with_data_key(self, data_key: bytes, previous: bytes | None) -> "Slot":
        """The same slot with another data key."""
        sealed = _seal_keys(self.public, self.user, self.role, data_key, previous)
        return Slot(
            self.user, self.role, self.suite, self.stretching, self.public, self.private, sealed, self.identities
        )

    def with_identities(self, unit: bytes | None, county: bytes | None) -> "Slot":
        """The same slot with other identity keys."""
        held = VaultSecrets(b"", unit, county)
        sealed = _seal_identities(self.public, self.user, self.role, held)
        return Slot(self.user, self.role, self.suite, self.stretching, self.public, self.private, self.keys, sealed)


def make_slot(
    user: str, role: str, passphrase: str, secrets: VaultSecrets, iterations: int | None, *, private: bytes = b""
) -> Slot:
    """A new slot; Argon2id measured on this PC unless ``iterations`` is given, ``private`` made here unless given."""
    private = private or generate_exchange_key()
    public = exchange_public(private)
    stretching = fresh_stretching(iterations)
    keys = _seal_keys(public, user, role, secrets.data_key, secrets.previous_data_key)
    bare = Slot(user, role, SUITE, stretching, public, b"", keys, _seal_identities(public, user, role, secrets))
    wrapped = wrap(stretching.key(passphrase), private, _wrap_context(bare))
    return Slot(user, role, SUITE, stretching, public, wrapped, keys, bare.identities)


def _seal_keys(public: bytes, user: str, role: str, data_key: bytes, previous: bytes | None) -> bytes:
    return seal_to(public, msgspec.msgpack.encode((data_key, previous)), _seal_context("keys", user, role))


def _seal_identities(public: bytes, user: str, role: str, secrets: VaultSecrets) -> bytes:
    held = (secrets.unit_identity, secrets.county_identity)
    if held == (None, None):
        return b""
    return seal_to(public, msgspec.msgpack.encode(held), _seal_context("identities", user, role))


def _seal_context(what: str, user: str, role: str) -> bytes:
    return b"liandong/vault/v1" + msgspec.msgpack.encode((SUITE, what, user, role))


def _wrap_context(slot: Slot) -> bytes:
    stretching = slot.stretching
    shape = (slot.suite, slot.user, slot.role, stretching.iterations, stretching.memory_kib, stretching.lanes)
    return b"liandong/slot/v1" + msgspec.msgpack.encode((shape, slot.public))


def slot_to_json(slot: Slot) -> dict[str, Any]:
    """Plain JSON values of a slot."""
    stretching = slot.stretching
    kdf = {
        "name": "argon2id",
        "salt": _text(stretching.salt),
        "iterations": stretching.iterations,
        "memory_kib": stretching.memory_kib,
        "lanes": stretching.lanes,
    }
    return {
        "user": slot.user,
        "role": slot.role,
        "suite": slot.suite,
        "kdf": kdf,
        "public": _text(slot.public),
        "private": _text(slot.private),
        "keys": _text(slot.keys),
        "identities": _text(slot.identities),
    }


def slot_from_json(data: dict[str, Any]) -> Slot:
    """The slot of its JSON. Raises DamagedStore."""
    try:
        kdf = data["kdf"]
        stretching = Stretching(_bytes(kdf["salt"]), int(kdf["iterations"]), int(kdf["memory_kib"]), int(kdf["lanes"]))
        sealed = [_bytes(data[name]) for name in ("public", "private", "keys", "identities")]
        return Slot(str(data["user"]), str(data["role"]), int(data["suite"]), stretching, *sealed)
    except (KeyError, TypeError, ValueError):
        raise DamagedStore("vault.damaged") from None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("base64") from error
