"""Files that people choose: written and read whole, with a line that says what to do when the disk says no."""

from pathlib import Path

from sync.domain.errors import Damaged
from sync.private_files import write_private
from sync.protocol.limits import MAX_CARRIED_BYTES


def save_bytes(path: Path, data: bytes) -> None:
    """Write a file that is the owner's alone. Raises Damaged ``exchange_screen.cannot_write``."""
    try:
        write_private(path, data)
    except OSError:
        raise Damaged("exchange_screen.cannot_write", file=path.name) from None


def load_bytes(path: Path, most: int = MAX_CARRIED_BYTES) -> bytes:
    """A file's bytes, one more than ``most`` at the utmost. Raises Damaged ``exchange_screen.cannot_read``."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError:
        raise Damaged("exchange_screen.cannot_read", file=path.name) from None
