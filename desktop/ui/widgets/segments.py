"""A choice of one among few: radio buttons in a row, one Tab stop, arrows or digits choose."""

from PySide6.QtCore import Property, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QRadioButton, QSizePolicy, QWidget

from desktop.ui.voice import Voice
from desktop.ui.widgets.surfaces import restyle


class SegmentedChoice(QFrame):
    """Named ``screen.field``; each button is named ``screen.field.CODE``. ``value`` is the chosen code or None."""

    edited = Signal()

    def __init__(self, name: str, voice: Voice, options: tuple[tuple[str, str], ...], start: str | None = None) -> None:
        """``options``: (code, text key or ``vocabulary:CODE``) in their order."""
        super().__init__()
        self.setObjectName(name)
        self._voice = voice
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QRadioButton] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        for code, key in options:
            self._make_button(code, key)
        self.break_after(len(options))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._start = start
        self.set_value(start)
        self._group.buttonClicked.connect(lambda _: self.edited.emit())
        self._group.idToggled.connect(lambda _, on: self._follow_focus() if on else None)

    def break_after(self, count: int) -> None:
        """So many buttons a line: a large text needs two lines where one would widen the page."""
        a_line, total = max(1, count), len(self._buttons)
        for index, button in enumerate(self._buttons.values()):
            line, column = divmod(index, a_line)
            self._grid.addWidget(button, line, column)
            restyle(button, "segment", _place_of(column, min(a_line, total - line * a_line)))
        for column in range(len(self._buttons) + 1):
            self._grid.setColumnStretch(column, int(column == count))

    def value(self) -> str | None:
        """The chosen code."""
        return next((code for code, button in self._buttons.items() if button.isChecked()), None)

    def set_value(self, value: object) -> None:
        """Choose a code; None takes the start value, or nothing."""
        button = self._buttons.get(str(value if value is not None else self._start))
        held = self._holds_focus()
        if button is not None:
            button.setChecked(True)
        else:
            self._clear()
        self._follow_focus()
        if held and button is not None:
            button.setFocus()

    chosen = Property(str, lambda self: self.value() or "", lambda self, code: self.choose(code), user=True)

    def choose(self, code: str) -> None:
        """Choose as a person does: the change is told."""
        if code in self._buttons and code != self.value():
            self.set_value(code)
            self.edited.emit()

    def button(self, code: str) -> QRadioButton:
        """The button of a code."""
        return self._buttons[code]

    def describe(self, accessible: str) -> None:
        """Name it and its buttons for screen readers."""
        self.setAccessibleName(accessible)
        for button in self._buttons.values():
            button.setAccessibleName(f"{accessible} {button.text()}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys sent to the row itself."""
        if not self._take_key(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys sent to a button: digits and arrows choose."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._take_key(event)
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        codes = list(self._buttons)
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        current = codes.index(self.value() or codes[0]) if self.value() else -1
        index = _wanted_index(event, current, len(codes))
        if index is None:
            return False
        self.choose(codes[index])
        if self._holds_focus():
            self._buttons[codes[index]].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _holds_focus(self) -> bool:
        return any(button.hasFocus() for button in self._buttons.values())

    def _make_button(self, code: str, key: str) -> None:
        button = QRadioButton()
        button.setObjectName(f"{self.objectName()}.{code}")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.installEventFilter(self)
        vocabulary, _, term = key.partition(":")
        self._voice.follow(
            button, (lambda: self._voice.label(vocabulary, term)) if term else lambda: self._voice.say(key)
        )
        self._group.addButton(button)
        self._buttons[code] = button

    def _follow_focus(self) -> None:
        """Exactly one button takes the Tab key: the chosen one, else the first."""
        stop = self._buttons.get(self.value() or "") or next(iter(self._buttons.values()))
        for button in self._buttons.values():
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if button is stop else Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(stop)

    def _clear(self) -> None:
        self._group.setExclusive(False)
        for button in self._buttons.values():
            button.setChecked(False)
        self._group.setExclusive(True)


def _place_of(index: int, count: int) -> str:
    if count == 1:
        return "only"
    return "first" if index == 0 else "last" if index == count - 1 else "middle"


def _wanted_index(event: QKeyEvent, current: int, count: int) -> int | None:
    key = event.key()
    if key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
        return min(current + 1, count - 1)
    if key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
        return max(current - 1, 0)
    digit = key - Qt.Key.Key_1
    return digit if 0 <= digit < count else None


def set_segment_tab_order(before: QWidget, choice: SegmentedChoice) -> None:
    """Let the choice follow ``before`` in the Tab order."""
    for button in choice._buttons.values():
        QWidget.setTabOrder(before, button)
        before = button
