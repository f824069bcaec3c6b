"""Rulebooks that the county published."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    "CREATE TABLE record_rulebook_version ( id TEXT NOT NULL, dossier TEXT NOT NULL, revision BIGINT NOT NULL, hash BLOB, county_state BLOB, extra BLOB, unit TEXT, created_at BIGINT, author TEXT, version TEXT, text TEXT, PRIMARY KEY (id) )",
    "CREATE INDEX ix_record_rulebook_version_created_at_id ON record_rulebook_version (created_at, id)",
    "CREATE INDEX ix_record_rulebook_version_dossier ON record_rulebook_version (dossier)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE record_rulebook_version")
