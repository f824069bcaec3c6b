"""Pages of a PDF under each other, drawn at the width of the window, on white paper in either theme."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.ui.widgets.surfaces import clear_layout
from desktop.ui.workplace import Workplace

PAGE_WIDTH = 760
MARGINS = 68


class PagesView(QScrollArea):
    """Scrolls through the pages."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.setObjectName("preview.pages")
        place.voice.put(self, "preview.pages", "setAccessibleName")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        holder = QWidget()
        holder.setObjectName("content")
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(24, 16, 24, 24)
        self._column.setSpacing(16)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.setWidget(holder)

    def show_document(self, document: QPdfDocument) -> None:
        """Draw every page."""
        self.clear()
        for number in range(document.pageCount()):
            self._column.addWidget(self._page(document, number))

    def clear(self) -> None:
        """No pages."""
        clear_layout(self._column)

    def _page(self, document: QPdfDocument, number: int) -> QLabel:
        ratio = self.devicePixelRatioF()
        points = document.pagePointSize(number)
        width = min(self._place.look.scaled(PAGE_WIDTH), self.viewport().width() - MARGINS)
        height = round(width * points.height() / points.width())
        paper = QPixmap(round(width * ratio), round(height * ratio))
        paper.fill(Qt.GlobalColor.white)
        painter = QPainter(paper)
        painter.drawImage(0, 0, document.render(number, QSize(paper.width(), paper.height())))
        painter.end()
        paper.setDevicePixelRatio(ratio)
        page = QLabel()
        page.setPixmap(paper)
        page.setFixedSize(width, height)
        return page
