"""Letters and sheets about a case: what was typed for the paper, what the trail holds, and the letter's number."""

from dataclasses import dataclass, replace
from typing import Any

from desktop.services.clocks import paper_clocks
from desktop.services.desk import Desk
from desktop.services.inputs.papers import PAPERS, paper_shape, read_paper
from desktop.services.recording import DraftKey, Scribe
from desktop.services.register import document_text, enter, letters_of, require_register
from desktop.services.stepping import standing
from desktop.services.trail_paper import paper_of_trail
from desktop.settings import load_settings
from sync.domain.case_state import PETITION
from sync.domain.errors import InvalidInput, Refused, UsageError

NUMBERED = frozenset({"acceptance_notice", "rejection_notice", "transfer_letter", "supervision_order", "answer_letter"})
"""Letters that leave the house under a number; the other forms are sheets of the file."""
GROUNDS = {
    "acceptance_notice": frozenset({"ACCEPT", "FORWARD", "ASSIGN"}),
    "rejection_notice": frozenset({"REJECT"}),
    "supervision_order": frozenset({"SUPERVISE"}),
    "answer_letter": frozenset({"RESULT", "ANSWER", "REVIEW_RESULT", "REREVIEW_RESULT"}),
}
"""Steps of which one must have been taken before a letter is issued."""
DRAFT_MARK = "未签发"


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for: the typed paper, whether the letter is issued now, and the draft that goes with it."""

    paper: object = None
    issue: bool = False
    draft: DraftKey | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A form's readout with its paper. ``mark`` stands across the pages; ``issue``: a number is still to be drawn."""

    readout: dict[str, Any]
    document: str = ""
    mark: str = ""
    issue: bool = False

    def issued(self, scribe: Scribe, form: str) -> "Letter":
        """The letter with its number, drawn in the open work; itself where none is asked for."""
        if not self.issue:
            return self
        paper = self.readout["paper"]
        line = enter(scribe, form, self.readout["id"], paper)
        text = document_text(line)
        date = {"date": paper.get("date") or scribe.desk.day(scribe.now)}
        return replace(self, readout={**self.readout, "paper": {**paper, **date, "document": text}}, document=text)


def compose(desk: Desk, form: str, readout: dict[str, Any], order: Order) -> Letter:
    """The readout of a form about any record, with the paper where the form takes one.

    Raises InvalidInput naming a field, UsageError for a paper the form does not take, NotAllowed and Refused where a
    letter cannot be issued here or now.
    """
    if form not in PAPERS:
        if order.paper is not None or order.issue:
            paper_shape(form)
        return Letter(readout)
    typed = read_paper(form, {} if order.paper is None else order.paper, desk.directory())
    _, state, _ = standing(desk, readout["id"])
    if form == "answer_letter" and state.procedure != PETITION:
        raise Refused("letters.other_procedure")
    case = {**readout, "nature": state.nature} if state.nature else readout
    clocks = paper_clocks(desk, readout["id"])
    paper = {**_of_office(desk), **paper_of_trail(form, case, clocks), **typed}
    whole = {**case, "paper": paper}
    if form not in NUMBERED:
        return _sheet(desk, whole, typed, order)
    return _issue(desk, form, whole, state.done) if order.issue else _reprint(desk, form, whole)


def _sheet(desk: Desk, readout: dict[str, Any], typed: dict[str, Any], order: Order) -> Letter:
    if order.issue:
        raise UsageError("letters.not_numbered")
    if typed.get("document"):
        _check_document(desk, readout, typed["document"])
    return Letter(readout)


def _issue(desk: Desk, form: str, readout: dict[str, Any], done: frozenset[str]) -> Letter:
    paper = readout["paper"]
    require_register(desk)
    if not paper.get("signer"):
        raise InvalidInput("record.missing", field="signer")
    if "document" in paper:
        raise InvalidInput("letters.number_is_given", field="document")
    if form in GROUNDS and not GROUNDS[form] & done:
        raise Refused("letters.step_first", steps=", ".join(sorted(GROUNDS[form])))
    before = letters_of(desk, readout["id"], form)
    if before and not paper.get("another"):
        raise Refused("letters.issued_already", document=document_text(before[-1]))
    return Letter(readout, issue=True)


def _reprint(desk: Desk, form: str, readout: dict[str, Any]) -> Letter:
    """The letter under the number it was issued with; without one it is a draft and says so."""
    paper = readout["paper"]
    if paper.get("document"):
        _check_document(desk, readout, paper["document"])
        return Letter(readout, paper["document"])
    before = letters_of(desk, readout["id"], form)
    if not before:
        return Letter(readout, mark=DRAFT_MARK)
    text = document_text(before[-1])
    date = {"date": paper.get("date") or desk.day(before[-1].issued_at)}
    return Letter({**readout, "paper": {**paper, **date, "document": text}}, text)


def _check_document(desk: Desk, readout: dict[str, Any], document: str) -> None:
    """A number is never typed: it is one the register gave for this case, or one that stands in its trail."""
    issued = {document_text(one) for one in letters_of(desk, readout["id"])}
    told = {step.get("document") for step in readout.get("trail") or ()}
    if document not in issued | told:
        raise InvalidInput("letters.unknown_number", field="document")


def _of_office(desk: Desk) -> dict[str, Any]:
    settings = load_settings(desk.paths.settings, desk.user)
    named = {"organ": settings.organ, "document_mark": settings.document_mark}
    return {name: value for name, value in named.items() if value}
