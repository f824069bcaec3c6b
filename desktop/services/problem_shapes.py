"""What an exchange left for a person, as the services hand it out: frozen values."""

import dataclasses
from dataclasses import dataclass
from typing import Any

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
