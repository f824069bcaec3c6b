"""The one window: sign-in page or workspace; keys, toast, idle lock. Screens know the workplace, never each other."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget

from desktop.ui.keys import KEYS
from desktop.ui.unlock.actions import Doors, UnlockActions, close_office
from desktop.ui.unlock.view import UnlockPage
from desktop.ui.warming import WARMED
from desktop.ui.widgets.surfaces import Toast
from desktop.ui.widgets.typing import is_composing
from desktop.ui.workplace import Workplace

if TYPE_CHECKING:
    from desktop.services.office import Office
    from desktop.services.shapes import OfficeFacts
    from desktop.ui.screen import Screen
    from desktop.ui.workspace import Workspace

MINUTE_MILLISECONDS = 60_000
WARM_MILLISECONDS = 60
"""After the sign-in page was painted: what lies under it comes first."""
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
        self._toast = Toast(self)
        self._idle = self._make_timer(self.lock)
        self._warm = self._make_timer(lambda: place.tasks.warm(WARMED))
        self.unlock_page.painted.connect(lambda: self._warm.start(WARM_MILLISECONDS))
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

    @cached_property
    def workspace(self) -> "Workspace":
        """Navigation and screens; made when somebody signs in."""
        from desktop.ui.workspace import Workspace

        made = Workspace(self.place)
        made.lock_asked.connect(self.lock)
        made.ready.connect(self._do_the_rest)
        self._pages.addWidget(made)
        return made

    @property
    def screens(self) -> "Mapping[str, Screen]":
        """Every screen by name; one that was not wanted before is built."""
        return self.workspace.screens

    @property
    def current(self) -> str:
        """The name of the screen in front."""
        return self.workspace.current

    def open_now(self, opener: "Callable[[], Office]") -> None:
        """Sign in before the window appears; raises what the opener raises."""
        self.place.tasks.open_now(opener, close_office)
        self._pages.setCurrentWidget(self.workspace)
        self._signed_in(self.place.tasks.ask_now(lambda office: office.facts))

    def show_unlock(self) -> None:
        """The sign-in page. What signing in needs is imported behind it once it is painted."""
        self._idle.stop()
        self._pages.setCurrentWidget(self.unlock_page)
        self.unlock_page.restart()

    @property
    def is_locked(self) -> bool:
        """True while the sign-in page is in front."""
        return self._pages.currentWidget() is self.unlock_page

    def screen_of(self, name: str) -> Any:
        """A screen by name."""
        return self.screens[name]

    def go(self, name: str, argument: Any = None) -> None:
        """Bring a screen to the front."""
        if not self.is_locked:
            self.workspace.go(name, argument)

    def lock(self) -> None:
        """Keep what was typed, close the store, drop the keys, show the sign-in page."""
        if self.is_locked:
            return
        self.workspace.leave()
        self._close_dialogs()
        self._pages.setCurrentWidget(self.unlock_page)
        self.place.tasks.close_subject()
        self.place.sign_out()
        self.workspace.forget()
        self.workspace.navigation.show_person()
        self.show_unlock()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Any key or click starts the idle time anew."""
        if event.type() in _ACTIVITY and self._idle.isActive():
            self._idle.start()
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what was typed, then end both threads."""
        for timer in (self._warm, self._idle):
            timer.stop()
        if not self.is_locked:
            self.workspace.leave()
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self.place.tasks.shut_down()
        super().closeEvent(event)

    def _on_unlocked(self) -> None:
        self._pages.setCurrentWidget(self.workspace)
        self.place.tasks.read(lambda office: office.facts, self._signed_in, owner=self)

    def _signed_in(self, facts: "OfficeFacts") -> None:
        self.place.sign_in(facts)
        self._idle.start(self.place.settings.idle_minutes * MINUTE_MILLISECONDS)
        self.workspace.begin()

    def _do_the_rest(self) -> None:
        """What nobody waits for: fonts for the first print, texts not indexed yet, the daily backup."""
        tasks = self.place.tasks
        if not tasks.is_open:
            return
        borrow = tasks.on_data_thread
        tasks.aside(lambda office, stop: office.prepare_paper(stop), lambda _: None, owner=self)
        tasks.aside(lambda office, stop: office.index_behind(borrow, stop), lambda _: None, owner=self)
        tasks.aside(lambda office, stop: office.back_up_when_due(borrow, stop), lambda _: None, owner=self)

    def _close_dialogs(self) -> None:
        popup = QApplication.activeModalWidget()
        if popup is not None and popup is not self:
            popup.close()

    def _make_timer(self, on_end: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(on_end)
        return timer

    def _make_keys(self) -> None:
        for command, key in KEYS.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setObjectName(f"key.{command}")
            shortcut.activated.connect(lambda command=command: self.command(command))

    def command(self, command: str) -> None:
        """A key was pressed. While the input method composes it belongs to the input method."""
        if is_composing() or self.is_locked:
            return
        own = self.workspace.front.commands().get(command)
        if own is not None:
            own()
        elif self.workspace.navigation.offers(command):
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
        QApplication.setPalette(self.place.look.palette())
        self.setStyleSheet(self.place.look.stylesheet())
