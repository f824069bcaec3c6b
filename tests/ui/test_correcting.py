"""What was recorded is corrected at the window: walk-ins, interviews, return visits, ratings, persons of a case."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop.services.office import Office
from desktop.ui.cases.people import PeopleRows
from desktop.ui.correcting.subject import ACCUSED, CASE, COMPLAINANT, NEW, RECEPTION, Subject, changes_of, subject_of
from desktop.ui.reasons import ReasonPicker
from desktop.ui.reception.view import ReceptionScreen
from tests.services.offices import make_profile
from tests.ui.conftest import Person
from tests.ui.kept_text import case_page, done, form_of, get_up, lock_by_idle, read, sit_down, unlock, unsaved, write

TYPED = "水渠还没修好"
WALK_IN: dict[str, Any] = {
    "received_at": "2026-11-20T14:05",
    "nature": "ACCUSE",
    "title": "road",
    "place": "desk",
    "complainant": {"identity": "REAL", "name": "王秀英", "phone": "13900000812", "age": 61},
    "accused": [{"managed_by": "VILLAGE", "name": "李某某", "unit": "昭金村村委会", "post": "主任"}],
}
TALK = {
    "interview_kind": "RECEPTION",
    "started_at": "2026-11-20T14:20",
    "interviewers": ["张明", "李芳"],
    "questions": [{"question": "什么事", "answer": "修路"}],
    "recorded": False,
}
REVISIT = {"visited_at": "2026-11-21T09:00", "contact_mode": "PHONE", "staff": ["张明", "李芳"]}
RATING = {"rated_at": "2026-11-21T09:30", "overall": "BASIC"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile of 张明."""
    return make_profile(tmp_path_factory.mktemp("correcting") / "profile", role="TOWN_CDI")


@pytest.fixture
def someone(folder: Path, qtbot: QtBot) -> Iterator[Person]:
    """张明 at the window; nothing waits unsaved."""
    person = sit_down(folder, "张明", qtbot)
    done(person, lambda office: [office.drop_draft(one.screen, one.key) for one in office.drafts()])
    yield person
    get_up(person)


def matter(person: Person, **changes: Any) -> tuple[str, dict[str, str]]:
    """A walk-in with all that hangs on it: the case, and the records by kind."""

    def work(office: Office) -> tuple[str, dict[str, str]]:
        saved = office.record("Reception", {**WALK_IN, **changes})
        assert saved.case is not None
        about = {"case": saved.case.id}
        made = {kind: office.record(kind, {**about, **data}).id for kind, data in papers}
        return saved.case.id, {"Reception": saved.id, **made}

    papers = (("Interview", TALK), ("ReturnVisit", REVISIT), ("Rating", RATING))
    found: tuple[str, dict[str, str]] = done(person, work)
    return found


def shown(person: Person, kind: str, record: str, **how: Any) -> dict[str, Any]:
    found: dict[str, Any] = done(person, lambda office: office.show(kind, record, **how))
    return found


def log_lines(person: Person) -> int:
    count: int = done(person, lambda office: office.count("AccessEntry"))
    return count


def asked(person: Person, case: str, subject: Subject) -> Any:
    """The dialog of a correction; an identity is opened with the first reason."""
    screen = case_page(person, case)
    screen.resume(subject.name)
    person.settle()
    form = form_of(screen)
    if isinstance(form, ReasonPicker):
        form.go.click()
        person.settle()
        form = form_of(screen)
    return form


def save(person: Person, form: Any) -> None:
    form._primary.click()
    person.settle()
    assert case_form(person) is None


def case_form(person: Person) -> Any:
    return person.window.screen_of("case").open_form()


@pytest.mark.parametrize(
    ("kind", "field", "text"),
    [("Reception", "place", TYPED), ("Interview", "place", TYPED), ("ReturnVisit", "opinion", TYPED),
     ("Rating", "suggestions", TYPED)],
)  # fmt: skip
def test_a_record_of_a_case_is_corrected_by_its_button(someone: Person, kind: str, field: str, text: str) -> None:
    case, records = matter(someone)
    before = shown(someone, kind, records[kind])
    case_page(someone, case)
    someone.find(f"case.correct_{kind.lower()}_{records[kind][-8:]}").click()  # type: ignore[attr-defined]
    someone.settle()
    form = case_form(someone)
    form.entry[field].set_value(None)
    write(form.entry[field], text)
    save(someone, form)
    after = shown(someone, kind, records[kind])
    assert after[field] == text
    assert {name: value for name, value in after.items() if name not in (field, "corrections")} == {
        name: value for name, value in before.items() if name not in (field, "corrections")
    }
    assert [one["field"] for one in after["corrections"]] == [field]


