"""A JPEG without what it tells besides the picture: place, camera, time, owner, thumbnails, comments, appended data.

Lossless: the coded picture is copied as it is. Kept are the JFIF head, colour profiles, Adobe's colour transform and
the orientation. Everything behind the picture's end goes: phones append second pictures and films there.
"""

import re
from collections.abc import Generator, Iterator
from typing import BinaryIO

from desktop.services.attaching.orientation import UPRIGHT, read_orientation, write_orientation
from sync.domain.errors import Damaged

_READ_BYTES = 1 << 18
_START, _END, _SCAN, _COMMENT, _EXIF_SEGMENT = 0xD8, 0xD9, 0xDA, 0xFE, 0xE1
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_APPLICATION = range(0xE0, 0xF0)
_KEPT = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_EXIF = b"Exif\0\0"
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)


def clean_jpeg(source: BinaryIO) -> Iterator[bytes]:
    """The picture in pieces. Raises Damaged ``attachment.picture`` where the file is no JPEG inside."""
    if source.read(2) != bytes((0xFF, _START)):
        raise Damaged("attachment.picture")
    yield bytes((0xFF, _START))
    while True:
        marker = _marker(source)
        if marker == _END:
            yield bytes((0xFF, _END))
            return
        if marker in _ALONE:
            yield bytes((0xFF, marker))
            continue
        body = _body(source)
        yield _kept(marker, body)
        if marker == _SCAN and (yield from _scan(source)):
            return


def _marker(source: BinaryIO) -> int:
    if source.read(1) != b"\xff":
        raise Damaged("attachment.picture")
    while (sign := source.read(1)) == b"\xff":
        pass
    if not sign or sign == b"\0":
        raise Damaged("attachment.picture")
    return sign[0]


def _body(source: BinaryIO) -> bytes:
    length = int.from_bytes(source.read(2), "big") - 2
    body = source.read(max(length, 0))
    if length < 0 or len(body) != length:
        raise Damaged("attachment.picture")
    return body


def _kept(marker: int, body: bytes) -> bytes:
    """The segment as it goes on; nothing where it is dropped, the bare orientation in place of an EXIF one."""
    if marker == _EXIF_SEGMENT and body.startswith(_EXIF):
        orientation = read_orientation(body[len(_EXIF) :])
        if orientation == UPRIGHT:
            return b""
        body = _EXIF + write_orientation(orientation)
    elif marker == _COMMENT or (marker in _APPLICATION and not body.startswith(_KEPT.get(marker, b"\0none"))):
        return b""
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def _scan(source: BinaryIO) -> Generator[bytes, None, bool]:
    """Coded data up to the next marker; true where the file ends first (cut short in the camera: kept as it is)."""
    while block := source.read(_READ_BYTES):
        found = _NEXT_MARKER.search(block)
        whole = len(block)
        if found is not None:
            whole = found.start()
        elif block.endswith(b"\xff"):
            whole -= 1
        yield block[:whole]
        if found is not None or whole == 0:
            source.seek(whole - len(block), 1)
            return found is None
        source.seek(whole - len(block), 1)
    return True
