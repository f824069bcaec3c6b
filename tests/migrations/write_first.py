"""Write the first migration from the tables (``python -m tests.migrations.write_first``), until the first release."""

import tempfile
from pathlib import Path

from desktop.storage.engine import Database
from desktop.storage.upgrade import create_tables

TARGET = Path(__file__).parents[2] / "desktop" / "storage" / "migrations" / "versions" / "0001_first.py"
HEAD = '''"""The tables of the first release."""

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
'''
TAIL = """
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE search_terms")
    for statement in STATEMENTS:
        words = statement.split()
        if words[:2] == ["CREATE", "TABLE"]:
            op.execute(f"DROP TABLE {words[2]}")
"""


def statements(database: Database) -> list[str]:
    """The SQL of every table and index, shadow tables of the search left out."""
    rows = database.run(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'search_terms_%' "
        "AND name != 'alembic_version' ORDER BY type = 'index', name"
    )
    return [" ".join(row[0].split()) for row in rows]


def main() -> None:
    """Make a store in a temporary folder and write down how."""
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "s.db", bytes(32), create=True) as database:
        with database.transaction():
            create_tables(database)
        found = statements(database)
    found.append("INSERT INTO search_terms(search_terms, rank) VALUES('secure-delete', 1)")
    TARGET.write_text(HEAD + "\n".join(f"    {text!r}," for text in found) + TAIL, encoding="utf-8")


if __name__ == "__main__":
    main()
