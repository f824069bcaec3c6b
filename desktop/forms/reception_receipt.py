"""Form 25, 来访登记回执: what the visitor takes home. Number, date, desk, how to ask, rights; never the content."""

from dataclasses import dataclass

from desktop.forms.form import Form
from desktop.forms.table import Row, Section, label, tall, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import BLANK_MOMENT, PrintContext, Readout, joined, labelled, moment, text

_HOW_TO_ASK = (
    "凭本回执编号，可到接待处当面询问，也可来信、来电询问办理进度。询问时请出示或说明编号，不必重述反映的内容。"
)
_RIGHTS = (
    "一、受保护权。接访人员对您的身份和反映的内容保密；任何单位和个人不得打击报复。",
    "二、申请回避权。认为接访或办理人员与所反映事项有利害关系的，可以申请其回避。",
    "三、查询权。可以凭编号查询受理和办理情况。",
    "四、提出异议权。对告知或答复有异议的，可以说明理由并补充材料。",
)
_DUTY = "请如实反映情况并保管好本回执。本回执只证明已经登记，不代表对所反映问题的认定。"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionReceipt:
    """The printable values; the defaults are a blank sheet."""

    unit: str = ""
    number: str = ""
    time: str = BLANK_MOMENT
    desk: str = ""
    receiver: str = ""
    contact: str = ""


def read_receipt(readout: Readout, context: PrintContext) -> ReceptionReceipt:
    """The values of a Reception that its visitor may carry through the street."""
    return ReceptionReceipt(
        unit=context.unit_name,
        number=text(readout, "number"),
        time=moment(readout.get("received_at")) or BLANK_MOMENT,
        desk=text(readout, "place") or context.unit_name,
        receiver=text(readout, "receiver"),
        contact=context.contact,
    )


def compose_receipt(data: ReceptionReceipt, blank: bool = False) -> TableForm:
    """Lay the receipt out."""
    signing = "接访单位（印章）：\n\n                                    年      月      日"
    asking = joined((_HOW_TO_ASK, labelled("联系方式", data.contact)), "\n")
    rows = (
        Row((label("登记编号"), value(data.number, 15)), 32.0),
        Row((label("登记时间"), value(data.time, 15)), 32.0),
        Row((label("接待处"), value(data.desk, 8), label("接访人"), value(data.receiver, 4)), 32.0),
        Row((label("查询方式"), value(asking, 15)), 60.0),
        Row((label("您的权利"), value("\n".join(_RIGHTS), 15)), 96.0),
        tall("说明", _DUTY, height=32.0, stretch=0.0),
        Row((label("出具单位"), value(signing, 15)), 80.0),
    )
    return TableForm(
        title="来访登记回执",
        heads=(labelled("出具单位", data.unit or "                    "), labelled("编号", data.number)),
        sections=(Section(rows),),
        stretch=False,
    )


RECEPTION_RECEIPT = Form(
    name="reception_receipt",
    code="LD-25",
    title="来访登记回执",
    about_kind="Reception",
    empty=ReceptionReceipt(),
    compose=compose_receipt,
    read=read_receipt,
)
