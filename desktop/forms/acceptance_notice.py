"""Form 5, 受理告知书 / 转送告知书: that a matter was received, who handles it, how to ask. Not for accusations."""

from dataclasses import dataclass

from desktop.forms.case_paper import (
    delivery_slip,
    joined_reference,
    open_paper,
    petitioner_name,
    refuse_accusation,
)
from desktop.forms.form import Form
from desktop.forms.letter import Letter
from desktop.forms.values import PrintContext, Readout, text

ACCEPTED, SENT_ON = "受理告知书", "转送告知书"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceNotice:
    """The printable values. ``sent_on``: another body than the issuer accepts it."""

    sent_on: bool = False
    document: str = ""
    petitioner: str = ""
    received: str = ""
    way: str = ""
    summary: str = ""
    number: str = ""
    body: str = ""
    limit: str = ""
    how_to_ask: str = ""
    organ: str = ""
    date: str = ""


def read_acceptance(readout: Readout, context: PrintContext) -> AcceptanceNotice:
    """The values of a Case with ``paper {document, summary, body, due, how_to_ask, organ, date}``."""
    refuse_accusation(readout, ACCEPTED)
    paper = open_paper(readout, context)
    body = paper.text("body") or context.unit_label(text(paper.step, "to_unit")) or paper.organ
    return AcceptanceNotice(
        sent_on=body != paper.organ,
        document=paper.document,
        petitioner=paper.text("petitioner") or petitioner_name(readout),
        received=paper.received,
        way=paper.way,
        summary=paper.summary,
        number=paper.number,
        body=body,
        limit=paper.due,
        how_to_ask=paper.text("how_to_ask") or context.contact,
        organ=paper.organ,
        date=paper.date,
    )


def compose_acceptance(data: AcceptanceNotice, blank: bool = False) -> Letter:
    """Lay the notice out."""
    title = SENT_ON if data.sent_on else ACCEPTED
    limit = f"，应于{data.limit}前办结并书面答复您" if data.limit else ""
    if data.sent_on:
        decision = f"该事项依照有关规定转送{data.body}办理{limit}。"
    else:
        decision = f"该事项由{data.body}予以受理{limit}。"
    paragraphs = [
        f"您于{data.received}以{data.way}方式提出的{joined_reference(data.summary, data.number)}收悉。",
        decision,
        "办理期限依规定延长的，将书面告知您理由。",
    ]
    if data.how_to_ask:
        paragraphs.append(f"查询办理情况，请凭本告知书编号联系：{data.how_to_ask}。")
    paragraphs.append("特此告知。")
    return Letter(
        title=title,
        document=data.document,
        addressee=data.petitioner,
        paragraphs=tuple(paragraphs),
        organ=data.organ,
        date=data.date,
        slip=delivery_slip(title, data.document),
    )


ACCEPTANCE_NOTICE = Form(
    name="acceptance_notice",
    code="LD-05",
    title=ACCEPTED,
    about_kind="Case",
    empty=AcceptanceNotice(),
    compose=compose_acceptance,
    read=read_acceptance,
    has_blank=False,
)
