"""The record of an attached file. The file itself travels apart, as ciphertext named by its hash."""

from dataclasses import dataclass

from sync.domain.declarations import FieldType as F
from sync.domain.declarations import Owner, Record, declare
from sync.domain.ids import RecordId

APPEND = Owner.APPEND
ABOUT_KINDS = frozenset({"Case", "Visit", "Finding", "Reception", "Interview", "ReturnVisit", "Rating"})
"""Kinds a file can be attached to; it belongs to the dossier of that record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment(Record):
    """A photo, scan or other file about a record.

    ``blob`` is the SHA-256 of the ciphertext (64 hex digits) and its name everywhere. ``key`` opens it and stands in
    the record, so whoever gets the dossier can open it and nobody else: the record lies under the data key on a
    device, travels sealed, and lies under the store key at the county. No hash of the plain content is kept.
    """

    about_kind: str = declare(F.TEXT, owner=APPEND, required=True)
    about: RecordId = declare(F.REFERENCE, owner=APPEND, required=True)
    name: str = declare(F.TEXT, owner=APPEND, required=True)
    title: str | None = declare(F.TEXT, owner=APPEND)
    media_type: str = declare(F.TEXT, owner=APPEND, required=True)
    size: int = declare(F.INTEGER, owner=APPEND, required=True)
    """Bytes of the plain content."""
    blob: str = declare(F.TEXT, owner=APPEND, required=True)
    key: bytes = declare(F.BYTES, owner=APPEND, required=True)
