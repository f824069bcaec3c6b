"""A PNG without texts, times, EXIF and whatever else is not the picture; the coded picture is copied as it is."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from desktop.services.attaching.orientation import UPRIGHT, read_orientation, write_orientation
from sync.domain.errors import Damaged

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_READ_BYTES = 1 << 18
_MOST_EXIF = 1 << 16
_CRC_BYTES = 4
_KEPT = frozenset(
    {
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs",
        b"hIST", b"cICP", b"acTL", b"fcTL", b"fdAT",
    }
)  # fmt: skip


def clean_png(source: BinaryIO) -> Iterator[bytes]:
    """The picture in pieces. Raises Damaged ``attachment.picture`` where the file is no whole PNG inside."""
    if source.read(len(SIGNATURE)) != SIGNATURE:
        raise Damaged("attachment.picture")
    yield SIGNATURE
    while True:
        head = source.read(8)
        if len(head) != 8:
            raise Damaged("attachment.picture")
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        if name in _KEPT:
            yield head
            yield from _copy(source, length + _CRC_BYTES)
        elif name == b"eXIf" and length <= _MOST_EXIF:
            yield _orientation_chunk(source.read(length))
            source.seek(_CRC_BYTES, 1)
        else:
            source.seek(length + _CRC_BYTES, 1)
        if name == b"IEND":
            return


def _copy(source: BinaryIO, length: int) -> Iterator[bytes]:
    while length:
        block = source.read(min(length, _READ_BYTES))
        if not block:
            raise Damaged("attachment.picture")
        length -= len(block)
        yield block


def _orientation_chunk(exif: bytes) -> bytes:
    orientation = read_orientation(exif)
    if orientation == UPRIGHT:
        return b""
    body = b"eXIf" + write_orientation(orientation)
    return (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
