"""Planted bugs of the concurrency run: each breaks the county's locking, in the processes of the run only."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from unittest.mock import patch

from sqlalchemy import Connection, select, update

from sync.protocol.messages import Entry
from sync.server import feeds, intake
from sync.server.county import County
from sync.server.feeds import Reader
from sync.server.storage import tables
from sync.server.storage.loading import LockedCounty, lock_county

_MOVE_NO_LOWER = intake._MOVE.replace("SET position = %s", "SET position = greatest(position, %s)")
_PAUSE_SECONDS = 0.1
"""Long enough for another to overtake it between the two."""
_BLOCK = 1_000
"""Positions taken at once by the bug that takes them too early."""


@contextmanager
def positions_before_lock() -> Iterator[None]:
    """A writer takes its positions in a transaction of its own, and the lock only then."""

    def lock(connection: Connection, code: str) -> LockedCounty:
        row = tables.county.c
        with connection.engine.begin() as own:
            taken = update(tables.county).where(row.code == code).values(position=row.position + _BLOCK)
            last = own.execute(taken.returning(row.position)).scalar_one()
        time.sleep(random.random() * _PAUSE_SECONDS)
        return replace(lock_county(connection, code), position=last - _BLOCK)

    with patch.object(intake, "lock_county", lock), patch.object(intake, "_MOVE", _MOVE_NO_LOWER):
        yield


@contextmanager
def no_lock() -> Iterator[None]:
    """Writers read the county's row without locking it."""

    def lock(connection: Connection, code: str) -> LockedCounty:
        row = tables.county.c
        query = select(row.epoch, row.position, row.log_number, row.log_hash).where(row.code == code)
        return LockedCounty(*connection.execute(query).one())

    with patch.object(intake, "lock_county", lock):
        yield


@contextmanager
def page_of_two_moments() -> Iterator[None]:
    """A page is read by another transaction than the head and the digest beside it."""
    original = feeds._read_entries

    def read(
        connection: Connection, county: County, reader: Reader, after: int, head: int
    ) -> tuple[tuple[Entry, ...], int]:
        time.sleep(0.01)
        with county.engine.connect() as other:
            return original(other, county, reader, after, head)

    with patch.object(feeds, "_read_entries", read):
        yield


_ALL = (positions_before_lock, no_lock, page_of_two_moments)
BUGS: dict[str, Callable[[], AbstractContextManager[None]]] = {bug.__name__.replace("_", "-"): bug for bug in _ALL}
"""Name → what plants it while it is open."""
