"""What kind of file is added, and its bytes without what the picture tells besides itself."""

from collections.abc import Iterator
from pathlib import PurePath
from types import MappingProxyType
from typing import BinaryIO

from desktop.services.attaching.jpeg import clean_jpeg
from desktop.services.attaching.png import SIGNATURE, clean_png

JPEG, PNG, PDF, ANY = "image/jpeg", "image/png", "application/pdf", "application/octet-stream"
CLEANED = frozenset({JPEG, PNG})
"""Types whose metadata is taken out; of all others it stays, and the person who adds one is told."""
SILENT = frozenset({"text/plain"})
"""Types that carry none."""
SHOWN = frozenset({JPEG, PNG, PDF})
"""Types the program shows itself."""
_READ_BYTES = 1 << 18
_BY_ENDING = MappingProxyType(
    {
        ".txt": "text/plain", ".csv": "text/plain", ".doc": "application/msword", ".xls": "application/vnd.ms-excel",
        ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".tif": "image/tiff",
        ".tiff": "image/tiff", ".gif": "image/gif", ".webp": "image/webp", ".heic": "image/heic", ".bmp": "image/bmp",
        ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".wav": "audio/wav", ".mp4": "video/mp4", ".mov": "video/quicktime",
        ".zip": "application/zip",
    }
)  # fmt: skip


def media_type_of(source: BinaryIO, name: str) -> str:
    """By the first bytes where they tell, else by the ending of the name; the source stands at its start again."""
    head = source.read(len(SIGNATURE))
    source.seek(0)
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head == SIGNATURE:
        return PNG
    if head.startswith(b"%PDF-"):
        return PDF
    return _BY_ENDING.get(PurePath(name).suffix.lower(), ANY)


def cleaned(source: BinaryIO, media_type: str) -> Iterator[bytes]:
    """The bytes to keep, in small pieces; the source is only read. Raises Damaged ``attachment.picture``."""
    if media_type == JPEG:
        return clean_jpeg(source)
    if media_type == PNG:
        return clean_png(source)
    return iter(lambda: source.read(_READ_BYTES), b"")
