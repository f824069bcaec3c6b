"""The append-only change log, chained over hashes; bodies lie apart and can be expunged without breaking the chain."""

import hashlib
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from sync.server.storage.sealing import StoreKey
from sync.server.storage.writing import copy_rows

_LOG = (
    ("county", "text"), ("number", "int8"), ("change", "text"), ("device", "text"), ("sequence", "int8"),
    ("unit", "text"), ("outcome", "text"), ("reason", "text"), ("position", "int8"), ("hash", "bytea"),
    ("chain", "bytea"), ("received_at", "int8"),
)  # fmt: skip
_BODY = (("county", "text"), ("change", "text"), ("sealed", "bytea"))
NO_CHAIN = bytes(32)


@dataclass(frozen=True, slots=True)
class LogEntry:
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

    def append(self, entry: LogEntry) -> None:
        """One more line."""
        self.number += 1
        self.chain = chain_hash(self.chain, self.number, entry)
        self._lines.append((self.number, self.chain, entry))

    def write(self, connection: Connection, key: StoreKey, now_ms: int) -> None:
        """Write the lines and their sealed bodies."""
        copy_rows(
            connection,
            "change_log",
            _LOG,
            (
                (self._county, number, e.change, e.device, e.sequence, e.unit, e.outcome, e.reason, e.position, e.hash,
                 chain, now_ms)
                for number, chain, e in self._lines
            ),
        )  # fmt: skip
        pack = key.packer()
        copy_rows(
            connection,
            "change_body",
            _BODY,
            ((self._county, entry.change, pack(f"change/{entry.change}", entry.body)) for _, _, entry in self._lines),
        )
