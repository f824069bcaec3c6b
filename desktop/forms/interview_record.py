"""Form 3, 接谈记录 / 谈话笔录: who spoke with whom, what was told, asked and answered; signed page by page.

A walk-in is heard in a 接谈记录; only a formal talk makes a 谈话笔录, which alone asks for fingerprints.
"""

from dataclasses import dataclass, field

from desktop.forms.complainant import Person, read_person
from desktop.forms.form import Form
from desktop.forms.ruled import RuledRecord
from desktop.forms.sheet import tick
from desktop.forms.table import Row, Section, label, value
from desktop.forms.values import (
    BLANK_SPAN,
    PrintContext,
    Readout,
    joined,
    labelled,
    span,
    text,
    yes_no,
)

PLAIN, FORMAL = "接谈记录", "谈话笔录"
_PHRASE = "以上记录我看过（或已向我宣读），和我说的相符。"
_NOTICES = (
    "我们是本单位工作人员（已出示证件）。您反映的情况和身份依法保密。您有如实反映情况的义务，"
    "有申请回避、核对和补充更正记录的权利；诬告陷害、作虚假陈述须负责任。以上是否听清？"
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question with its answer."""

    question: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewRecord:
    """The printable values of an interview; the defaults are a blank sheet."""

    unit: str = ""
    number: str = ""
    formal: bool = False
    time: str = BLANK_SPAN
    place: str = ""
    interviewers: str = ""
    recorder: str = ""
    interpreter: str = ""
    person: Person = field(default_factory=Person)
    facts: str = ""
    recorded: str = yes_no()
    notices: str = _NOTICES
    exchanges: tuple[Exchange, ...] = ()
    declined: str = tick(False, "拒绝签名")
    declined_reason: str = ""


def read_interview(readout: Readout, context: PrintContext) -> InterviewRecord:
    """The values of an Interview: ``formal, started_at, ended_at, place, interviewers, recorder, interpreter, recorded,
    notices, exchanges [{question, answer}], person_facts, signature_declined, declined_reason`` and the complainant."""
    return InterviewRecord(
        unit=context.unit_name,
        number=text(readout, "number"),
        formal=readout.get("formal") is True,
        time=span(readout.get("started_at"), readout.get("ended_at")) or BLANK_SPAN,
        place=text(readout, "place"),
        interviewers=text(readout, "interviewers"),
        recorder=text(readout, "recorder"),
        interpreter=text(readout, "interpreter"),
        person=read_person(readout),
        facts=text(readout, "person_facts"),
        recorded=yes_no(readout.get("recorded")),
        notices=text(readout, "notices") or _NOTICES,
        exchanges=tuple(_exchange(one) for one in readout.get("exchanges") or ()),
        declined=tick(readout.get("signature_declined") is True, "拒绝签名"),
        declined_reason=text(readout, "declined_reason"),
    )


def _exchange(one: Readout) -> Exchange:
    return Exchange(text(one, "question"), text(one, "answer"))


def compose_interview(data: InterviewRecord, blank: bool = False) -> RuledRecord:
    """Lay an interview out; a blank one has a second page."""
    return RuledRecord(
        title=_title(data),
        heads=(labelled("单位", data.unit or "                    "), labelled("编号", data.number)),
        sections=(Section(_particulars(data)),),
        said=_said(data),
        closing=_closing(data),
        signatures=_signatures(data.formal),
        struck=not blank,
        least_pages=2 if blank else 1,
    )


def _title(data: InterviewRecord) -> str:
    return FORMAL if data.formal else PLAIN


def _particulars(data: InterviewRecord) -> tuple[Row, ...]:
    who = "被谈话人" if data.formal else "来访人"
    person = data.person
    about = joined(
        (person.sex, person.age and f"{person.age}岁", person.ethnicity, person.political_status, person.kind), "，"
    )
    where = joined((person.address, person.workplace, labelled("电话", person.phone)))
    staff = "谈话人\n（2人以上）" if data.formal else "接谈人\n（2人以上）"
    told = (Row((label("情况说明"), value(data.facts, 15))),) if data.facts else ()
    return (
        Row((label("时间"), value(data.time, 15))),
        Row((label("地点"), value(data.place, 9), label("录音录像", 2.5), value(data.recorded, 3.5))),
        Row((label(staff), value(data.interviewers, 6), label("记录人", 2.5), value(data.recorder, 6.5))),
        Row((label(who), value(person.name, 6), label("基本情况", 2.5), value(about, 6.5))),
        *told,
        Row((label("是否实名"), value(person.identity, 15))),
        Row((label("身份证号"), value(person.id_number, 6), label("翻译", 2.5), value(data.interpreter, 6.5))),
        Row((label("住址及\n联系方式"), value(where, 15))),
    )


def _said(data: InterviewRecord) -> tuple[str, ...]:
    said = [f"告知：{data.notices}"]
    for exchange in data.exchanges:
        said += [f"问：{exchange.question}", f"答：{exchange.answer}"]
    if data.declined_reason:
        said.append(f"拒绝签名情况：{data.declined_reason}")
    return tuple(said)


def _closing(data: InterviewRecord) -> tuple[str, ...]:
    who = "被谈话人" if data.formal else "来访人"
    return (f"（请{who}核对后手写：“{_PHRASE}”）", " ", " ", f"{data.declined}（由两名工作人员注明情况并签名）")


def _signatures(formal: bool) -> tuple[str, ...]:
    who = "被谈话人签名（捺指印）" if formal else "来访人签名"
    staff = "谈话人签名" if formal else "接谈人签名"
    return (
        f"{who}：                                                  年      月      日",
        f"{staff}：                                   记录人签名：                        年      月      日",
    )


INTERVIEW_RECORD = Form(
    name="interview_record",
    code="LD-03",
    title=PLAIN,
    about_kind="Interview",
    empty=InterviewRecord(),
    compose=compose_interview,
    read=read_interview,
    named=_title,
)
