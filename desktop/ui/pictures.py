"""Pictures of every screen in both languages, by grabbing the real window; and the window shown until it is closed."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QMainWindow

from desktop.ui.window import MainWindow
from sync.domain.texts import LANGUAGES

WIDTH, HEIGHT = 1366, 768
SETTLE_MILLISECONDS = 350
"""How long a screen may take until everything it reads has come; the data thread answers in a few milliseconds."""
SCREENS = ("today", "visit", "reception", "cases", "case", "exchange", "settings", "help")

Opener = Callable[[], QMainWindow]


def take_pictures(opener: Opener, folder: Path, case: str) -> int:
    """Write ``folder/LANGUAGE/SCREEN.png`` of all screens, the case screen showing ``case``; returns how many."""
    qInstallMessageHandler(_hear)
    _application()
    window = cast(MainWindow, opener())
    try:
        window.resize(WIDTH, HEIGHT)
        window.show()
        for language in LANGUAGES:
            (folder / language).mkdir(parents=True, exist_ok=True)
            window.place.change_settings(language=language)
            for name in SCREENS:
                window.go(name, case if name == "case" else None)
                _settle()
                window.grab().save(str(folder / language / f"{name}.png"))
        window.place.change_settings(language=LANGUAGES[0])
    finally:
        window.close()
    return len(LANGUAGES) * len(SCREENS)


def show_window(opener: Opener) -> None:
    """Show the window until it is closed."""
    application = _application()
    window = opener()
    window.show()
    application.exec()


def _application() -> QApplication:
    running = QApplication.instance()
    return running if isinstance(running, QApplication) else QApplication(["liandong"])


def _hear(_kind: QtMsgType, _place: QMessageLogContext, message: str) -> None:
    """Qt's warnings go to stderr, but for one that the platform without a screen gives for every window."""
    if "propagateSizeHints" not in message:
        sys.stderr.write(message + "\n")


def _settle() -> None:
    """Let the window's events and the answers of the data thread come in."""
    deadline = QDeadlineTimer(SETTLE_MILLISECONDS)
    while not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
