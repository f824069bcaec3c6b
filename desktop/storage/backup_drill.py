"""Prove that a backup can be put back, without putting it back: unpack it aside, open it, read every record."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop.errors import DamagedStore
from desktop.paths import ProfilePaths
from desktop.storage.backup import backup_made_at, restore_backup
from desktop.storage.books import Books
from desktop.storage.engine import Database
from desktop.storage.row_codec import table_name
from desktop.storage.upgrade import VERSIONS, schema_version
from desktop.storage.verify import file_troubles, recount
from sync.domain.errors import Damaged, Refused
from sync.domain.ids import Instant
from sync.domain.records import KINDS


@dataclass(frozen=True, slots=True)
class Drilled:
    """What a backup would bring back: when it was made, how many records it holds."""

    made_at: Instant
    records: int


def drill(source: Path, paths: ProfilePaths, data_key: bytes, stop: Callable[[], bool]) -> Drilled:
    """Put a backup into a folder of its own inside the profile, open and recount it there, delete it again.

    Raises Damaged (``backup.damaged``, ``backup.copy_damaged``), NewerVersion, Refused (``backup.other_key`` where the
    key that stands now does not open it, ``backup.disk``, ``store.stopped`` when ``stop`` says so).
    """
    made_at = backup_made_at(source)
    aside = Path(tempfile.mkdtemp(prefix="drill-", dir=paths.folder))
    try:
        tried = ProfilePaths(aside)
        restore_backup(source, tried)
        return Drilled(made_at, _recounted(tried, data_key, stop))
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _recounted(paths: ProfilePaths, data_key: bytes, stop: Callable[[], bool]) -> int:
    try:
        opened = Database(paths.store, data_key)
    except DamagedStore:
        raise Refused("backup.other_key") from None
    with opened:
        opened.stop_when(stop)
        if file_troubles(opened) or not _adds_up(opened):
            raise Damaged("backup.copy_damaged")
        return sum(map(opened.count, _counting(opened)))


def _adds_up(opened: Database) -> bool:
    """Whether every row fits its hash and all rows the digest; an older program's tables are read after an upgrade."""
    if schema_version(opened) != VERSIONS[-1]:
        return True
    found = recount(opened)
    return not found.wrong and found.digest == Books(opened).digest


def _counting(opened: Database) -> list[str]:
    there = {row[0] for row in opened.run("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return [f'SELECT count(*) FROM "{name}"' for name in map(table_name, KINDS) if name in there]
