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


def main(profile: Path, case: str = "") -> None:
    """Type into the text of a walk-in, or into an interview over a case."""
    application = QApplication([])
    window = open_window(profile, PASSPHRASE)
    assert isinstance(window, MainWindow)
    window.show()
    if case:
        window.go("case", case)
        window.screen_of("case").loop.record("Interview", {"case": case})
        while not window.place.tasks.is_idle:
            application.processEvents()
    else:
        window.go("reception", "new")
    content = window.findChildren(QWidget, "loop.remark" if case else "reception.content")[0]
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
    main(Path(sys.argv[1]), *sys.argv[2:])
