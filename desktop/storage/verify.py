"""Recompute digest and counts from the rows, and check the file: what ``verify`` prints."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from desktop.storage.books import Books
from desktop.storage.confirmed import REVISION
from desktop.storage.engine import Database
from desktop.storage.facts import DeviceFacts
from desktop.storage.outbox import Outbox, State
from desktop.storage.row_codec import pack_fields
from desktop.storage.rows import select_sql, to_typed
from sync.domain.records import KINDS
from sync.protocol.canonical import DIGEST_MODULUS, digest_hex, digest_term

OK = "ok"
_EVERY_PAGE = "PRAGMA cipher_integrity_check"


@dataclass(slots=True)
class Recount:
    """What the rows say of the county state held here."""

    digest: int = 0
    records: dict[str, int] = field(default_factory=dict)
    wrong: int = 0
    """Rows whose content is not what their hash says."""

    def add(self, kind: str, record: str, revision: int, stored: bytes | None, content: bytes) -> None:
        """Count one record by the hash of its content."""
        found = hashlib.sha256(content).digest()
        self.digest = (self.digest + digest_term(kind, record, revision, found)) % DIGEST_MODULUS
        self.records[kind] = self.records.get(kind, 0) + 1
        self.wrong += found != stored


def recount(database: Database) -> Recount:
    """Every record of the county state: the row, or its snapshot where local edits lie over it."""
    result = Recount()
    for kind in KINDS:
        for row in database.stream(select_sql(kind) + f"WHERE {REVISION} > 0"):
            typed = to_typed(kind, row)
            result.add(kind, typed.id, typed.revision, typed.hash, pack_fields(typed.county_fields or {}))
    for kind, record, revision, stored, body in database.stream(
        "SELECT kind, id, revision, hash, fields FROM raw_record"
    ):
        result.add(kind, record, revision, stored, body)
    return result


def file_troubles(database: Database) -> list[str]:
    """What SQLCipher and SQLite find wrong with the file; empty = nothing. No content is in the texts."""
    troubles = []
    if database.run(_EVERY_PAGE) and database.run(_EVERY_PAGE):  # once may be a page that is just being written
        troubles.append("cipher_integrity_check")
    if database.run("PRAGMA integrity_check(1)") != [("ok",)]:
        troubles.append("integrity_check")
    return troubles


def verify(database: Database, facts: DeviceFacts, rulebook: str = "") -> dict[str, Any]:
    """The JSON of ``verify --json``; ``rulebook`` is the version of the rules in use.

    ``store`` is "ok", or what is wrong: ``cipher_integrity_check``, ``integrity_check``, ``rows`` (content differs
    from its hash), ``digest`` (the running digest differs from the rows), joined by commas.
    """
    books, outbox = Books(database), Outbox(database)
    counted = recount(database)
    troubles = file_troubles(database)
    troubles += ["rows"] if counted.wrong else []
    troubles += ["digest"] if counted.digest != books.digest else []
    return {
        "unit": facts.unit,
        "device": facts.device,
        "records": dict(sorted(counted.records.items())),
        "digest": digest_hex(counted.digest),
        "position": books.position,
        "epoch": books.epoch,
        "unsent": outbox.count(State.WAITING),
        "held": outbox.count(State.HELD),
        "conflicts": _open_ones(database, "record_conflict", "settled"),
        "quarantined": _open_ones(database, "record_quarantine", "released"),
        "rulebook": rulebook,
        "store": ", ".join(troubles) or OK,
    }


def _open_ones(database: Database, table: str, done: str) -> int:
    return database.count(f'SELECT count(*) FROM "{table}" WHERE "{done}" IS NOT 1')
