"""Keys as plain bytes and what is done with them: seal (HPKE, X-Wing hybrid) and sign (Ed25519).

One key has one purpose. Key objects are kept for speed; :func:`forget_private_keys` drops them when a store is locked.
"""

import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from sync.domain.errors import Damaged

SUITE_XWING = 1
"""MLKEM768-X25519 (X-Wing, 0x647A), HKDF-SHA256, AES-256-GCM; signatures Ed25519."""

MLKEM_SEED_BYTES = 64
MLKEM_PUBLIC_BYTES = 1184
X25519_BYTES = 32
EXCHANGE_PRIVATE_BYTES = MLKEM_SEED_BYTES + X25519_BYTES
EXCHANGE_PUBLIC_BYTES = MLKEM_PUBLIC_BYTES + X25519_BYTES
SIGNING_KEY_BYTES = 32
SIGNATURE_BYTES = 64
SEAL_OVERHEAD_BYTES = 1088 + X25519_BYTES + 16
"""Encapsulated key and authentication tag."""
SUITE_BYTES = 2

_suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def generate_exchange_key() -> bytes:
    """A fresh private key for sealing: ML-KEM-768 seed (64 bytes) + X25519 (32 bytes)."""
    return MLKEM768PrivateKey.generate().private_bytes_raw() + X25519PrivateKey.generate().private_bytes_raw()


@lru_cache(maxsize=64)
def exchange_public(private: bytes) -> bytes:
    """The public half, 1216 bytes. Raises Damaged ``seal.key`` where the private key is none."""
    kem, curve = _private_parts(private)
    return kem.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()


def generate_signing_key() -> bytes:
    """A fresh Ed25519 private key, 32 bytes."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


@lru_cache(maxsize=64)
def signing_public(private: bytes) -> bytes:
    """The public half, 32 bytes."""
    return _signing_key(private).public_key().public_bytes_raw()


def key_id(public: bytes) -> str:
    """Short name of a public key: 16 hex digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def fingerprint(public: bytes) -> str:
    """SHA-256 of a public key in groups of four hex digits, for two people to compare aloud."""
    digits = hashlib.sha256(public).hexdigest()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def seal_to(public: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Suite id (2 bytes) + HPKE ciphertext that only the holder of the private half opens, with the same ``info``."""
    return SUITE_XWING.to_bytes(SUITE_BYTES, "big") + hpke_encrypt(public, plaintext, info)


def open_sealed(private: bytes, sealed: bytes, info: bytes) -> bytes:
    """The plaintext. Raises Damaged ``seal.unknown_suite`` or ``seal.damaged`` (changed, other key or other info)."""
    if len(sealed) < SUITE_BYTES + SEAL_OVERHEAD_BYTES:
        raise Damaged("seal.damaged")
    suite = int.from_bytes(sealed[:SUITE_BYTES], "big")
    if suite != SUITE_XWING:
        raise Damaged("seal.unknown_suite", suite=suite)
    return hpke_decrypt(private, sealed[SUITE_BYTES:], info)


def hpke_encrypt(public: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Bare HPKE: encapsulated key + ciphertext, without suite id. Raises Damaged ``seal.key`` for no public key."""
    return _suite.encrypt(plaintext, _public_key(public), info)


def hpke_decrypt(private: bytes, ciphertext: bytes, info: bytes) -> bytes:
    """Bare HPKE opened. Raises Damaged ``seal.damaged``."""
    try:
        return _suite.decrypt(ciphertext, _private_key(private), info)
    except (InvalidTag, ValueError) as error:
        raise Damaged("seal.damaged") from error


def sign(private: bytes, context: str, message: bytes) -> bytes:
    """Ed25519 signature (64 bytes) over the context string, a zero byte and the message."""
    return _signing_key(private).sign(context.encode() + b"\0" + message)


def verify(public: bytes, context: str, message: bytes, signature: bytes) -> None:
    """Raises Damaged ``seal.signature_wrong`` unless the key's holder signed this message in this context."""
    try:
        _verifying_key(public).verify(signature, context.encode() + b"\0" + message)
    except InvalidSignature as error:
        raise Damaged("seal.signature_wrong") from error


def forget_private_keys() -> None:
    """Drop every kept private key object, at lock."""
    for kept in (_private_key, _private_parts, _signing_key, exchange_public, signing_public):
        kept.cache_clear()


@lru_cache(maxsize=16)
def _private_parts(private: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    if len(private) != EXCHANGE_PRIVATE_BYTES:
        raise Damaged("seal.key")
    seed, curve = private[:MLKEM_SEED_BYTES], private[MLKEM_SEED_BYTES:]
    return MLKEM768PrivateKey.from_seed_bytes(seed), X25519PrivateKey.from_private_bytes(curve)


@lru_cache(maxsize=16)
def _private_key(private: bytes) -> hpke.MLKEM768X25519PrivateKey:
    return hpke.MLKEM768X25519PrivateKey(*_private_parts(private))


@lru_cache(maxsize=2048)
def _public_key(public: bytes) -> hpke.MLKEM768X25519PublicKey:
    if len(public) != EXCHANGE_PUBLIC_BYTES:
        raise Damaged("seal.key")
    try:
        kem = MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC_BYTES])
    except ValueError as error:
        raise Damaged("seal.key") from error
    return hpke.MLKEM768X25519PublicKey(kem, X25519PublicKey.from_public_bytes(public[MLKEM_PUBLIC_BYTES:]))


def check_exchange_public(public: bytes) -> None:
    """Raises Damaged ``seal.key`` unless these bytes are a public key to seal to."""
    _public_key(public)


@lru_cache(maxsize=16)
def _signing_key(private: bytes) -> Ed25519PrivateKey:
    if len(private) != SIGNING_KEY_BYTES:
        raise Damaged("seal.key")
    return Ed25519PrivateKey.from_private_bytes(private)


@lru_cache(maxsize=2048)
def _verifying_key(public: bytes) -> Ed25519PublicKey:
    if len(public) != SIGNING_KEY_BYTES:
        raise Damaged("seal.key")
    return Ed25519PublicKey.from_public_bytes(public)
