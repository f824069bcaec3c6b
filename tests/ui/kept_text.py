"""Hands at a window that type into dialogs over a case, leave it to the idle lock, and look at what was kept."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import open_window
from desktop.ui.cases.detail_view import CaseScreen
from desktop.ui.kept import KeptDialog
from desktop.ui.window import MainWindow
from tests.services.offices import PASSPHRASE
from tests.ui.conftest import Person
from tests.ui.typist import compose


def sit_down(profile: Path, user: str, bot: QtBot) -> Person:
    window = open_window(profile, PASSPHRASE, user)
    assert isinstance(window, MainWindow)
    window.show()
    person = Person(window, bot)
    person.settle()
    window.activateWindow()
    return person


def get_up(person: Person) -> None:
    person.window.close()
    person.window.deleteLater()


def done(person: Person, work: Any) -> Any:
    found: list[Any] = []
    person.window.place.tasks.write(work, found.append)
    person.settle()
    return found[0]


def unsaved(person: Person) -> list[str]:
    names: list[str] = done(person, lambda office: [one.key for one in office.drafts()])
    return names


def case_page(person: Person, case: str) -> CaseScreen:
    person.go("case", case)
    screen = person.window.screen_of("case")
    assert isinstance(screen, CaseScreen)
    return screen


def form_of(screen: CaseScreen) -> KeptDialog:
    form = screen.open_form()
    assert form is not None
    return form


def opened(person: Person, screen: CaseScreen, name: str) -> KeptDialog:
    screen.resume(name)
    person.settle()
    return form_of(screen)


def text_input(form: KeptDialog) -> Any:
    """The first input of a form that takes free text."""
    inputs = [form.entry[path] for path in form.entry.paths()]
    free = [one for one in inputs if type(one).__name__ in ("Line", "Area")]
    return next(iter(free), None) or next(
        one for field in inputs for kind in (QLineEdit, QPlainTextEdit) for one in field.findChildren(kind)
    )


def write(field: QWidget, text: str) -> None:
    field.setFocus()
    compose(field, "shui qu")
    compose(field, "", text)


def read(field: QWidget) -> str:
    return field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()  # type: ignore[attr-defined]


def lock_by_idle(person: Person) -> None:
    """Nobody touches the keys for as long as the settings say."""
    window = person.window
    window._idle.start(1)
    person._bot.waitUntil(lambda: window.is_locked, timeout=20_000)
    assert QApplication.activeModalWidget() is None


def unlock(person: Person, user: str) -> None:
    page = person.window.unlock_page
    page.user.setCurrentIndex(page.user.findData(user))
    page.passphrase.setFocus()
    QTest.keyClicks(page.passphrase, PASSPHRASE)
    QTest.keyClick(page.passphrase, Qt.Key.Key_Return)
    person._bot.waitUntil(lambda: not person.window.is_locked, timeout=20_000)
    person.settle()
