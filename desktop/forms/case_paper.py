"""What letters and sheets about a case share: the case's own values, and what was written for this paper.

A readout for such a paper is the ``show`` map of the Case, with a map ``paper`` beside it: the values typed for the
paper itself (``document``, ``addressee``, ``summary``, ``due`` …). What ``paper`` lacks comes from the case and from
the last effective step of its trail that sent it on.
"""

from dataclasses import dataclass
from typing import Any

from desktop.forms.complainant import hidden_name, read_person
from desktop.forms.errors import FormError
from desktop.forms.letter import Slip
from desktop.forms.sheet import tick
from desktop.forms.values import PrintContext, Readout, code, day, text


@dataclass(frozen=True, slots=True)
class CasePaper:
    """Reads one paper about one case."""

    case: Readout
    paper: Readout
    step: Readout
    context: PrintContext

    def text(self, name: str) -> str:
        """A value of the paper."""
        return text(self.paper, name)

    def names(self, name: str) -> tuple[str, ...]:
        """A list of the paper."""
        return tuple(str(item) for item in self.paper.get(name) or ())

    @property
    def number(self) -> str:
        """The case's number."""
        return text(self.case, "number")

    @property
    def document(self) -> str:
        """The letter's number: ``桂信〔2026〕3号``."""
        return self.text("document") or text(self.step, "document")

    @property
    def received(self) -> str:
        """The day the case came in."""
        return day(self.case.get("received_at"))

    @property
    def way(self) -> str:
        """How it came in."""
        return code(self.case, "source_channel", "source_channel")

    @property
    def summary(self) -> str:
        """What the paper says of the matter; the case's title where nothing shorter was written."""
        return self.text("summary") or text(self.case, "title")

    @property
    def addressee(self) -> str:
        """To whom: as written, else the unit of the step."""
        return self.text("addressee") or self.context.unit_label(text(self.step, "to_unit"))

    @property
    def due(self) -> str:
        """Until when."""
        return day(self.paper.get("due") or self.step.get("until"))

    @property
    def organ(self) -> str:
        """Who issues it."""
        return self.text("organ") or self.context.unit_name

    @property
    def date(self) -> str:
        """When it was issued."""
        return day(self.paper.get("date") or self.step.get("at"))


def open_paper(readout: Readout, context: PrintContext) -> CasePaper:
    """A case with what was written for the paper."""
    sent = [step for step in readout.get("trail") or () if step.get("effective", True) and _sends(step)]
    step: dict[str, Any] = sent[-1] if sent else {}
    return CasePaper(readout, readout.get("paper") or {}, step, context)


def _sends(step: Readout) -> bool:
    return bool(step.get("document") or step.get("to_unit"))


def refuse_accusation(readout: Readout, title: str) -> None:
    """Accusations never get the notices and answers of the petition procedure. Raises FormError."""
    if readout.get("nature") == "ACCUSE":
        raise FormError("forms.not_for_accusations", form=title)


def real_name_mark(readout: Readout) -> str:
    """How the case was signed, never by whom: ``实名（已隐去）``, ``匿名``."""
    complainant = readout.get("complainant") or {}
    given = complainant.get("identity") or readout.get("identity")
    return hidden_name(given) if given else ""


def petitioner_name(readout: Readout) -> str:
    """How a letter addresses the petitioner: by name where the identity is open, else as 信访人."""
    found = readout.get("complainant") or {}
    hidden = found.get("masked") or readout.get("secrecy") == "PROTECTED" or not found.get("name")
    return "信访人" if hidden else read_person(readout).name


def delivery_slip(title: str, document: str) -> Slip:
    """The slip a petitioner signs for a letter."""
    ways = "  ".join(tick(False, way) for way in ("直接送达", "邮寄送达", "留置送达", "电子送达"))
    return Slip(
        f"《{title}》送达回执",
        (
            f"今收到《{title}》{document} 1份。",
            f"送达方式：{ways}",
            "签收人：                                        代收人及与本人关系：",
            "送达人：                                        签收时间：          年      月      日",
        ),
    )
