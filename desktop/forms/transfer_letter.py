"""Form 9, 转办函 / 移送函 / 交办函: a matter goes to the body that handles it. Never the complainant's name."""

from dataclasses import dataclass

from desktop.forms.case_paper import open_paper, real_name_mark
from desktop.forms.form import Form
from desktop.forms.letter import Letter, Slip
from desktop.forms.values import BY_HAND, DAY_BY_HAND, PrintContext, Readout, joined, text

TITLES = {"MOVE": "移送函", "ASSIGN": "交办函", "DIRECT": "径送函"}
_OTHERWISE = "转办函"
_SECRECY = "请严格遵守保密规定，不得将信访材料及反映人情况透露给被反映人和无关人员；依规定应当回避的，应予回避。"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLetter:
    """The printable values; there is no place for the complainant's name."""

    mark: str = ""
    document: str = ""
    title: str = _OTHERWISE
    addressee: str = ""
    number: str = ""
    real_name: str = ""
    received: str = ""
    way: str = ""
    summary: str = ""
    demand: str = ""
    limit: str = ""
    attachments: tuple[str, ...] = ()
    organ: str = ""
    date: str = ""
    contact: str = ""


def read_transfer(readout: Readout, context: PrintContext) -> TransferLetter:
    """The values of a Case with ``paper {mark, document, method, addressee, summary, demand, due, attachments, organ,
    date, contact}``."""
    paper = open_paper(readout, context)
    method = paper.text("method") or text(paper.step, "method")
    return TransferLetter(
        mark=paper.text("mark") or paper.organ,
        document=paper.document,
        title=TITLES.get(method, _OTHERWISE),
        addressee=paper.addressee,
        number=paper.number,
        real_name=real_name_mark(readout),
        received=paper.received,
        way=paper.way,
        summary=paper.summary,
        demand=paper.text("demand") or text(paper.step, "note"),
        limit=paper.due,
        attachments=paper.names("attachments"),
        organ=paper.organ,
        date=paper.date,
        contact=paper.text("contact") or context.contact,
    )


def compose_transfer(data: TransferLetter, blank: bool = False) -> Letter:
    """Lay the letter out."""
    facts = joined(
        (f"编号{data.number or BY_HAND}", data.real_name, f"{data.received or DAY_BY_HAND}收到", data.way), "，"
    )
    limit = f"请于{data.limit}前书面报告办理结果。" if data.limit else ""
    paragraphs = (
        f"现将信访件1件（{facts}）转你单位，请依规依纪依法办理。",
        f"主要反映：{data.summary or BY_HAND}",
        f"办理要求：{data.demand}" if data.demand else "",
        limit,
        _SECRECY,
    )
    return Letter(
        mark=data.mark,
        document=data.document,
        title=data.title,
        addressee=data.addressee,
        paragraphs=tuple(paragraph for paragraph in paragraphs if paragraph),
        attachments=data.attachments,
        organ=data.organ,
        date=data.date,
        contact=f"联系方式：{data.contact}" if data.contact else "",
        slip=_slip(data),
    )


def _slip(data: TransferLetter) -> Slip:
    return Slip(
        "回   执",
        (
            f"{data.organ}：",
            f"        你单位《{data.title}》{data.document}及所附信访件（编号{data.number}）收悉。",
            "收件单位（印章）：                                收件人：",
            "联系电话：                                            收件时间：          年      月      日",
        ),
    )


TRANSFER_LETTER = Form(
    name="transfer_letter",
    code="LD-09",
    title=_OTHERWISE,
    about_kind="Case",
    empty=TransferLetter(),
    compose=compose_transfer,
    read=read_transfer,
    has_blank=False,
    named=lambda data: data.title,
)
