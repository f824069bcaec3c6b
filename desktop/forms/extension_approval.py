"""Form 11, 延期审批表: why the limit is not enough, how many days more (30 at most), who approved, who was told."""

from dataclasses import dataclass

from desktop.forms.case_paper import open_paper
from desktop.forms.form import Form
from desktop.forms.table import Row, Section, label, tall, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import BLANK_DAY, PrintContext, Readout, day, labelled

_SIGNED = "签名：                              年      月      日"
_TOLD_BY = "告知人：                              年      月      日"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionApproval:
    """The printable values; the defaults are a blank sheet."""

    unit: str = ""
    number: str = ""
    accepted: str = BLANK_DAY
    old_limit: str = BLANK_DAY
    reason: str = ""
    days: str = ""
    new_limit: str = BLANK_DAY
    handler_opinion: str = ""
    head_opinion: str = ""
    told: str = ""


def read_extension(readout: Readout, context: PrintContext) -> ExtensionApproval:
    """The values of a Case with ``paper {accepted_at, old_limit, reason, days, new_limit, handler_opinion,
    head_opinion, told}``."""
    paper = open_paper(readout, context)
    return ExtensionApproval(
        unit=paper.organ,
        number=paper.number,
        accepted=day(paper.paper.get("accepted_at")) or BLANK_DAY,
        old_limit=day(paper.paper.get("old_limit")) or BLANK_DAY,
        reason=paper.text("reason"),
        days=paper.text("days"),
        new_limit=day(paper.paper.get("new_limit")) or BLANK_DAY,
        handler_opinion=paper.text("handler_opinion"),
        head_opinion=paper.text("head_opinion"),
        told=paper.text("told"),
    )


def compose_extension(data: ExtensionApproval, blank: bool = False) -> TableForm:
    """Lay the approval out."""
    days = f"{data.days or '      '} 日（不超过30日）"
    rows = (
        Row((label("信访件编号"), value("" if blank else data.number, 15)), 34.0),
        Row((label("受理日期"), value(data.accepted, 6), label("原办理期限"), value(data.old_limit, 6)), 34.0),
        tall("延期理由", data.reason, height=100.0, stretch=1.4),
        Row((label("申请延长"), value(days, 6), label("延长后期限"), value(data.new_limit, 6)), 34.0),
        tall("承办人意见", data.handler_opinion, height=70.0, foot=_SIGNED),
        tall("单位负责人\n审批意见", data.head_opinion, height=80.0, foot=_SIGNED),
        tall("告知信访人\n情况（时间、\n方式、理由）", data.told, height=80.0, foot=_TOLD_BY),
    )
    return TableForm(
        title="信访事项延期审批表",
        heads=(labelled("承办单位", data.unit or "                    "), labelled("编号", data.number)),
        sections=(Section(rows),),
        notes=("说明：延期须在原期限届满前由单位负责人批准，只延一次，并书面告知信访人理由。",),
    )


EXTENSION_APPROVAL = Form(
    name="extension_approval",
    code="LD-11",
    title="信访事项延期审批表",
    about_kind="Case",
    empty=ExtensionApproval(),
    compose=compose_extension,
    read=read_extension,
)
