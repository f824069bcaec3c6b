"""What the use cases of attachments take and give."""

from dataclasses import dataclass, field

from desktop.services.shapes import Notice


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that was added: the record's id, the name of its ciphertext, the bytes that were kept."""

    id: str
    blob: str
    size: int
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """One line of what is attached. ``here``: the file itself is on this computer."""

    id: str
    about_kind: str
    about: str
    name: str
    title: str | None
    media_type: str
    size: int
    created_at: int
    author: str
    here: bool


@dataclass(frozen=True, slots=True)
class OpenedAttachment:
    """A file in memory, to be shown and forgotten."""

    name: str
    media_type: str
    data: bytes = field(repr=False)
