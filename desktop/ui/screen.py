"""What all screens share: the bar at the top, the scrolling middle, the bar at the foot, buttons and commands."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.ui.keys import shown_key
from desktop.ui.tabs import order_tabs
from desktop.ui.theme import Look
from desktop.ui.widgets.surfaces import ElidedLabel, Notice, lay_out_again, scrolling
from desktop.ui.workplace import Workplace

Commands = dict[str, Callable[[], None]]
BUTTON_HEIGHT, BAR_ROOM = 34, 18
LEAST_COLUMN = 280
MARGINS = 60


class Screen(QWidget):
    """One page of the window. ``name`` is the first half of its objects' names and the topic of its texts."""

    name = ""
    topic = ""
    """The topic of its texts where that is not the name."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self._was_shown = False
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        outer = self._outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.top = self._make_bar("topbar")
        self.title = ElidedLabel()
        self.title.setProperty("role", "title")
        place.voice.put(self.title, f"{self.topic or self.name}.screen_title")
        self.top.addWidget(self.title)
        self.middle = QVBoxLayout()
        self.middle.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self.middle, 1)
        place.voice.changed.connect(self.on_voice)

    def open(self, argument: Any = None) -> None:
        """The screen comes to the front."""
        self.refresh()

    def refresh(self) -> None:
        """Read what is shown anew."""

    def leave(self) -> None:
        """Another screen comes to the front, or the window is being locked: keep what was typed."""

    def forget(self) -> None:
        """The profile was locked: drop what was shown."""

    def commands(self) -> Commands:
        """What keys of the window mean here, by command (see ``keys``)."""
        return {}

    def on_voice(self) -> None:
        """The language was switched."""
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Shown for the first time its parts are styled, and only now know their heights."""
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            lay_out_again(self)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes as one reads, wherever parts were added meanwhile."""
        order_tabs(self)
        return super().focusNextPrevChild(forward)

    def add_bottom(self) -> QHBoxLayout:
        """The bar at the foot."""
        return self._make_bar("bottombar")

    def add_notice(self) -> Notice:
        """A line that stays in sight above the scrolling middle; called before :meth:`add_scroll`."""
        holder = QWidget()
        holder.hide()
        column = QVBoxLayout(holder)
        column.setContentsMargins(24, 12, 24, 0)
        notice = TopNotice(self.place.look, f"{self.name}.notice", holder)
        column.addWidget(notice)
        self.middle.addWidget(holder)
        return notice

    def add_scroll(self) -> QVBoxLayout:
        """A scrolling middle with margins; sideways it never scrolls unless it must."""
        content = QWidget()
        self.scroller = scrolling(content)
        self.middle.addWidget(self.scroller, 1)
        column = QVBoxLayout(content)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        return column

    def to_top(self) -> None:
        """Something else is shown: its beginning comes in sight."""
        self.scroller.verticalScrollBar().setValue(0)

    def button(self, verb: str, on_click: Callable[[], Any], **look: Any) -> QPushButton:
        """A button named ``screen.verb``; its text key is the same."""
        key = look.pop("key", f"{self.topic or self.name}.{verb}")
        return make_button(self.place, f"{self.name}.{verb}", on_click, key=key, **look)

    def _make_bar(self, name: str) -> QHBoxLayout:
        bar = QFrame()
        bar.setObjectName(name)
        bars = self.place.look
        bar.setMinimumHeight(bars.scaled(BUTTON_HEIGHT) + BAR_ROOM)
        bars.changed.connect(lambda: bar.setMinimumHeight(bars.scaled(BUTTON_HEIGHT) + BAR_ROOM))
        row = QHBoxLayout(bar)
        row.setContentsMargins(24, 8, 24, 8)
        row.setSpacing(12)
        self._outer.addWidget(bar)
        return row


class TopNotice(Notice):
    """Its place takes no room while nothing is said."""

    def __init__(self, look: Look, name: str, holder: QWidget) -> None:
        self._holder: QWidget | None = None
        super().__init__(look, name)
        self._holder = holder

    def setVisible(self, visible: bool) -> None:
        """The place comes and goes with the line."""
        super().setVisible(visible)
        if self._holder is not None:
            self._holder.setVisible(visible)


def make_button(
    place: Workplace,
    name: str,
    on_click: Callable[[], Any],
    *,
    primary: bool = False,
    icon: str = "",
    command: str = "",
    flat: bool = False,
    danger: bool = False,
    small: bool = False,
    key: str = "",
) -> QPushButton:
    """A button named ``screen.verb`` saying the text of the same key, with its shortcut behind it."""
    button = QPushButton()
    button.setObjectName(name)
    for mark, on in (("primary", primary), ("flat", flat), ("danger", danger), ("small", small)):
        if on:
            button.setProperty(mark, True)
    text_key = key or name
    hint = f"  {shown_key(command)}" if command else ""
    voice = place.voice
    voice.follow(button, lambda: voice.say(text_key) + hint)
    voice.follow(button, lambda: accessible_name(place, name, text_key), "setAccessibleName")
    if icon:
        place.look.tint(button, icon, "primary_text" if primary else "red" if danger else "soft_text", 16)
    button.clicked.connect(lambda _=False: on_click())
    button.setAutoDefault(False)
    return button


def accessible_name(place: Workplace, name: str, text_key: str = "") -> str:
    """The name a screen reader says: screen and field, so that no two in the window are alike."""
    topic = (text_key or name).partition(".")[0]
    return f"{place.say(f'{topic}.screen_title')} · {place.say(text_key or name)}"


class Responsive(QObject):
    """Puts the columns of a layout under each other when the page grows too narrow for the text size."""

    def __init__(self, page: QWidget, row: QHBoxLayout, place: Workplace, narrow: int) -> None:
        super().__init__(page)
        self._page, self._row, self._place, self._narrow = page, row, place, narrow
        page.installEventFilter(self)
        place.look.changed.connect(self._fit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit at each resize."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def _fit(self) -> None:
        """Columns want their least width each, and 280 pixels of text at least."""
        look, row = self._place.look, self._row
        items = [row.itemAt(index) for index in range(row.count())]
        least = sum(max(item.minimumSize().width(), look.scaled(LEAST_COLUMN)) for item in items if item is not None)
        narrow = self._page.width() < max(look.scaled(self._narrow), least + row.spacing() + MARGINS)
        direction = QHBoxLayout.Direction.TopToBottom if narrow else QHBoxLayout.Direction.LeftToRight
        self._row.setDirection(direction)
