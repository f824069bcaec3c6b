"""Which numbers of its own block each device has given: the highest of each year."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is known of what was given before; a number below the next one given is looked up."""
    op.execute("ALTER TABLE device ADD COLUMN serials text NOT NULL DEFAULT ''")


def downgrade() -> None:
    """Drop it."""
    op.execute("ALTER TABLE device DROP COLUMN serials")
