"""What the letters to a petitioner share: when and how the matter came in, who writes, the slip to sign. Not for
accusations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from desktop.forms.case_paper import CasePaper, delivery_slip, open_paper, petitioner_name, refuse_accusation
from desktop.forms.form import Form
from desktop.forms.letter import Letter
from desktop.forms.values import BY_HAND, DAY_BY_HAND, PrintContext, Readout


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionLetter:
    """The printable values of every such letter."""

    document: str = ""
    petitioner: str = ""
    received: str = ""
    way: str = ""
    summary: str = ""
    number: str = ""
    organ: str = ""
    date: str = ""

    @property
    def opening(self) -> str:
        """``您于……以……方式提出的``."""
        return f"您于{self.received or DAY_BY_HAND}以{self.way or BY_HAND}方式提出的"

    @property
    def matter(self) -> str:
        """What it is about, as a part of a sentence."""
        return self.summary.rstrip("。") or BY_HAND

    @property
    def reference(self) -> str:
        """The first sentence of a notice: which matter was received."""
        return f"{self.opening}“{self.matter}”事项（编号：{self.number or BY_HAND}）收悉。"


L = TypeVar("L", bound=PetitionLetter)


def read_letter(readout: Readout, context: PrintContext, title: str) -> tuple[CasePaper, dict[str, Any]]:
    """The paper, and the values every letter has. Raises FormError for an accusation."""
    refuse_accusation(readout, title)
    paper = open_paper(readout, context)
    return paper, {
        "document": paper.document,
        "petitioner": paper.text("petitioner") or petitioner_name(readout),
        "received": paper.received,
        "way": paper.way,
        "summary": paper.summary,
        "number": paper.number,
        "organ": paper.organ,
        "date": paper.date,
    }


def lay_out(
    data: PetitionLetter, title: str, paragraphs: Sequence[str], *, heading: str = "", contact: str = ""
) -> Letter:
    """The letter; ``title`` names it on the slip, ``heading`` stands above it where that is longer."""
    return Letter(
        title=heading or title,
        document=data.document,
        addressee=data.petitioner,
        paragraphs=tuple(paragraphs),
        organ=data.organ,
        date=data.date,
        contact=f"联系方式：{contact}" if contact else "",
        slip=delivery_slip(title, data.document),
    )


def letter_form(
    name: str,
    code: str,
    title: str,
    empty: L,
    *,
    compose: Callable[[L, bool], Letter],
    read: Callable[[Readout, PrintContext], L],
    named: Callable[[L], str] | None = None,
) -> Form[L]:
    """A letter about a case; nobody fills in a blank one."""
    return Form(
        name=name,
        code=code,
        title=title,
        about_kind="Case",
        empty=empty,
        compose=compose,
        read=read,
        has_blank=False,
        named=named,
    )
