"""What the services hand to screens and verbs: frozen values, ready to show, without any store behind them."""

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Any

from sync.domain.ids import Instant


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should look at; it never blocked the saving.

    ``code`` is a key of ``resources/texts``, ``values`` fill its gaps, ``field`` is the dotted name of the input.
    """

    code: str
    field: str = ""
    values: dict[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Named:
    """A record by id with its number."""

    id: str
    number: str | None


@dataclass(frozen=True, slots=True)
class Saved:
    """A use case was saved: on disk, with its number."""

    kind: str
    id: str
    number: str | None
    warnings: tuple[Notice, ...] = ()
    case: Named | None = None
    """The case a reception made."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. ``title`` is empty where the reader may see no content."""

    kind: str
    id: str
    number: str | None
    created_at: Instant
    title: str = ""
    status: str | None = None
    holder: str | None = None
    due: date | None = None
    received_at: Instant | None = None
    secrecy: str | None = None
    nature: str | None = None
    village: str | None = None
    author: str = ""
    void: bool = False
    unsent: bool = False
    columns: dict[str, Any] = dataclasses.field(default_factory=dict)
    """Further plain values of the kind (``source_channel``, ``contact_mode``, ``outcome`` …)."""


@dataclass(frozen=True, slots=True)
class RowPage:
    """A page of a list by keyset; ``next`` continues it, None at the end."""

    rows: tuple[Row, ...]
    next: str | None = None
    total: int | None = None
    """Rows under the same filters, where it was asked for."""


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A step of the workflow: allowed now, or why not. ``needs`` names required inputs, ``takes`` further ones.

    The label is ``sync.domain.vocabularies.label("step", step, language)``.
    """

    step: str
    allowed: bool
    reason_key: str = ""
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    """Closing points (vocabulary ``closing_point``) that need an excuse if the step is taken now."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A search hit; identity is never part of it."""

    kind: str
    id: str
    number: str | None
    title: str
    snippet: str = ""
    created_at: Instant = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A village of the directory (code of 12 digits) or a town (9); ``town`` is the name of its town."""

    code: str
    name: str
    town: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Typed text that is not yet a record; it belongs to one user. ``body`` is the JSON the screen saved."""

    screen: str
    key: str
    saved_at: Instant
    body: dict[str, Any]
    about: str = ""
    """The title of the case or visit it is about, if any."""


@dataclass(frozen=True, slots=True)
class DueRow:
    """A case with its nearest clock."""

    case: str
    number: str | None
    title: str
    rule: str
    due: date
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class VillageRow:
    """A village and the day of its last visit; None = never."""

    place: Place
    last_visit: date | None


@dataclass(frozen=True, slots=True)
class ExchangeState:
    """Where this device stands with the county."""

    last_at: Instant | None
    unsent: int
    held: int
    conflicts: int
    quarantined: int
    agreed: bool | None
    """Digests were equal at the last exchange; None before the first."""
    position: int = 0
    epoch: str = ""
    told: int = 0
    """Values of the reader's own that were given up lately when a conflict was settled."""
    must_enrol: str = ""
    """Why this device has to be enrolled anew: ``copied`` (the county knows another history), ``restored``, or ""."""


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """Something a person has to know or do that no clock tells.

    ``code``: ``renumbered`` (``number`` is the new one, ``former`` what stands on paper; until it is noted) or
    ``co_answer`` (this unit helps with the case and has not reported; ``until``: by when, where it was said) or
    ``hand_on`` (a sealed envelope that nobody was handed; ``title`` is its number).
    """

    code: str
    id: str
    """Of the reminder: what :meth:`Office.note_reminder` takes."""
    kind: str
    record: str
    number: str | None
    title: str
    former: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class TodayView:
    """All that the Today screen shows."""

    day: date
    overdue: tuple[DueRow, ...]
    due_today: tuple[DueRow, ...]
    due_soon: tuple[DueRow, ...]
    villages: tuple[VillageRow, ...]
    villages_waiting: int
    """How many villages were not visited for longer than the interval, beyond those listed too."""
    drafts: tuple[Draft, ...]
    exchange: ExchangeState
    counts: dict[str, int]
    """Today's records by kind."""
    reminders: tuple[ReminderRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed form: its PDF, which print of this form about this record it is, and its ledger line's id."""

    form: str
    pdf: bytes
    times: int
    ledger_id: str
    missing: tuple[str, ...] = ()
    """Fields the form wants and the record lacks (dotted names): the form has blank lines there."""
    numbers: tuple[str, ...] = ()
    """Numbers given to blank sheets."""
    document: str = ""
    """The letter's number, where it has one."""


@dataclass(frozen=True, slots=True)
class TemplateField:
    """One field of an input shape in form order."""

    name: str
    type: str
    vocabulary: str
    codes: tuple[str, ...]
    required: bool
    forms: tuple[str, ...]
    """Prints that need it."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that did not become a record: number in the sheet (1 = headings), heading, reason; never content."""

    row: int
    heading: str
    reason: str
    """A text key; ``values`` fill its gaps."""
    values: dict[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    rows: int
    imported: int
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What an exchange did. ``results``: outcome → changes."""

    results: dict[str, int]
    received: int
    position: int
    unsent: int
    agreed: bool | None
    needs_person: bool
    blobs_waiting: int = 0
    """Files of attachments that have not travelled yet; the records are done all the same."""
    repeat: bool = False
    """A carried answer that was taken before: nothing new was in it."""


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """Who sits where: the unit, its device, the user and role of this sign-in."""

    county: str
    county_name: str
    unit: str
    unit_name: str
    unit_kind: str
    device: str
    user: str
    role: str


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user of this profile."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One running clock of a case with its explanation in one language."""

    rule: str
    start: date
    due: date
    counted: date
    provisional: bool
    explanation: str
