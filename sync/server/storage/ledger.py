"""The append-only change log, chained over hashes; bodies lie apart and can be expunged without breaking the chain."""

import hashlib
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import msgspec
from sqlalchemy import Connection

from sync.server.storage.driver import ask, driver_connection
from sync.server.storage.sealing import StoreKey
from sync.server.storage.writing import put_rows

_LOG = (
    ("county", "text"), ("number", "int8"), ("change", "text"), ("device", "text"), ("sequence", "int8"),
    ("unit", "text"), ("outcome", "text"), ("reason", "text"), ("position", "int8"), ("hash", "bytea"),
    ("chain", "bytea"), ("received_at", "int8"),
)  # fmt: skip
NO_CHAIN = bytes(32)
_sealers = ThreadPoolExecutor(2, "seal")
"""Compressing lets other threads run meanwhile."""


class LogEntry(msgspec.Struct, frozen=True, gc=False):
    """One line: what came, from whom, and what became of it. ``position``: where its effect is in the feed."""

    change: str
    device: str
    sequence: int
    unit: str
    outcome: str
    reason: str
    position: int
    body: bytes
    hash: bytes


def chain_hash(previous: bytes, number: int, entry: LogEntry) -> bytes:
    """Hash of a line and of all before it."""
    line = (number, entry.change, entry.device, entry.sequence, entry.unit, entry.outcome, entry.reason, entry.hash)
    return hashlib.sha256(previous + msgspec.msgpack.encode(line)).digest()


class Ledger:
    """Collects lines of one transaction behind (``number``, ``chain``)."""

    def __init__(self, county: str, number: int, chain: bytes) -> None:
        self.number = number
        self.chain = chain
        self._county = county
        self._lines: list[tuple[int, bytes, LogEntry]] = []
        self._expected: tuple[list[bytes], Future[bytes]] | None = None

    def expect(self, key: StoreKey, bodies: list[bytes]) -> None:
        """Seal the bodies of the lines to come, beside what the caller does until it writes them."""
        self._expected = bodies, _sealers.submit(_seal_batch, key, self.number + 1, bodies)

    def append(self, entry: LogEntry) -> None:
        """One more line."""
        self.number += 1
        self.chain = chain_hash(self.chain, self.number, entry)
        self._lines.append((self.number, self.chain, entry))

    def write(self, connection: Connection, key: StoreKey, now_ms: int) -> None:
        """Write the lines and their sealed bodies."""
        put_rows(
            connection,
            "change_log",
            _LOG,
            [
                (self._county, number, e.change, e.device, e.sequence, e.unit, e.outcome, e.reason, e.position, e.hash,
                 chain, now_ms)
                for number, chain, e in self._lines
            ],
        )  # fmt: skip
        if self._lines:
            first, last = self._lines[0][0], self._lines[-1][0]
            sealed = self._sealed(key, first, [entry.body for _, _, entry in self._lines])
            ask(
                connection,
                "INSERT INTO change_batch (county, first, last, sealed) VALUES (%s, %s, %s, %s)",
                (self._county, first, last, sealed),
            )

    def _sealed(self, key: StoreKey, first: int, bodies: list[bytes]) -> bytes:
        expected, sealing = self._expected or ([], None)
        return sealing.result() if sealing is not None and expected == bodies else _seal_batch(key, first, bodies)


def read_bodies(connection: Connection, key: StoreKey, county: str, lines: Mapping[int, str]) -> dict[int, bytes]:
    """Bodies of lines (number → id of the change) by number."""
    found: dict[int, bytes] = {}
    for first, last, sealed in _batches(connection, county, lines):
        bodies = _open_batch(key, first, sealed)
        found.update((number, bodies[number - first]) for number in lines if first <= number <= last)
    single = {change: number for number, change in lines.items() if number not in found}
    query = "SELECT change, sealed FROM change_body WHERE county = %s AND change = ANY(%s)"
    for change, sealed in driver_connection(connection).execute(query, (county, list(single))):
        found[single[change]] = key.open_packed(f"change/{change}", sealed)
    return found


def replace_body(connection: Connection, key: StoreKey, county: str, number: int, change: str, *, body: bytes) -> None:
    """Put other bytes in place of the body of a line, which has one; the line and the chain stay."""
    driver = driver_connection(connection)
    for first, last, sealed in _batches(connection, county, [number]):
        if number <= last:
            bodies = _open_batch(key, first, sealed)
            bodies[number - first] = body
            resealed = _seal_batch(key, first, bodies)
            statement = "UPDATE change_batch SET sealed = %s WHERE county = %s AND first = %s"
            driver.execute(statement, (resealed, county, first))
            return
    statement = "UPDATE change_body SET sealed = %s WHERE county = %s AND change = %s"
    driver.execute(statement, (key.seal_packed(f"change/{change}", body), county, change))


def _batches(connection: Connection, county: str, numbers: Iterable[int]) -> Iterable[tuple[int, int, bytes]]:
    query = (
        "SELECT first, last, sealed FROM change_batch WHERE county = %s AND first IN"
        " (SELECT (SELECT max(first) FROM change_batch WHERE county = %s AND first <= n)"
        " FROM unnest(%s::bigint[]) AS n)"
    )
    return driver_connection(connection).execute(query, (county, county, list(numbers))).fetchall()


def _seal_batch(key: StoreKey, first: int, bodies: list[bytes]) -> bytes:
    return key.seal_packed(f"changes/{first}", msgspec.msgpack.encode(bodies))


def _open_batch(key: StoreKey, first: int, sealed: bytes) -> list[bytes]:
    return msgspec.msgpack.decode(key.open_packed(f"changes/{first}", sealed), type=list[bytes])
