"""One attached file at a time, from memory; leaving the page or locking forgets it."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.services.attaching.shapes import OpenedAttachment
from desktop.ui.screen import Commands, Screen
from desktop.ui.viewer.content import Content, open_content
from desktop.ui.widgets.surfaces import Notice, make_label
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

MOST_WIDTH = 1400
EDGES = 72


class ViewerScreen(Screen):
    """A picture or a PDF."""

    name = "viewer"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.content: Content | None = None
        self.page = 0
        self._back_to = "cases"
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.top.addStretch(1)
        self.count = make_label(role="quiet")
        self.before_button = self.button("previous", lambda: self.turn(-1), icon="arrow-left")
        self.next_button = self.button("next", lambda: self.turn(1), icon="arrow-right")
        self.back_button = self.button("back", self.back, icon="x", command="back")
        for widget in (self.count, self.before_button, self.next_button, self.back_button):
            self.top.addWidget(widget)
        self._make_middle()

    def open(self, argument: Any = None) -> None:
        """``{"id", "back"}``: open it in memory and show it."""
        if not isinstance(argument, dict):
            return
        self.forget()
        self._back_to, record = str(argument["back"]), str(argument["id"])
        self.place.tasks.read(
            lambda office: office.open_attachment(record), self.show_file, self._refused, owner=self, key="file"
        )

    def show_file(self, opened: OpenedAttachment) -> None:
        """Show its first page."""
        self.title.setText(opened.name)
        self.content = open_content(opened.media_type, opened.data)
        if self.content is None:
            self.notice.tell(self.place.say("viewer.cannot_show"), "wrong")
        self._draw()

    def turn(self, by: int) -> None:
        """Some pages on or back."""
        if self.content is not None and 0 <= self.page + by < self.content.pages:
            self.page += by
            self._draw()
            self._scroll.verticalScrollBar().setValue(0)

    def leave(self) -> None:
        """A file is open only while one looks at it."""
        self.forget()

    def forget(self) -> None:
        """Drop the bytes and what was drawn."""
        if self.content is not None:
            self.content.close()
        self.content, self.page = None, 0
        self.notice.tell("")
        self._draw()

    def commands(self) -> Commands:
        """Keys of this page; Page Up and Page Down turn."""
        return {"back": self.back}

    def back(self) -> None:
        """Where one came from."""
        self.place.go.emit(self._back_to, None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page Up, Page Down."""
        step = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.turn(step)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw at the new width."""
        super().resizeEvent(event)
        self._draw()

    def on_voice(self) -> None:
        """The count of pages is words."""
        self._draw()

    def _draw(self) -> None:
        pages = self.content.pages if self.content is not None else 0
        for widget in (self.count, self.before_button, self.next_button):
            widget.setVisible(pages > 1)
        if self.content is None:
            self.paper.clear()
            return
        self.count.setText(self.place.say("viewer.page", page=self.page + 1, pages=pages))
        self.before_button.setEnabled(self.page > 0)
        self.next_button.setEnabled(self.page + 1 < pages)
        ratio = self.devicePixelRatioF()
        width = max(min(self.width() - EDGES, MOST_WIDTH), 200)
        pixmap = QPixmap.fromImage(self.content.draw(self.page, round(width * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        self.paper.setPixmap(pixmap)

    def _refused(self, error: LiandongError) -> None:
        self.notice.tell(self.place.say_error(error), "wrong")

    def _make_middle(self) -> None:
        self.notice = Notice(self.place.look, "viewer.notice")
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(24, 8, 24, 0)
        column.addWidget(self.notice)
        self.middle.addWidget(holder)
        self.paper = QLabel()
        self.paper.setObjectName("viewer.paper")
        self.paper.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.place.voice.put(self.paper, "viewer.paper", "setAccessibleName")
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.paper)
        self.middle.addWidget(self._scroll, 1)
