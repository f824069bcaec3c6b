"""Write a small file so that a power cut leaves either the old or the new one, and the old one stays beside it."""

import secrets
from pathlib import Path

from sync.private_files import flush_file, flush_folder, open_private


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
    with open_private(path) as file:
        file.write(data)
        flush_file(file)
