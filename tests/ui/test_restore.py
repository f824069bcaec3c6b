"""On an empty computer a backup is put back from the first page; troubles are said in a line and leave nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.ui.unlock.restore import RestoreForm
from desktop.ui.window import MainWindow
from tests.services.offices import PASSPHRASE, make_profile, opened
from tests.ui.conftest import at_window

CASE = {"source_channel": "VISIT", "received_at": "2026-11-20T09:10", "title": "路灯不亮", "nature": "CLAIM"}


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup that holds one case."""
    folder = tmp_path_factory.mktemp("backup")
    with opened(make_profile(folder / "profile")) as office:
        office.record("Case", CASE)
        office.backup(folder / "one.backup")
    return folder / "one.backup"


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    """A window on an empty profile."""
    with at_window(tmp_path / "empty", qtbot, None) as person:
        yield person.window


def form_of(window: MainWindow) -> RestoreForm:
    window.unlock_page.begin_restore()
    return window.unlock_page.restore


def fill(window: MainWindow, bot: QtBot, file: Path, passphrase: str) -> RestoreForm:
    form = window.unlock_page.restore
    form.file.setText(str(file))
    form.look()
    settle(window, bot)
    form.passphrase.clear()
    QTest.keyClicks(form.passphrase, passphrase)
    form.go.click()
    settle(window, bot)
    return form


def settle(window: MainWindow, bot: QtBot) -> None:
    bot.waitUntil(lambda: window.place.tasks.is_idle, timeout=20_000)


def test_a_backup_is_put_back_and_opened(window: MainWindow, backup: Path, qtbot: QtBot, tmp_path: Path) -> None:
    form = form_of(window)
    assert window.unlock_page.isAncestorOf(form) and not window.unlock_page.first_run.isVisible()
    fill(window, qtbot, backup, "not the passphrase")
    assert form.notice.text() == window.place.say("vault.wrong_passphrase")
    assert window.is_locked and not (tmp_path / "empty" / "vault.json").exists()
    fill(window, qtbot, backup, PASSPHRASE)
    assert not window.is_locked
    titles = window.place.tasks.ask_now(lambda office: [row.title for row in office.list_page("Case").rows])
    assert titles == [CASE["title"]]
    assert form.passphrase.text() == "" and form.file.text() == ""


def test_the_file_says_when_it_was_made_and_who_opens_it(window: MainWindow, backup: Path, qtbot: QtBot) -> None:
    form = form_of(window)
    form.file.setText(str(backup))
    form.look()
    settle(window, qtbot)
    assert [form.user.itemText(row) for row in range(form.user.count())] == ["张明"]
    assert form.notice.property("notice") == "good"


@pytest.mark.parametrize(("spoil", "key"), [("cut", "backup.damaged"), ("foreign", "backup.damaged")])
def test_a_bad_file_is_said_in_a_line(
    window: MainWindow, backup: Path, qtbot: QtBot, tmp_path: Path, spoil: str, key: str
) -> None:
    bad = tmp_path / "bad.backup"
    bad.write_bytes(backup.read_bytes()[:-100] if spoil == "cut" else b"no backup at all")
    form_of(window)
    form = fill(window, qtbot, bad, PASSPHRASE)
    assert form.notice.text() == window.place.say(key)
    assert window.is_locked and form.go.isEnabled()


def test_back_leads_to_the_first_run(window: MainWindow) -> None:
    form = form_of(window)
    form.go.click()
    assert form.notice.text() == window.place.say("restoring.wanted")
    form.back.click()
    assert not form.isVisible() and window.unlock_page.first_run.isVisible()