def test_every_kind_is_kept_through_the_lock_and_dropped_when_it_is_saved(someone: Person) -> None:
    case, records = matter(someone)
    accused = shown(someone, CASE, case)["accused"][0]["id"]
    subjects = [*(Subject(kind, record, case) for kind, record in records.items()), Subject(ACCUSED, accused, case)]
    fields = {"Reception": "place", "ReturnVisit": "opinion", "Rating": "suggestions", "Interview": "place"}
    for subject in (*subjects, Subject(ACCUSED, NEW, case), Subject(COMPLAINANT, NEW, case)):
        path = {ACCUSED: "accused.0.post", COMPLAINANT: "complainant.address"}.get(subject.kind) or fields[subject.kind]
        form = asked(someone, case, subject)
        form.entry[path].set_value(None)
        write(form.entry[path], TYPED)
        if subject.kind in (RECEPTION, COMPLAINANT):
            lock_by_idle(someone)
            unlock(someone, "张明")
        else:
            form.reject()
            someone.settle()
        assert unsaved(someone) == [f"{subject.name}:{case}"]
        case_page(someone, case)
        assert someone.find(f"unsaved.resume_{subject.name}").isVisible()
        form = asked(someone, case, subject)
        assert read(form.entry[path]) == TYPED and form.restored.isVisible()
        save(someone, form)
        assert unsaved(someone) == []
    people = shown(someone, CASE, case)["accused"]
    assert [one["post"] for one in people] == [TYPED, TYPED] and people[0]["name"] == "李某某"


def test_questions_change_as_a_whole_list(someone: Person) -> None:
    case, records = matter(someone)
    form = asked(someone, case, Subject("Interview", records["Interview"], case))
    write(form.entry["questions.1.question"], "还有吗")
    save(someone, form)
    after = shown(someone, "Interview", records["Interview"])
    assert after["questions"] == [*TALK["questions"], {"question": "还有吗"}]  # type: ignore[misc]
    assert after["recorded"] is False


def test_who_complained_is_opened_with_a_logged_reason_and_sealed_anew(someone: Person) -> None:
    case, _ = matter(someone)
    before = log_lines(someone)
    form = asked(someone, case, Subject(COMPLAINANT, NEW, case))
    assert log_lines(someone) == before + 1
    assert read(form.entry["complainant.name"]) == "王秀英" and read(form.entry["complainant.age"]) == "61"
    form.entry["complainant.phone"].set_value("13900000813")
    form.entry["complainant.age"].set_value(None)
    save(someone, form)
    opened = shown(someone, CASE, case, identity=True, reason="核实")["complainant"]
    assert opened == {"identity": "REAL", "name": "王秀英", "phone": "13900000813"}
    form = asked(someone, case, Subject(COMPLAINANT, NEW, case))
    form._primary.click()
    assert form.notice.text() == someone.window.place.say("record.nothing_to_correct")
    form.reject()


def test_a_matter_without_a_complainant_gets_one_without_a_reason(someone: Person) -> None:
    case, _ = matter(someone, complainant=None)
    before = log_lines(someone)
    case_page(someone, case)
    someone.find("case.correct_complainant").click()  # type: ignore[attr-defined]
    someone.settle()
    form = case_form(someone)
    assert form.windowTitle() == someone.window.place.say("correcting.add_complainant")
    write(form.entry["complainant.name"], "陈建国")
    save(someone, form)
    assert log_lines(someone) == before
    assert shown(someone, CASE, case, identity=True, reason="核实")["complainant"]["name"] == "陈建国"


def test_a_protected_identity_is_typed_anew_and_read_back(someone: Person) -> None:
    case, _ = matter(someone, secrecy="PROTECTED")
    before = log_lines(someone)
    form = asked(someone, case, Subject(COMPLAINANT, NEW, case))
    assert read(form.entry["complainant.name"]) == "" and log_lines(someone) == before
    form._primary.click()
    assert form.notice.text() == someone.window.place.say("record.nothing_to_correct")
    write(form.entry["complainant.name"], "王秀兰")
    form._primary.click()
    someone.settle()
    someone.find("reception.back_to_form").click()  # type: ignore[attr-defined]
    someone.settle()
    assert shown(someone, CASE, case)["corrections"] == [] and case_form(someone) is form
    form._primary.click()
    someone.settle()
    asked_again = [one for one in someone.window.findChildren(type(form)) if one.isVisible()]
    assert asked_again == [form]
    buttons = [one for one in form.findChildren(type(form._primary), "reception.confirm_protect") if one.isVisible()]
    buttons[0].click()
    someone.settle()
    assert case_form(someone) is None
    assert someone.window.screen_of("case").notice.text() == someone.window.place.say("case.corrected")


