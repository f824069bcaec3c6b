"""Form 15, 回访记录表: how the petitioner took the answer. The case by its number, never by its content."""

from dataclasses import dataclass

from desktop.forms.form import Form
from desktop.forms.sheet import tick
from desktop.forms.table import Row, Section, label, signed, tall, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import BLANK_MOMENT, PrintContext, Readout, labelled, moment, options, text, yes_no

_WAYS = ("RETURN", "HOUSE", "APPOINT", "PHONE", "TALK")
_DECLINED = "受访人拒绝签名"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisitRecord:
    """The printable values of a return visit; the defaults are a blank sheet."""

    unit: str = ""
    number: str = ""
    case_number: str = ""
    time: str = BLANK_MOMENT
    way: str = options("contact_mode", only=_WAYS)
    staff: str = ""
    answer_received: str = yes_no(yes="已收到", no="未收到")
    answer_kept: str = yes_no(yes="已落实", no="未落实")
    manner: str = options("satisfaction")
    opinion: str = ""
    satisfaction: str = options("satisfaction")
    rework: str = yes_no(yes="要求重新办理", no="不要求")
    rework_reason: str = ""
    declined: str = tick(False, _DECLINED)
    remark: str = ""


def read_revisit(readout: Readout, context: PrintContext) -> RevisitRecord:
    """The values of a ReturnVisit: ``case {number}, at, contact_mode, staff, answer_received, answer_kept, manner,
    opinion, satisfaction, rework, rework_reason, signature_declined, remark``."""
    return RevisitRecord(
        unit=context.unit_name,
        number=text(readout, "number"),
        case_number=case_number(readout),
        time=moment(readout.get("at")) or BLANK_MOMENT,
        way=options("contact_mode", readout.get("contact_mode"), only=_WAYS),
        staff=text(readout, "staff"),
        answer_received=yes_no(readout.get("answer_received"), "已收到", "未收到"),
        answer_kept=yes_no(readout.get("answer_kept"), "已落实", "未落实"),
        manner=options("satisfaction", readout.get("manner")),
        opinion=text(readout, "opinion"),
        satisfaction=options("satisfaction", readout.get("satisfaction")),
        rework=yes_no(readout.get("rework"), "要求重新办理", "不要求"),
        rework_reason=text(readout, "rework_reason"),
        declined=tick(readout.get("signature_declined") is True, _DECLINED),
        remark=text(readout, "remark"),
    )


def case_number(readout: Readout) -> str:
    """The number of the case a record belongs to, where the readout names it."""
    case = readout.get("case")
    return text(case, "number") if isinstance(case, dict) else ""


def compose_revisit(data: RevisitRecord, blank: bool = False) -> TableForm:
    """Lay a return visit out."""
    signing = f"{data.declined}\n\n签名：                            年      月      日"
    rows = (
        Row((label("信访件编号"), value(data.case_number, 15)), 30.0),
        Row((label("回访时间"), value(data.time, 15)), 30.0),
        Row((label("回访方式"), value(data.way, 15)), 30.0),
        Row((label("回访人员\n（2人以上）"), value(data.staff, 15)), 36.0),
        Row((label("是否收到答复"), value(data.answer_received, 15)), 30.0),
        Row((label("答复是否落实"), value(data.answer_kept, 15)), 30.0),
        Row((label("对办理人员\n态度作风"), value(data.manner, 15)), 36.0),
        tall("意见建议", data.opinion, height=70.0),
        Row((label("满意度"), value(data.satisfaction, 15)), 30.0),
        Row((label("是否要求\n重新办理"), value(data.rework, 15)), 36.0),
        tall("重新办理\n的理由", data.rework_reason, height=50.0, stretch=0.8),
        signed(Row((label("受访人签名"), value(signing, 15)), 64.0)),
        signed(tall("备注", data.remark, height=30.0, stretch=0.3)),
    )
    return TableForm(
        title="回访记录表",
        heads=(labelled("回访单位", data.unit or "                    "), labelled("编号", data.number)),
        sections=(Section(rows),),
        notes=("说明：本表不记载信访件内容；有反映人在场以外的人员时，不得谈及反映的内容。",),
    )


REVISIT_RECORD = Form(
    name="revisit_record",
    code="LD-15",
    title="回访记录表",
    about_kind="ReturnVisit",
    empty=RevisitRecord(),
    compose=compose_revisit,
    read=read_revisit,
)
