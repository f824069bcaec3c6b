"""Attach a file to a record, list what is attached, open it in memory, write it where the user says."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from desktop.errors import NotFound
from desktop.services.attaching.cleaning import CLEANED, SILENT, cleaned, media_type_of
from desktop.services.attaching.shapes import Attached, AttachmentRow, OpenedAttachment
from desktop.services.desk import Desk
from desktop.services.permissions import require_recording
from desktop.services.recording import Scribe
from desktop.services.shapes import Notice
from desktop.storage.blobs import BlobNeed
from sync.domain.attachment_record import ABOUT_KINDS, Attachment
from sync.domain.errors import Damaged, Refused, UsageError
from sync.domain.records import Case, Reception, Stored, Void
from sync.private_files import replacing_private
from sync.protocol.limits import MIB
from sync.protocol.sealed_stream import MAX_PLAIN_BYTES, SealedStream, new_key, open_stream, seal_stream, sealed_size

VIEW_BYTES = 64 * MIB
"""Larger files are not shown inside the program."""
_NAME_SIGNS = 120


def attach(desk: Desk, kind: str, record_id: str, file: Path, title: str | None = None) -> Attached:
    """Attach a copy of a file, cleaned and sealed; the original is only read.

    Raises UsageError ``attachment.kinds``; Refused ``attachment.*``, ``blobs.*``; NotFound, NotAllowed.
    """
    require_recording(desk.reader)
    if kind not in ABOUT_KINDS:
        raise UsageError("attachment.kinds", kind=kind, kinds=", ".join(sorted(ABOUT_KINDS)))
    about = desk.require(kind, record_id)
    secrecy = _secrecy(desk, about)
    if secrecy == "SEALED":
        raise Refused("attachment.sealed_matter")
    key = new_key()
    with _reading(file) as source:
        media_type = media_type_of(source, file.name)
        sealed = _seal(desk, source, media_type, key)
    now = desk.clock()
    with desk.work(now) as work:
        made = Attachment(
            **Scribe(desk, work, now).common(), about_kind=kind, about=about.record.id, name=_short(file.name),
            title=_short(title or "") or None, media_type=media_type, size=sealed.size, blob=sealed.name, key=key,
        )  # fmt: skip
        work.add(made)
        desk.store.blobs.owe(BlobNeed(sealed.name, made.id, sealed_size(sealed.size)))
    return Attached(made.id, made.blob, made.size, _warnings(media_type, secrecy))


def attachments(desk: Desk, kind: str, record_id: str) -> tuple[AttachmentRow, ...]:
    """What is attached to a record or, for a head, to anything of its dossier; void ones left out; oldest first."""
    about = desk.require(kind, record_id)
    records = desk.store.reading.dossier_records(about.dossier)
    void = {one.record.target for one in records if isinstance(one.record, Void)}
    found = [one.record for one in records if isinstance(one.record, Attachment) and one.record.id not in void]
    if about.record.id != about.dossier:
        found = [one for one in found if one.about == about.record.id]
    return tuple(_row(desk, one) for one in sorted(found, key=lambda one: (one.created_at, one.id)))


def open_attachment(desk: Desk, record_id: str) -> OpenedAttachment:
    """The file in memory, to be shown. Raises Refused ``attachment.too_large_to_view``, ``attachment.not_here``."""
    attachment = _attachment(desk, record_id)
    if attachment.size > VIEW_BYTES:
        raise Refused("attachment.too_large_to_view", limit=VIEW_BYTES // MIB)
    return OpenedAttachment(attachment.name, attachment.media_type, b"".join(_plain(desk, attachment)))


def export_attachment(desk: Desk, record_id: str, target: Path) -> int:
    """Write the plain file where the user says, whole or not at all; its bytes. Raises Refused ``attachment.*``."""
    attachment = _attachment(desk, record_id)
    pieces = _plain(desk, attachment)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing_private(target) as file:
            for piece in pieces:
                file.write(piece)
    except OSError as error:
        raise Refused("attachment.cannot_write", file=target.name, reason=error.strerror or "-") from error
    return attachment.size


def _seal(desk: Desk, source: BinaryIO, media_type: str, key: bytes) -> SealedStream:
    blobs = desk.store.blobs
    with blobs.writing() as (target, fresh):
        sealed = seal_stream(cleaned(source, media_type), target, key)
        blobs.keep(target, fresh, sealed)
    return sealed


def _plain(desk: Desk, attachment: Attachment) -> Iterator[bytes]:
    """The content; a file found damaged is dropped where the county can give it again."""
    blobs = desk.store.blobs
    if not blobs.has(attachment.blob):
        raise Refused("attachment.not_here")
    return _proven(desk, attachment)


def _proven(desk: Desk, attachment: Attachment) -> Iterator[bytes]:
    blobs = desk.store.blobs
    try:
        with blobs.path(attachment.blob).open("rb") as source:
            yield from open_stream(source, attachment.key)
    except Damaged:
        if all(need.name != attachment.blob for need in blobs.owed()):
            blobs.drop(attachment.blob)
        raise


def _attachment(desk: Desk, record_id: str) -> Attachment:
    record = desk.require("Attachment", record_id).record
    if not isinstance(record, Attachment):
        raise NotFound("record.not_found", kind="Attachment")
    return record


def _row(desk: Desk, one: Attachment) -> AttachmentRow:
    here = desk.store.blobs.is_sound_name(one.blob) and desk.store.blobs.has(one.blob)
    return AttachmentRow(
        one.id,
        one.about_kind,
        one.about,
        one.name,
        one.title,
        one.media_type,
        one.size,
        one.created_at,
        one.author,
        here,
    )


def _secrecy(desk: Desk, about: Stored) -> str:
    """Of the record itself or of the case it belongs to."""
    record = about.record
    head = record if isinstance(record, Case) else desk.case_of(about)
    if head is not None:
        return head.secrecy
    return record.secrecy if isinstance(record, Reception) else "NORMAL"


def _warnings(media_type: str, secrecy: str) -> tuple[Notice, ...]:
    notices = []
    if media_type not in CLEANED | SILENT:
        notices.append(Notice("attachment.metadata_stays", "file"))
    if secrecy == "PROTECTED":
        notices.append(Notice("attachment.protected", "file"))
    return tuple(notices)


@contextmanager
def _reading(file: Path) -> Iterator[BinaryIO]:
    try:
        size = file.stat().st_size
        source = file.open("rb")
    except OSError as error:
        raise Refused("attachment.no_file", file=file.name) from error
    with source:
        if not size:
            raise Refused("attachment.empty", file=file.name)
        if size > MAX_PLAIN_BYTES:
            raise Refused("blobs.too_large", limit=MAX_PLAIN_BYTES // MIB)
        yield source


def _short(text: str) -> str:
    """One line of limited length; of a long file name the ending stays."""
    line = " ".join(text.split())
    if len(line) <= _NAME_SIGNS:
        return line
    ending = Path(line).suffix[:12]
    return line[: _NAME_SIGNS - len(ending) - 1] + "…" + ending
