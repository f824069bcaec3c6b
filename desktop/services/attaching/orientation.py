"""The one fact of a picture's EXIF that is kept: which way is up."""

import struct

UPRIGHT = 1
_TAG, _SHORT = 0x0112, 3
_ENTRY_BYTES = 12


def read_orientation(tiff: bytes) -> int:
    """The orientation (1 to 8) in an EXIF body; 1 where it says none or cannot be read."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return UPRIGHT
    (start,) = struct.unpack_from(order + "I", tiff, 4)
    if start + 2 > len(tiff):
        return UPRIGHT
    (count,) = struct.unpack_from(order + "H", tiff, start)
    for at in range(start + 2, start + 2 + count * _ENTRY_BYTES, _ENTRY_BYTES):
        if at + _ENTRY_BYTES > len(tiff):
            break
        tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, at)
        if (tag, kind) == (_TAG, _SHORT):
            return value if UPRIGHT <= value <= 8 else UPRIGHT
    return UPRIGHT


def write_orientation(orientation: int) -> bytes:
    """An EXIF body that holds nothing else."""
    return struct.pack(">4sIHHHIHHI", b"MM\0*", 8, 1, _TAG, _SHORT, 1, orientation, 0, 0)
