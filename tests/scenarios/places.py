"""Where the schedules keep their files: in memory where the system has a place for that."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """A folder that goes away again; need not wait for a disk. Another account's PostgreSQL may pass it."""
    place = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="scenarios-", dir=place) as folder:
        path = Path(folder)
        path.chmod(0o711)
        yield path
