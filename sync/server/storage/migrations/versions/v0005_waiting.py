"""An index of the few changes that were set apart because what they build on was not there."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Cover those that are there."""
    op.execute(
        "CREATE INDEX change_log_waiting ON change_log (county) WHERE outcome = 'quarantined'"
        " AND reason IN ('exchange_refusals.unknown_record', 'authority.unknown_dossier')"
    )


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP INDEX change_log_waiting")
