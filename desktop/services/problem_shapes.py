"""What an exchange left for a person, as the services hand it out: frozen values."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from sync.domain.errors import LiandongError
from sync.domain.ids import Instant


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """Two values of one field that wait for a person; values as JSON takes them, ciphertext as ``{"masked": True}``."""

    id: str
    target_kind: str
    target: str
    dossier: str
    number: str | None
    title: str
    unit: str
    unit_name: str
    field: str
    standing: Any
    other: Any
    standing_author: str
    other_author: str
    created_at: Instant
    reason_key: str = ""
    """Why this unit may not settle it; empty where it may."""
    other_barred: bool = False
    """The other value cannot be taken: it would open an identity to more readers, or nothing is left of it."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A conflict was settled: which value was taken (``standing`` or ``other``)."""

    id: str
    target_kind: str
    target: str
    field: str
    take: str
    value: Any


@dataclass(frozen=True, slots=True)
class ApartRow:
    """A change the county keeps and has not applied."""

    id: str
    change: str
    unit: str
    unit_name: str
    author: str
    reason: str
    """A text key."""
    kinds: tuple[str, ...]
    created_at: Instant


@dataclass(frozen=True, slots=True)
class ToldRow:
    """The reader's value was given up when somebody settled a conflict."""

    id: str
    target_kind: str
    target: str
    title: str
    field: str
    kept: Any
    given_up: Any
    settled_by: str
    settled_at: Instant


@dataclass(frozen=True, slots=True)
class Problems:
    """What the exchange left for a person."""

    conflicts: tuple[ConflictRow, ...]
    apart: tuple[ApartRow, ...]
    told: tuple[ToldRow, ...]


@dataclass(slots=True)
class BlobCounts:
    """Attachment files beside a stick: ``taken`` from it, ``given`` back on it, ``refused`` (damaged, unknown, not the
    unit's), ``left`` for the next time because it was stopped or cut off."""

    taken: int = 0
    given: int = 0
    refused: int = 0
    left: int = 0

    @property
    def any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.taken or self.given or self.refused or self.left)


@dataclass(frozen=True, slots=True)
class BatchRow:
    """What became of one carried file at the county's desk.

    ``state``: accepted, repeat, quarantined, damaged. ``outcomes``: outcome → changes; ``answers``: names of the files
    written beside it; ``problem``: a text key with ``values``, empty where there is none.
    """

    file: str
    state: str
    kind: str
    unit: str
    unit_name: str
    code: str
    outcomes: dict[str, int]
    answers: tuple[str, ...]
    problem: str = ""
    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    blobs: BlobCounts = dataclasses.field(default_factory=BlobCounts)
    blob_problem: LiandongError | None = None
    """Why its attachment files went no further; the records are taken all the same."""

    @property
    def needs_person(self) -> bool:
        """Something was set apart, refused or unusable."""
        return self.state in ("quarantined", "damaged") or bool(self.blobs.refused) or self.blob_problem is not None
