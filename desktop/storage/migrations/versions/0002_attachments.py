"""Attachments: their records, and which ciphertext the county does not have yet."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    "CREATE TABLE blob_upload ( blob TEXT NOT NULL, record TEXT NOT NULL, size BIGINT NOT NULL, PRIMARY KEY (blob) )",
    'CREATE TABLE record_attachment ( id TEXT NOT NULL, dossier TEXT NOT NULL, revision BIGINT NOT NULL, hash BLOB, county_state BLOB, extra BLOB, unit TEXT, created_at BIGINT, author TEXT, about_kind TEXT, about TEXT, name TEXT, title TEXT, media_type TEXT, size BIGINT, blob TEXT, "key" BLOB, PRIMARY KEY (id) )',
    "CREATE INDEX ix_record_attachment_about ON record_attachment (about)",
    "CREATE INDEX ix_record_attachment_created_at_id ON record_attachment (created_at, id)",
    "CREATE INDEX ix_record_attachment_dossier ON record_attachment (dossier)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE record_attachment")
    op.execute("DROP TABLE blob_upload")
