"""Files attached for pictures: a photo of a road that was never finished, and a letter of two pages, both made up."""

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPolygonF

from desktop.forms.samples import sample_print

WIDE, HIGH = 1280, 853
GREENS = ("#7fa07a", "#6a8f63", "#55794f")


def write_photo(path: Path) -> Path:
    """A road between fields, half of it gravel."""
    image = QImage(WIDE, HIGH, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    sky = QLinearGradient(0, 0, 0, HIGH * 0.5)
    sky.setColorAt(0, QColor("#9dbfd8"))
    sky.setColorAt(1, QColor("#e9efee"))
    painter.fillRect(0, 0, WIDE, HIGH, sky)
    painter.setPen(QColor(0, 0, 0, 0))
    for at, colour in enumerate(GREENS):
        painter.setBrush(QColor(colour))
        top = HIGH * (0.36 + 0.07 * at)
        painter.drawEllipse(QRectF(-300 + 420 * at, top, 1100, 500))
    painter.fillRect(QRectF(0, HIGH * 0.55, WIDE, HIGH * 0.45), QColor("#93a35f"))
    _road(painter, 0.56, 1.0, "#8f8a80")
    _road(painter, 0.56, 0.76, "#c9c6bf")
    painter.end()
    assert image.save(str(path), quality=88)
    return path


def _road(painter: QPainter, top: float, foot: float, colour: str) -> None:
    def half(at: float) -> float:
        return 14 + 420 * (at - 0.56) / 0.44

    middle = WIDE / 2
    corners = [(middle - half(top), top), (middle + half(top), top), (middle + half(foot), foot)]
    corners.append((middle - half(foot), foot))
    painter.setBrush(QColor(colour))
    painter.drawPolygon(QPolygonF([QPointF(x, y * HIGH) for x, y in corners]))


def write_letter(path: Path) -> Path:
    """A paper of two pages."""
    path.write_bytes(sample_print("interview_record"))
    return path
