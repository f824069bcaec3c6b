"""The sign-in page: who, passphrase, the five bans, and what went wrong in words that say what to do."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desktop.ui.screen import accessible_name, make_button
from desktop.ui.unlock.actions import UnlockActions
from desktop.ui.widgets.surfaces import Card, Notice, make_label
from desktop.ui.widgets.typing import PERSONAL, Line
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

if TYPE_CHECKING:
    from desktop.ui.unlock.first_run import FirstRunForm
    from desktop.ui.unlock.recover import RecoverForm
    from desktop.ui.unlock.restore import RestoreForm

CARD_WIDTH = 460


class PassphraseLine(Line):
    """A hidden line that notices caps lock and a Chinese input method, the usual reasons of a wrong passphrase."""

    def __init__(self, name: str, on_hint: Callable[[str], None]) -> None:
        super().__init__(name)
        self._on_hint = on_hint
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(PERSONAL | Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhPreferLatin)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A capital without Shift, or a small letter with it, means caps lock."""
        typed, shift = event.text(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if typed.isascii() and typed.isalpha():
            self._on_hint("unlock.caps_lock" if typed.isupper() != shift else "")
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Composition in a passphrase is a slip nearly always."""
        super().inputMethodEvent(event)
        if event.preeditString():
            self._on_hint("unlock.input_method")


class UnlockPage(QFrame):
    """Sign in, or the first run where the profile has no device. ``painted``: for the first time since it came."""

    painted = Signal()

    def __init__(self, place: Workplace, actions: UnlockActions, on_open: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("page")
        self._place, self._actions, self._on_open = place, actions, on_open
        self._hint_key = ""
        self._is_fresh = True
        self._first_run: FirstRunForm | None = None
        self._recover: RecoverForm | None = None
        self._restore: RestoreForm | None = None
        outer = QVBoxLayout(self._make_scroll())
        outer.setContentsMargins(40, 20, 40, 20)
        outer.setSpacing(14)
        self._sign_in = self._make_sign_in()
        outer.addStretch(1)
        outer.addWidget(self._make_brand())
        self._cards = QVBoxLayout()
        self._centre(self._sign_in)
        outer.addLayout(self._cards)
        outer.addWidget(self._make_bans())
        outer.addStretch(1)
        place.look.changed.connect(self._fit)
        place.voice.changed.connect(self._tell_hint)
        self._fit()

    @property
    def first_run(self) -> "FirstRunForm":
        """The form that enrols this machine; made when it is first wanted."""
        if self._first_run is None:
            from desktop.ui.unlock.first_run import FirstRunForm

            self._first_run = FirstRunForm(self._place, self._actions, self._opened, self.begin_restore)
            self._centre(self._first_run)
            self._fit()
        return self._first_run

    @property
    def recover(self) -> "RecoverForm":
        """The form for a forgotten passphrase; made when it is first wanted."""
        if self._recover is None:
            from desktop.ui.unlock.recover import RecoverForm

            self._recover = RecoverForm(self._place, self._actions, self._opened, self.restart)
            self._centre(self._recover)
            self._fit()
        return self._recover

    @property
    def restore(self) -> "RestoreForm":
        """The form that puts a backup back; made when it is first wanted."""
        if self._restore is None:
            from desktop.ui.unlock.restore import RestoreForm

            self._restore = RestoreForm(self._place, self._actions, self._opened, self.restart)
            self._centre(self._restore)
            self._fit()
        return self._restore

    def begin_restore(self) -> None:
        """On an empty computer: a backup instead of a ticket."""
        self.first_run.hide()
        self.restore.show()
        self.restore.begin()

    def restart(self) -> None:
        """Show the users of the profile, or the first run."""
        self._is_fresh = True
        self.passphrase.clear()
        self.notice.tell("")
        self._set_busy(False)
        enrolled = self._actions.is_enrolled
        self._sign_in.setVisible(enrolled)
        if self._first_run is not None:
            self._first_run.setVisible(not enrolled)
        if self._recover is not None:
            self._recover.forget()
            self._recover.hide()
        if self._restore is not None:
            self._restore.forget()
            self._restore.hide()
        if not enrolled:
            self.first_run.begin()
            return
        self.user.clear()
        for name, role in self._actions.users():
            self.user.addItem(f"{name} · {self._place.voice.label('role', role)}" if role else name, name)
        self.passphrase.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell that it stands there."""
        super().paintEvent(event)
        if self._is_fresh:
            self._is_fresh = False
            self.painted.emit()

    def unlock(self) -> None:
        """Try the passphrase."""
        self._set_busy(True)
        self.notice.tell("")
        self._actions.open(self.user.currentData(), self.passphrase.text(), lambda _: self._opened(), self._refused)

    def begin_recovery(self) -> None:
        """The passphrase is forgotten: show the way by two custodians."""
        self._sign_in.hide()
        self.recover.show()
        self.recover.begin(self.user.currentData() or "")

    def _opened(self) -> None:
        self.passphrase.clear()
        if self._first_run is not None:
            self._first_run.forget()
        if self._recover is not None:
            self._recover.forget()
        if self._restore is not None:
            self._restore.forget()
        self._set_busy(False)
        self._on_open()

    def _refused(self, error: LiandongError) -> None:
        self._set_busy(False)
        self.notice.tell(self._place.say_error(error), "wrong")
        self.passphrase.selectAll()
        self.passphrase.setFocus()

    def _set_busy(self, busy: bool) -> None:
        self.enter.setEnabled(not busy)
        self.passphrase.setEnabled(not busy)
        self._place.voice.put(self._waiting, "unlock.opening" if busy else "unlock.offline_line")

    def _make_scroll(self) -> QWidget:
        """A small screen or a large text scrolls; the window never grows for it."""
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        content.setObjectName("content")
        scroll.setWidget(content)
        around.addWidget(scroll)
        return content

    def _make_brand(self) -> QWidget:
        brand = make_label(role="big")
        brand.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._place.voice.put(brand, "ui.product")
        return brand

    def _make_sign_in(self) -> QWidget:
        card = Card()
        self._place.voice.put(card.heading, "unlock.screen_title")
        card.body.setSpacing(8)
        self.user = QComboBox()
        self.passphrase = PassphraseLine("unlock.passphrase", self._show_hint)
        self.passphrase.returnPressed.connect(self.unlock)
        self.notice = Notice(self._place.look, "unlock.notice")
        self._hint = make_label(role="amber", wrap=True)
        self._hint.hide()
        self._waiting = make_label(role="quiet")
        self.enter = make_button(self._place, "unlock.enter", self.unlock, primary=True, icon="log-in")
        for name, field in (("unlock.user", self.user), ("unlock.passphrase", self.passphrase)):
            card.body.addWidget(name_field(self._place, name, field))
            card.body.addWidget(field)
        for widget in (self._hint, self.notice):
            card.body.addWidget(widget)
        row = QHBoxLayout()
        row.addWidget(self._waiting, 1)
        row.addWidget(make_button(self._place, "unlock.forgotten", self.begin_recovery, flat=True))
        row.addWidget(self.enter)
        card.body.addLayout(row)
        return card

    def _make_bans(self) -> QWidget:
        bans = make_label(role="quiet")
        bans.setAlignment(Qt.AlignmentFlag.AlignCenter)
        bans.setWordWrap(True)
        self._place.voice.put(bans, "unlock.five_bans")
        return bans

    def _show_hint(self, key: str) -> None:
        self._hint_key = key
        self._tell_hint()

    def _tell_hint(self) -> None:
        self._hint.setText(self._place.say(self._hint_key) if self._hint_key else "")
        self._hint.setVisible(bool(self._hint_key))

    def _centre(self, card: QWidget) -> None:
        """In the middle, as high as its texts are at its own width."""
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(card)
        row.addStretch(1)
        self._cards.addLayout(row)

    def _fit(self) -> None:
        for card in filter(None, (self._sign_in, self._first_run, self._recover, self._restore)):
            card.setFixedWidth(self._place.look.scaled(CARD_WIDTH))


def name_field(place: Workplace, name: str, field: QWidget) -> QLabel:
    """Name an input and return its label."""
    field.setObjectName(name)
    label = make_label(role="label")
    place.voice.put(label, name)
    place.voice.follow(field, lambda: accessible_name(place, name), "setAccessibleName")
    return label
