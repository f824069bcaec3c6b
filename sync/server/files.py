"""Files the user named: read as text, written never over one that is there."""

from pathlib import Path

from sync.domain.errors import Refused
from sync.private_files import write_private
from sync.protocol.limits import MIB

MOST_TEXT_BYTES = 16 * MIB


def read_named(path: Path, most: int) -> bytes:
    """A file the user named, of at most ``most`` bytes.

    Raises Refused ``county.file_unreadable`` or ``county.file_too_large``.
    """
    try:
        with path.open("rb") as file:
            data = b"" if path.stat().st_size > most else file.read(most + 1)
            more = len(data) > most or bool(file.read(1))
    except OSError as error:
        raise Refused("county.file_unreadable", file=path, reason=error.strerror or "") from error
    if more:
        raise Refused("county.file_too_large", file=path)
    return data


def read_text(path: Path) -> str:
    """A UTF-8 file the user named. Raises what :func:`read_named` raises."""
    try:
        return read_named(path, MOST_TEXT_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("county.file_unreadable", file=path, reason="UTF-8") from error


def write_new(path: Path, data: bytes) -> None:
    """Raises Refused ``county.file_exists`` or ``county.file_unwritable``."""
    if path.exists():
        raise Refused("county.file_exists", file=path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, data)
    except OSError as error:
        raise Refused("county.file_unwritable", file=path, reason=error.strerror or "") from error
