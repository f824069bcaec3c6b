"""Files of attachments beside a stick, passed on at the county's desk: given to the server, fetched for the town.

Only ciphertext passes here, in pieces, between the stick and the server; the desk's own store has no part in it. Cut
off, it goes on with the next taking of the same stick where the server stands.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from desktop.services.problem_shapes import BlobCounts
from sync.client.desk_blobs import BlobErrands
from sync.domain.errors import Damaged, Refused
from sync.private_files import flush_file, flush_folder, open_private, write_private
from sync.protocol.blob_note import MAX_NOTE_BYTES, blob_ending, note_name, read_note
from sync.protocol.blob_request import CARRY, GET
from sync.protocol.desk_blobs import MOST_HEADERS, BlobStand

_PIECE_BYTES = 512 * 1024


@dataclass(slots=True)
class BlobPassing:
    """One stick's files. ``counts`` tells at any time how far it got; ``answer``: the name its own files begin with."""

    errands: BlobErrands
    request: Path
    answer: Path
    stop: Callable[[], bool] = lambda: False
    counts: BlobCounts = field(default_factory=BlobCounts)

    def run(self) -> None:
        """Give and fetch everything, then write the county's receipts beside the answer.

        Raises Unreachable; Damaged ``blobs.note``, Refused ``exchange_screen.cannot_*`` where the stick fails. A single
        file that does not fit is only counted.
        """
        headers = self._headers()
        for number, start in enumerate(range(0, len(headers), MOST_HEADERS)):
            self._run_part(tuple(headers[start : start + MOST_HEADERS]), number)

    def _run_part(self, headers: tuple[str, ...], number: int) -> None:
        told = self.errands.look(headers)
        todo = [(header, stand) for header, stand in zip(headers, told.stands, strict=True) if self._is_work(stand)]
        self.counts.refused += sum(bool(stand.refusal) for stand in told.stands)
        self.counts.left += len(todo)
        for header, stand in todo:
            if self.stop():
                break
            self._move(header, stand)
        receipt = self.errands.look(headers).receipt if todo else told.receipt
        if receipt:
            base = self.answer.name if number == 0 else f"{self.answer.name}.{number + 1}"
            _write(self.answer.with_name(note_name(base)), receipt)

    def _is_work(self, stand: BlobStand) -> bool:
        if stand.method == GET:
            return stand.complete
        return stand.method == CARRY and not stand.complete and self._brought(stand).is_file()

    def _move(self, header: str, stand: BlobStand) -> None:
        """One file; where it is refused the next one goes on."""
        try:
            done = self._fetch(header, stand) if stand.method == GET else self._give(header, stand)
        except Refused as error:
            if error.code.startswith("exchange_screen."):
                raise
            self.counts.refused += 1
            self.counts.left -= 1
            return
        if done and stand.method == GET:
            self.counts.given += 1
        elif done:
            self.counts.taken += 1
        self.counts.left -= done

    def _give(self, header: str, stand: BlobStand) -> bool:
        brought = self._brought(stand)
        try:
            with brought.open("rb") as file:
                if file.seek(0, os.SEEK_END) != stand.bytes:
                    raise Damaged("blobs.damaged")
                while not stand.complete:
                    if self.stop():
                        return False
                    file.seek(stand.have)
                    before, stand = stand, self.errands.take(header, stand.have, file.read(_PIECE_BYTES))
                    if not stand.complete and stand.have <= before.have:
                        raise Damaged("blobs.no_progress")
        except OSError as error:
            raise Refused("exchange_screen.cannot_read", file=brought.name) from error
        return True

    def _fetch(self, header: str, stand: BlobStand) -> bool:
        target = self.answer.with_name(self.answer.name + blob_ending(stand.blob))
        fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
        digest, have = hashlib.sha256(), 0
        try:
            with open_private(fresh) as file:
                while have < stand.bytes:
                    if self.stop():
                        return False
                    piece = self.errands.bring(header, have, min(_PIECE_BYTES, stand.bytes - have))
                    digest.update(piece)
                    file.write(piece)
                    have += len(piece)
                flush_file(file)
            if digest.hexdigest() != stand.blob:
                raise Damaged("blobs.damaged")
            fresh.replace(target)
            flush_folder(target.parent)
        except OSError as error:
            raise Refused("exchange_screen.cannot_write", file=target.name) from error
        finally:
            fresh.unlink(missing_ok=True)
        return True

    def _brought(self, stand: BlobStand) -> Path:
        return self.request.with_name(self.request.name + blob_ending(stand.blob))

    def _headers(self) -> list[str]:
        note = self.request.with_name(note_name(self.request.name))
        try:
            if not note.is_file():
                return []
            if note.stat().st_size > MAX_NOTE_BYTES:
                raise Damaged("blobs.note")
            return read_note(note.read_bytes())
        except OSError as error:
            raise Refused("exchange_screen.cannot_read", file=note.name) from error


def _write(target: Path, data: bytes) -> None:
    try:
        write_private(target, data)
    except OSError as error:
        raise Refused("exchange_screen.cannot_write", file=target.name) from error
