"""What is typed into a dialog outlives the idle lock and a kill, for its user alone, until it is saved or discarded."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.app import open_office
from desktop.services.office import Office
from desktop.ui.loop.desk import LETTERS, RECORDS
from desktop.ui.visits.view import VisitScreen
from tests.services.offices import PASSPHRASE, VILLAGE, make_profile
from tests.ui.conftest import Person
from tests.ui.kept_text import (
    case_page,
    done,
    form_of,
    get_up,
    lock_by_idle,
    opened,
    read,
    sit_down,
    text_input,
    unlock,
    unsaved,
    write,
)  # fmt: skip

TYPED = "水渠还没修好"
CASE: dict[str, Any] = {
    "source_channel": "VISIT",
    "received_at": "2026-11-20T14:05",
    "nature": "CLAIM",
    "title": "ditch",
    "complainant": {"identity": "REAL", "name": "王秀英"},
}
STEPS = ("ACCEPT", "FORWARD")
NAMES = (*RECORDS, *LETTERS, *(f"step_{step}" for step in STEPS), "correct", "void", "identity")

ONE_OF_EACH_FORM = ("Interview", "acceptance_notice", "step_ACCEPT", "correct", "identity")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A profile with two users and a case."""
    profile = make_profile(tmp_path_factory.mktemp("kept") / "profile", role="TOWN_CDI")
    office = open_office(profile, PASSPHRASE)
    try:
        office.add_user("李芳", "CDI_STAFF", PASSPHRASE)
        case = office.record("Case", CASE).id
    finally:
        office.close()
    return profile, case


@pytest.fixture
def someone(shared: tuple[Path, str], qtbot: QtBot) -> Iterator[Person]:
    """张明 at the window; nothing waits unsaved."""
    person = sit_down(shared[0], "张明", qtbot)
    done(person, lambda office: [office.drop_draft(one.screen, one.key) for one in office.drafts()])
    yield person
    get_up(person)


def test_the_idle_lock_loses_nothing_of_any_dialog(someone: Person, shared: tuple[Path, str]) -> None:
    case = shared[1]
    for name in NAMES:
        form = opened(someone, case_page(someone, case), name)
        assert not form.restored.isVisible(), name
        write(text_input(form), TYPED)
        if name in ONE_OF_EACH_FORM:
            lock_by_idle(someone)
            unlock(someone, "张明")
        else:
            form.reject()
        assert f"{name}:{case}" in unsaved(someone)
    screen = case_page(someone, case)
    assert screen.unsaved.isVisible()
    for name in NAMES:
        someone.find(f"unsaved.resume_{name}").click()  # type: ignore[attr-defined]
        someone.settle()
        form = form_of(screen)
        assert TYPED in read(text_input(form)), name
        assert form.restored.isVisible()
        form.reject()
        someone.settle()


def test_a_colleague_sees_nothing_of_it(someone: Person, shared: tuple[Path, str]) -> None:
    form = opened(someone, case_page(someone, shared[1]), "Interview")
    write(text_input(form), TYPED)
    lock_by_idle(someone)
    unlock(someone, "李芳")
    assert unsaved(someone) == []
    screen = case_page(someone, shared[1])
    assert not screen.unsaved.isVisible()
    form = opened(someone, screen, "Interview")
    assert not form.restored.isVisible() and TYPED not in read(text_input(form))
    form.reject()
    lock_by_idle(someone)
    unlock(someone, "张明")
    assert len(unsaved(someone)) == 1


def test_typed_text_is_on_disk_while_the_dialog_is_open(
    shared: tuple[Path, str], someone: Person, qtbot: QtBot
) -> None:
    form = opened(someone, case_page(someone, shared[1]), "correct")
    write(text_input(form), TYPED)
    qtbot.waitUntil(lambda: len(unsaved(someone)) == 1, timeout=20_000)
    form.discard()
    someone.settle()
    assert unsaved(someone) == []
    assert read(text_input(form)) == CASE["title"]
    form.reject()


