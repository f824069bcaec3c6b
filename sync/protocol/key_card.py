"""The key card: a county's public keys, signed by its offline root. Its version never goes back."""

import hashlib

import msgspec

from sync.domain.errors import Damaged
from sync.protocol.keys import SIGNATURE_BYTES, SIGNING_KEY_BYTES, check_exchange_public, sign, signing_public, verify
from sync.protocol.limits import MAX_KEY_CARD_BYTES
from sync.protocol.messages import DECODE_ERRORS

MAGIC = b"LDKC"
FORMAT_VERSION = 1
_CONTEXT = "liandong/key-card/v1"
_PREFIX = MAGIC + bytes((FORMAT_VERSION,))
_CARD_START = len(_PREFIX) + SIGNING_KEY_BYTES


class KeyCard(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a device must know to speak to its county. Key ids are ``keys.key_id`` of each key."""

    version: int
    """Counts up from 1 with every new card."""
    county: str
    county_name: str
    url: str
    """``https://host:port`` of the county's server; empty where there is no wire."""
    exchange_key: bytes
    """Devices seal requests to it."""
    signing_key: bytes
    """The county signs answers with it."""
    tls_certificate: bytes
    """PEM; the only certificate a device accepts, whatever its dates."""
    identity_key: bytes
    """Complainants are sealed to it."""
    recovery_keys: tuple[bytes, ...]
    """One for each custodian."""
    minimum_protocol: int
    issued_at: int
    """Milliseconds UTC."""


def root_fingerprint(root_public: bytes) -> bytes:
    """SHA-256 of the root's public key, 32 bytes; a ticket pins it."""
    return hashlib.sha256(root_public).digest()


def sign_key_card(card: KeyCard, root_private: bytes) -> bytes:
    """The card's file: magic and format version 5 | root public key 32 | MessagePack of the card | signature 64."""
    body = _PREFIX + signing_public(root_private) + msgspec.msgpack.encode(card)
    return body + sign(root_private, _CONTEXT, body)


def open_key_card(data: bytes, root_fingerprint: bytes) -> KeyCard:
    """The card, proven to be of the county whose root has this fingerprint (or prefix of one, for typed codes).

    Raises Damaged ``card.none``, ``card.newer``, ``card.foreign`` (another root), ``card.damaged``.
    """
    root = _read_root(data)
    if not root_fingerprint or hashlib.sha256(root).digest()[: len(root_fingerprint)] != root_fingerprint:
        raise Damaged("card.foreign")
    return _decode_signed(data, root)


def card_root_fingerprint(data: bytes) -> bytes:
    """Fingerprint of the root a card names; proven only by :func:`open_key_card` with it."""
    return hashlib.sha256(_read_root(data)).digest()


def open_newer_card(data: bytes, root_fingerprint: bytes, current: KeyCard) -> KeyCard | None:
    """The card if it is newer than the current one, None if it is the same version.

    Raises Damaged as :func:`open_key_card`, ``card.foreign`` for another county, ``card.older`` for an older version.
    """
    card = open_key_card(data, root_fingerprint)
    if card.county != current.county:
        raise Damaged("card.foreign")
    if card.version < current.version:
        raise Damaged("card.older", version=card.version, current=current.version)
    return card if card.version > current.version else None


def _read_root(data: bytes) -> bytes:
    if data[: len(MAGIC)] != MAGIC:
        raise Damaged("card.none")
    if not _CARD_START + SIGNATURE_BYTES < len(data) <= MAX_KEY_CARD_BYTES:
        raise Damaged("card.damaged")
    if data[: len(_PREFIX)] != _PREFIX:
        raise Damaged("card.newer", version=data[len(MAGIC)])
    return data[len(_PREFIX) : _CARD_START]


def _decode_signed(data: bytes, root: bytes) -> KeyCard:
    try:
        verify(root, _CONTEXT, data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:])
        card = msgspec.msgpack.decode(data[_CARD_START:-SIGNATURE_BYTES], type=KeyCard)
        for public in (card.exchange_key, card.identity_key, *card.recovery_keys):
            check_exchange_public(public)
    except (Damaged, *DECODE_ERRORS) as error:
        raise Damaged("card.damaged") from error
    if card.version < 1 or len(card.signing_key) != SIGNING_KEY_BYTES:
        raise Damaged("card.damaged")
    return card
