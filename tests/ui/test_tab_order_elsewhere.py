"""Tab reads the county's page, previews, files, the doors of the program, and dialogs that keep nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop.services.problem_shapes import Problems
from desktop.ui.county.held import LetGoForm
from desktop.ui.county.view import CountyScreen
from desktop.ui.read_back import ReadBack
from desktop.ui.settings_page.passphrase import PassphraseForm
from desktop.ui.unlock.first_run import CODE
from desktop.ui.unlock.view import UnlockPage
from desktop.ui.window import MainWindow
from tests.services.offices import VILLAGE
from tests.ui.conftest import Person, at_window
from tests.ui.kept_text import done, get_up, sit_down
from tests.ui.picture_samples import BATCHES, HELD, PROBLEMS, TOWNS, WAITING
from tests.ui.sample_profiles import county_profile
from tests.ui.test_tab_order import LAID_OUT_MILLISECONDS, assert_read_in_order, page_stops, tab_stops

VISIT = {"contact_mode": "SCREEN", "village": VILLAGE, "started_at": "2026-11-20T09:10", "visitors": ["张明", "李芳"]}
Door = Callable[[UnlockPage], None]


@pytest.fixture
def locked(profile: Path, tmp_path: Path, qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[MainWindow]:
    """A window nobody signed in to: of a profile, or of a computer that is new."""
    with at_window(profile if request.param == "profile" else tmp_path / "new", qtbot, None) as person:
        yield person.window


def by_code(page: UnlockPage) -> None:
    page.first_run.way.choose(CODE)


DOORS: tuple[tuple[str, Door], ...] = (
    ("profile", lambda page: None),
    ("profile", lambda page: page.begin_recovery()),
    ("new", lambda page: None),
    ("new", by_code),
    ("new", lambda page: page.begin_restore()),
)


@pytest.mark.parametrize(("locked", "come"), DOORS, indirect=["locked"])
def test_tab_reads_every_door(locked: MainWindow, come: Door) -> None:
    come(locked.unlock_page)
    QTest.qWait(LAID_OUT_MILLISECONDS)
    stops = turned(tab_stops(locked.unlock_page), locked.unlock_page)
    assert len(stops) > 1
    assert_read_in_order(stops)
    assert not [stop for stop in stops if isinstance(stop, QScrollArea)]


def test_tab_reads_the_countys_page(tmp_path: Path, qtbot: QtBot) -> None:
    person = sit_down(county_profile(tmp_path / "county"), "张明", qtbot)
    person.go("county")
    screen = person.window.screen_of("county")
    assert isinstance(screen, CountyScreen)
    screen._taken(BATCHES)
    person.settle()
    screen._show_towns(TOWNS)
    screen.devices.show_devices(WAITING)
    screen.held.show_held(HELD)
    screen._show_problems(Problems(PROBLEMS.conflicts, PROBLEMS.apart, ()))
    stops = page_stops(person)
    assert_read_in_order(stops)
    names = [stop.objectName() for stop in stops]
    order = ["county.choose", "county.admit_0", "county.let_go_0", "county.take_standing_0", "county.release_0"]
    assert [name for name in names if name in order] == order
    form = LetGoForm(person.window.place, person.window, HELD.held[0], lambda _reason, _apart: None)
    read_dialog(form, form.reasons)
    get_up(person)


def test_tab_reads_a_preview_and_a_file(person: Person) -> None:
    visit = done(person, lambda office: office.record("Visit", VISIT)).id
    for name, argument in (("preview", {"form": "visit_record", "id": visit, "back": "visit"}), ("viewer", None)):
        person.go(name, argument)
        stops = page_stops(person)
        assert_read_in_order(stops)
        assert stops or name == "viewer"


def test_tab_reads_dialogs_that_keep_nothing(person: Person) -> None:
    place, window = person.window.place, person.window
    told = {"name": "王秀英", "phone": "13900000812", "address": "昭金村3组"}
    form = PassphraseForm(place, window, "李芳", lambda _: None)
    read_dialog(form, form.first)
    back = ReadBack(place, window, told, lambda: None)
    read_dialog(back, back.confirm)


def read_dialog(form: QDialog, first: QWidget) -> None:
    """It begins where it should and is read in order."""
    form.open()
    form.activateWindow()
    QTest.qWait(LAID_OUT_MILLISECONDS)
    focus = form.focusWidget()
    assert focus is first or focus is first.focusProxy(), form.objectName()
    assert_read_in_order(turned(tab_stops(form), form))
    form.reject()


def turned(stops: list[QWidget], above: QWidget) -> list[QWidget]:
    """The same round, begun at what stands highest."""

    def height(widget: QWidget) -> tuple[int, int]:
        at = widget.mapTo(above, widget.rect().topLeft())
        return at.y(), at.x()

    inside: list[Any] = [stop for stop in stops if above.isAncestorOf(stop)]
    first = inside.index(min(inside, key=height))
    return inside[first:] + inside[:first]
