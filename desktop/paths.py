"""Where a profile keeps its files."""

from dataclasses import dataclass
from pathlib import Path


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
