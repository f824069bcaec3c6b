"""The first tables of a county."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    """CREATE TABLE county (
        code text PRIMARY KEY, name text NOT NULL, epoch text NOT NULL, position bigint NOT NULL,
        log_number bigint NOT NULL, log_hash bytea NOT NULL, made_at bigint NOT NULL)""",
    """CREATE TABLE device (
        county text NOT NULL, id text NOT NULL, unit text NOT NULL, block text NOT NULL, role text NOT NULL,
        roles text[] NOT NULL, user_name text NOT NULL, signing_key bytea NOT NULL, exchange_key bytea NOT NULL,
        ticket text NOT NULL, waiting boolean NOT NULL, enrolled_at bigint NOT NULL, revoked_at bigint, seen_at bigint,
        unbroken bigint NOT NULL, last_hash bytea NOT NULL, read_to bigint NOT NULL,
        PRIMARY KEY (county, id), UNIQUE (county, unit, block))""",
    """CREATE TABLE ticket (
        county text NOT NULL, id text NOT NULL, unit text NOT NULL, roles text[] NOT NULL, secret bytea NOT NULL,
        expires bigint NOT NULL, name text NOT NULL, confirm boolean NOT NULL, made_at bigint NOT NULL,
        device text, request_hash bytea, PRIMARY KEY (county, id))""",
    """CREATE TABLE unit_identity (
        county text NOT NULL, unit text NOT NULL, public_key bytea NOT NULL, device text NOT NULL,
        PRIMARY KEY (county, unit))""",
    """CREATE TABLE change_log (
        county text NOT NULL, number bigint NOT NULL, change text NOT NULL, device text NOT NULL,
        sequence bigint NOT NULL, unit text NOT NULL, outcome text NOT NULL, reason text NOT NULL,
        position bigint NOT NULL, hash bytea NOT NULL, chain bytea NOT NULL, received_at bigint NOT NULL,
        PRIMARY KEY (county, number), UNIQUE (county, change))""",
    """CREATE TABLE change_body (
        county text NOT NULL, change text NOT NULL, sealed bytea NOT NULL, PRIMARY KEY (county, change))""",
    "ALTER TABLE change_body ALTER COLUMN sealed SET STORAGE EXTERNAL",
    """CREATE TABLE record (
        county text NOT NULL, kind text NOT NULL, id text NOT NULL, dossier text NOT NULL, owner text NOT NULL,
        unit text NOT NULL, revision bigint NOT NULL, hash bytea NOT NULL, body bytea NOT NULL, device text NOT NULL,
        status text, holder text, PRIMARY KEY (county, kind, id))""",
    "ALTER TABLE record ALTER COLUMN body SET STORAGE EXTERNAL",
    "CREATE INDEX record_dossier ON record (county, dossier)",
    """CREATE TABLE dossier (
        county text NOT NULL, id text NOT NULL, units text[] NOT NULL, digest bytea NOT NULL, counts bytea NOT NULL,
        PRIMARY KEY (county, id))""",
    """CREATE TABLE feed (
        county text NOT NULL, unit text NOT NULL, position bigint NOT NULL, kind text NOT NULL, id text NOT NULL,
        dossier text NOT NULL, mark smallint NOT NULL, PRIMARY KEY (county, unit, position))""",
    "CREATE INDEX feed_dossier ON feed (county, dossier)",
    """CREATE TABLE unit_state (
        county text NOT NULL, unit text NOT NULL, digest bytea NOT NULL, counts bytea NOT NULL,
        PRIMARY KEY (county, unit))""",
    """CREATE TABLE held (
        county text NOT NULL, device text NOT NULL, sequence bigint NOT NULL, change text NOT NULL,
        sealed bytea NOT NULL, received_at bigint NOT NULL, PRIMARY KEY (county, device, change))""",
    """CREATE TABLE quarantined_envelope (
        county text NOT NULL, hash bytea NOT NULL, device text NOT NULL, reason text NOT NULL,
        sealed bytea NOT NULL, received_at bigint NOT NULL, PRIMARY KEY (county, hash))""",
)


def upgrade() -> None:
    """Make every table."""
    for statement in _TABLES:
        op.execute(statement)


def downgrade() -> None:
    """Drop every table."""
    for name in (
        "quarantined_envelope", "held", "unit_state", "feed", "dossier", "record", "change_body", "change_log",
        "unit_identity", "ticket", "device", "county",
    ):  # fmt: skip
        op.execute(f"DROP TABLE {name}")
