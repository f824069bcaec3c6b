"""A process that types into the window until it is killed: one letter at a time, telling how many and when."""

import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.app import open_window
from desktop.ui.window import MainWindow
from tests.services.offices import PASSPHRASE

LETTER_MILLISECONDS = 40


def main(profile: Path) -> None:
    """Type into the text of a walk-in."""
    application = QApplication([])
    window = open_window(profile, PASSPHRASE)
    assert isinstance(window, MainWindow)
    window.show()
    window.go("reception", "new")
    content = window.findChildren(QWidget, "reception.content")[0]
    content.setFocus()
    typed = 0

    def type_letter() -> None:
        nonlocal typed
        QTest.keyClicks(content, chr(ord("a") + typed % 26))
        typed += 1
        print(typed, time.monotonic(), flush=True)

    timer = QTimer()
    timer.setInterval(LETTER_MILLISECONDS)
    timer.timeout.connect(type_letter)
    timer.start()
    application.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
