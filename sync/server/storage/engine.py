"""Open the county's PostgreSQL and bring its tables to this version."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError

from sync.domain.errors import Refused, Unreachable

_INDEXED = ", ".join(f"set_config('enable_{way}', 'off', false)" for way in ("seqscan", "hashjoin", "mergejoin"))
_MOST_URL_BYTES = 4096
_NEVER = 1 << 30
"""Uses after which a statement is prepared unasked."""
_MIGRATION_LOCK = 4_310_210
"""Key of PostgreSQL's advisory lock: one migration at a time."""


def read_url(path: Path) -> URL:
    """The URL in the first line of a file. Raises Refused ``county.database_file``."""
    try:
        url = make_url(_first_line(path))
    except (OSError, ArgumentError, UnicodeDecodeError) as error:
        raise Refused("county.database_file", file=path) from error
    if not url.drivername.startswith("postgres"):
        raise Refused("county.database_file", file=path)
    return url.set(drivername="postgresql+psycopg")


def _first_line(path: Path) -> str:
    with path.open("rb") as file:
        return file.readline(_MOST_URL_BYTES).decode("utf-8-sig").strip()


def open_engine(url: URL) -> Engine:
    """An engine whose errors carry no parameters.

    Rows are found by index, whatever the planner thinks of tables that grew quickly. Only what ``driver.ask`` runs is
    prepared, and the connection used last is used next, for it has all of it. Connections are not tried before use: who
    finds the database gone drops them all and asks once more.
    """
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=12,
        max_overflow=12,
        pool_use_lifo=True,
        connect_args={"prepare_threshold": _NEVER},
    )
    event.listen(engine, "connect", _find_by_index)
    return engine


def _find_by_index(driver: Any, record: Any) -> None:
    del record
    driver.execute(f"SELECT {_INDEXED}")
    driver.commit()


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
