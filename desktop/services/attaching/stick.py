"""Files of attachments by stick: beside the request those the county lacks, beside its answer those it sends."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from desktop.services.attaching.carrying import finish
from desktop.services.desk import Desk
from desktop.storage.blobs import BlobNeed
from sync.client.blobs import Asking, signed_header
from sync.domain.errors import Damaged, Refused
from sync.private_files import replacing_private
from sync.protocol.blob_note import MAX_NOTE_BYTES, NOTE_ENDING, blob_ending, note_name, open_receipt, write_note
from sync.protocol.blob_request import CARRY, GET
from sync.protocol.sealed_stream import MAX_PLAIN_BYTES, sealed_size

_READ_BYTES = 1 << 20


def carry_blobs_out(desk: Desk, request: Path) -> int:
    """Write what the county lacks beside the request, and the note that asks for what is missing here.

    Returns how many files were written. Raises Refused ``attachment.cannot_write``.
    """
    blobs, link = desk.store.blobs, desk.link()
    blobs.note_epoch()
    owed, wanted = blobs.owed(), blobs.wanted()
    if not (owed or wanted):
        return 0
    now = desk.clock()
    asked = [Asking(CARRY, need, 0, need.bytes) for need in owed] + [Asking(GET, need) for need in wanted]
    for need in owed:
        _write(desk, need, request.with_name(request.name + blob_ending(need.name)))
    note = write_note([signed_header(link, asking, now) for asking in asked])
    target = request.with_name(note_name(request.name))
    try:
        target.write_bytes(note)
    except OSError as error:
        raise Refused("attachment.cannot_write", file=target.name, reason=error.strerror or "-") from error
    return len(owed)


def carry_blobs_in(desk: Desk, folders: Iterable[Path]) -> int:
    """Take the files that are missing here and the county's receipts out of folders; how many files still wait.

    A file that does not fit its name is passed over, and so is a receipt that is not the county's word to us.
    """
    for folder in folders:
        _take_receipts(desk, folder)
        for need in desk.store.blobs.wanted():
            for found in sorted(folder.glob(f"*{blob_ending(need.name)}")):
                with suppress(Refused):
                    _take(desk, need, found)
                    break
    return finish(desk)


def _write(desk: Desk, need: BlobNeed, target: Path) -> None:
    try:
        with replacing_private(target) as file:
            for offset in range(0, need.bytes, _READ_BYTES):
                file.write(desk.store.blobs.read_piece(need.name, offset, _READ_BYTES))
    except OSError as error:
        raise Refused("attachment.cannot_write", file=target.name, reason=error.strerror or "-") from error


def _take(desk: Desk, need: BlobNeed, found: Path) -> None:
    blobs = desk.store.blobs
    try:
        if found.stat().st_size != need.bytes or need.bytes > sealed_size(MAX_PLAIN_BYTES):
            raise Damaged("blobs.damaged")
        with found.open("rb") as file:
            for offset in range(0, need.bytes, _READ_BYTES):
                blobs.add_part(need.name, offset, file.read(_READ_BYTES))
    except OSError as error:
        raise Refused("blobs.disk", reason=error.strerror or "-") from error
    blobs.finish_part(need.name)


def _take_receipts(desk: Desk, folder: Path) -> None:
    facts, signer = desk.store.facts, desk.card.signing_key
    for path in sorted(folder.glob(f"*{NOTE_ENDING}")):
        with suppress(Refused, OSError):
            if path.stat().st_size <= MAX_NOTE_BYTES:
                have = open_receipt(path.read_bytes(), facts.county, facts.device, signer)
                for need in desk.store.blobs.owed():
                    if need.name in have:
                        desk.store.blobs.delivered(need.name)
