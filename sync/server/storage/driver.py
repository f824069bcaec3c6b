"""The psycopg connection below SQLAlchemy's, for COPY and for what every request runs; the same transaction."""

from typing import Any, cast

import psycopg
from sqlalchemy import Connection


def driver_connection(connection: Connection) -> psycopg.Connection[Any]:
    """The driver's connection."""
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)
