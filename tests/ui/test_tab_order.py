"""Tab walks every page and dialog as it is read: top to bottom, a column after the other; typing begins in an input."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QDeadlineTimer, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QScrollArea, QWidget

from desktop.ui.cases.detail_view import CaseScreen
from desktop.ui.kept import KeptDialog
from desktop.ui.loop.desk import LETTERS, RECORDS
from tests.services.offices import opened
from tests.ui.conftest import Person

MOST_STOPS = 250
LAID_OUT_MILLISECONDS, LONGEST_MILLISECONDS = 60, 3_000
SLACK = 6
"""Pixels by which neighbours may overlap."""
PAGES: tuple[tuple[str, Any], ...] = (
    ("today", None), ("cases", None), ("exchange", None), ("settings", None), ("rules", None), ("help", None),
    ("reception", "new"), ("visit", None), ("visit", "new"),
)  # fmt: skip
CASE = {"source_channel": "VISIT", "received_at": "2026-11-20T09:10", "title": "ditch", "nature": "CLAIM"}
WALK_IN = {
    "received_at": "2026-11-20T14:05",
    "nature": "CLAIM",
    "title": "road",
    "complainant": {"identity": "REAL", "name": "王秀英"},
}


@pytest.fixture(scope="module")
def case(profile: Path) -> str:
    """A case with some paper and text."""
    with opened(profile) as office:
        made = office.record("Reception", WALK_IN).case
        assert made is not None
        office.record("Rating", {"case": made.id, "rated_at": "2026-11-21T09:00"})
        office.save_draft("case", f"Interview:{made.id}", {"values": {"remark": "half"}}, dossier=made.id)
    return made.id


def tab_stops(top: QWidget) -> list[QWidget]:
    """Where the Tab key goes from the focus until it comes round."""
    stops: list[QWidget] = []
    for _ in range(MOST_STOPS):
        focus = QApplication.focusWidget() or top
        QTest.keyClick(focus, Qt.Key.Key_Tab)
        found = QApplication.focusWidget()
        if found is None or found in stops:
            return stops
        stops.append(found)
    raise AssertionError("Tab never comes round")


def place_in(widget: QWidget, above: QWidget) -> QRect:
    """Where a widget stands in one above it, however far that is scrolled."""
    return QRect(widget.mapTo(above, QPoint(0, 0)), widget.size())


def branches(one: QWidget, other: QWidget) -> tuple[QWidget, QRect, QRect]:
    """The lowest widget that holds both, and where the parts of it stand that hold each."""
    above_one = [one, *parents(one)]
    holder = next(up for up in parents(other) if up in above_one)
    first = above_one[above_one.index(holder) - 1] if holder is not one else one
    above_other = [other, *parents(other)]
    second = above_other[above_other.index(holder) - 1]
    return holder, place_in(first, holder), place_in(second, holder)


def parents(widget: QWidget) -> list[QWidget]:
    found = []
    up = widget.parentWidget()
    while up is not None:
        found.append(up)
        up = up.parentWidget()
    return found


def backward_steps(stops: list[QWidget]) -> list[tuple[str, str]]:
    """Pairs where Tab goes neither down nor to the right."""
    wrong = []
    for one, other in pairwise(stops):
        _, before, after = branches(one, other)
        down = after.top() >= before.bottom() - SLACK
        right = after.left() >= before.right() - SLACK
        if not down and not right:
            wrong.append((name_of(one), name_of(other)))
    return wrong


def assert_read_in_order(stops: list[QWidget]) -> None:
    """No step goes back, once the parts have the heights that their style gives them."""
    end = QDeadlineTimer(LONGEST_MILLISECONDS)
    while backward_steps(stops) and not end.hasExpired():
        QTest.qWait(LAID_OUT_MILLISECONDS)
    assert backward_steps(stops) == []


def name_of(widget: QWidget) -> str:
    return widget.objectName() or f"{type(widget).__name__} {getattr(widget, 'text', str)()}"


def page_stops(person: Person) -> list[QWidget]:
    """The stops of the page in front once it is laid out."""
    person.window.activateWindow()
    QTest.qWait(LAID_OUT_MILLISECONDS)
    person.window.workspace.front.setFocus()
    return of_page(person, tab_stops(person.window))


def opened_dialogs(person: Person, case: str) -> Iterator[KeptDialog]:
    """Every dialog over a case, one after the other."""
    screen = person.window.screen_of("case")
    person.go("case", case)
    steps = [f"step_{offer.step}" for offer in screen.view.offers if offer.allowed]
    for name in (*RECORDS, *LETTERS, *steps, "correct", "void", "identity"):
        form = one_dialog(person, case, name)
        yield form
        if shiboken6.isValid(form):
            form.reject()
        person.settle()


def one_dialog(person: Person, case: str, name: str) -> KeptDialog:
    screen = person.window.screen_of("case")
    assert isinstance(screen, CaseScreen)
    if screen.case != case:
        person.go("case", case)
    screen.resume(name)
    person.settle()
    form = screen.open_form()
    assert form is not None, name
    form.activateWindow()
    QTest.qWait(LAID_OUT_MILLISECONDS)
    return form


def from_the_top(form: KeptDialog, stops: list[QWidget]) -> list[QWidget]:
    """The same round, begun at what stands highest: the button beside a text that was given back."""
    first = min(range(len(stops)), key=lambda at: place_in(stops[at], form).top())
    return stops[first:] + stops[:first]


def assert_focus_on(form: KeptDialog, first: QWidget) -> None:
    """Whether typing goes there."""
    focus = form.focusWidget()
    assert focus is first or focus is first.focusProxy() or first.isAncestorOf(focus), form.windowTitle()


def of_page(person: Person, stops: list[QWidget]) -> list[QWidget]:
    """The stops of the page in front, from its first one on."""
    front = person.window.workspace.front
    return [stop for stop in stops if front.isAncestorOf(stop)]


@pytest.mark.parametrize(("name", "argument"), PAGES)
def test_tab_reads_a_page(person: Person, case: str, name: str, argument: Any) -> None:
    person.go(name, argument)
    stops = page_stops(person)
    assert len(stops) > 0
    assert_read_in_order(stops)
    nowhere = [stop for stop in stops if isinstance(stop, QScrollArea)]
    assert nowhere == []


def test_parts_that_came_later_stand_where_they_are_read(person: Person, case: str) -> None:
    person.go("settings")
    names = [stop.objectName() for stop in page_stops(person)]
    backups = [at for at, name in enumerate(names) if name.startswith("settings.check_backup")]
    assert all(at < names.index("settings.check_other") for at in backups)
    person.go("case", case)
    stops = page_stops(person)
    names = [stop.objectName() for stop in stops]
    assert_read_in_order(stops)
    assert names.index("unsaved.resume_Interview") < names.index("case.open_identity") < names.index("case.attach")


def test_dialogs_begin_in_their_first_input_and_end_at_their_buttons(person: Person, case: str) -> None:
    for form in opened_dialogs(person, case):
        inputs = [form.entry[path] for path in form.entry.paths()]
        first = form.findChild(QListWidget) or (inputs[0] if inputs else form._primary)
        assert first is not None
        assert_focus_on(form, first)
        stops = from_the_top(form, tab_stops(form))
        assert_read_in_order(stops)
        assert form._primary in stops


def test_escape_closes_a_dialog_and_the_page_stays(person: Person, case: str) -> None:
    for name in ("Rating", "answer_letter", "correct", "void"):
        form = one_dialog(person, case, name)
        QTest.keyClick(QApplication.focusWidget() or form, Qt.Key.Key_Escape)
        person.settle()
        screen = person.window.screen_of("case")
        assert screen.open_form() is None
        assert person.window.current == "case"


def test_the_commit_key_does_what_the_last_button_does(person: Person, case: str) -> None:
    form = one_dialog(person, case, "correct")
    QTest.keyClick(form.entry["title"], Qt.Key.Key_Return)
    person.settle()
    assert form.notice.text() == "" and form.isVisible()
    QTest.keyClick(form.entry["title"], Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    person.settle()
    assert form.notice.text() == person.window.place.say("record.nothing_to_correct")
    form.reject()


def test_rows_that_grow_come_before_the_buttons(person: Person, case: str) -> None:
    form = one_dialog(person, case, "Interview")
    QTest.keyClicks(form.entry["questions.0.question"], "what")
    QTest.qWait(LAID_OUT_MILLISECONDS)
    stops = tab_stops(form)
    names = [stop.objectName() for stop in stops]
    assert names.index("loop.questions_1_question") == names.index("loop.questions_0_answer") + 1
    assert names.index("loop.questions_1_answer") < names.index("loop.save")
    form.reject()


@pytest.mark.parametrize(
    ("name", "argument", "first"),
    [("reception", "new", "reception.accused_managed_by"), ("visit", "new", "visit.village")],
)
def test_typing_begins_in_the_first_input(person: Person, name: str, argument: Any, first: str) -> None:
    person.go(name, argument)
    focus, wanted = QApplication.focusWidget(), person.find(first)
    assert focus is wanted or focus is wanted.focusProxy()
