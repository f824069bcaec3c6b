"""One file that holds a whole profile: the vault and a checked copy of the store, both still encrypted.

Layout: magic line, 4 bytes length and MessagePack of :class:`_Header`, the vault, the store.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from desktop.errors import NewerVersion
from desktop.paths import ProfilePaths
from desktop.storage.engine import Database, make_private
from desktop.storage.profile_lock import ProfileLock
from desktop.storage.verify import file_troubles
from sync.domain.errors import Damaged, Refused
from sync.private_files import (
    BACKUP_COPY,
    BACKUP_NEW,
    claim,
    clear_unfinished_backups,
    flush_folder,
    open_private,
    replacing_private,
    unfinished_name,
)

MAGIC = b"liandong-backup\n"
VERSION = 1
_CHUNK = 1 << 20
_MOST_HEADER = 4096
_MOST_VAULT = 1 << 20


class _Header(msgspec.Struct, frozen=True):
    version: int
    made_at: int
    vault_bytes: int
    store_bytes: int
    vault_hash: bytes
    store_hash: bytes


def make_backup(
    database: Database,
    paths: ProfilePaths,
    data_key: bytes,
    target: Path,
    now_ms: int,
    *,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Copy, open and check the copy, pack it with the vault, put it in place whole. Drafts are not in it.

    Raises Damaged (``backup.copy_damaged``) where the copy does not pass, Refused where the disk says no or ``stop``
    said so: then nothing is left of it.
    """
    with _own_troubles(), ExitStack() as undo:
        target.parent.mkdir(parents=True, exist_ok=True)
        clear_unfinished_backups(target.parent)
        copy = unfinished_name(target, BACKUP_COPY)
        undo.callback(_remove_store, copy)
        claim(undo.enter_context(open_private(copy)))
        database.run("VACUUM INTO ?", (str(copy),))
        _check(copy, data_key, stop)
        vault = paths.vault.read_bytes()
        header = _Header(
            VERSION, now_ms, len(vault), copy.stat().st_size, hashlib.sha256(vault).digest(), _file_hash(copy)
        )
        with replacing_private(target, BACKUP_NEW) as file:
            _pack(file, header, vault, copy)


@dataclass(frozen=True, slots=True)
class BackupSight:
    """What anyone may see of a backup: when it was made (ms UTC), its bytes, and the vault that opens with it."""

    made_at: int
    size: int
    vault: bytes


def look_at_backup(source: Path) -> BackupSight:
    """Read the head of a backup. Raises as :func:`restore_backup`."""
    with _own_troubles(), source.open("rb") as file:
        header = _read_header(file)
        vault = file.read(header.vault_bytes)
    if hashlib.sha256(vault).digest() != header.vault_hash:
        raise Damaged("backup.damaged")
    return BackupSight(header.made_at, header.vault_bytes + header.store_bytes, vault)


def restore_backup(
    source: Path, paths: ProfilePaths, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> None:
    """Put vault and store of a backup into an empty profile. The next opening leaves the number block.

    ``progress`` gets the bytes done and all of them.

    Raises Damaged (``backup.damaged``), NewerVersion, Refused where the profile already holds something, InUse.
    """
    with _own_troubles(), ExitStack() as undo:
        undo.callback(ProfileLock(paths).release)
        _make_room(paths)
        file = undo.enter_context(source.open("rb"))
        header = _read_header(file)
        vault, store = _beside(paths.vault, "new"), _beside(paths.store, "new")
        for path in (vault, store):
            undo.callback(path.unlink, missing_ok=True)
        _unpack(file, vault, header.vault_bytes, header.vault_hash)
        _unpack(file, store, header.store_bytes, header.store_hash, progress)
        paths.restored_mark.write_bytes(b"")
        store.replace(paths.store)
        vault.replace(paths.vault)
        flush_folder(paths.folder)


def _make_room(paths: ProfilePaths) -> None:
    """Clear what a restore left that was killed. Raises Refused where the profile holds something else."""
    vaults = paths.folder.glob(f"{paths.vault.name}*")
    cut_off = paths.restored_mark.exists() and all(_is_fresh(one, paths.vault) for one in vaults)
    if (paths.store.exists() or paths.vault.exists()) and not cut_off:
        raise Refused("backup.not_empty")
    for wanted in (paths.vault, paths.store):
        for left in paths.folder.glob(f"{wanted.name}*"):
            if _is_fresh(left, wanted) or (cut_off and wanted == paths.store):
                left.unlink(missing_ok=True)


def _is_fresh(path: Path, wanted: Path) -> bool:
    """Whether it is a name of :func:`_beside`."""
    return re.fullmatch(rf"{re.escape(wanted.name)}\.[0-9a-f]{{8}}\.new", path.name) is not None


def backup_made_at(source: Path) -> int:
    """When a backup was made, in milliseconds UTC. Raises as :func:`restore_backup`."""
    with _own_troubles(), source.open("rb") as file:
        return _read_header(file).made_at


@contextmanager
def _own_troubles() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refused("backup.disk", reason=error.strerror or type(error).__name__) from None


def _beside(path: Path, what: str) -> Path:
    return path.with_name(f"{path.name}.{secrets.token_hex(4)}.{what}")


def _remove_store(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _check(copy: Path, data_key: bytes, stop: Callable[[], bool]) -> None:
    with Database(copy, data_key) as opened:
        opened.stop_when(stop)
        opened.run("PRAGMA journal_mode = DELETE")
        _forget_drafts(opened)
        if file_troubles(opened):
            raise Damaged("backup.copy_damaged")


def _forget_drafts(copy: Database) -> None:
    """What was typed and never saved, or was turned into a sealed stub, lives on nowhere."""
    if copy.count("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'drafts'"):
        copy.run("DELETE FROM drafts")


def _file_hash(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _pack(file: BinaryIO, header: _Header, vault: bytes, copy: Path) -> None:
    head = msgspec.msgpack.encode(header)
    file.write(MAGIC + len(head).to_bytes(4, "big") + head + vault)
    with copy.open("rb") as store:
        while chunk := store.read(_CHUNK):
            file.write(chunk)


def _read_header(file: BinaryIO) -> _Header:
    if file.read(len(MAGIC)) != MAGIC:
        raise Damaged("backup.damaged")
    size = int.from_bytes(file.read(4), "big")
    try:
        header = msgspec.msgpack.decode(file.read(min(size, _MOST_HEADER)), type=_Header)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Damaged("backup.damaged") from None
    if header.version > VERSION:
        raise NewerVersion("backup.newer")
    if not (0 < header.vault_bytes <= _MOST_VAULT and header.store_bytes > 0):
        raise Damaged("backup.damaged")
    return header


def _unpack(
    file: BinaryIO,
    target: Path,
    size: int,
    wanted: bytes,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> None:
    found, whole = hashlib.sha256(), size
    make_private(target)
    with target.open("r+b") as out:
        while size and (chunk := file.read(min(size, _CHUNK))):
            found.update(chunk)
            out.write(chunk)
            size -= len(chunk)
            progress(whole - size, whole)
        out.flush()
        os.fsync(out.fileno())
    if size or found.digest() != wanted:
        raise Damaged("backup.damaged")
