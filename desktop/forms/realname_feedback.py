"""Form 14, 实名举报反馈记录: the result told to a real-name petitioner by two of the handling office. Only that."""

from dataclasses import dataclass

from desktop.forms.case_paper import open_paper, real_name_mark
from desktop.forms.form import Form
from desktop.forms.realname_contact import tick_words
from desktop.forms.table import Row, Section, label, tall, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import BLANK_MOMENT, PrintContext, Readout, labelled, moment, options

_WAYS = ("当面", "电话", "书面", "网络")


@dataclass(frozen=True, slots=True, kw_only=True)
class RealnameFeedback:
    """The printable values; the defaults are a blank sheet."""

    unit: str = ""
    number: str = ""
    real_name: str = ""
    time: str = BLANK_MOMENT
    way: str = tick_words(_WAYS)
    staff: str = ""
    told: str = ""
    objection: str = options("feedback_objection")
    objection_reason: str = ""
    new_evidence: str = ""


def read_feedback(readout: Readout, context: PrintContext) -> RealnameFeedback:
    """The values of a Case with ``paper {at, way, staff, told, objection, objection_reason, new_evidence}``."""
    paper = open_paper(readout, context)
    return RealnameFeedback(
        unit=paper.organ,
        number=paper.number,
        real_name=real_name_mark(readout),
        time=moment(paper.paper.get("at")) or BLANK_MOMENT,
        way=tick_words(_WAYS, paper.text("way")),
        staff=paper.text("staff"),
        told=paper.text("told"),
        objection=options("feedback_objection", paper.paper.get("objection")),
        objection_reason=paper.text("objection_reason"),
        new_evidence=paper.text("new_evidence"),
    )


def compose_feedback(data: RealnameFeedback, blank: bool = False) -> TableForm:
    """Lay the record out."""
    staff = "签名：                              签名：                              年      月      日"
    petitioner = "签名：                              年      月      日"
    rows = (
        Row((label("信访件编号"), value(data.number, 8), label("署名情况"), value(data.real_name, 4)), 32.0),
        Row((label("反馈时间"), value(data.time, 15)), 32.0),
        Row((label("反馈方式"), value(data.way, 15)), 32.0),
        Row((label("反馈人员\n（2人）"), value(data.staff, 15)), 38.0),
        tall("反馈内容\n（仅结果）", data.told, height=90.0, stretch=1.4),
        Row((label("有无异议"), value(data.objection, 15)), 32.0),
        tall("异议及理由", data.objection_reason, height=60.0),
        tall("新的证据\n材料", data.new_evidence, height=60.0),
        Row((label("举报人签名"), value(petitioner, 15)), 50.0),
        Row((label("反馈人员\n签名"), value(staff, 15)), 50.0),
    )
    return TableForm(
        title="实名举报反馈记录",
        heads=(labelled("承办单位", data.unit or "                    "), labelled("编号", data.number)),
        sections=(Section(rows),),
        notes=("说明：由承办部门2名工作人员反馈并签名；只反馈结果，不出示、不留存办理材料。",),
    )


REALNAME_FEEDBACK = Form(
    name="realname_feedback",
    code="LD-14",
    title="实名举报反馈记录",
    about_kind="Case",
    empty=RealnameFeedback(),
    compose=compose_feedback,
    read=read_feedback,
)
