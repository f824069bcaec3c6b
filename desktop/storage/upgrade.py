"""The schema's version: a new store gets the newest tables at once, an older one is migrated after a backup."""

from desktop.errors import NewerVersion
from desktop.paths import ProfilePaths
from desktop.storage.engine import Database
from desktop.storage.tables import METADATA, SEARCH_TERMS_SQL

VERSIONS = ("0001",)
"""Every version in order; the newest last. Each has its file in ``migrations/versions``."""


def create_tables(database: Database) -> None:
    """All tables of the newest version, within the open transaction."""
    METADATA.create_all(database.connection)
    for statement in SEARCH_TERMS_SQL:
        database.run(statement)
    database.run("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    database.run("INSERT INTO alembic_version(version_num) VALUES(?)", (VERSIONS[-1],))


def schema_version(database: Database) -> str:
    """The version of an open store; empty where there are no tables."""
    if not database.count("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"):
        return ""
    row = database.one("SELECT version_num FROM alembic_version")
    return str(row[0]) if row else ""


def upgrade(database: Database, paths: ProfilePaths, data_key: bytes) -> None:
    """Bring the store to the newest version. Raises NewerVersion where a newer program wrote it."""
    version = schema_version(database)
    if version == VERSIONS[-1]:
        return
    if version not in VERSIONS:
        raise NewerVersion("store.newer")
