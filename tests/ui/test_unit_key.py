"""The unit's identity key for a second computer, given over two windows of the settings page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.settings_page.unit_key import UnitKeyCard
from desktop.ui.widgets.surfaces import Pill
from tests.services.guarded import Custodians, make_guarded
from tests.services.offices import Keys, make_keys
from tests.ui.conftest import Person, at_window


@pytest.fixture(scope="module")
def keys() -> Keys:
    return make_keys()


@contextmanager
def at_the_card(profile: Path, bot: QtBot) -> Iterator[tuple[Person, UnitKeyCard]]:
    with at_window(profile, bot) as person:
        person.go("settings")
        yield person, person.window.screen_of("settings").unit_key_card


def told(person: Person) -> str:
    return str(person.window.screen_of("settings").notice.text())


def state(person: Person) -> str:
    pill = person.find("settings.unit_key_state")
    assert isinstance(pill, Pill)
    return pill.text()


def test_asked_given_and_taken(tmp_path: Path, keys: Keys, qtbot: QtBot) -> None:
    custodians = Custodians(tmp_path / "custodians")
    first = make_guarded(tmp_path / "first", keys, custodians)
    second = make_guarded(tmp_path / "second", keys, custodians, device="1" * 32, first=False)
    request, answer = tmp_path / "request.ldr", tmp_path / "answer.ldr"
    with at_the_card(second, qtbot) as (person, card):
        assert state(person) == person.window.place.say("settings.unit_key_lacks")
        card.write_request(request)
        person.settle()
        digits = card.sheet.code.text()
        assert len(digits.split()) == 5
    with at_the_card(first, qtbot) as (person, card):
        assert state(person) == person.window.place.say("settings.unit_key_mine")
        card.read_request(request)
        person.type("settings.unit_key_digits", "1234")
        card.give(answer)
        person.settle()
        assert told(person) == person.window.place.say("unit_key.code_differs") and not answer.exists()
        card.digits.clear()
        person.type("settings.unit_key_digits", digits.replace(" ", ""))
        card.give(answer)
        person.settle()
        assert answer.exists() and "张明" in told(person), told(person)
        said = person.window.screen_of("settings").log_card
        assert any(person.window.place.voice.label("account_act", "KEY_GIVEN") in text for text in words(said))
    with at_the_card(second, qtbot) as (person, card):
        card.read_answer(answer)
        person.settle()
        assert state(person) == person.window.place.say("settings.unit_key_mine")


def test_an_unwanted_file_is_refused_in_words(tmp_path: Path, keys: Keys, qtbot: QtBot) -> None:
    profile = make_guarded(tmp_path / "first", keys, Custodians(tmp_path / "custodians"))
    (tmp_path / "x").write_bytes(b"nothing of ours")
    with at_the_card(profile, qtbot) as (person, card):
        card.read_request(tmp_path / "x")
        QTest.keyClick(card.digits, Qt.Key.Key_1)
        card.give(tmp_path / "answer")
        person.settle()
        assert told(person) == person.window.place.say("recovery.none")


def words(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]
