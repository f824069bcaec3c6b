"""Files that are their owner's alone and that a power cut leaves whole or as they were: keys, vaults, backups, sticks.

Both ends write them through this one place. A file's content is on disk before it takes its name, and its name is on
disk before the writer goes on.
"""

import errno
import os
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

if sys.platform != "win32":
    import fcntl

_NO_SUCH_CALL = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM)
"""How a file system answers that it cannot flush a folder, or not for this account (shares, sticks)."""
NEW = "new"
BACKUP_NEW, BACKUP_COPY = "backup-new", "backup-copy"
"""Endings of what a backup is made in. No other program writes such names, so what a kill left there can be cleared."""
_UNFINISHED = re.compile(rf"(\..+\.[0-9a-f]{{8}}\.({BACKUP_NEW}|{BACKUP_COPY}))(-wal|-shm|-journal)?")
"""Files of a database beside it (``-journal`` …) are its writer's as long as it is."""


def open_private(path: Path) -> BinaryIO:
    """A new file for writing that only its owner reads, where the system knows owners. Raises OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def unfinished_name(path: Path, ending: str = NEW) -> Path:
    """A fresh name beside ``path`` for what is to take its place."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.{ending}")


@contextmanager
def replacing_private(path: Path, ending: str = NEW) -> Iterator[BinaryIO]:
    """A file that stands in place of ``path``, whole and on disk, once the block ends well; else nothing changes.

    Raises OSError.
    """
    fresh = unfinished_name(path, ending)
    try:
        with open_private(fresh) as file:
            claim(file)
            yield file
            flush_file(file)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    flush_folder(path.parent)


def write_private(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, in place of what is there, on disk before this returns. Raises OSError."""
    with replacing_private(path) as file:
        file.write(data)


def claim(file: BinaryIO) -> bool:
    """Hold an open file as this process's until it is closed or the process dies; False where another one holds it.

    On Windows being open is claim enough: what is open there cannot be deleted.
    """
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # held, or a share without locks: better a leftover than a lost backup
        return False
    return True


def clear_unfinished_backups(folder: Path) -> None:
    """Delete what killed backups left in a folder; what another process is still writing stays."""
    with suppress(OSError):
        found = [match for path in folder.iterdir() if (match := _UNFINISHED.fullmatch(path.name))]
        for name in {match[1] for match in found}:
            with suppress(OSError):
                _delete_unclaimed(folder / name, [folder / match[0] for match in found if match[1] == name])


def _delete_unclaimed(path: Path, files: list[Path]) -> None:
    """Delete all files of one backup, ``path`` first where an open file cannot be deleted, unless it is held."""
    files.sort()
    if sys.platform == "win32" or not path.exists():
        for one in files:
            one.unlink(missing_ok=True)
        return
    with path.open("rb") as file:
        if claim(file):
            for one in reversed(files):
                one.unlink(missing_ok=True)


def flush_file(file: BinaryIO) -> None:
    """What was written into a file is on disk when this returns. Raises OSError."""
    file.flush()
    os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """A folder's entries are on disk when this returns, where the system can do that; Windows needs no such call.

    Raises OSError where the disk itself fails.
    """
    if os.name == "nt":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _NO_SUCH_CALL:
            raise
