"""A step may say by which procedure a claim is dealt with; on the way back the value stands among the unknown ones."""

import msgspec
from alembic import op
from sqlalchemy import text

revision = "0010"
down_revision = "0009"

BEFORE = (
    "id", "dossier", "revision", "hash", "county_state", "extra", "unit", "created_at", "author", "case", "step", "at", "seen",
    "role", "to_unit", "to_person", "units", "method", "reason", "note", "refers", "approved", "nature", "scope", "route",
    "clearing", "disposition", "result", "claim_outcome", "satisfaction", "objection", "supervise_method",
    "supervise_reason", "days", "until", "told", "document", "excuses",
)  # fmt: skip
OLD = 'CREATE TABLE record_step ( id TEXT NOT NULL, dossier TEXT NOT NULL, revision BIGINT NOT NULL, hash BLOB, county_state BLOB, extra BLOB, unit TEXT, created_at BIGINT, author TEXT, "case" TEXT, step TEXT, at BIGINT, seen TEXT, role TEXT, to_unit TEXT, to_person TEXT, units TEXT, method TEXT, reason TEXT, note TEXT, refers TEXT, approved BIGINT, nature TEXT, scope TEXT, route TEXT, clearing TEXT, disposition TEXT, result TEXT, claim_outcome TEXT, satisfaction TEXT, objection TEXT, supervise_method TEXT, supervise_reason TEXT, days BIGINT, until TEXT, told TEXT, document TEXT, excuses BLOB, PRIMARY KEY (id) )'
NEW = OLD.replace("clearing TEXT, ", "clearing TEXT, procedure TEXT, ")


def upgrade() -> None:
    rebuild(NEW)
    for record, extra in rows("SELECT id, extra FROM record_step WHERE extra IS NOT NULL"):
        values = msgspec.msgpack.decode(extra)
        if isinstance(values.get("procedure"), str):
            move(record, values.pop("procedure"), values)


def downgrade() -> None:
    for record, extra, procedure in rows("SELECT id, extra, procedure FROM record_step WHERE procedure IS NOT NULL"):
        move(record, None, {**(msgspec.msgpack.decode(extra) if extra else {}), "procedure": procedure})
    rebuild(OLD)


def rows(sql: str) -> list[tuple]:
    """All rows of a query."""
    return list(op.get_bind().execute(text(sql)))


def move(record: str, procedure: str | None, extra: dict) -> None:
    """Write the column of a step and what is unknown of it."""
    packed = msgspec.msgpack.Encoder(order="deterministic").encode(extra) if extra else None
    sql = text("UPDATE record_step SET procedure = :procedure, extra = :extra WHERE id = :id")
    op.get_bind().execute(sql, {"procedure": procedure, "extra": packed, "id": record})


def rebuild(table: str) -> None:
    """The rows in a table made by this statement, with the indexes there were."""
    indexes = rows(
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'record_step' AND sql IS NOT NULL"
    )
    names = ", ".join(f'"{name}"' for name in BEFORE)
    op.execute("ALTER TABLE record_step RENAME TO record_step_before")
    op.execute(table)
    op.execute(f"INSERT INTO record_step({names}) SELECT {names} FROM record_step_before ORDER BY rowid")
    op.execute("DROP TABLE record_step_before")
    for index in indexes:
        op.execute(index[0])
