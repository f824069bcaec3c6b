"""Backups of the profile, made by hand or by themselves, and the proof of the store."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.services.borrowing import Borrow, at_once
from desktop.services.desk import Desk
from desktop.storage.case_clocks import standing_clockwork
from desktop.storage.hand_backups import HandBackups
from desktop.storage.store import Stop, never
from desktop.storage.verify import verify as verify_store
from sync.domain.errors import LiandongError
from sync.domain.times import to_local

DAY_MS = 24 * 3600 * 1000
KEPT = 5
"""Backups made by themselves that stay; the newest counts."""
_SUFFIX = ".backup"


@dataclass(frozen=True, slots=True)
class _Due:
    """A backup to be made: its name, and whether it replaces all before it."""

    name: str
    replaces: bool
    data_key: bytes


def backup(desk: Desk, target: Path, stop: Stop = never, borrow: Borrow = at_once) -> int:
    """A checked copy of vault and store in one file, both still encrypted; its size in bytes. It is remembered where
    it went. With ``borrow`` on any thread."""
    made_at = desk.store.back_up(desk.paths, desk.unlocked.secrets.data_key, target, stop)
    borrow(lambda: _remember(desk, target.absolute(), made_at))
    return target.stat().st_size


def _remember(desk: Desk, target: Path, made_at: int) -> None:
    with desk.store.database.transaction():
        HandBackups(desk.store.books).remember(target, made_at)


def back_up_when_due(desk: Desk, borrow: Borrow = at_once, stop: Stop = never) -> bool:
    """Make the daily backup in the profile, or the one that replaces all before it; whether one was made.

    The copy is made on the caller's thread, beside other work; the books are borrowed. Trouble with the disk is no
    trouble of the work: the backup stays due.
    """
    due = borrow(lambda: _due(desk))
    if due is None:
        return False
    with suppress(LiandongError, OSError):
        made_at = desk.store.back_up(desk.paths, due.data_key, desk.paths.backups / due.name, stop)
        borrow(lambda: desk.store.note_backup(made_at))
        _prune(desk, desk.paths.backups / due.name, due.replaces)
        return True
    return False


def verify(desk: Desk, stop: Stop = never) -> dict[str, Any]:
    """Digest and counts recomputed from the rows, and what is wrong with the store (verbs page, ``verify``).

    On any thread: it reads one moment of the store beside what goes on.
    """
    with desk.store.beside(desk.unlocked.secrets.data_key, stop) as database, database.transaction("DEFERRED"):
        return verify_store(database, desk.store.facts, standing_clockwork(database).rulebook.version)


def _due(desk: Desk) -> _Due | None:
    now, replaces = desk.own_clock(), desk.store.backup_due
    made_at = desk.store.books.number("backup_at")
    if not replaces and 0 <= now - made_at < DAY_MS and own_backups(desk):
        return None
    desk.store.begin_backup()
    name = f"{to_local(now):%Y%m%d-%H%M%S}-{now % 1000:03}{_SUFFIX}"
    return _Due(name, replaces, desk.unlocked.secrets.data_key)


def own_backups(desk: Desk) -> list[Path]:
    """Backups that made themselves, the newest last."""
    return sorted(desk.paths.backups.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime_ns)


def _prune(desk: Desk, newest: Path, replaces: bool) -> None:
    """Keep the newest few; all before go where they hold what was withdrawn or open to who has left."""
    made = newest.stat().st_mtime_ns
    older = [path for path in own_backups(desk) if path != newest]
    older.sort(key=lambda path: path.stat().st_mtime_ns <= made)  # first those of a clock that was ahead then
    for path in older if replaces else older[: 1 - KEPT]:
        path.unlink(missing_ok=True)
