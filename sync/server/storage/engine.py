"""Open the county's PostgreSQL and bring its tables to this version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError

from sync.domain.errors import Refused, Unreachable

_MIGRATION_LOCK = 4_310_210
"""Key of PostgreSQL's advisory lock: one migration at a time."""


def read_url(path: Path) -> URL:
    """The URL in the first line of a file. Raises Refused ``county.database_file``."""
    try:
        url = make_url(path.read_text(encoding="utf-8").split("\n", 1)[0].strip())
    except (OSError, ArgumentError, UnicodeDecodeError) as error:
        raise Refused("county.database_file", file=path) from error
    if not url.drivername.startswith("postgres"):
        raise Refused("county.database_file", file=path)
    return url.set(drivername="postgresql+psycopg")


def open_engine(url: URL) -> Engine:
    """An engine whose errors carry no parameters.

    Statements are planned each time: a plan kept from when a table was small reads the wrong index once it has grown.
    Connections are not tried before use: who finds the database gone drops them all and asks once more.
    """
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=12,
        max_overflow=12,
        connect_args={"prepare_threshold": None},
    )


def migrate(engine: Engine) -> None:
    """Bring the tables to this version.

    Raises Refused ``county.database_newer`` where they are ahead, Unreachable ``county.database_unreachable``.
    """
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            _upgrade(connection)
    except OperationalError as error:
        raise Unreachable("county.database_unreachable") from error


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise Refused("county.database_newer", revision=current)
    if current != scripts.get_current_head():
        command.upgrade(config, "head")
