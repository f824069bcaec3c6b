"""Cards, rules, pills, notices and empty states: what carries words on a screen."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.theme import Look
from desktop.ui.widgets.tips import plain_tip

PILL_ICONS = {"due": "clock", "overdue": "triangle-alert", "good": "check", "plain": ""}
NOTICE_ICONS = {"info": "info", "wrong": "circle-alert", "care": "triangle-alert", "good": "circle-check"}
TOAST_MILLISECONDS = 4000


def make_label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label with a role of the stylesheet; wrapping ones may shrink."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    if wrap:
        label.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
    return label


class ElidedLabel(QLabel):
    """A line that ends in … where it is longer than its place; the whole of it shows when pointed at."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:
        """Another line."""
        super().setText(text)
        self.setToolTip(plain_tip(text))

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        area = self.contentsRect()
        fits = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        self.style().drawItemText(
            painter, area, int(flags), self.palette(), self.isEnabled(), fits, self.foregroundRole()
        )
        painter.end()


def make_rule() -> QFrame:
    """A hairline between rows."""
    rule = QFrame()
    rule.setProperty("role", "rule")
    return rule


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property the stylesheet looks at and apply it."""
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    for label in widget.findChildren(QLabel):
        style.unpolish(label)
        style.polish(label)


def lay_out_again(widget: QWidget) -> None:
    """Ask for the sizes of what was just filled or shown, once it is styled: before, its texts have no height yet."""

    def ask() -> None:
        for part in (*widget.findChildren(QWidget), widget):
            layout = part.layout()
            if layout is not None:
                layout.invalidate()
            part.updateGeometry()

    QTimer.singleShot(0, widget, ask)


def scrolling(content: QWidget) -> QScrollArea:
    """A frameless place where what is higher than it scrolls; it takes no Tab stop of its own."""
    content.setObjectName("content")
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(content)
    return scroll


def bring_in_sight(widget: QWidget) -> None:
    """Scroll the place a widget stands in until it shows."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()


class Card(QFrame):
    """A white sheet with a heading, a word at its right, and a body."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setObjectName(name)
        outer = self.outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 12)
        outer.setSpacing(6)
        self.head = QHBoxLayout()
        self.heading = make_label(role="heading")
        self.aside = make_label(role="quiet")
        self.head.addWidget(self.heading)
        self.head.addStretch(1)
        self.head.addWidget(self.aside)
        outer.addLayout(self.head)
        self.body = QVBoxLayout()
        self.body.setSpacing(4)
        outer.addLayout(self.body)

    def hide_head(self) -> None:
        """No heading: the body begins at the top."""
        self.heading.hide()
        self.aside.hide()

    def empty(self) -> None:
        """Take everything out of the body."""
        clear_layout(self.body)


def clear_layout(layout: QVBoxLayout | QHBoxLayout | QGridLayout) -> None:
    """Delete the widgets of a layout."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()


class Pill(QFrame):
    """A status in a word with an icon beside it; colour never speaks alone."""

    def __init__(self, look: Look, text: str = "", kind: str = "plain", icon: str = "") -> None:
        super().__init__()
        self._look = look
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(4)
        self._icon, self._word = QLabel(), make_label()
        row.addWidget(self._icon)
        row.addWidget(self._word)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.show_state(text, kind, icon)

    def show_state(self, text: str, kind: str = "plain", icon: str = "") -> None:
        """Another word and kind (plain, due, overdue, good)."""
        name = icon or PILL_ICONS[kind]
        self._icon.setVisible(bool(name))
        if name:
            token = {"due": "amber", "overdue": "red", "good": "primary_deep"}.get(kind, "soft_text")
            self._look.tint(self._icon, name, token, 14)
        self._word.setText(text)
        restyle(self, "pill", kind)

    def text(self) -> str:
        """The word."""
        return self._word.text()


def line_up(card: QWidget) -> None:
    """Make the pills of a card equally wide, once they are styled: what stands behind them begins at one line."""

    def even() -> None:
        pills = [pill for pill in card.findChildren(Pill) if not pill.isHidden()]
        widest = max((pill.sizeHint().width() for pill in pills), default=0)
        for pill in pills:
            pill.setMinimumWidth(widest)

    QTimer.singleShot(0, card, even)


class Notice(QFrame):
    """A line in place: what happened and what to do. Hidden until something is said."""

    def __init__(self, look: Look, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self._look = look
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._words = make_label()
        self._words.setWordWrap(True)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def tell(self, text: str, kind: str = "info") -> None:
        """Show a line (info, good, care, wrong); an empty text hides it."""
        token = {"wrong": "red", "care": "amber"}.get(kind, "primary_deep")
        self._look.tint(self._icon, NOTICE_ICONS[kind], token)
        self._words.setText(text)
        restyle(self, "notice", kind)
        self.setVisible(bool(text))

    def text(self) -> str:
        """What it says."""
        return self._words.text()


class Toast(QFrame):
    """A short word at the window's foot that leaves by itself, with one thing that may be undone or done."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("toast")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        self._words = make_label()
        row.addWidget(self._words)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, text: str) -> None:
        """Show a word for some seconds."""
        self._words.setText(text)
        self.adjustSize()
        window = self.parentWidget()
        if window is not None:
            self.move((window.width() - self.width()) // 2, window.height() - self.height() - 84)
        self.raise_()
        self.show()
        self._timer.start(TOAST_MILLISECONDS)

    def text(self) -> str:
        """The last word said."""
        return self._words.text()


class EmptyState(QWidget):
    """What to do where nothing is yet: an icon, a line, a button."""

    def __init__(self, look: Look, icon: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.setContentsMargins(16, 20, 16, 20)
        column.addStretch(1)
        picture = QLabel()
        look.tint(picture, icon, "muted", 32)
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words = make_label(role="quiet")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setWordWrap(True)
        self.button = QPushButton()
        self.button.hide()
        column.addWidget(picture)
        column.addWidget(self.words)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
