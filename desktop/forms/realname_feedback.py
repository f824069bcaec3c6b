"""Form 14, 实名举报反馈记录: the result told to a real-name petitioner by two of the handling office. Only that."""

from dataclasses import dataclass

from desktop.forms.form import Form
from desktop.forms.realname_sheet import RealnameSheet, lay_out, read_sheet
from desktop.forms.table import Row, label, signed, tall, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import PrintContext, Readout, options

_TITLE = "实名举报反馈记录"
_SIGNED = "签名：                              年      月      日"
_NOTE = "说明：由承办部门2名工作人员反馈并签名；只反馈结果，不出示、不留存办理材料。"


@dataclass(frozen=True, slots=True, kw_only=True)
class RealnameFeedback(RealnameSheet):
    """The printable values; the defaults are a blank sheet."""

    objection: str = options("feedback_objection")
    objection_reason: str = ""
    new_evidence: str = ""


def read_feedback(readout: Readout, context: PrintContext) -> RealnameFeedback:
    """The values of a Case with ``paper {at, way, staff, told, objection, objection_reason, new_evidence}``."""
    paper, shared = read_sheet(readout, context)
    return RealnameFeedback(
        objection=options("feedback_objection", paper.paper.get("objection")),
        objection_reason=paper.text("objection_reason"),
        new_evidence=paper.text("new_evidence"),
        **shared,
    )


def compose_feedback(data: RealnameFeedback, blank: bool = False) -> TableForm:
    """Lay the record out."""
    rows = (
        tall("反馈内容\n（仅结果）", data.told, height=90.0, stretch=1.4),
        Row((label("有无异议"), value(data.objection, 15)), 32.0),
        tall("异议及理由", data.objection_reason, height=60.0),
        tall("新的证据\n材料", data.new_evidence, height=60.0),
        signed(Row((label("举报人签名"), value(_SIGNED, 15)), 50.0)),
    )
    return lay_out(data, _TITLE, "反馈", rows, blank=blank, unit="承办单位", signing=50.0, note=_NOTE)


REALNAME_FEEDBACK = Form(
    name="realname_feedback",
    code="LD-14",
    title=_TITLE,
    about_kind="Case",
    empty=RealnameFeedback(),
    compose=compose_feedback,
    read=read_feedback,
)
