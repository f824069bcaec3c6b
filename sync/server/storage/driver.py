"""The psycopg connection below SQLAlchemy's, for COPY and for what every request runs; the same transaction.

What every request runs is prepared once a connection, for PostgreSQL takes longer to plan it than to do it. A plan made
while a table was small may read the wrong index once it has grown, so plans are made anew whenever the county has
doubled. The driver forgets what it prepared with every ROLLBACK, and a connection that goes back with a transaction
open is rolled back: so what only looks does it without one (:func:`looking`), or commits.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, Engine

Cursor = psycopg.Cursor[Any]
_PLANNED_AT = "liandong_planned_at"
_FEW = 1_000
"""Positions of a county within which no plan grows wrong."""


def driver_connection(connection: Connection) -> psycopg.Connection[Any]:
    """The driver's connection."""
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


@contextmanager
def looking(engine: Engine) -> Iterator[Connection]:
    """A connection for single looks, each a transaction of its own."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


def ask(
    connection: Connection, statement: str, values: Sequence[Any] | Mapping[str, Any], row_factory: Any = None
) -> Cursor:
    """Run what every request runs: prepared, with rows in binary form."""
    driver = driver_connection(connection)
    cursor = driver.cursor(binary=True) if row_factory is None else driver.cursor(binary=True, row_factory=row_factory)
    return cursor.execute(statement, values, prepare=True)


def keep_plans_fresh(connection: Connection, position: int) -> None:
    """Drop the connection's plans where the county has doubled since they were made; ``position``: its newest."""
    kept = connection.connection.info
    planned = kept.get(_PLANNED_AT)
    if planned is None or position > 2 * planned + _FEW:
        kept[_PLANNED_AT] = position
        if planned is not None:
            driver_connection(connection).execute("DISCARD PLANS")
