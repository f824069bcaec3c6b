"""Personal fields whose content can be hidden from the visitor's side of the desk (F6)."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from desktop.ui.widgets.typing import PERSONAL, LatinLine, Line

DOT = "●"


def mask(text: str) -> str:
    """The first character of a name, the ends of a number, dots between."""
    if len(text) > 7 and text[:3].isascii():
        return text[:3] + DOT * (len(text) - 7) + text[-4:]
    return text[:1] + DOT * max(0, len(text) - 1)


class _Mask:
    """Covers a line with its masked text while it is not being typed in."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._label = QLabel(line)
        self._label.setObjectName("mask")
        self._label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._label.hide()
        self.is_on = False

    def refresh(self, *, focused: bool) -> None:
        """Show or hide the cover."""
        text = self._line.text()
        covered = self.is_on and not focused and bool(text)
        self._label.setText(mask(text) if covered else "")
        self._label.setGeometry(self._line.rect().adjusted(11, 3, -11, -3))
        self._label.setVisible(covered)


class PersonalLine(Line):
    """A name or address: no prediction, no learning, no drag; maskable."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setInputMethodHints(PERSONAL)
        self.setDragEnabled(False)
        self._mask = _Mask(self)
        self.textChanged.connect(lambda _: self._mask.refresh(focused=self.hasFocus()))

    def set_masked(self, on: bool) -> None:
        """Hide or show what stands in the field."""
        self._mask.is_on = on
        self._mask.refresh(focused=self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The clerk sees what is typed."""
        super().focusInEvent(event)
        self._mask.refresh(focused=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Covered again."""
        super().focusOutEvent(event)
        self._mask.refresh(focused=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cover follows."""
        super().resizeEvent(event)
        self._mask.refresh(focused=self.hasFocus())

    def changeEvent(self, event: QEvent) -> None:
        """No accessible text while covered is the label's business."""
        super().changeEvent(event)


class PersonalNumber(PersonalLine, LatinLine):
    """A phone or ID number: the same, and half-width."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setInputMethodHints(PERSONAL | Qt.InputMethodHint.ImhPreferLatin)
