"""Numbers that came from another device than the one whose block they are of: where duplicates can arise."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None is known yet."""
    op.execute(
        "CREATE TABLE foreign_number (county text NOT NULL, unit text NOT NULL, number text NOT NULL,"
        " PRIMARY KEY (county, unit, number))"
    )


def downgrade() -> None:
    """Forget them."""
    op.execute("DROP TABLE foreign_number")
