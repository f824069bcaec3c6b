"""What must stay in sight at 150 % and more: the number of a visit, labels in line; and what says which duty is due."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from desktop.services.shapes import DueRow
from desktop.ui.reception.fields import LABEL_COLUMNS
from desktop.ui.reception.view import ReceptionScreen
from desktop.ui.visits.view import VisitScreen
from desktop.ui.widgets.surfaces import Pill
from tests.services.offices import VILLAGE, make_profile
from tests.ui.conftest import Person
from tests.ui.kept_text import case_page, done, get_up, sit_down

VISIT = {"contact_mode": "SCREEN", "village": VILLAGE, "started_at": "2026-11-20T09:10", "visitors": ["张明", "李芳"]}
CASE = {"source_channel": "VISIT", "received_at": "2026-11-20T09:10", "title": "ditch", "nature": "CLAIM"}


@pytest.fixture
def someone(tmp_path: Path, qtbot: QtBot) -> Iterator[Person]:
    """张明 at a window of 1366 × 768."""
    person = sit_down(make_profile(tmp_path / "profile"), "张明", qtbot)
    person.window.resize(1366, 768)
    yield person
    get_up(person)


@pytest.mark.parametrize("size", [150, 175])
def test_numbers_and_label_columns_hold(someone: Person, size: int) -> None:
    done(someone, lambda office: office.record("Visit", VISIT))
    someone.window.place.change_settings(text_size=size)
    someone.go("visit")
    QTest.qWait(60)
    visits = someone.window.screen_of("visit")
    assert isinstance(visits, VisitScreen)
    table = visits.overview.table
    last = table.model().columnCount() - 1
    assert not table.isColumnHidden(last)
    assert someone.window.place.say("cases.unsent") in str(table.model().index(0, last).data())
    someone.go("reception", "new")
    QTest.qWait(60)
    screen = someone.window.screen_of("reception")
    assert isinstance(screen, ReceptionScreen)
    for column in LABEL_COLUMNS:
        ends = set()
        for holder in (screen.fields.question, screen.fields.matter):
            grid = holder.layout().itemAt(0).layout()  # type: ignore[union-attr]
            items = [grid.itemAtPosition(row, column) for row in range(grid.rowCount())]  # type: ignore[union-attr]
            labels = [one.widget() for one in items if one is not None and isinstance(one.widget(), QLabel)]
            ends |= {one.mapTo(screen, one.rect().topRight()).x() for one in labels}
        assert len(ends) == 1
    assert all(area.horizontalScrollBar().maximum() == 0 for area in screen.findChildren(QScrollArea))


def test_the_trail_marks_steps_the_county_has_not_yet(someone: Person) -> None:
    case = done(someone, lambda office: office.record("Case", CASE)).id
    screen = case_page(someone, case)
    assert screen.view is not None and screen.view.shown["trail"][0]["unsent"]
    unsent = someone.window.place.say("cases.unsent")
    assert [one.text() for one in screen.trail.findChildren(Pill)] == [unsent]
    line = {key: value for key, value in screen.view.shown["trail"][0].items() if key != "unsent"}
    screen.trail.show_steps([line], {})
    QTest.qWait(60)
    assert unsent not in [one.text() for one in screen.trail.findChildren(Pill)]


def test_today_says_which_duty_is_due(someone: Person) -> None:
    someone.go("today")
    screen = someone.window.screen_of("today")
    row = DueRow("c" * 32, "431021102-2026-A-00001-1", "水渠", "handle_claim", date(2026, 11, 30))
    screen._show_due(screen.soon, (row,), date(2026, 11, 28), "today.nothing_soon", "")
    said = " ".join(label.text() for label in screen.soon.findChildren(QLabel))
    assert "办理" in said and str(row.number) in said
