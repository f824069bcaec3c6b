"""The one window: sign-in page or workspace; keys, toast, idle lock. Screens know the workplace, never each other."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from desktop.services.office import Office
from desktop.services.shapes import OfficeFacts
from desktop.ui.cases.detail_view import CaseScreen
from desktop.ui.cases.list_view import CasesScreen
from desktop.ui.county.view import CountyScreen
from desktop.ui.exchange.view import ExchangeScreen
from desktop.ui.help_page.view import HelpScreen
from desktop.ui.keys import KEYS
from desktop.ui.navigation import PLACES, Navigation
from desktop.ui.preview.view import PreviewScreen
from desktop.ui.reception.view import ReceptionScreen
from desktop.ui.screen import Screen
from desktop.ui.settings_page.view import SettingsScreen
from desktop.ui.today.view import TodayScreen
from desktop.ui.unlock.actions import Doors, UnlockActions, close_office
from desktop.ui.unlock.view import UnlockPage
from desktop.ui.viewer.view import ViewerScreen
from desktop.ui.visits.view import VisitScreen
from desktop.ui.widgets.surfaces import Toast
from desktop.ui.widgets.typing import is_composing
from desktop.ui.workplace import Workplace

SCREENS: tuple[type[Screen], ...] = (
    TodayScreen,
    VisitScreen,
    ReceptionScreen,
    CasesScreen,
    CaseScreen,
    ExchangeScreen,
    CountyScreen,
    SettingsScreen,
    PreviewScreen,
    ViewerScreen,
    HelpScreen,
)
MINUTE_MILLISECONDS = 60_000
_ACTIVITY = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.InputMethod)


class MainWindow(QMainWindow):
    """Everything a person sees."""

    def __init__(self, place: Workplace, doors: Doors) -> None:
        super().__init__()
        self.place = place
        self.setObjectName("window")
        self.resize(1366, 768)
        self._pages = QStackedWidget()
        self.setCentralWidget(self._pages)
        self.unlock_page = UnlockPage(place, UnlockActions(place, doors), self._on_unlocked)
        self._pages.addWidget(self.unlock_page)
        self.screens: dict[str, Screen] = {}
        self._pages.addWidget(self._make_workspace())
        self.current = "today"
        self._toast = Toast(self)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self.lock)
        self._make_keys()
        place.go.connect(self.go)
        place.toast.connect(self._toast.say)
        place.tasks.troubled.connect(lambda error: self._toast.say(place.say_error(error)))
        place.look.changed.connect(self._restyle)
        place.voice.put(self, "ui.product", "setWindowTitle")
        self._restyle()
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def open_now(self, opener: Callable[[], Office]) -> None:
        """Sign in before the window appears; raises what the opener raises."""
        self.place.tasks.open_now(opener, close_office)
        self._pages.setCurrentIndex(1)
        self._signed_in(self.place.tasks.ask_now(lambda office: office.facts))

    def show_unlock(self) -> None:
        """The sign-in page."""
        self._idle.stop()
        self._pages.setCurrentIndex(0)
        self.unlock_page.restart()

    @property
    def is_locked(self) -> bool:
        """True while the sign-in page is in front."""
        return self._pages.currentIndex() == 0

    def screen_of(self, name: str) -> Any:
        """A screen by name."""
        return self.screens[name]

    def go(self, name: str, argument: Any = None) -> None:
        """Bring a screen to the front."""
        if self.is_locked:
            return
        if name != self.current:
            self.screens[self.current].leave()
        self.current = name
        screen = self.screens[name]
        self._stack.setCurrentWidget(screen)
        self._navigation.show_screen(name)
        screen.setFocus()
        screen.open(argument)

    def lock(self) -> None:
        """Keep what was typed, close the store, drop the keys, show the sign-in page."""
        if self.is_locked:
            return
        for screen in self.screens.values():
            screen.leave()
        self._close_dialogs()
        self._pages.setCurrentIndex(0)
        self.place.tasks.close_subject()
        self.place.sign_out()
        for screen in self.screens.values():
            screen.forget()
        self._navigation.show_person()
        self.show_unlock()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Any key or click starts the idle time anew."""
        if event.type() in _ACTIVITY and self._idle.isActive():
            self._idle.start()
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what was typed, then end both threads."""
        if not self.is_locked:
            for screen in self.screens.values():
                screen.leave()
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self.place.tasks.shut_down()
        super().closeEvent(event)

    def _on_unlocked(self) -> None:
        self._pages.setCurrentIndex(1)
        self.place.tasks.read(lambda office: office.facts, self._signed_in, owner=self)

    def _signed_in(self, facts: OfficeFacts) -> None:
        self.place.sign_in(facts)
        self._navigation.show_person()
        for screen in self.screens.values():
            screen.forget()
        self._idle.start(self.place.settings.idle_minutes * MINUTE_MILLISECONDS)
        self.go("today")
        self.place.tasks.read(lambda office: office.back_up_when_due(), lambda _: None, owner=self, key="backup")

    def _close_dialogs(self) -> None:
        popup = QApplication.activeModalWidget()
        if popup is not None and popup is not self:
            popup.close()

    def _make_workspace(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._navigation = Navigation(self.place)
        self._navigation.picked.connect(self.go)
        self._navigation.lock_asked.connect(self.lock)
        self._stack = QStackedWidget()
        for kind in SCREENS:
            screen = kind(self.place)
            self.screens[screen.name] = screen
            self._stack.addWidget(screen)
        row.addWidget(self._navigation)
        row.addWidget(self._stack, 1)
        return holder

    def _make_keys(self) -> None:
        for command, key in KEYS.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setObjectName(f"key.{command}")
            shortcut.activated.connect(lambda command=command: self.command(command))

    def command(self, command: str) -> None:
        """A key was pressed. While the input method composes it belongs to the input method."""
        if is_composing() or self.is_locked:
            return
        own = self.screens[self.current].commands().get(command)
        if own is not None:
            own()
        elif command in PLACES:
            if self._navigation.offers(command):
                self.go(command)
        else:
            self._common(command)

    def _common(self, command: str) -> None:
        targets = {"new_reception": ("reception", "new"), "new_visit": ("visit", "new"), "search": ("cases", "search")}
        if command == "lock":
            self.lock()
        elif command == "help":
            self.go("help", self.current)
        elif command in targets:
            self.go(*targets[command])

    def _restyle(self) -> None:
        self.setStyleSheet(self.place.look.stylesheet())
