"""Full-text search over cases, visits and what hangs on them: no complainant, nothing sealed, never a scan.

Pages of the exchange index behind the rows: :meth:`SearchIndex.index_some` catches up, ``unindexed`` says how much
is left.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desktop.storage.engine import Database
from desktop.storage.rows import TypedRow, load_many
from desktop.storage.search_terms import index_terms, normal, query_terms, text_of

MANY_HITS = 1000
"""Above this the newest hits are found along the date index."""

_NUMBERED = ("Case", "Visit", "Reception")
_LEAST_NUMBER = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found."""

    kind: str
    id: str
    dossier: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Found:
    """The newest hits, how many there are (for a term of three or more characters at most so many), and how many
    records are not indexed yet."""

    hits: tuple[Hit, ...]
    total: int
    unindexed: int


class SearchIndex:
    """The index and the queue behind it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, rows: Iterable[TypedRow]) -> None:
        """Index the texts of rows as they stand now; a sealed dossier leaves the index whole."""
        kept = list(rows)
        sealed = self._sealed({row.dossier for row in kept})
        for dossier in sealed:
            self.drop_dossier(dossier)
        texts = {row.id: "" if row.dossier in sealed else text_of(row.kind, row.fields) for row in kept}
        old = self._documents(texts)
        gone = [document for record, document in old.items() if document[1] != texts[record]]
        self._remove(gone)
        fresh = [row for row in kept if texts[row.id] and (row.id not in old or old[row.id][1] != texts[row.id])]
        self._insert(fresh, texts)

    def queue(self, rows: Sequence[tuple[str, str]]) -> None:
        """Index later: (kind, id)."""
        self._database.insert_all("search_queue", ("kind", "id"), rows)

    def leave_waiting(self, ids: Sequence[str]) -> None:
        """Records that are gone are not waited for."""
        if ids and self._database.one("SELECT 1 FROM search_queue LIMIT 1"):
            sql = "DELETE FROM search_queue WHERE id IN (SELECT value FROM json_each(?))"
            self._database.run(sql, (json.dumps(ids),))

    def unindexed(self) -> int:
        """How many records wait to be indexed."""
        return self._database.count("SELECT count(*) FROM search_queue")

    def index_some(self, limit: int = 500) -> int:
        """Index up to ``limit`` waiting records in a transaction of its own; how many still wait."""
        with self._database.transaction():
            waiting = self._database.run("SELECT entry, kind, id FROM search_queue ORDER BY entry LIMIT ?", (limit,))
            by_kind: dict[str, list[str]] = {}
            for _, kind, record in waiting:
                by_kind.setdefault(kind, []).append(record)
            for kind, ids in by_kind.items():
                self.put(load_many(self._database, kind, ids).values())
            if waiting:
                self._database.run("DELETE FROM search_queue WHERE entry <= ?", waiting[-1][:1])
        return self.unindexed()

    def drop_dossier(self, dossier: str) -> None:
        """Take every text of a dossier out of the index."""
        self._remove(self._database.run("SELECT doc, text FROM search_doc WHERE dossier = ?", (dossier,)))

    def search(self, text: str, limit: int = 50, kinds: Iterable[str] = ()) -> Found:
        """Records with all that was typed, newest first; a printed number is found by its beginning."""
        numbered = self._by_number(text, limit, frozenset(kinds))
        expression, pieces = query_terms(text)
        if not expression:
            return Found(numbered, len(numbered), self.unindexed())
        total = self._database.count("SELECT count(*) FROM search_terms WHERE search_terms MATCH ?", (expression,))
        found = self._matching(expression, pieces, tuple(kinds), limit, total) if total else ()
        seen = {hit.id for hit in numbered}
        hits = (*numbered, *(hit for hit in found if hit.id not in seen))[:limit]
        exact = len(found) if total and len(found) < limit else total
        return Found(hits, len(numbered) + exact, self.unindexed())

    def _matching(
        self, expression: str, pieces: tuple[str, ...], kinds: tuple[str, ...], limit: int, total: int
    ) -> tuple[Hit, ...]:
        checks = "".join(" AND instr(text, ?) > 0" for _ in pieces)
        if kinds:
            checks += f" AND kind IN ({', '.join('?' * len(kinds))})"
        along = "INDEXED BY ix_search_doc_created_at" if total > MANY_HITS else "NOT INDEXED"
        rows = self._database.run(
            f"SELECT kind, id, dossier, created_at FROM search_doc {along} "
            "WHERE doc IN (SELECT rowid FROM search_terms WHERE search_terms MATCH ?)"
            f"{checks} ORDER BY created_at DESC, doc DESC LIMIT ?",
            (expression, *pieces, *kinds, limit),
        )
        return tuple(Hit(*row) for row in rows)

    def _by_number(self, text: str, limit: int, kinds: frozenset[str]) -> tuple[Hit, ...]:
        prefix = normal(text).strip().upper()
        if len(prefix) < _LEAST_NUMBER or not prefix.replace("-", "").isalnum() or not prefix.isascii():
            return ()
        found: list[Hit] = []
        for kind in _NUMBERED:
            if kinds and kind not in kinds:
                continue
            rows = self._database.run(
                f"SELECT id, dossier, created_at FROM record_{kind.lower()} WHERE number >= ? AND number < ? "
                "ORDER BY number DESC LIMIT ?",
                (prefix, prefix + "\uffff", limit),
            )
            found += [Hit(kind, *row) for row in rows]
        return tuple((*found, *self._renumbered(prefix, kinds))[:limit])

    def _renumbered(self, prefix: str, kinds: frozenset[str]) -> tuple[Hit, ...]:
        """Cases the county gave another number than the one on paper, by that one."""
        if kinds and "Case" not in kinds:
            return ()
        rows = self._database.run(
            "SELECT c.id, c.dossier, c.created_at FROM record_void v JOIN record_case c ON c.id = v.dossier "
            "WHERE v.target_kind = 'Number' AND v.number >= ? AND v.number < ?",
            (prefix, prefix + "\uffff"),
        )
        return tuple(Hit("Case", *row) for row in rows)

    def _sealed(self, dossiers: set[str]) -> set[str]:
        rows = self._database.run(
            "SELECT id FROM record_case WHERE secrecy = 'SEALED' AND id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(dossiers)),),
        )
        return {row[0] for row in rows}

    def _documents(self, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
        rows = self._database.run(
            "SELECT id, doc, text FROM search_doc WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def _remove(self, documents: Iterable[tuple[int, str]]) -> None:
        kept = list(documents)
        self._database.run_many(
            "INSERT INTO search_terms(search_terms, rowid, text) VALUES('delete', ?, ?)",
            [(document, index_terms(text)) for document, text in kept],
        )
        self._database.run_many("DELETE FROM search_doc WHERE doc = ?", [(document,) for document, _ in kept])

    def _insert(self, rows: list[TypedRow], texts: dict[str, str]) -> None:
        first = self._database.count("SELECT max(doc) FROM search_doc") + 1
        numbered = list(enumerate(rows, first))
        self._database.run_many(
            "INSERT INTO search_doc(doc, kind, id, dossier, created_at, text) VALUES(?, ?, ?, ?, ?, ?)",
            [(doc, row.kind, row.id, row.dossier, _created(row), texts[row.id]) for doc, row in numbered],
        )
        self._database.run_many(
            "INSERT INTO search_terms(rowid, text) VALUES(?, ?)",
            [(doc, index_terms(texts[row.id])) for doc, row in numbered],
        )


def _created(row: TypedRow) -> int:
    moment = row.fields.get("created_at")
    return moment if isinstance(moment, int) else 0
