"""The store's small books: named values, and serials of numbers."""

import secrets
import string

from desktop.storage.engine import Database
from sync.domain.ids import UnitCode
from sync.domain.numbers import Number
from sync.protocol.messages import NO_HASH

_DIGEST_BYTES = 32


class Books:
    """Named values in the table ``meta``; reading always asks the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def value(self, name: str) -> bytes | None:
        """The value or None."""
        row = self._database.one("SELECT value FROM meta WHERE name = ?", (name,))
        return bytes(row[0]) if row else None

    def keep(self, name: str, value: bytes) -> None:
        """Set a value."""
        self._database.run(
            "INSERT INTO meta(name, value) VALUES(?, ?) ON CONFLICT(name) "
            "DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value",
            (name, value),
        )

    def number(self, name: str) -> int:
        """A whole number; 0 before it was kept."""
        value = self.value(name)
        return int(value) if value else 0

    def keep_number(self, name: str, number: int) -> None:
        """Set a whole number."""
        self.keep(name, str(number).encode())

    @property
    def position(self) -> int:
        """Feed position up to which entries are applied."""
        return self.number("position")

    @property
    def last_sequence(self) -> int:
        """Sequence of this device's newest change."""
        return self.number("last_sequence")

    @property
    def last_operation(self) -> int:
        """Number of this store's newest operation."""
        return self.number("last_operation")

    @property
    def last_hash(self) -> bytes:
        """Hash of this device's newest change."""
        return self.value("last_hash") or NO_HASH

    @property
    def offset(self) -> int:
        """County clock minus own clock, when last known by wire, milliseconds."""
        return self.number("offset")

    @property
    def heard_at(self) -> int:
        """The county's clock when that was found; 0 where it was not kept."""
        return self.number("heard_at")

    @property
    def epoch(self) -> str:
        """The county's epoch as last heard."""
        return (self.value("epoch") or b"").decode()

    @property
    def digest(self) -> int:
        """The running digest over the county state."""
        return int.from_bytes(self.value("digest") or b"", "big")

    def keep_digest(self, digest: int) -> None:
        """Set the running digest."""
        self.keep("digest", digest.to_bytes(_DIGEST_BYTES, "big"))

    @property
    def restored(self) -> bool:
        """Whether the store came from a backup and numbers are provisional until the device is enrolled again."""
        return self.number("restored") == 1

    def leave_block(self) -> None:
        """From now on draw from a block of this store's own, made by chance, that the county never gives out."""
        letters = "".join(secrets.choice(string.ascii_uppercase) for _ in range(3))
        self.keep("block", f"Z{letters}".encode())
        self.keep_number("restored", 1)

    def next_number(self, unit: UnitCode, year: int) -> str:
        """Draw the next number of the block; final with the transaction it is drawn in."""
        block = (self.value("block") or b"").decode()
        row = self._database.one(
            "INSERT INTO counters(block, year, last) VALUES(?, ?, 1) "
            "ON CONFLICT(block, year) DO UPDATE SET last = last + 1 RETURNING last",
            (block, year),
        )
        return str(Number(unit, year, block, int(row[0]) if row else 1))
