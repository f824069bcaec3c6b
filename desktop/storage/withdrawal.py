"""A dossier the unit may no longer see leaves whole: rows, search terms, drafts, snapshots, the changes' bodies.

Where changes to it were not acknowledged yet they are handed over first; until then it is out of the digest only.
"""

import json
from collections.abc import Iterable

from desktop.storage.books import Books
from desktop.storage.confirmed import REVISION
from desktop.storage.engine import Database
from desktop.storage.search import SearchIndex
from desktop.storage.tables import RECORD_TABLES
from sync.protocol.canonical import digest_term


class Withdrawals:
    """Everything within the open transaction."""

    def __init__(self, database: Database, search: SearchIndex) -> None:
        self._database = database
        self._search = search
        self._books = Books(database)

    def withdraw(self, dossier: str) -> int:
        """Take a dossier out; returns the sum of the digest terms that go with it."""
        gone = 0
        for kind, table in (*((kind, table.name) for kind, table in RECORD_TABLES.items()), ("", "raw_record")):
            name = "kind" if not kind else f"'{kind}'"
            rows = self._database.run(
                f'SELECT {name}, id, {REVISION}, hash FROM "{table}" WHERE dossier = ? AND {REVISION} > 0', (dossier,)
            )
            gone += sum(digest_term(*row) for row in rows)
        self._database.run("INSERT OR IGNORE INTO withdrawn(dossier) VALUES(?)", (dossier,))
        self._forget_county_state(dossier)
        self.finish()
        return gone

    def granted_again(self, dossiers: Iterable[str]) -> None:
        """Dossiers that came back before they were deleted stay."""
        if self._database.one("SELECT 1 FROM withdrawn LIMIT 1"):
            self._database.run(
                "DELETE FROM withdrawn WHERE dossier IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(set(dossiers))),),
            )

    def finish(self) -> None:
        """Delete the withdrawn dossiers whose changes the county has acknowledged."""
        for (dossier,) in self._database.run("SELECT dossier FROM withdrawn"):
            waiting = self._database.count(
                "SELECT count(*) FROM outbox_dossier JOIN outbox_state USING(sequence) "
                "WHERE dossier = ? AND state IN ('waiting', 'held')",
                (dossier,),
            )
            if not waiting:
                self._delete(dossier)

    def _forget_county_state(self, dossier: str) -> None:
        for table in RECORD_TABLES.values():
            self._database.run(
                f'UPDATE "{table.name}" SET revision = 0, hash = NULL, county_state = NULL WHERE dossier = ?',
                (dossier,),
            )
        self._database.run("DELETE FROM raw_record WHERE dossier = ?", (dossier,))

    def _delete(self, dossier: str) -> None:
        self._search.drop_dossier(dossier)
        gone: list[str] = []
        for kind, table in RECORD_TABLES.items():
            ids = f'SELECT id FROM "{table.name}" WHERE dossier = ?'
            gone += [row[0] for row in self._database.run(ids, (dossier,))]
            for books in ("repair", "unconfirmed"):
                self._database.run(f"DELETE FROM {books} WHERE kind = ? AND id IN ({ids})", (kind, dossier))
            self._database.run(f'DELETE FROM "{table.name}" WHERE dossier = ?', (dossier,))
        self._search.leave_waiting(gone)
        self._database.run("DELETE FROM drafts WHERE dossier = ?", (dossier,))
        theirs = "sequence IN (SELECT sequence FROM outbox_dossier WHERE dossier = ?)"
        self._database.run(f"DELETE FROM pending WHERE {theirs} AND dossier = ?", (dossier, dossier))
        self._expunge_changes(dossier)
        self._books.keep_number("backup_due", 1)

    def _expunge_changes(self, dossier: str) -> None:
        """Bodies go once nothing else needs them; where another dossier still does, the mark stays till then."""
        needed = "SELECT sequence FROM pending"
        mine = f"sequence IN (SELECT sequence FROM outbox_dossier WHERE dossier = ?) AND sequence NOT IN ({needed})"
        self._database.run(f"UPDATE outbox_body SET body = NULL WHERE {mine}", (dossier,))
        self._database.run(f"DELETE FROM outbox_dossier WHERE dossier = ? AND sequence NOT IN ({needed})", (dossier,))
        if not self._database.count("SELECT count(*) FROM outbox_dossier WHERE dossier = ?", (dossier,)):
            self._database.run("DELETE FROM withdrawn WHERE dossier = ?", (dossier,))
