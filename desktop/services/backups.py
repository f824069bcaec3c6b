"""The backups a profile keeps, when the next is due, and the proof that one can be put back."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from desktop.services.desk import Desk
from desktop.services.keeping import DAY_MS, own_backups
from desktop.storage.backup import backup_made_at
from desktop.storage.backup_drill import Drilled as Drilled  # noqa: PLC0414 - given out here
from desktop.storage.backup_drill import drill
from desktop.storage.hand_backups import HandBackup as HandBackup  # noqa: PLC0414 - given out here
from desktop.storage.hand_backups import HandBackups
from sync.domain.errors import LiandongError, Refused
from sync.domain.ids import Instant


@dataclass(frozen=True, slots=True)
class BackupRow:
    """One backup kept in the profile."""

    path: Path
    made_at: Instant
    bytes: int


@dataclass(frozen=True, slots=True)
class BackupsView:
    """The backups that made themselves, the newest first, and when the next one is due (None: at the next sign-in)."""

    rows: tuple[BackupRow, ...]
    due_at: Instant | None
    by_hand: tuple[HandBackup, ...] = ()
    """Those written by hand, wherever they are now."""


def backups(desk: Desk) -> BackupsView:
    """What is kept in the profile. A file that is no backup is passed over."""
    rows = []
    for path in reversed(own_backups(desk)):
        with suppress(LiandongError, OSError):
            rows.append(BackupRow(path, backup_made_at(path), path.stat().st_size))
    made_at = desk.store.books.number("backup_at")
    waits = desk.store.backup_due or not rows or not made_at
    by_hand = HandBackups(desk.store.books).all()
    return BackupsView(tuple(rows), None if waits else made_at + DAY_MS, by_hand)


def destroy_backup(desk: Desk, path: Path) -> bool:
    """Delete a backup that was written by hand, if it still lies there; whether it did. It is listed no more.

    Raises Refused ``backup.not_known`` for any other file, ``backup.disk`` where the disk says no.
    """
    listed = HandBackups(desk.store.books)
    where = path.absolute()
    if all(known.path != where for known in listed.all()):
        raise Refused("backup.not_known")
    there = where.is_file()
    try:
        where.unlink(missing_ok=True)
    except OSError as error:
        raise Refused("backup.disk", reason=error.strerror or type(error).__name__) from None
    with desk.store.database.transaction():
        listed.forget(where)
    return there


def check_backup(desk: Desk, source: Path, stop: Callable[[], bool]) -> Drilled:
    """Prove that a backup can be put back: unpacked aside, opened, every record read; nothing here changes."""
    return drill(source, desk.paths, desk.unlocked.secrets.data_key, stop)
