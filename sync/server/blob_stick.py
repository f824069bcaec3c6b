"""Files of attachments that came beside a carried request, and those the device wants, beside its answer."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sync.domain.errors import Damaged, Refused
from sync.private_files import replacing_private
from sync.protocol.blob_note import MAX_NOTE_BYTES, blob_ending, note_name, read_note, sign_receipt
from sync.protocol.blob_request import CARRY, GET, read_request
from sync.server.blobs import BlobFiles, Granted, grant
from sync.server.county import County
from sync.server.files import write_new

_READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class BlobsMoved:
    """Files taken from the stick, put on it, and refused (not the unit's, unknown, damaged)."""

    taken: int = 0
    given: int = 0
    refused: int = 0


def move_blobs(county: County, request: Path, answer: Path) -> BlobsMoved:
    """After the records of a carried request: take its files, write those it wants and the receipt beside the answer.

    Raises Damaged ``blobs.note``, Refused ``county.file_*``; a single file that cannot be taken is only counted.
    """
    note = request.with_name(note_name(request.name))
    if not note.is_file():
        return BlobsMoved()
    stick, done, have, device = _Stick(BlobFiles(county.home.folder), request, answer), Counter[str](), [], ""
    for header in read_note(_read(note)):
        try:
            granted = grant(county, read_request(header), None)
            done[stick.move(granted)] += 1
        except Refused:
            done["refused"] += 1
            continue
        device = granted.request.device
        if stick.has(granted):
            have.append(granted.request.blob)
    if device:
        receipt = sign_receipt(county.code, device, have, county.keys.signing)
        write_new(answer.with_name(note_name(answer.name)), receipt)
    return BlobsMoved(done["taken"], done["given"], done["refused"])


@dataclass(frozen=True, slots=True)
class _Stick:
    files: BlobFiles
    request: Path
    answer: Path

    def has(self, granted: Granted) -> bool:
        """Whether the county has the file whole."""
        return self._whole(granted).is_file()

    def move(self, granted: Granted) -> str:
        """One file; what was done with it."""
        ending = blob_ending(granted.request.blob)
        if granted.request.method == GET and self.has(granted):
            _copy(self._whole(granted), self.answer.with_name(self.answer.name + ending))
            return "given"
        brought = self.request.with_name(self.request.name + ending)
        if granted.request.method != CARRY or self.has(granted) or not brought.is_file():
            return "nothing"
        return "taken" if self.files.take(granted, 0, _pieces(brought)).complete else "nothing"

    def _whole(self, granted: Granted) -> Path:
        return self.files.folder / granted.request.blob


def _read(note: Path) -> bytes:
    try:
        if note.stat().st_size > MAX_NOTE_BYTES:
            raise Damaged("blobs.note")
        return note.read_bytes()
    except OSError as error:
        raise Refused("county.file_unreadable", file=note, reason=error.strerror or "") from error


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(_READ_BYTES):
                yield piece
    except OSError as error:
        raise Refused("county.file_unreadable", file=path, reason=error.strerror or "") from error


def _copy(source: Path, target: Path) -> None:
    try:
        with replacing_private(target) as file:
            for piece in _pieces(source):
                file.write(piece)
    except OSError as error:
        raise Refused("county.file_unwritable", file=target, reason=error.strerror or "") from error
