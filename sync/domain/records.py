"""Every replicated record, declared once: its fields, who owns each, and the dossier it belongs to.

A dossier (a case with all that hangs on it, a visit with its findings, a unit's own paper) is the unit of
visibility. Storage columns, wire maps, templates and digests derive from these declarations.
"""

from dataclasses import dataclass, field
from types import MappingProxyType

from sync.domain.account_records import AccountEntry as AccountEntry  # noqa: PLC0414 - records are looked for here
from sync.domain.attachment_record import Attachment
from sync.domain.declarations import FieldType as F
from sync.domain.declarations import Owner, declare
from sync.domain.declarations import Record as Record  # noqa: PLC0414 - records are looked for here
from sync.domain.directory_records import CalendarDay as CalendarDay  # noqa: PLC0414 - records are looked for here
from sync.domain.directory_records import OrgUnit as OrgUnit  # noqa: PLC0414 - records are looked for here
from sync.domain.directory_records import RegisterKeeper as RegisterKeeper  # noqa: PLC0414 - looked for here
from sync.domain.directory_records import RulebookVersion as RulebookVersion  # noqa: PLC0414 - looked for here
from sync.domain.directory_records import Staff as Staff  # noqa: PLC0414 - records are looked for here
from sync.domain.ids import Instant, RecordId
from sync.domain.loop_records import DocumentNumber, Excuse, Interview, Rating, ReturnVisit

APPEND = Owner.APPEND
COUNTY = Owner.COUNTY