def test_today_leads_to_it(someone: Person, shared: tuple[Path, str]) -> None:
    form = opened(someone, case_page(someone, shared[1]), "Interview")
    write(text_input(form), TYPED)
    form.reject()
    someone.go("today")
    someone.find("today.drafts_resume_0").click()  # type: ignore[attr-defined]
    someone.settle()
    assert someone.window.current == "case"
    form = form_of(someone.window.screen_of("case"))
    assert TYPED in read(text_input(form))
    form.reject()


def test_text_that_is_taken_out_again_leaves_nothing(someone: Person, shared: tuple[Path, str]) -> None:
    screen = case_page(someone, shared[1])
    form = opened(someone, screen, "void")
    write(text_input(form), TYPED)
    form.keep()
    assert len(unsaved(someone)) == 1
    text_input(form).clear()
    form.reject()
    assert unsaved(someone) == []


def test_the_case_page_discards_after_asking_once(someone: Person, shared: tuple[Path, str]) -> None:
    form = opened(someone, case_page(someone, shared[1]), "void")
    write(text_input(form), TYPED)
    form.reject()
    someone.settle()
    button: Any = someone.find("unsaved.discard_void")
    button.click()
    someone.settle()
    assert len(unsaved(someone)) == 1
    button.click()
    someone.settle()
    assert unsaved(someone) == []


def test_saving_leaves_nothing(someone: Person) -> None:
    case = done(someone, lambda office: office.record("Case", CASE)).id
    screen = case_page(someone, case)
    for name in ("ReturnVisit", "proposal_sheet", "correct", "identity", "step_ACCEPT"):
        form = opened(someone, screen, name)
        write(text_input(form), TYPED)
        form.keep()
        assert len(unsaved(someone)) == 1
        form._primary.click()  # type: ignore[union-attr]
        someone.settle()
        assert unsaved(someone) == [], name
        assert screen.open_form() is None
        screen = case_page(someone, case)


def test_a_letter_that_was_only_looked_at_stays_unsaved(someone: Person, shared: tuple[Path, str]) -> None:
    form = opened(someone, case_page(someone, shared[1]), "acceptance_notice")
    write(text_input(form), TYPED)
    someone.find("loop.preview").click()  # type: ignore[attr-defined]
    someone.settle()
    assert someone.window.current == "preview"
    assert unsaved(someone) == [f"acceptance_notice:{shared[1]}"]


def test_a_refusal_stays_in_the_dialog_and_keeps_the_text(someone: Person, shared: tuple[Path, str]) -> None:
    form = opened(someone, case_page(someone, shared[1]), "correct")
    form._primary.click()  # type: ignore[union-attr]
    someone.settle()
    assert form.notice.text() == someone.window.place.say("record.nothing_to_correct")
    write(form.entry["received_at"], "不是日期")
    form._primary.click()  # type: ignore[union-attr]
    someone.settle()
    assert form.notice.text() and form.entry["received_at"].property("wrong")
    lock_by_idle(someone)
    unlock(someone, "张明")
    assert unsaved(someone) == [f"correct:{shared[1]}"]


def test_a_correction_of_a_visit_is_kept_too(someone: Person) -> None:
    visit = done(
        someone,
        lambda office: office.record(
            "Visit",
            {
                "contact_mode": "SCREEN",
                "village": VILLAGE,
                "started_at": "2026-11-20T09:10",
                "visitors": ["张明", "李芳"],
                "summary": "查看",
            },
        ),
    ).id
    someone.go("visit", {"visit": visit})
    write(someone.find("visit.background"), TYPED)
    lock_by_idle(someone)
    unlock(someone, "张明")
    assert unsaved(someone) == [visit]
    someone.go("today")
    someone.find("today.drafts_resume_0").click()  # type: ignore[attr-defined]
    someone.settle()
    screen = someone.window.screen_of("visit")
    assert isinstance(screen, VisitScreen)
    assert read(someone.find("visit.background")) == TYPED and screen.restored.isVisible()
    someone.press(Qt.Key.Key_Return, control=True)
    someone.settle()
    assert unsaved(someone) == [] and not screen.restored.isVisible()

    def background(office: Office) -> Any:
        return office.show("Visit", visit).get("background")

    assert done(someone, background) == TYPED
