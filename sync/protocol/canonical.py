"""One byte form for one meaning: MessagePack with sorted keys, no floats. Hashes and the digest build on it."""

import hashlib
from typing import Any

import msgspec

DIGEST_MODULUS = 1 << 256

_encoder = msgspec.msgpack.Encoder(order="deterministic")
_decoder = msgspec.msgpack.Decoder(dict[str, Any])


def encode_fields(fields: dict[str, Any]) -> bytes:
    """Canonical bytes of a field map; fields that are None are left out, so absent and None are one."""
    return _encoder.encode({name: value for name, value in fields.items() if value is not None})


def encode_edit(fields: dict[str, Any]) -> bytes:
    """Canonical bytes of changed fields; None stands for "cleared"."""
    return _encoder.encode(fields)


def decode_fields(body: bytes | msgspec.Raw) -> dict[str, Any]:
    """The field map of canonical bytes. Raises msgspec.DecodeError (or ValidationError) where it is none."""
    return _decoder.decode(body)


def content_hash(canonical: bytes) -> bytes:
    """SHA-256 of a record's canonical field map."""
    return hashlib.sha256(canonical).digest()


def digest_term(kind: str, record_id: str, revision: int, hash_: bytes) -> int:
    """One record's share of a digest: SHA-256(kind, id, revision, content hash) as a number below 2**256."""
    return int.from_bytes(hashlib.sha256(f"{kind}\0{record_id}\0{revision}\0".encode() + hash_).digest(), "big")


def add_terms(digest: int, *terms: int) -> int:
    """Digest after records came."""
    return (digest + sum(terms)) % DIGEST_MODULUS


def take_term(digest: int, term: int) -> int:
    """Digest after a record went."""
    return (digest - term) % DIGEST_MODULUS


def digest_hex(digest: int) -> str:
    """64 hex digits."""
    return f"{digest:064x}"
