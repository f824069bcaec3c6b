"""The schema's version: a new store gets the newest tables at once, an older one is migrated after a backup."""

from desktop.errors import NewerVersion
from desktop.paths import ProfilePaths
from desktop.storage.backup import make_backup
from desktop.storage.books import Books
from desktop.storage.engine import Database
from desktop.storage.row_codec import unpack_fields
from desktop.storage.rows import TypedRow, save
from desktop.storage.tables import METADATA, OUTBOX_SQL, SEARCH_TERMS_SQL
from sync.domain.records import KINDS
from sync.protocol.messages import DECODE_ERRORS

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")
"""Every version in order; the newest last. Each has its file in ``migrations/versions``."""


def create_tables(database: Database) -> None:
    """All tables of the newest version, within the open transaction."""
    METADATA.create_all(database.connection)
    for statement in (OUTBOX_SQL, *SEARCH_TERMS_SQL):
        database.run(statement)
    database.run("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    database.run("INSERT INTO alembic_version(version_num) VALUES(?)", (VERSIONS[-1],))


def schema_version(database: Database) -> str:
    """The version of an open store; empty where there are no tables."""
    if not database.count("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"):
        return ""
    row = database.one("SELECT version_num FROM alembic_version")
    return str(row[0]) if row else ""


def upgrade(database: Database, paths: ProfilePaths, data_key: bytes, now_ms: int) -> None:
    """Bring the store to the newest version after a verified backup into ``paths.backups``.

    Raises NewerVersion where a newer program wrote it. Records of kinds that were unknown become typed rows.
    """
    version = schema_version(database)
    if version not in VERSIONS:
        raise NewerVersion("store.newer")
    if version != VERSIONS[-1]:
        _back_up_before(database, paths, data_key, now_ms)
        migrate(database, VERSIONS[-1])
    type_raw_records(database)


def _back_up_before(database: Database, paths: ProfilePaths, data_key: bytes, now_ms: int) -> None:
    """A backup of the store as it stands; those of upgrades to this version that were cut off are of no more use."""
    name = f"before-{VERSIONS[-1]}-"
    earlier = list(paths.backups.glob(f"{name}*.backup"))
    target = paths.backups / f"{name}{now_ms}.backup"
    make_backup(database, paths, data_key, target, now_ms)
    for path in earlier:
        if path != target:
            path.unlink(missing_ok=True)


def migrate(database: Database, target: str) -> None:
    """Run the migrations up or down to a version (``base`` = none), all in one transaction."""
    from alembic import command  # loaded only where a store has to be migrated
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "desktop.storage:migrations")
    config.attributes["connection"] = database.connection
    down = target == "base" or (schema_version(database) or "") > target
    with database.transaction():
        if not database.connection.in_transaction():
            database.connection.begin()  # SQLAlchemy's own mark: without it alembic commits what is not its own
        (command.downgrade if down else command.upgrade)(config, target)


def type_raw_records(database: Database) -> None:
    """Records that were kept raw and whose kind this version knows move to their tables."""
    rows = database.run("SELECT kind, id, dossier, revision, hash, fields FROM raw_record")
    known = [row for row in rows if row[0] in KINDS]
    if not known:
        return
    with database.transaction():
        for kind, record, dossier, revision, hash_, body in known:
            try:
                fields = unpack_fields(body)
            except DECODE_ERRORS:
                continue
            save(database, TypedRow(kind, record, dossier, fields, revision, hash_))
            database.run("DELETE FROM raw_record WHERE kind = ? AND id = ?", (kind, record))
            database.run("INSERT INTO search_queue(kind, id) VALUES(?, ?)", (kind, record))


def note_restored(database: Database, paths: ProfilePaths) -> None:
    """The first opening after a restore: leave the number block for good, so that no number is given twice."""
    if not paths.restored_mark.exists():
        return
    with database.transaction():
        Books(database).leave_block()
    paths.restored_mark.unlink()
