"""Signing in: three troubles, three different lines; the right passphrase afterwards."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.app import open_window
from desktop.paths import ProfilePaths
from desktop.ui.window import MainWindow
from tests.services.offices import PASSPHRASE, make_profile
from tests.ui.conftest import at_window


def newer(profile: Path) -> None:
    vault = ProfilePaths(profile).vault
    vault.write_text(json.dumps({**json.loads(vault.read_text()), "version": 99}))


def damaged(profile: Path) -> None:
    vault = ProfilePaths(profile).vault
    vault.write_text(vault.read_text()[:40])


def untouched(_: Path) -> None:
    """The passphrase alone is wrong."""


TROUBLES: tuple[tuple[Callable[[Path], None], str], ...] = (
    (untouched, "vault.wrong_passphrase"),
    (newer, "vault.newer"),
    (damaged, "vault.damaged"),
)


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    """A window that asks who one is."""
    with at_window(make_profile(tmp_path / "profile"), qtbot, None) as person:
        yield person.window


def sign_in(window: MainWindow, passphrase: str, bot: QtBot) -> None:
    page = window.unlock_page
    page.passphrase.setFocus()
    QTest.keyClicks(page.passphrase, passphrase)
    QTest.keyClick(page.passphrase, Qt.Key.Key_Return)
    bot.waitUntil(lambda: window.place.tasks.is_idle, timeout=20_000)


@pytest.mark.parametrize(("spoil", "key"), TROUBLES)
def test_each_trouble_has_its_own_line(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, spoil: Callable[[Path], None], key: str
) -> None:
    spoil(tmp_path / "profile")
    sign_in(window, "not the passphrase", qtbot)
    assert window.is_locked
    assert window.unlock_page.notice.text() == window.place.say(key)


def test_the_right_passphrase_opens_behind_a_wrong_one(window: MainWindow, qtbot: QtBot) -> None:
    sign_in(window, "not the passphrase", qtbot)
    sign_in(window, PASSPHRASE, qtbot)
    assert not window.is_locked
    assert window.current == "today"


def test_the_three_lines_differ(window: MainWindow) -> None:
    assert len({window.place.say(key) for _, key in TROUBLES}) == len(TROUBLES)


def test_a_closed_window_locks_no_more(tmp_path: Path, qtbot: QtBot) -> None:
    window = open_window(make_profile(tmp_path / "profile"), PASSPHRASE)
    assert isinstance(window, MainWindow)
    window.show()
    qtbot.waitUntil(lambda: window.place.tasks.is_idle, timeout=20_000)
    assert window._idle.isActive()
    window.close()
    assert not window._idle.isActive()
    window.deleteLater()
