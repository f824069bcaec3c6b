"""Backups of the profile, made by hand or by themselves, and the proof of the store."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from desktop.services.desk import Desk
from desktop.storage.verify import verify as verify_store
from sync.domain.errors import LiandongError
from sync.domain.times import to_local
from sync.shipped.rules import load_rulebook

DAY_MS = 24 * 3600 * 1000
KEPT = 5
"""Backups made by themselves that stay; the newest counts."""
_SUFFIX = ".backup"


def backup(desk: Desk, target: Path) -> int:
    """A checked copy of vault and store in one file, both still encrypted; its size in bytes."""
    desk.store.backup(desk.paths, desk.unlocked.secrets.data_key, target, own=False)
    return target.stat().st_size


def back_up_when_due(desk: Desk) -> bool:
    """Make the daily backup in the profile, or the one that replaces all before it; whether one was made.

    Trouble with the disk is no trouble of the work: the backup stays due.
    """
    now, replaces = desk.own_clock(), desk.store.backup_due
    made_at = desk.store.books.number("backup_at")
    if not replaces and 0 <= now - made_at < DAY_MS and _own_backups(desk):
        return False
    name = f"{to_local(now):%Y%m%d-%H%M%S}-{now % 1000:03}{_SUFFIX}"
    with suppress(LiandongError, OSError):
        desk.store.backup(desk.paths, desk.unlocked.secrets.data_key, desk.paths.backups / name)
        _prune(desk, desk.paths.backups / name, replaces)
        return True
    return False


def verify(desk: Desk) -> dict[str, Any]:
    """Digest and counts recomputed from the rows, and what is wrong with the store (verbs page, ``verify``)."""
    return verify_store(desk.store.database, desk.store.facts, load_rulebook().version)


def _own_backups(desk: Desk) -> list[Path]:
    return sorted(desk.paths.backups.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime_ns)


def _prune(desk: Desk, newest: Path, replaces: bool) -> None:
    """Keep the newest few; all before go where they hold what was withdrawn or open to who has left."""
    for cut_off in desk.paths.backups.glob(f"*{_SUFFIX}.*"):
        cut_off.unlink(missing_ok=True)
    older = [path for path in _own_backups(desk) if path != newest]
    for path in older if replaces else older[: 1 - KEPT]:
        path.unlink(missing_ok=True)
