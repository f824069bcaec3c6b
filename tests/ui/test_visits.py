"""A visit with households and findings, typed; a finding becomes a case; the list comes by pages."""

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QPushButton

from desktop.services.shapes import Row, RowPage
from desktop.ui.visits.view import VisitScreen
from desktop.ui.widgets.paged_table import Column, PagedModel
from tests.services.offices import VILLAGE
from tests.ui.conftest import Person

ROWS = 120


def visit_of(person: Person) -> VisitScreen:
    person.go("visit", "new")
    screen = person.window.screens["visit"]
    assert isinstance(screen, VisitScreen)
    return screen


def fill(person: Person) -> None:
    person.type("visit.village", VILLAGE)
    person.type("visit.summary", "two families")
    person.type("visit.households_0_name", "Chen")
    person.type("visit.households_1_name", "Zhou")
    person.type("visit.findings_0_text", "ditch leaks")
    person.type("visit.findings_1_text", "lamp is dark")
    person.settle()


def test_rows_grow_and_make_the_map_of_a_visit(person: Person) -> None:
    screen = visit_of(person)
    fill(person)
    values = screen.editor.values()
    assert values["village"] == VILLAGE
    assert [one["name"] for one in values["households"]] == ["Chen", "Zhou"]
    assert [one["text"] for one in values["findings"]] == ["ditch leaks", "lamp is dark"]


def test_one_key_makes_a_case_of_a_finding(person: Person) -> None:
    screen = visit_of(person)
    fill(person)
    screen.entry["findings.1.text"].setFocus()
    screen.make_case(1)
    person.settle()
    assert person.window.current == "case"
    case = person.window.screen_of("case")
    person.settle()
    assert case.view.shown["title"] == "lamp is dark"


def test_a_model_fetches_the_next_page_when_asked(person: Person) -> None:
    rows = tuple(Row("Case", str(index), None, 0) for index in range(ROWS))

    def fetch(after: str | None, deliver: object) -> None:
        start = int(after or 0)
        end = start + 50
        page = RowPage(rows[start:end], str(end) if end < ROWS else None)
        deliver(page)  # type: ignore[operator]

    place = person.window.place
    model = PagedModel((Column("cases.column_title", lambda row: row.id),), place.voice, place.look)
    model.restart(fetch)
    assert model.rowCount() == 50
    while model.canFetchMore(QModelIndex()):
        model.fetchMore(QModelIndex())
    assert model.rowCount() == ROWS
    assert model.data(model.index(ROWS - 1, 0)) == str(ROWS - 1)


def test_the_calendar_and_the_map_show_a_visit_and_begin_one(person: Person) -> None:
    screen = visit_of(person)
    fill(person)
    screen.save()
    person.settle()
    visit = screen.visit
    screen.back()
    screen.overview.view.choose("calendar")
    person.settle()
    lines = [one for one in screen.overview.calendar.findChildren(QPushButton) if one.property("line")]
    assert lines
    screen.overview.view.choose("coverage")
    person.settle()
    states = person.window.place.tasks.ask_now(lambda office: office.coverage(30))
    assert [one.last_id for one in states if one.place.code == VILLAGE] != [""]
    assert {one.state for one in states} == {"visited", "never"}
    screen.overview.coverage.findChildren(QPushButton)[0].click()
    person.settle()
    assert screen.visit is None and visit is not None
    assert screen.entry["village"].value() == next(one.place.code for one in states if one.state == "never")
    screen.back()
    screen.overview.view.choose("list")
    person.settle()
