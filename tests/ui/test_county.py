"""The county's desk over a running county: sticks, towns, conflicts, quarantine; a town has no such page."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.services.problem_shapes import ApartRow, BatchRow, ConflictRow, Problems
from desktop.ui.county.devices import DevicesCard
from desktop.ui.county.held import HeldCard
from desktop.ui.county.view import CountyScreen
from desktop.ui.exchange.view import ExchangeScreen
from desktop.ui.widgets.settling import WaitingLists
from desktop.ui.widgets.surfaces import Pill
from desktop.ui.window import MainWindow
from sync.domain.errors import Refused
from sync.protocol.county_desk import TownRow, TownsAnswer, WaitingRow
from sync.protocol.held_desk import HeldAnswer, HeldDevice
from tests.ui.conftest import Person

CONFLICT = ConflictRow(
    id="c" * 32, target_kind="Case", target="a" * 32, dossier="a" * 32, number="1", title="村道", unit="431021102",
    unit_name="仁义镇", field="problem_tag", standing="PROJECT", other=None, standing_author="张明",
    other_author="李芳", created_at=0,
)  # fmt: skip
APART = ApartRow("q" * 32, "d" * 32, "431021102", "仁义镇", "张明", "authority.role", ("Visit",), 0)

WAITING = WaitingRow("d" * 32, "431021102", "仁义镇", "张明", "TOWN_CDI", "", 0, "1234 5678 9012 3456 7890", True)

HELD = HeldDevice("d" * 32, "431021102", "仁义镇", "张明", 3, 1, "2026-11-20T14:05:00", True)


@pytest.fixture
def window(person: Person) -> Iterator[MainWindow]:
    yield person.window


def test_a_town_does_not_come_to_the_countys_desk(person: Person, window: MainWindow) -> None:
    window.command("county")
    assert window.current == "today"
    assert person.find("ui.go_county").isHidden()


def test_what_cannot_be_settled_or_released_is_said_in_a_line(person: Person, window: MainWindow, qtbot: QtBot) -> None:
    county = CountyScreen(window.place)
    qtbot.addWidget(county)
    person.go("exchange")
    exchange = window.screen_of("exchange")
    assert isinstance(exchange, ExchangeScreen)
    tries: list[tuple[CountyScreen | ExchangeScreen, Callable[[], None]]] = [
        (county, partial(county._settle, CONFLICT, "standing")),
        (county, partial(county._release, APART)),
        (exchange, partial(exchange.settle, CONFLICT, "other")),
    ]
    for screen, work in tries:
        screen.notice.tell("")
        work()
        person.settle()
        assert screen.notice.text() and screen.notice.property("notice") == "wrong"


def test_each_file_town_and_change_has_its_line(person: Person, window: MainWindow, qtbot: QtBot) -> None:
    screen = CountyScreen(window.place)
    qtbot.addWidget(screen)
    rows = [
        BatchRow("a.ldc", "accepted", "exchange", "431021102", "仁义镇", "1A2B", {"accepted": 2}, ("a.answer",)),
        BatchRow("b.ldc", "damaged", "", "", "", "", {}, (), "carried.foreign", {"county": "431022"}),
    ]
    screen._taken(rows)
    assert _pill(screen, "county.batch_0") == window.place.say("county_page.state_accepted")
    assert _pill(screen, "county.batch_1") == window.place.say("county_page.state_damaged")
    town = TownRow("431021102", "仁义镇", 1, 1, 1, 2, 0, 0, 0, False)
    screen._show_towns(TownsAnswer(1, 0, (town,)))
    assert window.place.say("county_page.gap") in [pill.text() for pill in screen.towns.findChildren(Pill)]
    screen._show_problems(Problems((CONFLICT,), (APART,), ()))
    names = {button.objectName() for button in screen.findChildren(type(screen.take_button))}
    assert {"county.take_standing_0", "county.take_other_0", "county.release_0"} <= names
    person.settle()


def test_devices_that_wait_are_let_in_with_two_clicks_by_those_who_may(
    person: Person, window: MainWindow, qtbot: QtBot
) -> None:
    done: list[str] = []
    card = DevicesCard(window.place, lambda row: done.append(row.device), lambda row: done.append(f"not {row.device}"))
    qtbot.addWidget(card)
    facts = window.place.facts
    assert facts is not None
    card.show_devices((WAITING,))
    assert not card.findChildren(QPushButton)
    assert WAITING.comparison in [label.text() for label in card.findChildren(QLabel)]
    window.place.facts = replace(facts, role="COUNTY_OFFICE")
    try:
        card.show_devices((WAITING,))
    finally:
        window.place.facts = facts
    for verb in ("admit", "turn_away"):
        button = card.findChild(QPushButton, f"county.{verb}_0")
        assert isinstance(button, QPushButton)
        before = list(done)
        button.click()
        assert done == before and button.text() == window.place.say(f"county_page.{verb}_sure")
        button.click()
    assert done == [WAITING.device, f"not {WAITING.device}"]
    card.show_devices(())
    assert not card.findChildren(QPushButton)
    person.settle()


def test_what_a_lost_computer_left_is_let_go_with_a_reason_by_those_who_may(person: Person, window: MainWindow) -> None:
    done: list[tuple[str, str, bool]] = []
    card = HeldCard(window.place, lambda row, reason, apart: done.append((row.device, reason, apart)))
    card.setParent(window)
    facts = window.place.facts
    assert facts is not None
    still = HeldDevice("e" * 32, HELD.unit, HELD.unit_name, HELD.user, 1, 1, HELD.since, False)
    card.show_held(HeldAnswer(1, 0, (HELD, still), {}))
    assert not card.findChildren(QPushButton)
    window.place.facts = replace(facts, role="COUNTY_OFFICE")
    try:
        card.show_held(HeldAnswer(1, 0, (HELD, still), {}))
        button = next(one for one in card.findChildren(QPushButton) if one.objectName() == "county.let_go_0")
        button.click()
        form = card.form
        assert form is not None and form.focusWidget() is form.reasons
        form.other.setText("火灾")
        form.apart.setChecked(True)
        form.go.click()
        assert done == [(HELD.device, "火灾", True)]
        card.refuse(Refused("held.none", device=HELD.device))
        assert HELD.device in form.notice.text()
        card.close_form()
        assert card.form is None
    finally:
        window.place.facts = facts
    card.setParent(None)
    person.settle()


def test_a_town_settles_its_own_conflicts_and_releases_nothing(person: Person, window: MainWindow) -> None:
    person.go("exchange")
    screen = window.screen_of("exchange")
    assert isinstance(screen, ExchangeScreen)
    screen.problems.show_problems(Problems((CONFLICT,), (APART,), ()), 0)
    names = {button.objectName() for button in screen.findChildren(type(screen.run_button))}
    assert sum(name.startswith("exchange.take_") for name in names) == 2
    assert not any(name.startswith("exchange.release") for name in names)
    lists = WaitingLists(window.place, "exchange")
    assert lists.value("Case", "problem_tag", "PROJECT") == window.place.voice.label("problem_tag", "PROJECT")
    assert lists.value("Complainant", "*", {"masked": True}) == window.place.say("waiting.masked")


def _pill(screen: CountyScreen, name: str) -> str:
    pill = screen.findChild(Pill, name)
    assert isinstance(pill, Pill)
    return pill.text()


def test_files_of_several_sticks_stay_on_the_table(
    person: Person, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    screen = CountyScreen(window.place)
    qtbot.addWidget(screen)
    row = BatchRow("a.ldc", "accepted", "exchange", "431021102", "仁义镇", "1A2B", {"accepted": 2}, ("a.answer",))
    screen._taken([row])
    screen._before = list(screen._batches)
    screen._taken([row])
    assert _pill(screen, "county.batch_1") == window.place.say("county_page.state_accepted")
    (tmp_path / "holiday.txt").write_text("nothing of ours", encoding="utf-8")
    screen.take_stick(tmp_path)
    assert screen.notice.text() == window.place.say("carried.empty_folder", folder=tmp_path.name)
    person.settle()
