"""Form 6, 不予受理告知书: why a matter is not accepted and where to turn with it. Not for accusations."""

from dataclasses import dataclass

from desktop.forms.letter import Letter
from desktop.forms.petition_letter import PetitionLetter, lay_out, letter_form, read_letter
from desktop.forms.values import BY_HAND, PrintContext, Readout

_TITLE = "不予受理告知书"


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionNotice(PetitionLetter):
    """The printable values. ``provision`` is typed by the issuer; none is printed of itself."""

    reason: str = ""
    provision: str = ""
    turn_to: str = ""
    contact: str = ""


def read_rejection(readout: Readout, context: PrintContext) -> RejectionNotice:
    """The values of a Case with ``paper {document, summary, reason, provision, turn_to, organ, date}``."""
    paper, shared = read_letter(readout, context, _TITLE)
    return RejectionNotice(
        reason=paper.text("reason"),
        provision=paper.text("provision"),
        turn_to=paper.text("turn_to"),
        contact=context.contact,
        **shared,
    )


def compose_rejection(data: RejectionNotice, blank: bool = False) -> Letter:
    """Lay the notice out."""
    provision = f"依据{data.provision}，" if data.provision else ""
    paragraphs = [data.reference, f"经审查，{data.reason.rstrip('。') or BY_HAND}。{provision}我单位决定不予受理。"]
    if data.turn_to:
        paragraphs.append(f"您可以向{data.turn_to.rstrip('。')}提出。")
    return lay_out(data, _TITLE, [*paragraphs, "特此告知。"], contact=data.contact)


REJECTION_NOTICE = letter_form(
    "rejection_notice", "LD-06", _TITLE, RejectionNotice(), compose=compose_rejection, read=read_rejection
)
