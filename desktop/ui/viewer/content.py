"""What the viewer draws: a picture or the pages of a PDF, from bytes in memory; never a file."""

from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter
from PySide6.QtPdf import QPdfDocument

MOST_PIXELS = 40_000_000
"""Of one drawn page; larger pictures are drawn smaller."""


class Content(Protocol):
    """Something with pages."""

    pages: int

    def draw(self, page: int, width: int) -> QImage:
        """One page, so wide in pixels; a null image where it cannot be drawn."""

    def close(self) -> None:
        """Drop the bytes."""


class PictureContent:
    """One picture, upright as its orientation says."""

    pages = 1

    def __init__(self, data: bytes) -> None:
        self._data = QByteArray(data)

    def draw(self, page: int, width: int) -> QImage:
        """The picture, never larger than it is."""
        del page
        buffer = QBuffer(self._data)
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        reader = QImageReader(buffer)
        reader.setAutoTransform(True)
        size = reader.size()
        if not size.isValid():
            return QImage()
        if size.width() * size.height() > MOST_PIXELS:
            reader.setScaledSize(size.scaled(QSize(6000, 6000), Qt.AspectRatioMode.KeepAspectRatio))
        image = reader.read()
        if image.width() <= width:
            return image
        return image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)

    def close(self) -> None:
        """Drop the bytes."""
        self._data = QByteArray()


class PdfContent:
    """The pages of a PDF; none where the file is damaged or locked by a password."""

    def __init__(self, data: bytes) -> None:
        self._buffer = QBuffer()
        self._buffer.setData(QByteArray(data))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document = QPdfDocument()
        self._document.load(self._buffer)
        self.pages = self._document.pageCount()

    def draw(self, page: int, width: int) -> QImage:
        """One page on white paper."""
        points = self._document.pagePointSize(page)
        if points.isEmpty():
            return QImage()
        height = min(round(width * points.height() / points.width()), MOST_PIXELS // max(width, 1))
        paper = QImage(width, height, QImage.Format.Format_RGB32)
        paper.fill(QColor("white"))
        painter = QPainter(paper)
        painter.drawImage(0, 0, self._document.render(page, QSize(width, height)))
        painter.end()
        return paper

    def close(self) -> None:
        """Drop the bytes."""
        self._document.close()
        self._buffer.close()
        self._buffer.setData(QByteArray())


def open_content(media_type: str, data: bytes) -> Content | None:
    """What can be shown of a file; None for types the program does not show, or where nothing can be drawn."""
    if media_type == "application/pdf":
        content: Content = PdfContent(data)
    elif media_type in {"image/jpeg", "image/png"}:
        content = PictureContent(data)
    else:
        return None
    return content if content.pages and not content.draw(0, 8).isNull() else None
