"""Somebody who fills in a whole record at the keyboard, from the map that ``record`` takes."""

import re
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop.ui.entry import object_name
from desktop.ui.widgets.choices import TermChoice, YesBox
from desktop.ui.widgets.segments import SegmentedChoice
from tests.ui.conftest import Person

RUNS = re.compile(r"[\x20-\x7e]+|[^\x20-\x7e]+")


def leaves(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """Every value of a map with its path, lists of maps by index."""
    if isinstance(value, dict):
        return [leaf for name, part in value.items() for leaf in leaves(part, f"{path}.{name}" if path else name)]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [leaf for index, part in enumerate(value) for leaf in leaves(part, f"{path}.{index}")]
    return [(path, value)]


def fill(person: Person, screen: str, record: dict[str, Any]) -> None:
    """Type every value of a record into the input of its name."""
    for path, value in leaves(record):
        field = person.find(object_name(screen, path))
        field.setFocus()
        enter(field, value)
        press(person, Qt.Key.Key_Tab)
        person.settle()


def enter(field: QWidget, value: Any) -> None:
    """One value, by the keys its input takes."""
    if isinstance(field, SegmentedChoice):
        QTest.keyClick(field, Qt.Key(Qt.Key.Key_1 + list(field._buttons).index(value)))
    elif isinstance(field, TermChoice):
        choose(field, value)
    elif isinstance(field, YesBox):
        QTest.keyClick(field, Qt.Key.Key_Space)
    else:
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        write(field, "、".join(value) if isinstance(value, list) else str(value).replace("T", " "))


def choose(field: TermChoice, code: str) -> None:
    """Home, then down to the term."""
    QTest.keyClick(field, Qt.Key.Key_Home)
    for _ in range(field.count()):
        if field.value() == code:
            return
        QTest.keyClick(field, Qt.Key.Key_Down)
    raise AssertionError(f"{code} is not offered")


def write(field: QWidget, text: str) -> None:
    """Latin by keys, everything else composed: spelled first, then committed by the input method."""
    for run in RUNS.findall(text):
        if run.isascii():
            QTest.keyClicks(field, run)
        else:
            compose(field, "pin yin")
            compose(field, "", run)


def compose(field: QWidget, preedit: str, commit: str = "") -> None:
    """One event of the input method."""
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QCoreApplication.sendEvent(field, event)


def press(person: Person, key: Qt.Key) -> None:
    """A key where the focus is."""
    person.press(key)
