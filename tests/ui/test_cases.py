"""The list of cases: filters by due day and unit, a hit inside a record opens what it belongs to."""

import json
from typing import Any

from PySide6.QtWidgets import QLabel, QWidget

from desktop.services.office import Office
from desktop.services.shapes import Row
from desktop.ui.cases.list_view import CasesScreen
from sync.domain.ids import RecordId, new_record_id
from sync.domain.records import Correction, Void
from tests.ui.conftest import Person

CASE = {"source_channel": "VISIT", "received_at": "2026-11-20T09:10", "title": "路灯不亮", "nature": "CLAIM"}
WALK_IN = {
    "contact_mode": "RECEIVE",
    "received_at": "2026-11-20T14:05",
    "people": 1,
    "first_repeat": "FIRST",
    "nature": "CLAIM",
    "title": "渡口船票",
    "content": "票款未公开。",
    "remark": "雨天来访",
}


def cases_of(person: Person) -> CasesScreen:
    person.go("cases")
    screen = person.window.screens["cases"]
    assert isinstance(screen, CasesScreen)
    return screen


def done(person: Person, work: Any) -> Any:
    found: list[Any] = []
    person.window.place.tasks.write(work, found.append)
    person.settle()
    return found[0]


def titles(screen: CasesScreen) -> list[str]:
    return [screen.model.row(index).title for index in range(screen.model.rowCount())]


def test_filters_narrow_the_list(person: Person) -> None:
    done(person, lambda office: office.record("Case", CASE))
    screen = cases_of(person)
    assert "路灯不亮" in titles(screen)
    screen.filters.unit.set_value("431021102")
    screen.filters.edited.emit()
    person.settle()
    assert "路灯不亮" in titles(screen)
    screen.filters.unit.set_value("431021001")
    screen.filters.edited.emit()
    person.settle()
    assert titles(screen) == []
    screen.filters.unit.set_value(None)


def test_the_due_filter_lists_the_overdue_only(person: Person) -> None:
    done(person, lambda office: office.record("Case", {**CASE, "received_at": "2025-01-06T09:10"}))
    screen = cases_of(person)
    screen.filters.due.set_value("OVERDUE")
    screen.filters.edited.emit()
    person.settle()
    rows = [screen.model.row(index) for index in range(screen.model.rowCount())]
    assert all(row.due is not None for row in rows)
    assert [row.due for row in rows] == sorted(row.due for row in rows)
    screen.filters.due.set_value(None)


def test_a_hit_in_a_reception_opens_its_case(person: Person) -> None:
    saved = done(person, lambda office: office.record("Reception", WALK_IN))
    screen = cases_of(person)
    screen.table.opened.emit(Row("Reception", saved.id, saved.number, 0))
    person.settle()
    assert person.window.current == "case"
    case = person.window.screen_of("case")
    assert case.view.shown["title"] == "渡口船票"


def test_who_may_not_see_content_reads_the_kind_of_matter(person: Person) -> None:
    screen = cases_of(person)
    words = screen._title(Row("Case", "0" * 32, None, 0, nature="ACCUSE"))
    place = person.window.place
    assert words == f"{place.voice.label('nature', 'ACCUSE')} · {place.say('cases.no_title')}"


def test_the_search_says_what_is_not_indexed_yet_and_it_is_indexed_behind(person: Person) -> None:
    person.window.workspace.leave()  # it comes to rest when this test says so
    person.settle()
    saved = done(person, lambda office: office.record("Case", CASE))

    def forget(office: Office) -> None:
        store = office._desk.store
        with store.database.transaction():
            store.search.drop_dossier(saved.id)
            store.search.queue([("Case", saved.id)])

    done(person, forget)
    screen = cases_of(person)
    screen.search_line.setText(CASE["title"])
    screen.refresh()
    person.settle()
    assert screen.notice.text() == person.window.place.say("cases.unindexed", count=1)
    person.window.workspace.ready.emit()
    person.settle()
    screen.refresh()
    person.settle()
    assert screen.notice.text() == "" and screen.model.rowCount() >= 1
    screen.search_line.clear()


def test_a_new_number_is_told_on_today_until_it_is_noted(person: Person) -> None:
    saved = done(person, lambda office: office.record("Case", {**CASE, "title": "桥面破损"}))
    done(person, lambda office: renumbered(office, saved.id, saved.number))
    person.go("today")
    person.settle()
    screen = person.window.screens["today"]
    card = screen.findChild(QWidget, "today.reminders")
    assert card is not None and card.isVisible()
    assert saved.number in " ".join(label.text() for label in card.findChildren(QLabel))
    person.find("today.reminders_noted_0").click()  # type: ignore[attr-defined]
    person.settle()
    assert saved.number not in " ".join(label.text() for label in card.findChildren(QLabel))
    person.window.place.go.emit("case", saved.id)
    person.settle()
    assert saved.number in " ".join(label.text() for label in person.window.screens["case"].findChildren(QLabel))


def renumbered(office: Office, case: str, number: str) -> None:
    """What the county writes where a number was given twice."""
    now = office._desk.clock()
    common: dict[str, Any] = {"unit": office.facts.unit, "created_at": now}
    with office._desk.work(now) as work:
        work.add(
            Correction(
                id=new_record_id(), **common, target_kind="Case", target=RecordId(case), field="number",
                old=json.dumps(number), new=json.dumps("431021102-2026-XIAN-00009-1"),
            )
        )  # fmt: skip
        void = Void(
            id=new_record_id(), **common, target_kind="Number", target=new_record_id(), number=number, reason="重号"
        )
        work.add(void, RecordId(case))


def test_a_case_against_the_reader_is_neither_shown_nor_are_his_drafts_about_it(person: Person) -> None:
    me = person.window.place.facts.user  # type: ignore[union-attr]
    case = done(person, lambda office: office.record("Case", CASE)).id
    done(person, lambda office: office.save_draft("case", f"correct:{case}", {"values": {}}, dossier=case))
    drafts = done(person, lambda office: [one.key for one in office.drafts(case)])
    assert drafts == [f"correct:{case}"]
    done(person, lambda office: office.correct("Case", case, {"accused": [{"name": me, "managed_by": "VILLAGE"}]}))
    assert done(person, lambda office: office.drafts(case)) == []
    assert done(person, lambda office: office.load_draft("case", f"correct:{case}")) is None
    person.go("case", case)
    screen = person.window.screen_of("case")
    assert screen.notice.property("notice") == "wrong" and screen.notice.text()
