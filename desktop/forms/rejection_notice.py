"""Form 6, 不予受理告知书: why a matter is not accepted and where to turn with it. Not for accusations."""

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
from desktop.forms.values import PrintContext, Readout

_TITLE = "不予受理告知书"


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionNotice:
    """The printable values. ``provision`` is typed by the issuer; none is printed of itself."""

    document: str = ""
    petitioner: str = ""
    received: str = ""
    way: str = ""
    summary: str = ""
    number: str = ""
    reason: str = ""
    provision: str = ""
    turn_to: str = ""
    organ: str = ""
    date: str = ""
    contact: str = ""


def read_rejection(readout: Readout, context: PrintContext) -> RejectionNotice:
    """The values of a Case with ``paper {document, summary, reason, provision, turn_to, organ, date}``."""
    refuse_accusation(readout, _TITLE)
    paper = open_paper(readout, context)
    return RejectionNotice(
        document=paper.document,
        petitioner=paper.text("petitioner") or petitioner_name(readout),
        received=paper.received,
        way=paper.way,
        summary=paper.summary,
        number=paper.number,
        reason=paper.text("reason"),
        provision=paper.text("provision"),
        turn_to=paper.text("turn_to"),
        organ=paper.organ,
        date=paper.date,
        contact=context.contact,
    )


def compose_rejection(data: RejectionNotice, blank: bool = False) -> Letter:
    """Lay the notice out."""
    provision = f"依据{data.provision}，" if data.provision else ""
    paragraphs = [
        f"您于{data.received}以{data.way}方式提出的{joined_reference(data.summary, data.number)}收悉。",
        f"经审查，{data.reason.rstrip('。')}。{provision}我单位决定不予受理。",
    ]
    if data.turn_to:
        paragraphs.append(f"您可以向{data.turn_to.rstrip('。')}提出。")
    paragraphs.append("特此告知。")
    return Letter(
        title=_TITLE,
        document=data.document,
        addressee=data.petitioner,
        paragraphs=tuple(paragraphs),
        organ=data.organ,
        date=data.date,
        contact=f"联系方式：{data.contact}" if data.contact else "",
        slip=delivery_slip(_TITLE, data.document),
    )


REJECTION_NOTICE = Form(
    name="rejection_notice",
    code="LD-06",
    title=_TITLE,
    about_kind="Case",
    empty=RejectionNotice(),
    compose=compose_rejection,
    read=read_rejection,
    has_blank=False,
)
