"""The SQL of a store's tables; ``python -m tests.migrations.schema`` prints what no migration makes yet."""

import tempfile
from pathlib import Path

from desktop.storage.engine import Database
from desktop.storage.upgrade import VERSIONS, create_tables, migrate


def statements(database: Database) -> list[str]:
    """The SQL of every table and index, shadow tables of the search left out."""
    rows = database.run(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'search_terms_%' "
        "AND name != 'alembic_version' ORDER BY type = 'index', name"
    )
    return [" ".join(row[0].split()) for row in rows]


def main() -> None:
    """Make a store both ways in a temporary folder and print the difference."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Database(folder / "made.db", bytes(32), create=True) as made, made.transaction():
            create_tables(made)
            wanted = statements(made)
        with Database(folder / "migrated.db", bytes(32), create=True) as migrated:
            migrate(migrated, VERSIONS[-1])
            there = set(statements(migrated))
    print(*(f"    {text!r}," for text in wanted if text not in there), sep="\n")


if __name__ == "__main__":
    main()
