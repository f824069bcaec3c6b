"""The floor: the least any program must do to move the same rows, written as straight as Python allows.

SQLCipher on the device, PostgreSQL at the county, zstd MessagePack batches of 500 over loopback HTTP,
COPY into a temporary table and INSERT … ON CONFLICT; no log, no merge, no sealing, no text index.
"""

import http.client
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import sqlcipher3
import zstandard

BATCH = 500
COLUMNS = (
    "id", "unit", "created_at", "author", "number", "source_channel", "external_number", "received_at", "nature",
    "identity", "first_repeat", "problem_tag", "title", "content", "claim", "remark",
)  # fmt: skip
_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
_MARKS = ", ".join("?" * len(COLUMNS))
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class FloorTimes:
    """Seconds of each leg, and the bytes that crossed the wire on the push."""

    push: float
    pull: float
    push_changed: float
    pull_changed: float
    wire_bytes: int


class Floor:
    """A county (HTTP server on PostgreSQL) and devices (SQLCipher files) with nothing but the rows."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.connection = psycopg.connect(database_url)
        self._make_county_tables()
        handler = type("Handler", (_Handler,), {"floor": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.http = http.client.HTTPConnection("127.0.0.1", int(self.server.server_address[1]))
        self.wire_bytes = 0

    def close(self) -> None:
        """Stop the server, leave the database clean."""
        self.http.close()
        self.server.shutdown()
        self.server.server_close()
        with self.connection:
            self.connection.execute("DROP TABLE IF EXISTS floor_case")
        self.connection.close()

    def _make_county_tables(self) -> None:
        typed = ", ".join(f'"{name}" text' for name in COLUMNS[1:])
        with self.connection.transaction():
            self.connection.execute("DROP TABLE IF EXISTS floor_case")
            self.connection.execute(f"CREATE TABLE floor_case (id text PRIMARY KEY, {typed}, position bigserial)")
            self.connection.execute("CREATE INDEX floor_position ON floor_case (position)")
            self.connection.execute(f"CREATE TEMPORARY TABLE floor_in (id text, {typed})")

    def open_device(self, name: str) -> Any:
        """A fresh encrypted store."""
        store = sqlcipher3.dbapi2.connect(str(self.folder / f"{name}.db"), check_same_thread=False)
        store.execute("PRAGMA key = \"x'" + "5a" * 32 + "'\"")
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("PRAGMA synchronous = FULL")
        store.execute(f"CREATE TABLE floor_case ({_NAMES}, sent INTEGER DEFAULT 0, PRIMARY KEY (id))")
        store.execute("CREATE INDEX floor_unsent ON floor_case (sent) WHERE sent = 0")
        store.commit()
        return store

    def push(self, store: Any) -> float:
        """Send every unsent row in batches; seconds."""
        query = f"SELECT {_NAMES}, rowid FROM floor_case WHERE sent = 0 ORDER BY rowid LIMIT {BATCH}"
        start = time.perf_counter()
        while rows := store.execute(query).fetchall():
            body = zstandard.compress(msgspec.msgpack.encode([row[:-1] for row in rows]))
            self.wire_bytes += len(body)
            self._post("/push", body)
            store.execute("UPDATE floor_case SET sent = 1 WHERE sent = 0 AND rowid <= ?", (rows[-1][-1],))
            store.commit()
        return time.perf_counter() - start

    def pull(self, store: Any, after: int) -> tuple[float, int]:
        """Take every row behind a position in batches; seconds and the new position."""
        start = time.perf_counter()
        while True:
            answer = self._post("/pull", msgspec.msgpack.encode(after))
            rows: list[list[Any]] = msgspec.msgpack.decode(zstandard.decompress(answer))
            if not rows:
                return time.perf_counter() - start, after
            after = [row.pop() for row in rows][-1]
            store.executemany(f"INSERT OR REPLACE INTO floor_case VALUES ({_MARKS}, 1)", rows)
            store.commit()

    def _post(self, path: str, body: bytes) -> bytes:
        self.http.request("POST", path, body)
        return self.http.getresponse().read()

    def take_rows(self, body: bytes) -> bytes:
        """The county's side of a push."""
        rows: list[list[Any]] = msgspec.msgpack.decode(zstandard.decompress(body))
        sets = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in (*COLUMNS[1:], "position"))
        with self.connection.transaction(), self.connection.cursor() as cursor:
            with cursor.copy(f"COPY floor_in ({_NAMES}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(
                f"INSERT INTO floor_case ({_NAMES}) SELECT {_NAMES} FROM floor_in ON CONFLICT (id) DO UPDATE SET {sets}"
            )
            cursor.execute("TRUNCATE floor_in")
        return b"ok"

    def give_rows(self, after: int) -> bytes:
        """The county's side of a pull."""
        with self.connection.transaction(), self.connection.cursor(binary=True) as cursor:
            cursor.execute(
                f"SELECT {_NAMES}, position FROM floor_case WHERE position > %s ORDER BY position LIMIT {BATCH}",
                (after,),
            )
            return zstandard.compress(msgspec.msgpack.encode(cursor.fetchall()))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    floor: Floor

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = (
            self.floor.take_rows(body)
            if self.path == "/push"
            else self.floor.give_rows(msgspec.msgpack.decode(body, type=int))
        )
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def run_floor(floor: Floor, rows: list[Row], changed: int) -> FloorTimes:
    """Push all rows from one device, pull them on a second, then change some and do both again."""
    first, second = floor.open_device("first"), floor.open_device("second")
    first.executemany(f"INSERT INTO floor_case VALUES ({_MARKS}, 0)", rows)
    first.commit()
    push = floor.push(first)
    wire = floor.wire_bytes
    pull, position = floor.pull(second, 0)
    changes = [("改", row[0]) for row in rows[:changed]]
    first.executemany("UPDATE floor_case SET remark = ?, sent = 0 WHERE id = ?", changes)
    first.commit()
    push_changed = floor.push(first)
    pull_changed, _ = floor.pull(second, position)
    first.close()
    second.close()
    for path in floor.folder.glob("*.db*"):
        path.unlink()
    return FloorTimes(push, pull, push_changed, pull_changed, wire)
