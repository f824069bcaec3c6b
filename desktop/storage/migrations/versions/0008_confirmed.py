"""What the county took is told in ranges and beside the changes, so that neither rows nor bodies are written again."""

from alembic import op
from sqlalchemy import text

revision = "0008"
down_revision = "0007"

REVISION = (
    "iif(revision >= 0, revision, coalesce((SELECT shift - revision FROM confirmed "
    "WHERE first <= -revision AND last >= -revision ORDER BY first DESC LIMIT 1), 0))"
)
NEW = (
    "CREATE TABLE outbox_body ( sequence INTEGER NOT NULL, change_id TEXT NOT NULL, body BLOB, packed BIGINT NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (sequence), UNIQUE (change_id) )",
    "CREATE TABLE outbox_state ( sequence INTEGER NOT NULL, state TEXT NOT NULL, sent_at BIGINT, settled_at BIGINT, outcome TEXT, reason TEXT, effect_position BIGINT, PRIMARY KEY (sequence) )",
    "INSERT INTO outbox_body SELECT sequence, change_id, body, packed, hash FROM outbox_before ORDER BY sequence",
    "INSERT INTO outbox_state SELECT sequence, state, sent_at, settled_at, outcome, reason, effect_position FROM outbox_before ORDER BY sequence",
    "DROP TABLE outbox_before",
    "CREATE VIEW outbox AS SELECT sequence, change_id, body, packed, hash, state, sent_at, settled_at, outcome, reason, effect_position FROM outbox_body JOIN outbox_state USING(sequence)",
    "CREATE INDEX ix_outbox_state_open ON outbox_state (state, sequence) WHERE state != 'settled'",
    "CREATE INDEX ix_outbox_state_settled_at ON outbox_state (settled_at) WHERE settled_at IS NOT NULL",
    "CREATE TABLE pending ( sequence INTEGER NOT NULL, operation INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, dossier TEXT NOT NULL, creates BIGINT NOT NULL, hash BLOB, PRIMARY KEY (sequence, operation) ) WITHOUT ROWID",
    "INSERT INTO pending SELECT sequence, row_number() OVER (ORDER BY sequence, rowid), id, kind, dossier, 0, NULL FROM pending_before",
    "DROP TABLE pending_before",
    "CREATE INDEX ix_pending_edits ON pending (sequence) WHERE creates = 0",
    "INSERT INTO meta(name, value) SELECT 'last_operation', CAST(CAST(max(operation) AS TEXT) AS BLOB) FROM pending HAVING max(operation) IS NOT NULL",
    "CREATE TABLE confirmed ( first INTEGER NOT NULL, last INTEGER NOT NULL, shift BIGINT NOT NULL, PRIMARY KEY (first) )",
)
OLD = (
    "CREATE TABLE outbox_before ( sequence INTEGER NOT NULL, change_id TEXT NOT NULL, body BLOB, packed BIGINT NOT NULL, hash BLOB NOT NULL, state TEXT NOT NULL, sent_at BIGINT, settled_at BIGINT, outcome TEXT, reason TEXT, effect_position BIGINT, PRIMARY KEY (sequence), UNIQUE (change_id) )",
    "INSERT INTO outbox_before SELECT sequence, change_id, body, packed, hash, state, sent_at, settled_at, outcome, reason, effect_position FROM outbox ORDER BY sequence",
    "DROP VIEW outbox",
    "DROP TABLE outbox_body",
    "DROP TABLE outbox_state",
    "ALTER TABLE outbox_before RENAME TO outbox",
    "CREATE INDEX ix_outbox_state ON outbox (state, sequence)",
    "CREATE INDEX ix_outbox_settled_at ON outbox (settled_at)",
    "CREATE TABLE pending_before ( id TEXT NOT NULL, sequence INTEGER NOT NULL, kind TEXT NOT NULL, dossier TEXT NOT NULL, PRIMARY KEY (id, sequence) )",
    "INSERT OR IGNORE INTO pending_before SELECT id, sequence, kind, dossier FROM pending ORDER BY sequence, operation",
    "DROP TABLE pending",
    "ALTER TABLE pending_before RENAME TO pending",
    "CREATE INDEX ix_pending_dossier ON pending (dossier)",
    "CREATE INDEX ix_pending_sequence ON pending (sequence)",
    "DELETE FROM meta WHERE name = 'last_operation'",
)


def upgrade() -> None:
    op.execute("ALTER TABLE outbox RENAME TO outbox_before")
    op.execute("ALTER TABLE pending RENAME TO pending_before")
    for index in ("outbox_state", "outbox_settled_at", "pending_dossier", "pending_sequence"):
        op.execute(f"DROP INDEX ix_{index}")
    for statement in NEW:
        op.execute(statement)
    for table in tables():
        op.execute(f"CREATE INDEX ix_{table}_made_here ON {table} (revision) WHERE revision < 0")


def downgrade() -> None:
    for table in tables():
        op.execute(f"DROP INDEX ix_{table}_made_here")
        settled = f"revision = {REVISION}, hash = CASE WHEN {REVISION} > 0 THEN hash END"
        op.execute(f'UPDATE "{table}" SET {settled} WHERE revision < 0')
    op.execute("DROP TABLE confirmed")
    for statement in OLD:
        op.execute(statement)


def tables() -> list[str]:
    """The tables of records there are."""
    found = op.get_bind().execute(
        text("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'record@_%' ESCAPE '@' ORDER BY name")
    )
    return [row[0] for row in found]
