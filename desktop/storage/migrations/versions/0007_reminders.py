"""Answered cases, numbers given anew and joint handlings are found without reading every row."""

from alembic import op

revision = "0007"
down_revision = "0006"

FRESH = (
    "CREATE INDEX ix_record_case_answered ON record_case (replied_at, received_at, nature, secrecy, author, id) WHERE replied_at IS NOT NULL",
    "CREATE INDEX ix_record_step_joint ON record_step (dossier) WHERE step = 'CO_UNIT'",
    "CREATE INDEX ix_record_void_renumbered ON record_void (unit, created_at, id, dossier, number) WHERE target_kind = 'Number'",
)


def upgrade() -> None:
    for statement in FRESH:
        op.execute(statement)


def downgrade() -> None:
    for statement in FRESH:
        op.execute(f"DROP INDEX {statement.split()[2]}")
