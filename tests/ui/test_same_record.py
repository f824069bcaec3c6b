"""Typed at the window, a visit and a walk-in give the records and the paper that ``record`` gives."""

import io
import random
import re
from typing import Any

from pypdf import PdfReader
from PySide6.QtCore import Qt

from desktop.services.office import Office
from desktop.services.shapes import Saved
from desktop.ui.reception.view import ReceptionScreen
from desktop.ui.visits.view import VisitScreen
from tests.e2e.samples import visit, walk_in
from tests.services.offices import VILLAGE
from tests.ui.conftest import Person
from tests.ui.typist import fill

OF_THE_RECORD = frozenset(
    {"id", "number", "case", "created_at", "revision", "at", "visit", "reception", "key", "unsent"}
)
"""Keys whose values belong to the one record: ids, numbers, moments of saving."""
OWN_MARKS = re.compile(r"\d{6,9}-\d{4}-[A-Z]+-\d+-\d|校验码 [0-9a-f]{12}|\d{2}:\d{2}  (?=校验码)")
"""Number, check value and clock of the one print."""


def test_a_visit(person: Person) -> None:
    given = visit(random.Random(3), VILLAGE)
    given["findings"][0]["text"] += "\uff0c㙍上张三(组长)"
    person.go("visit", "new")
    screen = person.window.screens["visit"]
    assert isinstance(screen, VisitScreen)
    fill(person, "visit", given)
    person.press(Qt.Key.Key_Return, control=True)
    person.settle()
    assert screen.visit is not None, screen.notice.text()
    recorded = on_data_thread(person, lambda office: office.record("Visit", given))
    typed, written = shown(person, "Visit", screen.visit), shown(person, "Visit", recorded.id)
    assert without_names(typed) == without_names(written)
    assert paper(person, "visit_record", screen.visit) == paper(person, "visit_record", recorded.id)


def test_a_walk_in(person: Person) -> None:
    given = walk_in(random.Random(5))
    person.go("reception", "new")
    screen = person.window.screens["reception"]
    assert isinstance(screen, ReceptionScreen)
    fill(person, "reception", {name: value for name, value in given.items() if name != "secrecy"})
    person.press(Qt.Key.Key_Return, control=True)
    person.settle()
    assert screen.saved is not None and screen.saved.case is not None, screen.notice.text()
    recorded = on_data_thread(person, lambda office: office.record("Reception", given))
    assert recorded.case is not None
    pairs = (("Reception", screen.saved.id, recorded.id), ("Case", screen.saved.case.id, recorded.case.id))
    for kind, typed, written in pairs:
        assert without_names(shown(person, kind, typed)) == without_names(shown(person, kind, written))
    assert shown(person, "Case", recorded.case.id, identity=True)["complainant"]["name"] == given["complainant"]["name"]
    for form in ("reception_register", "reception_receipt"):
        assert paper(person, form, screen.saved.id) == paper(person, form, recorded.id)


def on_data_thread(person: Person, work: Any) -> Saved:
    done: list[Any] = []
    person.window.place.tasks.write(work, done.append)
    person.settle()
    saved: Saved = done[0]
    return saved


def shown(person: Person, kind: str, record: str, *, identity: bool = False) -> dict[str, Any]:
    found: list[dict[str, Any]] = []
    reason = "核对" if identity else None
    person.window.place.tasks.read(
        lambda office: office.show(kind, record, reason=reason, identity=identity), found.append
    )
    person.settle()
    return found[0]


def paper(person: Person, form: str, record: str) -> str:
    """The text of a print, numbers and check values of the one record blotted out."""
    pages: list[bytes] = []

    def print_it(office: Office) -> bytes:
        return office.print_form(form, record).pdf

    person.window.place.tasks.write(print_it, pages.append)
    person.settle()
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pages[0])).pages)
    return OWN_MARKS.sub("*", text)


def without_names(value: Any) -> Any:
    """A shown record without what belongs to the one record only."""
    if isinstance(value, dict):
        return {name: without_names(part) for name, part in value.items() if name not in OF_THE_RECORD}
    return [without_names(part) for part in value] if isinstance(value, list) else value
