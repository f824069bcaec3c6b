"""Files of attachments beside the store: ciphertext only, each named by its SHA-256, and what the county lacks of them.

``profile/blobs/HASH`` is whole; ``HASH.part`` is being fetched and is resumed; ``*.new`` is being written and is
worthless after a kill. The store file, and so a backup of it, does not hold them.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from desktop.storage.books import Books
from desktop.storage.confirmed import REVISION
from desktop.storage.engine import Database
from sync.domain.errors import Damaged, Refused
from sync.private_files import flush_file, flush_folder, open_private
from sync.protocol.sealed_stream import MAX_PLAIN_BYTES, SealedStream, sealed_size

_NAME = re.compile(r"[0-9a-f]{64}")
_READ_BYTES = 1 << 20
_EPOCH = "blob_epoch"


@dataclass(frozen=True, slots=True)
class BlobNeed:
    """A file that should travel: its name, the attachment's record, the length of its ciphertext."""

    name: str
    record: str
    bytes: int


class Blobs:
    """The files, and the books about them. Methods that touch the books run where the store lives."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self.folder = folder

    # Files -----------------------------------------------------------------------------------------------------------

    def path(self, name: str) -> Path:
        """Where a whole file lies. Raises Damaged ``blobs.name`` for what is no hash."""
        if not _NAME.fullmatch(name):
            raise Damaged("blobs.name")
        return self.folder / name

    @staticmethod
    def is_sound_name(name: str) -> bool:
        """Whether a name that came from elsewhere can be one of a file."""
        return _NAME.fullmatch(name) is not None

    def has(self, name: str) -> bool:
        """Whether the whole file is here."""
        return self.path(name).is_file()

    @contextmanager
    def writing(self) -> Iterator[tuple[BinaryIO, Path]]:
        """A new file for ciphertext; gone afterwards unless :meth:`keep` took it. Raises Refused ``blobs.disk``."""
        fresh = self.folder / f"{secrets.token_hex(16)}.new"
        with disk_troubles():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            opened = open_private(fresh)
        try:
            with opened as file:
                yield file, fresh
        finally:
            with disk_troubles():
                fresh.unlink(missing_ok=True)

    def keep(self, file: BinaryIO, fresh: Path, sealed: SealedStream) -> None:
        """Flush a written file to the disk and give it its name."""
        with disk_troubles():
            flush_file(file)
            fresh.replace(self.path(sealed.name))
            flush_folder(self.folder)

    def drop(self, name: str) -> None:
        """Delete a file that nothing names."""
        with disk_troubles():
            self.path(name).unlink(missing_ok=True)

    def read_piece(self, name: str, offset: int, length: int) -> bytes:
        """Bytes of a whole file."""
        with disk_troubles(), self.path(name).open("rb") as file:
            file.seek(offset)
            return file.read(length)

    def part_bytes(self, name: str) -> int:
        """How much of a file being fetched is here."""
        part = self._part(name)
        return part.stat().st_size if part.exists() else 0

    def add_part(self, name: str, offset: int, data: bytes) -> None:
        """Write fetched bytes behind those that are here."""
        with disk_troubles():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._part(name), os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(descriptor, "r+b") as file:
                file.seek(offset)
                file.write(data)
                file.truncate()

    def finish_part(self, name: str) -> None:
        """All is here: prove the hash and give the file its name.

        Raises Damaged ``blobs.damaged``; the part is gone then and is fetched anew.
        """
        part = self._part(name)
        with disk_troubles():
            with part.open("r+b") as file:
                found = _hash(file)
                os.fsync(file.fileno())
            if found != name:
                part.unlink()
                raise Damaged("blobs.damaged")
            part.replace(self.path(name))
            flush_folder(self.folder)

    def _part(self, name: str) -> Path:
        return self.path(name).with_suffix(".part")

    # Books -----------------------------------------------------------------------------------------------------------

    def owe(self, need: BlobNeed) -> None:
        """Within the transaction that writes the record: the county must get this file."""
        self._database.run(
            "INSERT OR REPLACE INTO blob_upload(blob, record, size) VALUES(?, ?, ?)",
            (need.name, need.record, need.bytes),
        )

    def delivered(self, name: str) -> None:
        """The county has the whole file."""
        with self._database.transaction():
            self._database.run("DELETE FROM blob_upload WHERE blob = ?", (name,))

    def note_epoch(self) -> None:
        """After the county was restored (a new epoch) it may lack files it had: offer all that are here again.

        What it has is settled by one small question each.
        """
        books = Books(self._database)
        known, epoch = books.value(_EPOCH), books.epoch.encode()
        if known == epoch:
            return
        with self._database.transaction():
            if known is not None:
                rows = self._database.run(f"SELECT blob, id, size FROM record_attachment WHERE {REVISION} > 0")
                for name, record, size in rows:
                    if _is_sound(name, size) and self.has(name):
                        self.owe(BlobNeed(name, record, sealed_size(size)))
            books.keep(_EPOCH, epoch)

    def owed(self) -> list[BlobNeed]:
        """What the county lacks and is here, small files first."""
        rows = self._database.run("SELECT blob, record, size FROM blob_upload ORDER BY size, blob")
        return [BlobNeed(*row) for row in rows if self.has(row[0])]

    def wanted(self) -> list[BlobNeed]:
        """Files of attachments the county has shown that are not here, small ones first."""
        sql = f"SELECT blob, id, size FROM record_attachment WHERE {REVISION} > 0 ORDER BY size, id"
        rows = self._database.run(sql)
        needs = (BlobNeed(name, record, sealed_size(size)) for name, record, size in rows if _is_sound(name, size))
        return [need for need in needs if not self.has(need.name)]

    def waiting(self) -> int:
        """How many files should still travel, either way."""
        return len(self.owed()) + len(self.wanted())

    def sweep(self) -> None:
        """Delete what a kill left half written, and files of dossiers that are here no more.

        A file the county was promised stays until it has it, though nobody here can open it any longer.
        """
        if not self.folder.is_dir():
            return
        rows = self._database.run("SELECT blob FROM record_attachment UNION SELECT blob FROM blob_upload")
        named = {row[0] for row in rows}
        with disk_troubles():
            for path in self.folder.iterdir():
                kept = path.name if path.suffix == "" else path.stem if path.suffix == ".part" else ""
                if kept not in named:
                    path.unlink(missing_ok=True)


@contextmanager
def disk_troubles() -> Iterator[None]:
    """What the disk says as an expected trouble."""
    try:
        yield
    except OSError as error:
        raise Refused("blobs.disk", reason=error.strerror or "-") from error


def _is_sound(name: object, size: object) -> bool:
    """Whether a record that came from elsewhere names a file that can be."""
    is_name = isinstance(name, str) and _NAME.fullmatch(name) is not None
    return is_name and isinstance(size, int) and 0 <= size <= MAX_PLAIN_BYTES


def _hash(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while data := file.read(_READ_BYTES):
        digest.update(data)
    return digest.hexdigest()
