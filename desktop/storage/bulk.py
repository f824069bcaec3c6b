"""Many commits in a row without waiting for the disk at each: for imports, acknowledged once, at their end."""

from collections.abc import Iterator
from contextlib import contextmanager

from desktop.storage.engine import Database


@contextmanager
def synced_at_the_end(database: Database) -> Iterator[None]:
    """Within the block a power cut may cost the newest commits, each whole; after it all of them are on disk."""
    database.run("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        database.run("PRAGMA synchronous = FULL")
        database.run("PRAGMA wal_checkpoint(FULL)")
