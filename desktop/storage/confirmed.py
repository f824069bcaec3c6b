"""What the county took as it was made here, told in ranges: a row that was confirmed so is not written again.

Every operation of this store has a number, in the order they were made. The row of a new record carries it below
zero in place of a revision. The county gives the operations of what it echoes revisions in that same order: one line
here says so for all of them, and :data:`REVISION` reads a row's revision through it.
"""

from desktop.storage.engine import Database

REVISION = (
    "iif(revision >= 0, revision, coalesce((SELECT shift - revision FROM confirmed "
    "WHERE first <= -revision AND last >= -revision ORDER BY first DESC LIMIT 1), 0))"
)
"""SQL for the revision of a record's row; 0 where the county has not shown it."""


class Confirmed:
    """The table ``confirmed``: operations ``first`` to ``last`` have the revision of their number plus ``shift``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, first: int, last: int, revision: int) -> None:
        """Within the open transaction: the operations have the revisions ``revision``, ``revision`` + 1, …"""
        shift = revision - first
        longer = self._database.run(
            "UPDATE confirmed SET last = ? WHERE first = (SELECT max(first) FROM confirmed) "
            "AND last = ? AND shift = ? RETURNING first",
            (last, first - 1, shift),
        )
        if not longer:
            self._database.run("INSERT INTO confirmed(first, last, shift) VALUES(?, ?, ?)", (first, last, shift))

    def stand(self, table: str, first: int, last: int) -> int:
        """How many rows of a table still are as these operations made them."""
        return self._database.count(
            f'SELECT count(*) FROM "{table}" WHERE revision < 0 AND revision BETWEEN ? AND ?', (-last, -first)
        )
