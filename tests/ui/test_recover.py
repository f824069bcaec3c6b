"""A forgotten passphrase at the real window: ask two custodians, come in by their file or by the word they read out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui.help_page.pages import HelpDialog
from desktop.ui.unlock.recover import RecoverForm
from tests.services.guarded import Custodians, make_guarded
from tests.services.offices import make_keys
from tests.ui.conftest import Person, at_window

NEW = "a new passphrase 9"


@pytest.fixture
def custodians(tmp_path: Path) -> Custodians:
    return Custodians(tmp_path / "custodians")


@pytest.fixture
def profile(tmp_path: Path, custodians: Custodians) -> Path:
    return make_guarded(tmp_path / "profile", make_keys(), custodians)


@contextmanager
def forgetful(profile: Path, bot: QtBot) -> Iterator[tuple[Person, RecoverForm]]:
    """Somebody who forgot the passphrase, at the form."""
    with at_window(profile, bot, None) as person:
        click(person, "unlock.forgotten")
        yield person, person.window.unlock_page.recover


def click(person: Person, name: str) -> None:
    QTest.mouseClick(person.find(name), Qt.MouseButton.LeftButton)
    person.settle()


def choose(person: Person) -> None:
    person.type("unlock.recover_passphrase", NEW)
    person.type("unlock.recover_again", NEW)


def test_by_file_after_the_window_was_closed(
    profile: Path, custodians: Custodians, qtbot: QtBot, tmp_path: Path
) -> None:
    request = tmp_path / "request.ldr"
    with forgetful(profile, qtbot) as (person, form):
        form.write_request(request)
        assert form.notice.text() == person.window.place.say("unlock.passphrase_short")
        choose(person)
        form.write_request(request)
        person.settle()
        code = form.sheet.code.text()
        assert code in form.sheet.words() and "张明" in form.sheet.words()
    answer, _ = custodians.answer(request.read_bytes(), code)
    (tmp_path / "answer.ldr").write_bytes(answer)
    with forgetful(profile, qtbot) as (person, form):
        assert form.notice.text() == person.window.place.say("unlock.recover_waits")
        choose(person)
        form.read_answer(request)
        person.settle()
        assert form.notice.property("notice") == "wrong" and person.window.is_locked
        form.read_answer(tmp_path / "answer.ldr")
        person.settle()
        assert person.window.current == "today" and not person.window.is_locked
        acts = person.window.place.tasks.ask_now(lambda office: [row.act for row in office.account_log()])
        assert "RECOVERED" in acts


def test_by_the_word_over_the_telephone(profile: Path, custodians: Custodians, qtbot: QtBot, tmp_path: Path) -> None:
    with forgetful(profile, qtbot) as (person, form):
        choose(person)
        form.write_request(tmp_path / "request.ldr")
        person.settle()
        _, word = custodians.answer((tmp_path / "request.ldr").read_bytes(), form.sheet.code.text())
        person.type("unlock.recover_word", "AAAA")
        person.press(Qt.Key.Key_Return)
        person.settle()
        assert form.notice.property("notice") == "wrong"
        form.word.clear()
        person.type("unlock.recover_word", word.lower())
        person.press(Qt.Key.Key_Return)
        person.settle()
        assert not person.window.is_locked, form.notice.text()


def test_who_custodians_are_is_told_before_anybody_signed_in(profile: Path, qtbot: QtBot) -> None:
    with forgetful(profile, qtbot) as (person, form):
        for language in ("zh", "en"):
            person.window.place.change_settings(language=language)
            form.explain()
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, HelpDialog)
            assert "liandong-county recover" in dialog.browser.toPlainText()
            dialog.accept()
        person.window.place.change_settings(language="zh")


def test_one_can_go_back_to_signing_in(profile: Path, qtbot: QtBot) -> None:
    with forgetful(profile, qtbot) as (person, form):
        choose(person)
        click(person, "unlock.recover_back")
        assert form.isHidden() and not form.passphrase.text()
        assert person.find("unlock.passphrase").isVisible()
