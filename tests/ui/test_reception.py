"""A walk-in is typed by keys, composed, sealed midway, kept as a draft."""

import json
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.services.office import Office
from desktop.ui.reception.view import ReceptionScreen
from tests.ui.conftest import Person

MOST_TAB_STOPS = 12


def reception_of(person: Person) -> ReceptionScreen:
    person.go("reception", "new")
    screen = person.window.screens["reception"]
    assert isinstance(screen, ReceptionScreen)
    return screen


def stored(person: Person, reception: str) -> dict[str, object]:
    shown: list[dict[str, object]] = []
    person.window.place.tasks.read(lambda office: office.show("Reception", reception), shown.append)
    person.settle()
    return shown[0]


def compose(widget: QWidget, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QCoreApplication.sendEvent(widget, event)


def test_what_is_typed_becomes_the_record(person: Person) -> None:
    screen = reception_of(person)
    managed_by = person.find("reception.accused_managed_by")
    QTest.keyClick(managed_by, Qt.Key.Key_2)
    person.type("reception.complainant_name", "Wang")
    person.type("reception.complainant_phone", "139")
    person.type("reception.accused_name", "Li")
    person.type("reception.title", "Road")
    person.type("reception.content", "Money of the road")
    expected = {"managed_by": "VILLAGE", "name": "Li"}
    assert screen.record_map()["accused"] == [expected]
    person.window.command("commit")
    person.settle()
    assert screen.saved is not None and screen.saved.case is not None
    shown = stored(person, screen.saved.id)
    assert shown["title"] == "Road"
    assert shown["content"] == "Money of the road"


def test_the_text_is_at_most_twelve_tab_stops_from_the_start(person: Person) -> None:
    reception_of(person)
    content = person.find("reception.content")
    stops = 0
    while person.window.focusWidget() is not content and stops <= MOST_TAB_STOPS:
        person.press(Qt.Key.Key_Tab)
        stops += 1
    assert stops <= MOST_TAB_STOPS


def test_keys_belong_to_the_input_method_while_it_composes(person: Person) -> None:
    screen = reception_of(person)
    person.window.activateWindow()
    title = person.find("reception.title")
    title.setFocus()
    compose(title, "dao lu")
    assert QApplication.focusWidget() is title
    QTest.keyClick(title, Qt.Key.Key_Return)
    QTest.keyClick(title, Qt.Key.Key_Space)
    person.window.command("commit")
    person.settle()
    assert screen.saved is None
    compose(title, "", "道路")
    assert screen.entry["title"].value() == "道路"


def test_full_width_digits_are_kept_half_width(person: Person) -> None:
    screen = reception_of(person)
    screen.entry["complainant.phone"].setText("139\uff10\uff10\uff10\uff10\uff10\uff1812")
    assert screen.entry["complainant.phone"].value() == "13900000812"


def test_a_matter_of_the_county_turns_into_the_stub_and_erases(person: Person) -> None:
    screen = reception_of(person)
    person.type("reception.title", "secret words")
    screen.draft.save_now()
    person.settle()
    screen.entry["accused.0.managed_by"].choose("COUNTY")
    person.settle()
    assert screen.is_sealed
    assert screen.entry["title"].text() == ""
    assert not screen.entry["content"].document().isUndoAvailable()
    assert "secret words" not in json.dumps(drafts(person))
    person.type("reception.envelope_number", "M-7")
    assert set(screen.record_map()) == {"secrecy", "received_at", "envelope_number"}


def test_a_draft_survives_the_window(person: Person, profile: Path) -> None:
    screen = reception_of(person)
    person.type("reception.title", "half a sentence")
    person.window.lock()
    assert screen.entry["title"].text() == ""
    person.window.unlock_page.passphrase.setText("correct horse battery")
    person.window.unlock_page.unlock()
    person.settle()
    kept = [draft for draft in drafts(person) if draft["title"] == "half a sentence"]
    assert len(kept) == 1
    person.go("reception", {"draft": kept[0]["key"]})
    assert screen.entry["title"].text() == "half a sentence"


def test_masked_fields_show_dots_and_keep_their_text(person: Person) -> None:
    screen = reception_of(person)
    name = screen.entry["complainant.name"]
    name.setText("王秀英")
    person.window.command("mask")
    screen.entry["title"].setFocus()
    assert name.text() == "王秀英"
    assert [label.text() for label in name.findChildren(QWidget, "mask")] == ["王●●"]


def drafts(person: Person) -> list[dict[str, object]]:
    found: list[list[dict[str, object]]] = []

    def read(office: Office) -> list[dict[str, object]]:
        return [{"key": one.key, "title": one.body.get("title"), "body": one.body} for one in office.drafts()]

    person.window.place.tasks.read(read, found.append)
    person.settle()
    return found[0]
