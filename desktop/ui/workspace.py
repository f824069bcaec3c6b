"""What one works in after signing in: the navigation at the left and the screen in front."""

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from desktop.ui.navigation import Navigation
from desktop.ui.screen import Screen
from desktop.ui.screens import Screens
from desktop.ui.workplace import Workplace

FIRST_SCREEN = "today"
REST_MILLISECONDS = 400
"""How long after signing in the screens nobody asked for yet are begun with, so that going there never waits."""
BETWEEN_MILLISECONDS = 30


class Workspace(QWidget):
    """Emits ``lock_asked``, and ``ready`` once every screen is built. ``current`` names the screen in front."""

    lock_asked = Signal()
    ready = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.navigation = Navigation(place)
        self.navigation.picked.connect(self.go)
        self.navigation.lock_asked.connect(self.lock_asked)
        self._stack = QStackedWidget()
        self.screens = Screens(place, self._stack)
        self.current = FIRST_SCREEN
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addWidget(self._stack, 1)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._build_next)

    @property
    def front(self) -> Screen:
        """The screen in front."""
        return self.screens[self.current]

    def go(self, name: str, argument: Any = None) -> None:
        """Bring a screen to the front."""
        if name != self.current:
            self.front.leave()
        self.current = name
        self._stack.setCurrentWidget(self.front)
        self.navigation.show_screen(name)
        self.front.setFocus()
        self.front.open(argument)

    def begin(self) -> None:
        """Somebody signed in: the first screen, the others behind it."""
        self.navigation.show_person()
        self.forget()
        self.go(FIRST_SCREEN)
        self._rest.start(REST_MILLISECONDS)

    def leave(self) -> None:
        """Keep what was typed on any screen."""
        self._rest.stop()
        for screen in self.screens.built:
            screen.leave()

    def forget(self) -> None:
        """Drop what was shown."""
        for screen in self.screens.built:
            screen.forget()

    def _build_next(self) -> None:
        if self.screens.build_next():
            self._rest.start(BETWEEN_MILLISECONDS)
        else:
            self.ready.emit()
