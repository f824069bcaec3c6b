"""A file of any size as ciphertext in chunks, written and read with little memory (the STREAM construction).

Header: magic 4 | version 1 | suite 1 | nonce prefix 7. Then chunks of 1 MiB, the last one shorter or full: AES-256-GCM
with the nonce prefix | chunk counter 4 | last mark 1, and the header as associated data. A chunk that is changed, left
out, put elsewhere or cut off does not open; the last mark tells a whole file from one that ends at a chunk's edge.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.domain.errors import Damaged
from sync.protocol.limits import MIB

MAGIC = b"LDBL"
VERSION = 1
SUITE_AES_256_GCM = 1
KEY_BYTES = 32
CHUNK_BYTES = 1 * MIB
TAG_BYTES = 16
PREFIX_BYTES = 7
HEADER_BYTES = len(MAGIC) + 2 + PREFIX_BYTES
MAX_PLAIN_BYTES = 200 * MIB


@dataclass(frozen=True, slots=True)
class SealedStream:
    """What was written: SHA-256 of all ciphertext bytes (hex) and the length of the plain content."""

    name: str
    size: int


def new_key() -> bytes:
    """A key for one file."""
    return os.urandom(KEY_BYTES)


def sealed_size(size: int) -> int:
    """Length of the ciphertext of ``size`` plain bytes."""
    chunks = max(1, -(-size // CHUNK_BYTES))
    return HEADER_BYTES + size + chunks * TAG_BYTES


def seal_stream(pieces: Iterable[bytes], target: BinaryIO, key: bytes) -> SealedStream:
    """Write the ciphertext of the joined pieces; a key must be used once.

    Raises Damaged ``blobs.too_large`` as soon as more than ``MAX_PLAIN_BYTES`` came.
    """
    header = MAGIC + bytes((VERSION, SUITE_AES_256_GCM)) + os.urandom(PREFIX_BYTES)
    digest = hashlib.sha256(header)
    target.write(header)
    cipher = AESGCM(key)
    size = 0
    for number, (chunk, last) in enumerate(_mark_last(_rechunk(pieces))):
        size += len(chunk)
        if size > MAX_PLAIN_BYTES:
            raise Damaged("blobs.too_large", limit=MAX_PLAIN_BYTES // MIB)
        sealed = cipher.encrypt(_nonce(header, number, last), chunk, header)
        digest.update(sealed)
        target.write(sealed)
    return SealedStream(digest.hexdigest(), size)


def open_stream(source: BinaryIO, key: bytes) -> Iterator[bytes]:
    """The plain content in pieces of at most 1 MiB, each proven before it is given out.

    The whole is proven only when the iterator ends. Raises Damaged ``blobs.newer`` or ``blobs.damaged``.
    """
    header = source.read(HEADER_BYTES)
    if len(header) != HEADER_BYTES or header[: len(MAGIC)] != MAGIC:
        raise Damaged("blobs.damaged")
    if (header[4], header[5]) != (VERSION, SUITE_AES_256_GCM):
        raise Damaged("blobs.newer")
    cipher = AESGCM(key)
    for number, (sealed, last) in enumerate(_mark_last(_blocks(source))):
        try:
            yield cipher.decrypt(_nonce(header, number, last), sealed, header)
        except InvalidTag as error:
            raise Damaged("blobs.damaged") from error


def _nonce(header: bytes, number: int, last: bool) -> bytes:
    return header[-PREFIX_BYTES:] + number.to_bytes(4, "big") + bytes((last,))


def _rechunk(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks; at least one, of which only the last may be shorter (or empty)."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) > CHUNK_BYTES:
            yield bytes(waiting[:CHUNK_BYTES])
            del waiting[:CHUNK_BYTES]
    yield bytes(waiting)


def _blocks(source: BinaryIO) -> Iterator[bytes]:
    """Sealed chunks; a stream without one gives an empty one, which does not open."""
    block = source.read(CHUNK_BYTES + TAG_BYTES)
    yield block
    while len(block) == CHUNK_BYTES + TAG_BYTES:
        block = source.read(CHUNK_BYTES + TAG_BYTES)
        if block:
            yield block


def _mark_last(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    waiting = next(chunks)
    for chunk in chunks:
        yield waiting, False
        waiting = chunk
    yield waiting, True
