"""Text inputs that leave Enter, Space and Shift to the input method while it composes, and keep digits half-width."""

import unicodedata

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

_OF_THE_INPUT_METHOD = frozenset(
    {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Shift, Qt.Key.Key_Escape, Qt.Key.Key_Backspace}
)
LATIN = Qt.InputMethodHint.ImhPreferLatin | Qt.InputMethodHint.ImhNoPredictiveText
PERSONAL = (
    Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhNoAutoUppercase
)
"""Hints of a field that holds personal data: nothing of it may go to a cloud dictionary or be learned."""


def is_composing() -> bool:
    """True while the focused input holds text that the input method has not committed."""
    return bool(getattr(QApplication.focusWidget(), "composing", False))


def half_width(text: str) -> str:
    """Full-width digits, letters and signs as their half-width twins; spaces around cut off."""
    return unicodedata.normalize("NFKC", text).strip()


class Line(QLineEdit):
    """A one-line input. ``edited`` after each committed change by typing or by code."""

    edited = Signal()

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.composing = False
        self.textChanged.connect(self.edited)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Note whether a composition is open, then let Qt show or commit it."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Come to by Tab all of it is chosen, with its beginning in sight."""
        super().focusInEvent(event)
        if self.selectedText() and self.selectedText() == self.text():
            self.setSelection(len(self.text()), -len(self.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the input method do nothing here while it composes."""
        if self.composing and Qt.Key(event.key()) in _OF_THE_INPUT_METHOD:
            event.accept()
            return
        super().keyPressEvent(event)

    def value(self) -> str | None:
        """What was typed, or None."""
        return self.text().strip() or None

    def set_value(self, value: object) -> None:
        """Show a value; of a long one the beginning is in sight."""
        self.setText("" if value is None else str(value))
        self.setCursorPosition(0)


class LatinLine(Line):
    """A line for phone, ID number or code: asks for Latin input and turns full-width characters into half-width."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setInputMethodHints(LATIN)
        self.editingFinished.connect(self._straighten)

    def value(self) -> str | None:
        """The half-width text, or None."""
        return half_width(self.text()) or None

    def _straighten(self) -> None:
        straight = half_width(self.text())
        if straight != self.text() and not self.composing:
            self.setText(straight)


class NumberLine(LatinLine):
    """A line for a count; ``value`` is an int, or the text where it is none (the service refuses it by name)."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setInputMethodHints(LATIN | Qt.InputMethodHint.ImhDigitsOnly)

    def value(self) -> int | str | None:  # type: ignore[override]
        """The number typed."""
        text = half_width(self.text())
        return int(text) if text.isascii() and text.isdigit() else text or None


class NamesLine(Line):
    """Several names in one line, parted by commas, 、 or spaces; ``value`` is a list."""

    def value(self) -> list[str] | None:  # type: ignore[override]
        """The names in their order."""
        text = self.text()
        for sign in ",,、;;\u3000\n":
            text = text.replace(sign, " ")
        return text.split() or None

    def set_value(self, value: object) -> None:
        """Show a list of names."""
        names = value if isinstance(value, (list, tuple)) else []
        self.setText("、".join(map(str, names)))


class Area(QPlainTextEdit):
    """A text of several lines; Tab goes on to the next field."""

    edited = Signal()

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setTabChangesFocus(True)
        self.composing = False
        self.textChanged.connect(self.edited)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Note whether a composition is open."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the input method do nothing here while it composes."""
        if self.composing and Qt.Key(event.key()) in _OF_THE_INPUT_METHOD:
            event.accept()
            return
        super().keyPressEvent(event)

    def text(self) -> str:
        """The whole text."""
        return self.toPlainText()

    def value(self) -> str | None:
        """The text without blank ends, or None."""
        return self.toPlainText().strip() or None

    def set_value(self, value: object) -> None:
        """Show a value; undo starts anew."""
        self.setPlainText("" if value is None else str(value))

    def forget(self) -> None:
        """Empty it and drop its undo history."""
        self.clear()
        self.document().clearUndoRedoStacks()

    def changeEvent(self, event: QEvent) -> None:
        """Keep at least the asked number of lines when the font changes."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._keep_height()

    def keep_lines(self, lines: int) -> None:
        """Never be lower than so many lines."""
        self._lines = lines
        self._keep_height()

    def _keep_height(self) -> None:
        lines = getattr(self, "_lines", 0)
        if lines:
            self.setMinimumHeight(self.fontMetrics().lineSpacing() * lines + 20)
