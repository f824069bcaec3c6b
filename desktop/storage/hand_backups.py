"""Backups written by hand: where they went, and whether they keep identities that were sealed to the county later."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from desktop.storage.books import Books
from sync.domain.ids import Instant

_NAME, _SEALED_AT = "hand_backups", "identities_sealed_at"
_MOST = 200


@dataclass(frozen=True, slots=True)
class HandBackup:
    """One file. ``outdated``: identities were closed to this unit after it was made, and it opens them still."""

    path: Path
    made_at: Instant
    outdated: bool


class HandBackups:
    """A list in the store's books."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def remember(self, path: Path, made_at: Instant) -> None:
        """A backup was written; one that lay there before is gone."""
        kept = [(name, at) for name, at in self._read() if name != str(path)]
        self._keep([*kept, (str(path), made_at)])

    def forget(self, path: Path) -> bool:
        """A backup is there no more; whether it was known."""
        known = self._read()
        self._keep([(name, at) for name, at in known if name != str(path)])
        return any(name == str(path) for name, _ in known)

    def note_sealing(self, now: Instant) -> None:
        """Identities were closed to this unit."""
        self._books.keep_number(_SEALED_AT, max(now, self._books.number(_SEALED_AT)))

    def all(self) -> tuple[HandBackup, ...]:
        """The newest first."""
        sealed_at = self._books.number(_SEALED_AT)
        return tuple(HandBackup(Path(name), at, at <= sealed_at) for name, at in reversed(self._read()))

    def _read(self) -> list[tuple[str, int]]:
        value = self._books.value(_NAME)
        return msgspec.msgpack.decode(value, type=list[tuple[str, int]]) if value else []

    def _keep(self, found: list[tuple[str, int]]) -> None:
        self._books.keep(_NAME, msgspec.msgpack.encode(found[-_MOST:]))
