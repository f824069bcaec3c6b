"""Form 26, 送达回证: that a paper reached the person it is for, or why it did not."""

from dataclasses import dataclass

from desktop.forms.case_paper import open_paper, petitioner_name
from desktop.forms.form import Form
from desktop.forms.table import Cell, Row, Section, label, signed, tall, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import BLANK_MOMENT, PrintContext, Readout, labelled, moment, tick_words

_WAYS = ("直接送达", "邮寄送达", "留置送达", "委托送达", "电子送达")
_SIGNED = "签名（盖章）：                              年      月      日      时      分"
_TWO_SIGNED = "签名：                              签名：                              年      月      日"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReceipt:
    """The printable values; the defaults are a blank sheet."""

    unit: str = ""
    number: str = ""
    paper: str = ""
    document: str = ""
    recipient: str = ""
    place: str = ""
    way: str = tick_words(_WAYS)
    time: str = BLANK_MOMENT
    deputy: str = ""
    refusal: str = ""
    remark: str = ""


def read_delivery(readout: Readout, context: PrintContext) -> DeliveryReceipt:
    """The values of a Case with ``paper {title, document, recipient, place, way, at, deputy, refusal, remark}``."""
    paper = open_paper(readout, context)
    return DeliveryReceipt(
        unit=paper.organ,
        number=paper.number,
        paper=paper.text("title"),
        document=paper.document,
        recipient=paper.text("recipient") or petitioner_name(readout),
        place=paper.text("place"),
        way=tick_words(_WAYS, paper.text("way")),
        time=moment(paper.paper.get("at")) or BLANK_MOMENT,
        deputy=paper.text("deputy"),
        refusal=paper.text("refusal"),
        remark=paper.text("remark"),
    )


def compose_delivery(data: DeliveryReceipt, blank: bool = False) -> TableForm:
    """Lay the receipt out."""
    rows = (
        Row((label("送达文书"), value(data.paper, 8), label("文号"), value(data.document, 4)), 34.0),
        Row((label("受送达人"), value(data.recipient, 15)), 34.0),
        Row((label("送达地点"), value(data.place, 15)), 34.0),
        Row((label("送达方式"), value(data.way, 15)), 34.0),
        Row((label("送达时间"), value(data.time, 15)), 34.0),
        Row((label("受送达人\n签收"), Cell("", 15, foot=_SIGNED)), 70.0),
        tall("代收人及与\n受送达人关系", data.deputy, height=70.0, foot=_SIGNED),
        tall("拒收事由及\n见证人签名", data.refusal, height=80.0, foot=_SIGNED),
        signed(Row((label("送达人\n（2人）签名"), value(_TWO_SIGNED, 15)), 56.0)),
        signed(tall("备注", data.remark, height=36.0, stretch=0.4)),
    )
    return TableForm(
        title="送达回证",
        heads=(labelled("送达单位", data.unit or "                    "), labelled("编号", data.number)),
        sections=(Section(rows),),
    )


DELIVERY_RECEIPT = Form(
    name="delivery_receipt",
    code="LD-26",
    title="送达回证",
    about_kind="Case",
    empty=DeliveryReceipt(),
    compose=compose_delivery,
    read=read_delivery,
)
