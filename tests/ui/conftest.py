"""One window on a real profile for the tests of a module; each test begins with an unlocked window."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.app import open_window
from desktop.ui.immortal import keep_constants_alive
from desktop.ui.window import MainWindow
from tests.services.offices import PASSPHRASE, make_profile

keep_constants_alive()


class Person:
    """Somebody at the keyboard of a window."""

    def __init__(self, window: MainWindow, bot: QtBot) -> None:
        self.window, self._bot = window, bot

    def settle(self) -> None:
        """Until nothing is under way."""
        self._bot.waitUntil(lambda: self.window.place.tasks.is_idle, timeout=20_000)

    def find(self, name: str) -> QWidget:
        """The one widget of a name; one that makes room for its successor is waited for."""
        self._bot.waitUntil(lambda: len(self.window.findChildren(QWidget, name)) <= 1, timeout=5_000)
        found = self.window.findChildren(QWidget, name)
        assert len(found) == 1, (name, found)
        return found[0]

    def type(self, name: str, text: str) -> None:
        """Go to an input and type."""
        widget = self.find(name)
        widget.setFocus()
        QTest.keyClicks(widget, text)

    def press(self, key: Qt.Key, *, control: bool = False) -> None:
        """A key where the focus is."""
        modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def go(self, screen: str, argument: object = None) -> None:
        """To a screen."""
        self.window.go(screen, argument)
        self.settle()


@contextmanager
def at_window(profile: Path, bot: QtBot, passphrase: str | None = PASSPHRASE) -> Iterator[Person]:
    """Somebody at a window on a profile, closed at the end; without a passphrase it asks who one is."""
    window = open_window(profile, passphrase)
    assert isinstance(window, MainWindow)
    try:
        window.show()
        window.activateWindow()
        yield Person(window, bot)
    finally:
        window.close()
        window.deleteLater()


@pytest.fixture(scope="session")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile of 仁义镇 whose one user is 张明."""
    return make_profile(tmp_path_factory.mktemp("window") / "profile")


@pytest.fixture
def person(profile: Path, qtbot: QtBot) -> Iterator[Person]:
    """Somebody who signed in."""
    with at_window(profile, qtbot) as someone:
        someone.settle()
        yield someone
