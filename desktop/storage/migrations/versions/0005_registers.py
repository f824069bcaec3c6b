"""Which device keeps the register of letters, by the county's word."""

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS = (
    "CREATE TABLE record_register_keeper ( id TEXT NOT NULL, dossier TEXT NOT NULL, revision BIGINT NOT NULL, hash BLOB, county_state BLOB, extra BLOB, unit TEXT, created_at BIGINT, author TEXT, of_unit TEXT, device TEXT, former TEXT, PRIMARY KEY (id) )",
    "CREATE INDEX ix_record_register_keeper_created_at_id ON record_register_keeper (created_at, id)",
    "CREATE INDEX ix_record_register_keeper_dossier ON record_register_keeper (dossier)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE record_register_keeper")