# Visits --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """A person or family met on a visit."""

    name: str | None = declare(F.TEXT)
    sex: str | None = declare(F.CODE, "sex")
    age: int | None = declare(F.INTEGER)
    family: str | None = declare(F.TEXT)
    address: str | None = declare(F.TEXT)
    phone: str | None = declare(F.TEXT)
    note: str | None = declare(F.LONG_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(Record):
    """One visit to one village; its findings are records of their own."""

    number: str | None = declare(F.TEXT, owner=APPEND)
    contact_mode: str = declare(F.CODE, "contact_mode", required=True)
    started_at: Instant = declare(F.INSTANT, required=True)
    ended_at: Instant | None = declare(F.INSTANT)
    village: str | None = declare(F.VILLAGE)
    group: str | None = declare(F.TEXT)
    visitors: tuple[str, ...] = declare(F.TEXTS)
    alone_reason: str | None = declare(F.TEXT)
    company: str | None = declare(F.TEXT)
    unannounced: bool | None = declare(F.BOOLEAN)
    households: tuple[Household, ...] = declare(F.ITEMS, item=Household)
    background: str | None = declare(F.LONG_TEXT)
    problems: str | None = declare(F.LONG_TEXT)
    suggestions: str | None = declare(F.LONG_TEXT)
    solved: str | None = declare(F.LONG_TEXT)
    summary: str | None = declare(F.LONG_TEXT)
    reflection: str | None = declare(F.LONG_TEXT)
    signature_declined: bool | None = declare(F.BOOLEAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Record):
    """What a visit turned up; belongs to the visit's dossier."""

    visit: RecordId = declare(F.REFERENCE, owner=APPEND, required=True)
    text: str = declare(F.LONG_TEXT, required=True)
    outcome: str | None = declare(F.CODE, "finding_outcome")
    problem_tag: str | None = declare(F.CODE, "problem_tag")
    responsible: str | None = declare(F.TEXT)
    due: str | None = declare(F.DATE)
    case: RecordId | None = declare(F.REFERENCE)


# Cases ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Record):
    """One matter with one number, whatever door it came through; head of its dossier."""

    number: str | None = declare(F.TEXT, owner=APPEND)
    external_number: str | None = declare(F.TEXT, owner=APPEND)
    source_channel: str = declare(F.CODE, "source_channel", required=True)
    upper_kind: str | None = declare(F.CODE, "upper_kind")
    received_at: Instant = declare(F.INSTANT, required=True)
    nature: str | None = declare(F.CODE, "nature")
    scope: str | None = declare(F.CODE, "scope", owner=COUNTY)
    identity: str | None = declare(F.CODE, "identity")
    first_repeat: str | None = declare(F.CODE, "first_repeat")
    repeats: RecordId | None = declare(F.REFERENCE)
    secrecy: str = declare(F.CODE, "secrecy", default="NORMAL")
    urgency: str | None = declare(F.CODE, "urgency")
    village: str | None = declare(F.VILLAGE)
    problem_tag: str | None = declare(F.CODE, "problem_tag")
    discipline: str | None = declare(F.CODE, "discipline")
    title: str | None = declare(F.TEXT)
    content: str | None = declare(F.LONG_TEXT)
    claim: str | None = declare(F.LONG_TEXT)
    reply: str | None = declare(F.LONG_TEXT)
    replied_at: Instant | None = declare(F.INSTANT)
    remark: str | None = declare(F.LONG_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception(Record):
    """One appearance at the desk. ``case`` is the matter it made; a sealed stub has none."""

    number: str | None = declare(F.TEXT, owner=APPEND)
    case: RecordId | None = declare(F.REFERENCE, owner=APPEND)
    contact_mode: str | None = declare(F.CODE, "contact_mode")
    received_at: Instant = declare(F.INSTANT, required=True)
    place: str | None = declare(F.TEXT)
    people: int | None = declare(F.INTEGER)
    representatives: int | None = declare(F.INTEGER)
    first_repeat: str | None = declare(F.CODE, "first_repeat")
    skip_level: bool | None = declare(F.BOOLEAN)
    told_before: str | None = declare(F.TEXT)
    told_result: str | None = declare(F.TEXT)
    materials: str | None = declare(F.LONG_TEXT)
    receiver: str | None = declare(F.TEXT)
    proposal: str | None = declare(F.LONG_TEXT)
    leader_note: str | None = declare(F.LONG_TEXT)
    went_to: str | None = declare(F.TEXT)
    agent: str | None = declare(F.TEXT)
    agent_authority: str | None = declare(F.TEXT)
    signature_declined: bool | None = declare(F.BOOLEAN)
    remark: str | None = declare(F.LONG_TEXT)
    secrecy: str = declare(F.CODE, "secrecy", default="NORMAL")
    envelope_number: str | None = declare(F.TEXT)
    handed_to: str | None = declare(F.TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complainant(Record):
    """Who complained, as ciphertext (AES-256-GCM, key of an :class:`IdentityKey`). Merged whole, never indexed."""

    case: RecordId = declare(F.REFERENCE, owner=APPEND, required=True)
    key: RecordId = declare(F.REFERENCE, required=True)
    suite: str = declare(F.TEXT, required=True)
    cipher: bytes = declare(F.BYTES, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a complainant's ciphertext holds. It exists in memory only."""

    identity: str | None = declare(F.CODE, "identity")
    complainant_type: str | None = declare(F.CODE, "complainant_type")
    name: str | None = declare(F.TEXT)
    sex: str | None = declare(F.CODE, "sex")
    age: int | None = declare(F.INTEGER)
    ethnicity: str | None = declare(F.TEXT)
    political_status: str | None = declare(F.TEXT)
    id_number: str | None = declare(F.TEXT)
    phone: str | None = declare(F.TEXT)
    address: str | None = declare(F.TEXT)
    workplace: str | None = declare(F.TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySlot:
    """A session key sealed (HPKE) to one identity key."""

    recipient: str = declare(F.TEXT, required=True)
    sealed: bytes = declare(F.BYTES, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityKey(Record):
    """The key of one sign-in session (or of one protected complainant), sealed to those who may read identities."""

    suite: str = declare(F.TEXT, owner=APPEND, required=True)
    slots: tuple[KeySlot, ...] = declare(F.ITEMS, owner=APPEND, item=KeySlot)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accused(Record):
    """Whom a case complains about."""

    case: RecordId = declare(F.REFERENCE, owner=APPEND, required=True)
    name: str | None = declare(F.TEXT)
    workplace: str | None = declare(F.TEXT)
    post: str | None = declare(F.TEXT)
    level: str | None = declare(F.CODE, "accused_level")
    managed_by: str | None = declare(F.CODE, "accused_managed_by")
    organisation: bool | None = declare(F.BOOLEAN)
    unit_code: str | None = declare(F.UNIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Record):
    """One act on a case. Status, holder and due dates are computed from all of them (``workflow``).

    A step's place in the trail is its county revision; which fields a step takes stands in ``workflow_table``.
    """

    case: RecordId = declare(F.REFERENCE, owner=APPEND, required=True)
    step: str = declare(F.CODE, "step", owner=APPEND, required=True)
    at: Instant = declare(F.INSTANT, owner=APPEND, required=True)
    seen: RecordId | None = declare(F.REFERENCE, owner=APPEND)
    role: str | None = declare(F.CODE, "role", owner=APPEND)
    to_unit: str | None = declare(F.UNIT, owner=APPEND)
    to_person: str | None = declare(F.TEXT, owner=APPEND)
    units: tuple[str, ...] = declare(F.TEXTS, owner=APPEND)
    """Codes of the co-units of a joint handling."""
    method: str | None = declare(F.CODE, "transfer_method", owner=APPEND)
    reason: str | None = declare(F.LONG_TEXT, owner=APPEND)
    note: str | None = declare(F.LONG_TEXT, owner=APPEND)
    refers: RecordId | None = declare(F.REFERENCE, owner=APPEND)
    """The step this one answers: an approval its request, an answer its supervision order."""
    approved: bool | None = declare(F.BOOLEAN, owner=APPEND)
    nature: str | None = declare(F.CODE, "nature", owner=APPEND)
    scope: str | None = declare(F.CODE, "scope", owner=APPEND)
    route: str | None = declare(F.CODE, "route", owner=APPEND)
    clearing: str | None = declare(F.CODE, "clearing", owner=APPEND)
    procedure: str | None = declare(F.CODE, "procedure", owner=APPEND)
    """By which procedure a claim is dealt with; none said is the petition procedure."""
    disposition: str | None = declare(F.CODE, "disposition", owner=APPEND)
    result: str | None = declare(F.CODE, "result", owner=APPEND)
    claim_outcome: str | None = declare(F.CODE, "claim_outcome", owner=APPEND)
    satisfaction: str | None = declare(F.CODE, "satisfaction", owner=APPEND)
    objection: str | None = declare(F.CODE, "feedback_objection", owner=APPEND)
    supervise_method: str | None = declare(F.CODE, "supervise_method", owner=APPEND)
    supervise_reason: str | None = declare(F.CODE, "supervise_reason", owner=APPEND)
    days: int | None = declare(F.INTEGER, owner=APPEND)
    until: str | None = declare(F.DATE, owner=APPEND)
    told: str | None = declare(F.TEXT, owner=APPEND)
    """How and when the petitioner was told."""
    document: str | None = declare(F.TEXT, owner=APPEND)
    """Number of the letter this step sent, ``〔2026〕3号``."""
    excuses: tuple[Excuse, ...] = declare(F.ITEMS, owner=APPEND, item=Excuse)


# Paper and log -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Print(Record):
    """A line of the print ledger: the n-th print of a form about a record; the digest is of the printed values."""

    form: str = declare(F.TEXT, owner=APPEND, required=True)
    form_version: int = declare(F.INTEGER, owner=APPEND, required=True)
    about_kind: str | None = declare(F.TEXT, owner=APPEND)
    about: RecordId | None = declare(F.REFERENCE, owner=APPEND)
    times: int = declare(F.INTEGER, owner=APPEND, required=True)
    digest: str | None = declare(F.TEXT, owner=APPEND)
    numbers: tuple[str, ...] = declare(F.TEXTS, owner=APPEND)
    """Numbers given to blank sheets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Void(Record):
    """The only delete: a record is void from here on, with a reason; its number is in the void register."""

    target_kind: str = declare(F.TEXT, owner=APPEND, required=True)
    target: RecordId = declare(F.REFERENCE, owner=APPEND, required=True)
    number: str | None = declare(F.TEXT, owner=APPEND)
    reason: str = declare(F.LONG_TEXT, owner=APPEND, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Record):
    """One corrected field with both values, as JSON text; the old value stays readable."""

    target_kind: str = declare(F.TEXT, owner=APPEND, required=True)
    target: RecordId = declare(F.REFERENCE, owner=APPEND, required=True)
    field: str = declare(F.TEXT, owner=APPEND, required=True)
    old: str | None = declare(F.LONG_TEXT, owner=APPEND)
    new: str | None = declare(F.LONG_TEXT, owner=APPEND)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessEntry(Record):
    """An identity was opened: which case, by whom (``author``), why. Committed before the identity is shown."""

    case: RecordId = declare(F.REFERENCE, owner=APPEND, required=True)
    complainant: RecordId = declare(F.REFERENCE, owner=APPEND, required=True)
    reason: str = declare(F.TEXT, owner=APPEND, required=True)


# Made by the county --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict(Record):
    """Two values for one field; both are kept (MessagePack of the value) until a person settles it."""

    target_kind: str = declare(F.TEXT, owner=COUNTY, required=True)
    target: RecordId = declare(F.REFERENCE, owner=COUNTY, required=True)
    field: str = declare(F.TEXT, owner=COUNTY, required=True)
    standing: bytes = declare(F.BYTES, owner=COUNTY, required=True)
    other: bytes = declare(F.BYTES, owner=COUNTY, required=True)
    standing_author: str | None = declare(F.TEXT, owner=COUNTY)
    other_author: str | None = declare(F.TEXT, owner=COUNTY)
    settled: bool | None = declare(F.BOOLEAN, owner=COUNTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine(Record):
    """A change that was stored but not applied, with the reason; ``unit`` is the sender's."""

    change: str = declare(F.TEXT, owner=COUNTY, required=True)
    device: str = declare(F.TEXT, owner=COUNTY, required=True)
    reason: str = declare(F.TEXT, owner=COUNTY, required=True)
    kinds: tuple[str, ...] = declare(F.TEXTS, owner=COUNTY)
    released: bool | None = declare(F.BOOLEAN, owner=COUNTY)


@dataclass(frozen=True, slots=True)
class KindDeclaration:
    """A kind's class, its default owner, and how its dossier is found.

    ``dossier_field`` names the field holding the head's id (empty in the field, or no such field: the record is its own
    head). ``follows`` names the field holding the id of a record whose dossier this one shares.
    """

    record: type[Record]
    owner: Owner
    dossier_field: str = ""
    follows: str = ""
    common: bool = False
    """Lives in the common feed, read by every unit."""
    made_by_county: bool = False


_DECLARATIONS = (
    KindDeclaration(OrgUnit, Owner.COUNTY, common=True),
    KindDeclaration(Staff, Owner.COUNTY, common=True),
    KindDeclaration(CalendarDay, Owner.COUNTY, common=True),
    KindDeclaration(RulebookVersion, Owner.COUNTY, common=True),
    KindDeclaration(RegisterKeeper, Owner.COUNTY, common=True),
    KindDeclaration(Visit, Owner.TOWNSHIP),
    KindDeclaration(Finding, Owner.TOWNSHIP, "visit"),
    KindDeclaration(Case, Owner.TOWNSHIP),
    KindDeclaration(Reception, Owner.TOWNSHIP, "case"),
    KindDeclaration(IdentityKey, Owner.APPEND),
    KindDeclaration(Complainant, Owner.TOWNSHIP, "case"),
    KindDeclaration(Accused, Owner.TOWNSHIP, "case"),
    KindDeclaration(Step, Owner.APPEND, "case"),
    KindDeclaration(Interview, Owner.TOWNSHIP, "case"),
    KindDeclaration(ReturnVisit, Owner.TOWNSHIP, "case"),
    KindDeclaration(Rating, Owner.TOWNSHIP, "case"),
    KindDeclaration(DocumentNumber, Owner.APPEND),
    KindDeclaration(Attachment, Owner.APPEND, follows="about"),
    KindDeclaration(Print, Owner.APPEND, follows="about"),
    KindDeclaration(Void, Owner.APPEND, follows="target"),
    KindDeclaration(Correction, Owner.APPEND, follows="target"),
    KindDeclaration(AccessEntry, Owner.APPEND),
    KindDeclaration(AccountEntry, Owner.APPEND),
    KindDeclaration(Conflict, Owner.COUNTY, follows="target", made_by_county=True),
    KindDeclaration(Quarantine, Owner.COUNTY, made_by_county=True),
)

KINDS = MappingProxyType({declaration.record.__name__: declaration for declaration in _DECLARATIONS})
"""Every declared kind by its name, in the order a page of records is applied."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as a store holds it: typed record, its dossier, and the county's revision (0 = not yet there)."""

    record: Record
    dossier: RecordId
    revision: int = 0
    extra: MappingProxyType[str, object] = field(default_factory=lambda: MappingProxyType({}))
    """Fields this version does not know, kept as they came."""


def kind_of(record: Record) -> str:
    """The kind's name of a record."""
    return type(record).__name__
