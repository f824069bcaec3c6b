"""Users are added and disabled, and a backup is written, from the settings page."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.app import open_office, open_window
from desktop.ui.settings_page.view import SettingsScreen
from desktop.ui.window import MainWindow
from sync.domain.errors import LiandongError
from tests.services.offices import PASSPHRASE, make_profile
from tests.ui.conftest import Person

FIRST_PASSPHRASE = "first light on snow 9"


def test_a_colleague_is_let_in_and_out_again(tmp_path: Path, qtbot: QtBot) -> None:
    profile = make_profile(tmp_path / "profile")
    window = open_window(profile, PASSPHRASE)
    assert isinstance(window, MainWindow)
    try:
        window.show()
        window.activateWindow()
        person = Person(window, qtbot)
        screen = settings_of(person)
        person.type("settings.user_name", "Li")
        person.type("settings.user_passphrase", FIRST_PASSPHRASE)
        click(person, "settings.add_user")
        assert screen.notice.property("notice") == "good", screen.notice.text()
        click(person, "settings.disable_1")
        assert "Li" in click(person, "settings.disable_1")
        assert screen.notice.text() == window.place.say("settings.user_disabled", name="Li")
        screen.backup_card.write(tmp_path / "one.backup")
        person.settle()
        assert (tmp_path / "one.backup").stat().st_size > 0
    finally:
        window.close()
        window.deleteLater()
    with pytest.raises(LiandongError):
        open_office(profile, FIRST_PASSPHRASE, "Li")


def settings_of(person: Person) -> SettingsScreen:
    person.go("settings")
    screen = person.window.screens["settings"]
    assert isinstance(screen, SettingsScreen)
    return screen


def click(person: Person, name: str) -> str:
    """Click a button; what it said."""
    button = person.find(name)
    assert isinstance(button, QPushButton)
    said = button.text()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    person.settle()
    return said
