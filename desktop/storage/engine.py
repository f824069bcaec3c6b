"""The one connection to the encrypted store: SQLCipher through SQLAlchemy, opened with the raw data key.

Used by one thread. Every write happens inside :meth:`Database.transaction`; reading needs none.
"""

import re
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from desktop.errors import DamagedStore
from sync.domain.errors import LiandongError, Refused
from sync.private_files import open_private

KEY_BYTES = 32
PAGE_SIZE = 4096
_CACHE_KIB = 32 * 1024
_CHECKPOINT_PAGES = 4096
"""16 MiB of log before it is written back: pages that change often are then written back once."""
_PUT_OFF_PAGES = 4 * _CHECKPOINT_PAGES
"""What can be had again is written back later, by the next commit of another kind."""
_FULL, _IO_ERROR, _CORRUPT, _NOT_A_DATABASE, _BUSY, _READ_ONLY, _CANNOT_OPEN, _STOPPED = 13, 10, 11, 26, 5, 8, 14, 9
_TROUBLES: dict[int, tuple[type[LiandongError], str]] = {
    _FULL: (Refused, "store.disk_full"),
    _IO_ERROR: (Refused, "store.disk_error"),
    _READ_ONLY: (Refused, "store.read_only"),
    _CANNOT_OPEN: (Refused, "store.cannot_open"),
    _BUSY: (Refused, "store.busy"),
    _STOPPED: (Refused, "store.stopped"),
    _CORRUPT: (DamagedStore, "store.damaged"),
    _NOT_A_DATABASE: (DamagedStore, "store.damaged"),
}
_CODES = {"database or disk is full": _FULL, "disk I/O error": _IO_ERROR, "unable to open database file": _CANNOT_OPEN}
"""What a trouble is called where the driver gives no number."""
_NO_ROOM_BYTES = 64 * 1024
"""Less than SQLite needs for the index of its log."""
_ROWS_AT_ONCE = (200, 40, 1)
"""In one statement, as many as there are: the more, the less often a thread that works meanwhile stops this one."""
_MOST_VALUES = 30_000
"""In one statement; SQLite takes some more."""
_STEPS_BETWEEN = 50_000
"""Steps of SQLite's machine between two looks at ``stop``: some milliseconds."""
Row = tuple[Any, ...]


