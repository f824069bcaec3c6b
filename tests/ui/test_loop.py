"""Over a case: steps with all their fields, an interview, and a letter that is issued."""

from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.app import open_office
from desktop.services.shapes import Printed
from desktop.ui.cases.detail_view import CaseScreen
from desktop.ui.cases.step_form import StepForm
from desktop.ui.preview.view import PreviewScreen
from tests.services.offices import PASSPHRASE
from tests.ui.conftest import Person

WALK_IN: dict[str, Any] = {
    "received_at": "2026-11-20T14:05",
    "nature": "CLAIM",
    "title": "ditch",
    "complainant": {"identity": "REAL"},
}


@pytest.fixture
def case(profile: Any) -> str:
    """A case with a result, made before the window opens."""
    office = open_office(profile, PASSPHRASE)
    try:
        made = office.record("Case", {**WALK_IN, "source_channel": "VISIT"}).id
        for step, values in (("ACCEPT", {}), ("START", {}), ("RESULT", {"result": "TRUE"})):
            office.step(made, step, values)
    finally:
        office.close()
    return made


def page_of(person: Person, case: str) -> CaseScreen:
    person.go("case", case)
    screen = person.window.screen_of("case")
    assert isinstance(screen, CaseScreen)
    return screen


def test_points_not_done_are_excused_in_the_form(case: str, person: Person) -> None:
    screen = page_of(person, case)
    assert screen.view is not None
    screen.ask_step(next(offer for offer in screen.view.offers if offer.step == "CLOSE"))
    person.settle()
    for point in ("ANSWERED", "REVISITED", "RATED"):
        person.type(f"case.excuse_{point}", "gone away")
    assert isinstance(screen._form, StepForm)
    screen._form.go.click()
    person.settle()
    assert screen.view.shown["status"] == "CLOSED"


@pytest.fixture
def beyond(profile: Any) -> str:
    """A matter found to be one that nobody in the county may handle."""
    office = open_office(profile, PASSPHRASE)
    try:
        made = office.record("Case", {**WALK_IN, "nature": "ACCUSE", "source_channel": "VISIT"}).id
        office.correct("Case", made, {"accused": [{"managed_by": "CITY"}]})
    finally:
        office.close()
    return made


def test_a_matter_is_reported_up_with_its_letter_and_the_day_it_went(beyond: str, person: Person) -> None:
    screen = page_of(person, beyond)
    assert screen.view is not None
    screen.ask_step(next(offer for offer in screen.view.offers if offer.step == "REPORT_UP"))
    person.settle()
    assert isinstance(screen._form, StepForm)
    person.type("case.document", "RX 2026 3")
    person.type("case.note", "by courier")
    person.type("case.at", "2026-11-20 09:10")
    screen._form.go.click()
    person.settle()
    last = screen.view.shown["trail"][-1]
    assert (last["step"], last["document"], last["at"]) == ("REPORT_UP", "RX 2026 3", "2026-11-20T09:10")


def test_an_interview_and_a_letter_are_written_over_the_case(case: str, person: Person) -> None:
    screen = page_of(person, case)
    screen.loop.record("Interview", {"case": case})
    person.settle()
    form = screen.loop.form
    assert form is not None
    form.entry["interview_kind"].set_value("TALK")
    form.on_done("save", form.entry.values())
    person.settle()
    assert form.notice.text()
    form.entry["interviewers"].set_value(["张明", "李芳"])
    form.entry["questions.0.question"].set_value("what")
    form.on_done("save", form.entry.values())
    person.settle()
    assert screen.view is not None
    assert [row.kind for row in screen.view.papers] == ["Interview"]
    screen.loop.write("acceptance_notice", case)
    person.settle()
    letter = screen.loop.form
    assert letter is not None
    letter.entry["signer"].set_value("王镇长")
    letter.on_done("issue", letter.entry.values())
    person.settle()
    preview = person.window.screens["preview"]
    assert isinstance(preview, PreviewScreen)
    assert preview.printed is not None
    assert preview.printed.document == "〔2026〕1号"


def test_the_preview_names_what_a_sheet_leaves_blank(person: Person) -> None:
    place = person.window.place
    screen = person.window.screen_of("preview")
    screen._tell_missing(Printed("answer_letter", b"", 1, "x", ("signer", "contact")))
    assert place.say("loop.signer") in screen.notice.text()
    assert place.say("loop.contact") in screen.notice.text()
    screen.notice.tell("")


def test_a_letter_tells_what_it_lacks_and_leads_there(case: str, person: Person, qtbot: QtBot) -> None:
    screen = page_of(person, case)
    screen.loop.write("acceptance_notice", case)
    person.settle()
    form = screen.loop.form
    assert form is not None and form.missing.isVisible()
    lacking = {"loop.go_to_signer", "loop.go_to_how_to_ask"}
    assert lacking <= {button.objectName() for button in form.missing.findChildren(QPushButton)}
    go_to = form.findChild(QPushButton, "loop.go_to_signer")
    assert go_to is not None and go_to.text() == person.window.place.say("loop.signer")
    go_to.click()
    assert form.focusWidget() is form.entry["signer"]
    QTest.keyClicks(form.entry["signer"], "Wang")
    qtbot.waitUntil(lambda: not form.findChildren(QPushButton, "loop.go_to_signer"), timeout=5_000)
    form.reject()
