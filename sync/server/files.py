"""Files the user named: read as text, written never over one that is there."""

from pathlib import Path

from sync.domain.errors import Refused
from sync.private_files import write_private


def read_text(path: Path) -> str:
    """A UTF-8 file the user named. Raises Refused ``county.file_unreadable``."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Refused("county.file_unreadable", file=path, reason=error.strerror or "") from error
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