def test_persons_are_corrected_by_those_who_may(someone: Person, qtbot: QtBot) -> None:
    case, _ = matter(someone)
    view = case_page(someone, case).view
    assert view is not None
    for seen, names in (
        (view, {"correct_complainant", "correct_accused_1", "add_accused", "open_identity"}),
        (replace(view, reads_identity=False), {"correct_accused_1", "add_accused", "open_identity"}),
        (replace(view, own=False, changeable=frozenset()), {"open_identity"}),
    ):
        rows = PeopleRows(someone.window.place, seen, lambda: None, lambda _: None)
        qtbot.addWidget(rows)
        found = {one.objectName().removeprefix("case.") for one in rows.children() if one.objectName()}
        assert found == names


def test_a_barred_unit_is_found_by_its_initials_and_never_gets_the_case(someone: Person) -> None:
    case, _ = matter(someone)
    accused = shown(someone, CASE, case)["accused"][0]["id"]
    form = asked(someone, case, Subject(ACCUSED, accused, case))
    picker = form.entry["accused.0.unit_code"]
    picker.setFocus()
    picker.setText("lfjd")
    picker.textEdited.emit("lfjd")
    someone.settle()
    picker._settle()
    assert picker.value() == "431021002"
    form.entry["accused.0.managed_by"].set_value("COUNTY")
    form.entry.edited.emit()
    assert form.seals.text() == someone.window.place.say("correcting.seals")
    form.entry["accused.0.managed_by"].set_value("VILLAGE")
    form.entry.edited.emit()
    assert not form.seals.text()
    save(someone, form)
    assert shown(someone, CASE, case)["accused"][0]["unit_code"] == "431021002"


def test_the_reception_page_takes_number_and_barred_unit_and_corrects_what_it_just_registered(someone: Person) -> None:
    someone.go("reception", "new")
    screen = someone.window.screen_of("reception")
    assert isinstance(screen, ReceptionScreen)
    screen.entry.fill(
        {**WALK_IN, "external_number": "2026-7", "accused": [{"name": "李某某", "unit_code": "431021002"}]}
    )
    someone.settle()
    screen.register()
    someone.settle()
    assert screen.saved is not None and screen.saved.case is not None
    case = shown(someone, CASE, screen.saved.case.id)
    assert case["external_number"] == "2026-7" and case["accused"][0]["unit_code"] == "431021002"
    someone.find("reception.correct").click()  # type: ignore[attr-defined]
    someone.settle()
    form: Any = screen.corrections.form
    write(form.entry["proposal"], TYPED)
    form._primary.click()
    someone.settle()
    assert shown(someone, "Reception", screen.saved.id)["proposal"] == TYPED and unsaved(someone) == []


def test_of_a_sealed_stub_nothing_is_kept_while_it_is_corrected(someone: Person) -> None:
    someone.go("reception", "new")
    screen = someone.window.screen_of("reception")
    assert isinstance(screen, ReceptionScreen)
    screen.seal()
    screen.entry["envelope_number"].set_value("7")
    screen.register()
    someone.settle()
    someone.find("reception.correct").click()  # type: ignore[attr-defined]
    someone.settle()
    form: Any = screen.corrections.form
    assert list(form.entry.paths()) == ["received_at", "envelope_number", "handed_to"]
    form.entry["envelope_number"].set_value("8")
    form.keep()
    assert unsaved(someone) == []
    form._primary.click()
    someone.settle()
    assert screen.saved is not None
    assert shown(someone, "Reception", screen.saved.id)["envelope_number"] == "8"


def test_names_of_dialogs_lead_back_to_what_they_are_about() -> None:
    for subject in (Subject(CASE, "c", "c"), Subject("Rating", "r", "c"), Subject(ACCUSED, NEW, "c")):
        assert subject_of(subject.name, "c") == subject
    assert subject_of("Interview", "c") is None and subject_of("step_ACCEPT", "c") is None
    assert changes_of({"a": 1, "b": 2}, {"a": 1, "c": 3}) == {"b": None, "c": 3}
