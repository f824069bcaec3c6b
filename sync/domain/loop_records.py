"""Records of the loop after registration: interviews, return visits, ratings, and the numbers of letters."""

from dataclasses import dataclass

from sync.domain.declarations import FieldType as F
from sync.domain.declarations import Owner, Record, declare
from sync.domain.ids import Instant, RecordId

APPEND = Owner.APPEND


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """One point of the closing checklist that was not done, with the written reason."""

    point: str = declare(F.CODE, "closing_point", owner=APPEND, required=True)
    reason: str = declare(F.LONG_TEXT, owner=APPEND, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswer:
    """One question of an interview with its answer."""

    question: str | None = declare(F.LONG_TEXT)
    answer: str | None = declare(F.LONG_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview(Record):
    """A talk taken down. ``person`` stays empty where it is the complainant, whose identity lies apart."""

    number: str | None = declare(F.TEXT, owner=APPEND)
    case: RecordId | None = declare(F.REFERENCE, owner=APPEND)
    interview_kind: str = declare(F.CODE, "interview_kind", required=True)
    started_at: Instant = declare(F.INSTANT, required=True)
    ended_at: Instant | None = declare(F.INSTANT)
    place: str | None = declare(F.TEXT)
    interviewers: tuple[str, ...] = declare(F.TEXTS)
    alone_reason: str | None = declare(F.TEXT)
    recorder: str | None = declare(F.TEXT)
    interpreter: str | None = declare(F.TEXT)
    interviewee: str | None = declare(F.CODE, "interviewee")
    person: str | None = declare(F.TEXT)
    person_facts: str | None = declare(F.LONG_TEXT)
    notices: tuple[str, ...] = declare(F.TEXTS, "interview_notice")
    questions: tuple[QuestionAnswer, ...] = declare(F.ITEMS, item=QuestionAnswer)
    recorded: bool | None = declare(F.BOOLEAN)
    signature_declined: bool | None = declare(F.BOOLEAN)
    remark: str | None = declare(F.LONG_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnVisit(Record):
    """What the petitioner says after the answer."""

    number: str | None = declare(F.TEXT, owner=APPEND)
    case: RecordId = declare(F.REFERENCE, owner=APPEND, required=True)
    visited_at: Instant = declare(F.INSTANT, required=True)
    contact_mode: str | None = declare(F.CODE, "contact_mode")
    staff: tuple[str, ...] = declare(F.TEXTS)
    answer_received: bool | None = declare(F.BOOLEAN)
    promise_kept: bool | None = declare(F.BOOLEAN)
    manner: str | None = declare(F.CODE, "satisfaction")
    opinion: str | None = declare(F.LONG_TEXT)
    satisfaction: str | None = declare(F.CODE, "satisfaction")
    rework: bool | None = declare(F.BOOLEAN)
    unreached_reason: str | None = declare(F.TEXT)
    signature_declined: bool | None = declare(F.BOOLEAN)
    remark: str | None = declare(F.LONG_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating(Record):
    """A satisfaction sheet handed back: five ticks and the whole. Without ``case`` where it was anonymous."""

    case: RecordId | None = declare(F.REFERENCE, owner=APPEND)
    rated_at: Instant = declare(F.INSTANT, required=True)
    timely: bool | None = declare(F.BOOLEAN)
    manner: bool | None = declare(F.BOOLEAN)
    lawful: bool | None = declare(F.BOOLEAN)
    open: bool | None = declare(F.BOOLEAN)
    result: bool | None = declare(F.BOOLEAN)
    overall: str | None = declare(F.CODE, "satisfaction")
    suggestions: str | None = declare(F.LONG_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentNumber(Record):
    """One line of an organ's register of letters: ``mark〔year〕serial号``, gapless within a year."""

    mark: str = declare(F.TEXT, owner=APPEND, required=True)
    year: int = declare(F.INTEGER, owner=APPEND, required=True)
    serial: int = declare(F.INTEGER, owner=APPEND, required=True)
    form: str | None = declare(F.TEXT, owner=APPEND)
    case: RecordId | None = declare(F.REFERENCE, owner=APPEND)
    issued_at: Instant = declare(F.INSTANT, owner=APPEND, required=True)
    signer: str | None = declare(F.TEXT, owner=APPEND)
    title: str | None = declare(F.TEXT, owner=APPEND)
