"""Where a profile keeps its files; files that are their owner's alone wherever the user puts them."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


def open_private(path: Path) -> BinaryIO:
    """A new file for writing that only its owner reads, where the system knows owners. Raises OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def write_private(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, in place of what is there, readable by its owner only. Raises OSError."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        with open_private(fresh) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class ProfilePaths:
    """The files of one profile folder."""

    folder: Path

    @property
    def vault(self) -> Path:
        """Key slots (JSON, no secret in clear)."""
        return self.folder / "vault.json"

    @property
    def store(self) -> Path:
        """The SQLCipher store."""
        return self.folder / "store.db"

    @property
    def lock(self) -> Path:
        """Held by the process that uses the profile."""
        return self.folder / "lock"

    @property
    def settings(self) -> Path:
        """Language, size, theme."""
        return self.folder / "settings.json"

    @property
    def restored_mark(self) -> Path:
        """There between a restore and the first opening after it."""
        return self.folder / "restored"

    @property
    def blobs(self) -> Path:
        """Ciphertext of attachments, one file each."""
        return self.folder / "blobs"

    @property
    def backups(self) -> Path:
        """Verified, sealed backups."""
        return self.folder / "backups"

    @property
    def pending_enrolment(self) -> Path:
        """What a carried enrolment waits with (sealed by the passphrase)."""
        return self.folder / "enrolment.pending"

    @property
    def pending_recovery(self) -> Path:
        """What a recovery waits with (sealed by the new passphrase)."""
        return self.folder / "recovery.pending"
