"""Write a file the user named, never over one that is there."""

from pathlib import Path

from sync.domain.errors import Refused
from sync.server.home import write_private


def write_new(path: Path, data: bytes) -> None:
    """Raises Refused ``county.file_exists`` or ``county.file_unwritable``."""
    if path.exists():
        raise Refused("county.file_exists", file=path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, data)
    except OSError as error:
        raise Refused("county.file_unwritable", file=path, reason=error.strerror or "") from error
