"""Files that are their owner's alone and that a power cut leaves whole or as they were: keys, vaults, backups, sticks.

Both ends write them through this one place. A file's content is on disk before it takes its name, and its name is on
disk before the writer goes on.
"""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_NO_SUCH_CALL = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM)
"""How a file system answers that it cannot flush a folder, or not for this account (shares, sticks)."""


def open_private(path: Path) -> BinaryIO:
    """A new file for writing that only its owner reads, where the system knows owners. Raises OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


@contextmanager
def replacing_private(path: Path) -> Iterator[BinaryIO]:
    """A file that stands in place of ``path``, whole and on disk, once the block ends well; else nothing changes.

    Raises OSError.
    """
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        with open_private(fresh) as file:
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
