"""Form 1, 走访记录表 / 民情日记: one visit to a village, the people met, what was found and who follows it up."""

from dataclasses import astuple, dataclass

from desktop.forms.form import Form
from desktop.forms.sheet import tick
from desktop.forms.table import Row, Section, grid, label, signed, tall, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import (
    BLANK_SPAN,
    PrintContext,
    Readout,
    code,
    joined,
    labelled,
    options,
    place,
    span,
    text,
    yes_no,
)

_MODES = ("HOUSE", "SCREEN", "STAY", "RETURN", "GO_DOWN")
_SIGNING = "本人核对以上记录无误。"


@dataclass(frozen=True, slots=True)
class PersonMet:
    """A household or person met."""

    name: str = ""
    sex: str = ""
    age: str = ""
    family: str = ""
    contact: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """What was found: matter, its kind, what became of it, who follows it up and until when."""

    text: str = ""
    kind: str = ""
    outcome: str = ""
    responsible: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRecord:
    """The printable values of a visit; the defaults are a blank sheet."""

    unit: str = ""
    number: str = ""
    time: str = BLANK_SPAN
    mode: str = options("contact_mode", only=_MODES)
    village: str = ""
    group: str = ""
    visitors: str = ""
    alone_reason: str = ""
    company: str = ""
    unannounced: str = yes_no()
    people: tuple[PersonMet, ...] = ()
    background: str = ""
    problems: str = ""
    suggestions: str = ""
    solved: str = ""
    matters: tuple[Matter, ...] = ()
    summary: str = ""
    reflection: str = ""
    declined: str = tick(False, "被走访人拒绝签名")


def read_visit(readout: Readout, context: PrintContext) -> VisitRecord:
    """The values of a Visit with its households and findings."""
    return VisitRecord(
        unit=context.unit_name,
        number=text(readout, "number"),
        time=span(readout.get("started_at"), readout.get("ended_at")) or BLANK_SPAN,
        mode=options("contact_mode", readout.get("contact_mode"), only=_MODES),
        village=place(readout, "village", context),
        group=text(readout, "group"),
        visitors=text(readout, "visitors"),
        alone_reason=text(readout, "alone_reason"),
        company=text(readout, "company"),
        unannounced=yes_no(readout.get("unannounced")),
        people=tuple(_person(one) for one in readout.get("households") or ()),
        background=text(readout, "background"),
        problems=text(readout, "problems"),
        suggestions=text(readout, "suggestions"),
        solved=text(readout, "solved"),
        matters=tuple(_matter(one) for one in readout.get("findings") or ()),
        summary=text(readout, "summary"),
        reflection=text(readout, "reflection"),
        declined=tick(readout.get("signature_declined") is True, "被走访人拒绝签名"),
    )


def _person(readout: Readout) -> PersonMet:
    return PersonMet(
        name=text(readout, "name"),
        sex=code(readout, "sex", "sex"),
        age=text(readout, "age"),
        family=text(readout, "family"),
        contact=joined((text(readout, "address"), text(readout, "phone")), " "),
        note=text(readout, "note"),
    )


def _matter(readout: Readout) -> Matter:
    return Matter(
        text=text(readout, "text"),
        kind=code(readout, "problem_tag", "problem_tag"),
        outcome=code(readout, "outcome", "finding_outcome"),
        responsible=text(readout, "responsible"),
        due=text(readout, "due"),
    )


def compose_visit(data: VisitRecord, blank: bool = False) -> TableForm:
    """Lay a visit out in the official order."""
    return TableForm(
        title="走访记录表（民情日记）",
        heads=(labelled("填报单位", data.unit or "                    "), labelled("编号", data.number)),
        sections=(
            Section(_particulars(data)),
            _people(data.people, 3 if blank else 1),
            Section(_story(data)),
            _matters(data.matters, 3 if blank else 1),
            Section(_closing(data)),
        ),
    )


def _particulars(data: VisitRecord) -> tuple[Row, ...]:
    visitors = joined((data.visitors, labelled("单人走访原因", data.alone_reason)))
    return (
        Row((label("走访时间"), value(data.time, 15))),
        Row((label("走访方式"), value(data.mode, 15))),
        Row((label("走访村\n（社区）"), value(data.village, 8), label("村民小组"), value(data.group, 4))),
        Row((label("走访人员\n（2人以上）"), value(visitors, 8), label("陪同人员"), value(data.company, 4))),
        Row((label("是否四不两直"), value(data.unannounced, 15))),
    )


def _people(people: tuple[PersonMet, ...], least: int) -> Section:
    widths = (1.2, 3.4, 1.2, 1.2, 3.6, 4.4, 3.0)
    heads = ("序号", "走访对象", "性别", "年龄", "家庭情况", "住址及电话", "备注")
    return grid(widths, heads, [astuple(one) for one in people], least)


def _matters(matters: tuple[Matter, ...], least: int) -> Section:
    widths = (1.2, 6.6, 2.6, 2.6, 2.4, 2.6)
    heads = ("序号", "答复、解决及需跟办事项", "类别", "办理方式", "责任人", "完成时限")
    return grid(widths, heads, [astuple(one) for one in matters], least)


def _story(data: VisitRecord) -> tuple[Row, ...]:
    return (
        tall("基本情况", data.background),
        tall("存在问题\n及困难", data.problems),
        tall("意见建议", data.suggestions, stretch=0.8),
        tall("当场答复\n或解决情况", data.solved, stretch=0.8),
    )


def _closing(data: VisitRecord) -> tuple[Row, ...]:
    signing = f"{_SIGNING}{data.declined}\n\n                         年      月      日"
    signatures = (label("被走访人\n签名"), value(signing, 8), label("走访人\n签名"), value("", 4))
    return (
        tall("走访小结", data.summary, height=30.0, stretch=0.8),
        tall("心得体会", data.reflection, height=30.0, stretch=0.6),
        signed(Row(signatures, 60.0, 0.5)),
    )


VISIT_RECORD = Form(
    name="visit_record",
    code="LD-01",
    title="走访记录表",
    about_kind="Visit",
    empty=VisitRecord(),
    compose=compose_visit,
    read=read_visit,
)
