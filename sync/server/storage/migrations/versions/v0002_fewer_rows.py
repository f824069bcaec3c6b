"""Fewer rows a change: bodies of a request lie together, and a record stands in the feeds of its makers by itself.

``record.in_unit_feed`` and ``record.in_county_feed`` say that the record's own unit, and the county's, read it at its
revision; ``feed`` keeps what others read, and what a unit reads at another position.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_UP = (
    """CREATE TABLE change_batch (
        county text NOT NULL, first bigint NOT NULL, last bigint NOT NULL, sealed bytea NOT NULL,
        PRIMARY KEY (county, first))""",
    "ALTER TABLE change_batch ALTER COLUMN sealed SET STORAGE EXTERNAL",
    "ALTER TABLE record ADD COLUMN in_unit_feed boolean NOT NULL DEFAULT false",
    "ALTER TABLE record ADD COLUMN in_county_feed boolean NOT NULL DEFAULT false",
    """UPDATE record r SET
        in_unit_feed = r.unit <> r.county AND EXISTS (SELECT FROM feed f WHERE f.county = r.county AND f.unit = r.unit
            AND f.position = r.revision AND f.kind = r.kind AND f.id = r.id AND f.mark = 0),
        in_county_feed = EXISTS (SELECT FROM feed f WHERE f.county = r.county AND f.unit = r.county
            AND f.position = r.revision AND f.kind = r.kind AND f.id = r.id AND f.mark = 0)""",
    """DELETE FROM feed f USING record r WHERE r.county = f.county AND r.kind = f.kind AND r.id = f.id AND f.mark = 0
        AND f.position = r.revision
        AND (r.in_unit_feed AND f.unit = r.unit OR r.in_county_feed AND f.unit = r.county)""",
    "CREATE INDEX record_unit_feed ON record (county, unit, revision) WHERE in_unit_feed",
    "CREATE INDEX record_county_feed ON record (county, revision) WHERE in_county_feed",
)
_DOWN = (
    """INSERT INTO feed SELECT county, unit, revision, kind, id, dossier, 0 FROM record WHERE in_unit_feed
       UNION ALL SELECT county, county, revision, kind, id, dossier, 0 FROM record WHERE in_county_feed""",
    "ALTER TABLE record DROP COLUMN in_unit_feed, DROP COLUMN in_county_feed",
    "DROP TABLE change_batch",
)


def upgrade() -> None:
    """Move the makers' feed rows onto the records."""
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    """Give the makers feed rows again; bodies kept together are lost."""
    for statement in _DOWN:
        op.execute(statement)
