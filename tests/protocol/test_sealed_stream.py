"""Ciphertext in chunks: whole or not at all, and never much of it in memory."""

import hashlib
import io
import tracemalloc
from collections.abc import Iterator

import pytest

from sync.domain.errors import Damaged
from sync.protocol import sealed_stream
from sync.protocol.sealed_stream import (
    CHUNK_BYTES,
    HEADER_BYTES,
    TAG_BYTES,
    new_key,
    open_stream,
    seal_stream,
    sealed_size,
)

BLOCK = CHUNK_BYTES + TAG_BYTES
SIZES = (0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 7)


def sealed(content: bytes, key: bytes, piece: int = 65_521) -> bytes:
    target = io.BytesIO()
    pieces = (content[at : at + piece] for at in range(0, len(content), piece))
    done = seal_stream(pieces, target, key)
    data = target.getvalue()
    assert (done.name, done.size) == (hashlib.sha256(data).hexdigest(), len(content))
    return data


def opened(data: bytes, key: bytes) -> bytes:
    return b"".join(open_stream(io.BytesIO(data), key))


def content_of(size: int) -> bytes:
    return hashlib.shake_128(b"content").digest(size)


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_opens(size: int) -> None:
    key, content = new_key(), content_of(size)
    data = sealed(content, key)
    assert opened(data, key) == content and len(data) == sealed_size(size)


def test_every_change_is_refused() -> None:
    key, content = new_key(), content_of(2 * CHUNK_BYTES + 100)
    data = sealed(content, key)
    places = [*range(HEADER_BYTES + 3), *range(HEADER_BYTES, len(data), 99_991), len(data) - 1]
    for at in places:
        with pytest.raises(Damaged):
            opened(data[:at] + bytes((data[at] ^ 0x40,)) + data[at + 1 :], key)
    with pytest.raises(Damaged):
        opened(data, new_key())


@pytest.mark.parametrize("size", [100, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 100])
def test_every_cut_and_tail_is_refused(size: int) -> None:
    key = new_key()
    data = sealed(content_of(size), key)
    edges = [HEADER_BYTES + number * BLOCK for number in range(4)]
    cuts = {at for edge in edges for at in (edge - 1, edge, edge + 1) if 0 <= at < len(data)} | {0, len(data) - 1}
    for at in cuts:
        with pytest.raises(Damaged):
            opened(data[:at], key)
    for tail in (b"\0", bytes(TAG_BYTES), data[HEADER_BYTES:]):
        with pytest.raises(Damaged):
            opened(data + tail, key)


def test_chunks_keep_their_places() -> None:
    key = new_key()
    data = sealed(content_of(3 * CHUNK_BYTES), key)
    head, rest = data[:HEADER_BYTES], data[HEADER_BYTES:]
    first, second, third = (rest[at : at + BLOCK] for at in range(0, len(rest), BLOCK))
    for order in ((second, first, third), (first, third), (first, first, second, third), (first, second), (third,)):
        with pytest.raises(Damaged):
            opened(head + b"".join(order), key)
    other = sealed(content_of(3 * CHUNK_BYTES), key)
    with pytest.raises(Damaged):
        opened(other[:HEADER_BYTES] + rest, key)


def test_too_large_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_stream, "MAX_PLAIN_BYTES", CHUNK_BYTES)
    with pytest.raises(Damaged, match="too_large"):
        sealed(bytes(CHUNK_BYTES + 1), new_key())


def test_memory_does_not_grow_with_the_file() -> None:
    class Counting(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            return len(bytes(data))  # type: ignore[call-overload]

    def pieces(count: int) -> Iterator[bytes]:
        for _ in range(count):
            yield bytes(CHUNK_BYTES)

    peaks = []
    for count in (4, 32):
        tracemalloc.start()
        seal_stream(pieces(count), Counting(), new_key())  # type: ignore[arg-type]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 12 * CHUNK_BYTES and peaks[1] < peaks[0] * 1.5
