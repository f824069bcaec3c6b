"""How far a device says it has read, with nothing older still to be sent: what it may no longer claim not to know."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is known of any device yet."""
    op.execute("ALTER TABLE device ADD COLUMN acknowledged bigint NOT NULL DEFAULT 0")


def downgrade() -> None:
    """Forget it."""
    op.execute("ALTER TABLE device DROP COLUMN acknowledged")
