"""Write a small file so that a power cut leaves either the old or the new one, and the old one stays beside it."""

import os
import secrets
from pathlib import Path


def write_keeping_predecessor(path: Path, data: bytes) -> None:
    """Replace ``path`` at once, its former content at ``<name>.previous``; file and folder are flushed to disk.

    Readable by the owner only where the system knows owners.
    """
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        _write_through(fresh, data)
        if path.exists():
            _keep(path)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    flush_folder(path.parent)


def _keep(path: Path) -> None:
    kept = path.with_name(f"{path.name}.{secrets.token_hex(4)}.old")
    try:
        _write_through(kept, path.read_bytes())
        kept.replace(path.with_name(f"{path.name}.previous"))
    finally:
        kept.unlink(missing_ok=True)


def _write_through(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Flush a folder's entries to disk; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
