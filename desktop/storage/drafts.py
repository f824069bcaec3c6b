"""Drafts: what was typed and not saved yet. They never leave the store and are no changes."""

from dataclasses import dataclass

from desktop.storage.engine import Database


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft of one user; ``body`` is the screen's own (JSON bytes)."""

    user: str
    screen: str
    key: str
    body: bytes
    saved_at: int
    dossier: str | None = None
    """The dossier it is about, if any: the draft goes when the dossier is withdrawn."""


class Drafts:
    """One draft per user, screen and key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, draft: Draft) -> None:
        """Keep the newest body."""
        with self._database.transaction():
            self._database.run(
                "INSERT INTO drafts(user, screen, key, dossier, body, saved_at) VALUES(?, ?, ?, ?, ?, ?) "
                "ON CONFLICT(user, screen, key) DO UPDATE SET dossier = excluded.dossier, body = excluded.body, "
                "saved_at = excluded.saved_at",
                (draft.user, draft.screen, draft.key, draft.dossier, draft.body, draft.saved_at),
            )

    def load(self, user: str, screen: str, key: str) -> Draft | None:
        """The draft or None."""
        row = self._database.one(f"{_SELECT} WHERE user = ? AND screen = ? AND key = ?", (user, screen, key))
        return Draft(*row) if row else None

    def all_of(self, user: str) -> tuple[Draft, ...]:
        """A user's drafts, newest first."""
        rows = self._database.run(f"{_SELECT} WHERE user = ? ORDER BY saved_at DESC, screen, key", (user,))
        return tuple(Draft(*row) for row in rows)

    def drop(self, user: str, screen: str, key: str) -> None:
        """Forget a draft, in a transaction of its own."""
        with self._database.transaction():
            drop_draft(self._database, user, screen, key)


_SELECT = "SELECT user, screen, key, body, saved_at, dossier FROM drafts"


def drop_drafts_about(database: Database, dossier: str) -> None:
    """Forget what anybody typed about a dossier, within the open transaction."""
    database.run("DELETE FROM drafts WHERE dossier = ?", (dossier,))


def drop_draft(database: Database, user: str, screen: str, key: str) -> None:
    """Forget a draft within the open transaction."""
    database.run("DELETE FROM drafts WHERE user = ? AND screen = ? AND key = ?", (user, screen, key))
