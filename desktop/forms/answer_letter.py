"""Form 13, 信访处理意见书 (答复意见书): what was found of each claim, on what basis, and how to object."""

from dataclasses import dataclass

from desktop.forms.letter import Letter
from desktop.forms.petition_letter import PetitionLetter, lay_out, letter_form, read_letter
from desktop.forms.values import BY_HAND, PrintContext, Readout, code, day, text

_TITLE = "信访处理意见书"
_ORDINALS = "一二三四五六七八九十"
_REMEDY = "如对本处理意见不服，可以自收到本意见书之日起30日内，向{review}提出复查申请。"


@dataclass(frozen=True, slots=True)
class ClaimAnswered:
    """One claim with the facts found, the basis, and the opinion on it."""

    claim: str = ""
    facts: str = ""
    basis: str = ""
    outcome: str = ""
    opinion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLetter(PetitionLetter):
    """The printable values."""

    accepted: str = ""
    claims: tuple[ClaimAnswered, ...] = ()
    review: str = ""
    contact: str = ""


def read_answer(readout: Readout, context: PrintContext) -> AnswerLetter:
    """The values of a Case with ``paper {document, summary, accepted_at, claims [{claim, facts, basis, outcome,
    opinion}], review, organ, date}``; without claims the case's own claim and reply are one."""
    paper, shared = read_letter(readout, context, _TITLE)
    claims = tuple(_claim(one) for one in paper.paper.get("claims") or ())
    only = ClaimAnswered(claim=text(readout, "claim"), opinion=text(readout, "reply"))
    return AnswerLetter(
        accepted=day(paper.paper.get("accepted_at")),
        claims=claims or (only,),
        review=paper.text("review") or "本机关的上一级行政机关",
        contact=paper.text("contact") or context.contact,
        **shared,
    )


def _claim(one: Readout) -> ClaimAnswered:
    return ClaimAnswered(
        claim=text(one, "claim"),
        facts=text(one, "facts"),
        basis=text(one, "basis"),
        outcome=code(one, "outcome", "claim_outcome"),
        opinion=text(one, "opinion"),
    )


def compose_answer(data: AnswerLetter, blank: bool = False) -> Letter:
    """Lay the answer out."""
    accepted = f"我单位于{data.accepted}受理，" if data.accepted else ""
    paragraphs = [f"{data.opening}信访事项（编号：{data.number or BY_HAND}）收悉。{accepted}现答复如下："]
    for index, claim in enumerate(data.claims):
        paragraphs += _claim_paragraphs(index, claim)
    paragraphs.append(_REMEDY.format(review=data.review))
    heading = f"关于“{data.matter}”信访事项的处理意见书"
    return lay_out(data, _TITLE, paragraphs, heading=heading, contact=data.contact)


def _claim_paragraphs(index: int, claim: ClaimAnswered) -> list[str]:
    ordinal = _ORDINALS[index] if index < len(_ORDINALS) else str(index + 1)
    outcome = f"（{claim.outcome}）" if claim.outcome else ""
    parts = (
        (f"{ordinal}、诉求：", claim.claim),
        ("查明事实：", claim.facts),
        ("依据：", claim.basis),
        (f"处理意见{outcome}：", claim.opinion),
    )
    return [lead + said for lead, said in parts if said]


ANSWER_LETTER = letter_form("answer_letter", "LD-13", _TITLE, AnswerLetter(), compose=compose_answer, read=read_answer)