class Database:
    """An open store file. ``connection`` is SQLAlchemy's; :meth:`run` and :meth:`run_many` are the short way."""

    def __init__(self, path: Path, data_key: bytes, *, create: bool = False) -> None:
        """Raises DamagedStore for a wrong key or a damaged file, Refused where the disk says no."""
        self.path = path
        self._engine = _make_engine(path, data_key, create)
        with store_troubles(self.path):
            self.connection: Connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._raw: Any = self.connection.connection.driver_connection
        self._depth = 0

    def run(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[Row]:
        """One statement; all its rows."""
        with store_troubles(self.path):
            return self._raw.execute(sql, values).fetchall()  # type: ignore[no-any-return]

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """One statement for many rows."""
        with store_troubles(self.path):
            self._raw.executemany(sql, rows)

    def change_all(self, sql: str, rows: Sequence[Sequence[Any]]) -> bool:
        """One statement for many rows, each of which must change exactly one row and break no key; else nothing
        happens and the answer is False. Within an open transaction."""
        return self._all_or_none(lambda: bool(self._raw.executemany(sql, rows).rowcount == len(rows)))

    def insert_all(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> bool:
        """Insert many rows, none of which may break a key; else nothing happens and the answer is False. Within an
        open transaction. Many rows in one statement: other threads work meanwhile."""

        def insert() -> bool:
            done = 0
            for many in _ROWS_AT_ONCE:
                if many * len(columns) > _MOST_VALUES or len(rows) - done < many:
                    continue
                sql, end = _insert_sql(table, tuple(columns), many), len(rows) - (len(rows) - done) % many
                self._raw.executemany(
                    sql, (tuple(chain.from_iterable(rows[at : at + many])) for at in range(done, end, many))
                )
                done = end
            return True

        return self._all_or_none(insert)

    def _all_or_none(self, work: Callable[[], bool]) -> bool:
        with store_troubles(self.path):
            self._raw.execute("SAVEPOINT change_all")
            try:
                whole = work()
            except sqlcipher.IntegrityError:
                whole = False
            if not whole:
                self._raw.execute("ROLLBACK TO change_all")
            self._raw.execute("RELEASE change_all")
        return whole

    def attempt(self, work: Callable[[], bool]) -> bool:
        """Do something within an open transaction; where it answers False nothing of it has happened."""
        self.run("SAVEPOINT attempt")
        done = work()
        if not done:
            self.run("ROLLBACK TO attempt")
        self.run("RELEASE attempt")
        return done

    def one(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Row | None:
        """The first row or None."""
        with store_troubles(self.path):
            return self._raw.execute(sql, values).fetchone()  # type: ignore[no-any-return]

    def stream(self, sql: str, values: Sequence[Any] = ()) -> Generator[Row, None, None]:
        """Rows one after another, for what does not fit memory; change nothing in between."""
        with store_troubles(self.path):
            yield from self._raw.execute(sql, values)

    def count(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> int:
        """The first value of the first row as a number; 0 where there is none."""
        row = self.one(sql, values)
        return int(row[0] or 0) if row else 0

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._depth > 0

    @contextmanager
    def transaction(
        self, kind: Literal["IMMEDIATE", "DEFERRED"] = "IMMEDIATE", *, synced: bool = True
    ) -> Iterator[None]:
        """All or nothing; on any exception nothing. Not to be nested. ``DEFERRED`` reads one moment of the store.

        Without ``synced`` a power cut may take it back, whole, and nothing that was committed before: for what can be
        had again. The next synced commit makes it last, and writes the log back into the file where it has grown.
        """
        if self._depth:
            raise RuntimeError("a transaction is already open")
        if not synced:
            self._last("NORMAL", _PUT_OFF_PAGES)
        self.run(f"BEGIN {kind}")
        self._depth = 1
        try:
            yield
            self.run("COMMIT")
        finally:
            self._depth = 0
            try:
                self._roll_back_if_open()
            finally:  # whatever the disk says to the rest, a person's next save waits for it
                if not synced:
                    self._last("FULL", _CHECKPOINT_PAGES)

    def _last(self, synchronous: str, log_pages: int) -> None:
        self.run(f"PRAGMA synchronous = {synchronous}")
        self.run(f"PRAGMA wal_autocheckpoint = {log_pages}")

    def _roll_back_if_open(self) -> None:
        if self._raw.in_transaction:
            with store_troubles(self.path):
                self._raw.execute("ROLLBACK")

    def stop_when(self, stop: Callable[[], bool]) -> None:
        """Ask ``stop`` now and then during statements; once it says yes they end with Refused ``store.stopped``."""
        self._raw.set_progress_handler(lambda: int(stop()), _STEPS_BETWEEN)

    def rekey(self, data_key: bytes) -> None:
        """Encrypt the whole file under another key (raw, 32 bytes)."""
        self.settle_log()
        self.run(f"PRAGMA rekey = \"x'{_key_text(data_key)}'\"")
        self.settle_log()

    def settle_log(self) -> None:
        """Write the log back into the file: until then a page of the file may be under a former key."""
        self.run("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Write the log back into the file and close; the key leaves memory with it. Harmless when repeated."""
        if self.connection.closed:
            return
        with store_troubles(self.path):
            self.connection.close()
            self._engine.dispose()

    def __enter__(self) -> "Database":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@cache
def _insert_sql(table: str, columns: tuple[str, ...], rows: int) -> str:
    """``OR FAIL``: what was written is taken back by whoever asked, so that no statement has to keep it apart."""
    names, marks = ", ".join(f'"{name}"' for name in columns), f"({', '.join('?' * len(columns))})"
    return f'INSERT OR FAIL INTO "{table}"({names}) VALUES {", ".join([marks] * rows)}'


@contextmanager
def store_troubles(near: Path) -> Iterator[None]:
    """Turn troubles of the disk and the file into expected errors; texts never carry values. ``near``: on which disk.

    SQLite calls a disk that is too full for its log's index broken; whoever looks sees that it is full.
    """
    try:
        yield
    except sqlcipher.Error as error:
        raise _expected(error, near) from None
    except DBAPIError as error:
        raise _expected(error.orig, near) from None


def _expected(error: BaseException | None, near: Path) -> BaseException:
    code = getattr(error, "sqlite_errorcode", None)
    kind = code & 0xFF if isinstance(code, int) else _CODES.get(str(error))
    if kind in (_IO_ERROR, _CANNOT_OPEN) and _is_full(near):
        kind = _FULL
    trouble = _TROUBLES.get(kind) if kind is not None else None
    if trouble is None:
        return error or RuntimeError("store")
    return trouble[0](trouble[1])


def _is_full(near: Path) -> bool:
    try:
        return shutil.disk_usage(near.parent).free < _NO_ROOM_BYTES
    except OSError:
        return False


def make_private(path: Path) -> None:
    """An empty file that only its owner reads, where the system knows owners. What is written into it stays so.

    Raises FileExistsError, and Refused where the disk says no.
    """
    try:
        open_private(path).close()
    except FileExistsError:
        raise
    except OSError as error:
        raise Refused("store.cannot_open") from error


def _make_engine(path: Path, data_key: bytes, create: bool) -> Engine:
    def connect() -> Any:
        return _connect(path, data_key, create)

    return create_engine("sqlite://", module=sqlcipher, creator=connect, poolclass=StaticPool, hide_parameters=True)


def _connect(path: Path, data_key: bytes, create: bool) -> Any:
    mode = "rwc" if create else "rw"
    connection = sqlcipher.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
    )
    with ExitStack() as on_trouble:
        on_trouble.callback(connection.close)
        _prepare(connection, data_key)
        on_trouble.pop_all()
    return connection


def _prepare(connection: Any, data_key: bytes) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{_key_text(data_key)}'\"")
    connection.execute(f"PRAGMA cipher_page_size = {PAGE_SIZE}")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "secure_delete = ON",
        "temp_store = MEMORY",
        "trusted_schema = OFF",
        "foreign_keys = ON",
        f"cache_size = -{_CACHE_KIB}",
        f"wal_autocheckpoint = {_CHECKPOINT_PAGES}",
        "busy_timeout = 2000",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _key_text(data_key: bytes) -> str:
    text = data_key.hex()
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError("the data key has 32 bytes")
    return text
