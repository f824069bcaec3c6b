"""What waits to be indexed stands in the order it came, so that thousands of lines lie side by side."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("ALTER TABLE search_queue RENAME TO search_queue_before")
    op.execute(
        "CREATE TABLE search_queue ( entry INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (entry) )"
    )
    op.execute("INSERT INTO search_queue(kind, id) SELECT kind, id FROM search_queue_before ORDER BY rowid")
    op.execute("DROP TABLE search_queue_before")


def downgrade() -> None:
    op.execute("ALTER TABLE search_queue RENAME TO search_queue_after")
    op.execute("CREATE TABLE search_queue ( id TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (id) )")
    op.execute("INSERT OR IGNORE INTO search_queue(id, kind) SELECT id, kind FROM search_queue_after ORDER BY entry")
    op.execute("DROP TABLE search_queue_after")
