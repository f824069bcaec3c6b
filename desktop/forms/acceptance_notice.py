"""Form 5, 受理告知书 / 转送告知书: that a matter was received, who handles it, how to ask. Not for accusations."""

from dataclasses import dataclass

from desktop.forms.letter import Letter
from desktop.forms.petition_letter import PetitionLetter, lay_out, letter_form, read_letter
from desktop.forms.values import PrintContext, Readout, text

ACCEPTED, SENT_ON = "受理告知书", "转送告知书"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceNotice(PetitionLetter):
    """The printable values. ``sent_on``: another body than the issuer accepts it."""

    sent_on: bool = False
    body: str = ""
    limit: str = ""
    how_to_ask: str = ""


def read_acceptance(readout: Readout, context: PrintContext) -> AcceptanceNotice:
    """The values of a Case with ``paper {document, summary, body, due, how_to_ask, organ, date}``."""
    paper, shared = read_letter(readout, context, ACCEPTED)
    body = paper.text("body") or context.unit_label(text(paper.step, "to_unit")) or paper.organ
    return AcceptanceNotice(
        sent_on=body != paper.organ,
        body=body,
        limit=paper.due,
        how_to_ask=paper.text("how_to_ask") or context.contact,
        **shared,
    )


def compose_acceptance(data: AcceptanceNotice, blank: bool = False) -> Letter:
    """Lay the notice out."""
    limit = f"，应于{data.limit}前办结并书面答复您" if data.limit else ""
    if data.sent_on:
        decision = f"该事项依照有关规定转送{data.body}办理{limit}。"
    else:
        decision = f"该事项由{data.body}予以受理{limit}。"
    paragraphs = [data.reference, decision, "办理期限依规定延长的，将书面告知您理由。"]
    if data.how_to_ask:
        paragraphs.append(f"查询办理情况，请凭本告知书编号联系：{data.how_to_ask}。")
    return lay_out(data, _title(data), [*paragraphs, "特此告知。"])


def _title(data: AcceptanceNotice) -> str:
    return SENT_ON if data.sent_on else ACCEPTED


ACCEPTANCE_NOTICE = letter_form(
    "acceptance_notice",
    "LD-05",
    ACCEPTED,
    AcceptanceNotice(),
    compose=compose_acceptance,
    read=read_acceptance,
    named=_title,
)
