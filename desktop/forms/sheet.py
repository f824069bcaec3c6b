"""The paper: A4 with the margins of GB/T 9704-2012, and a pen that draws lines, boxes and set text on it.

Lengths are points, y grows upwards as PDF has it.
"""

from dataclasses import dataclass
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm

from desktop.forms.embedding import encode_text
from desktop.forms.fonts import BOX, TICKED, Face, FontBook
from desktop.forms.typeset import Align, Line, TextStyle, set_text

CHECK = "√"
BODY_LINES = 22
BODY_SIGNS = 28


@dataclass(frozen=True, slots=True)
class Geometry:
    """Size and margins of a page in points."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float

    @property
    def text_width(self) -> float:
        """Width of the text block."""
        return self.width - self.left - self.right

    @property
    def text_height(self) -> float:
        """Height of the text block."""
        return self.height - self.top - self.bottom


LETTER = Geometry(A4[0], A4[1], top=37 * mm, bottom=35 * mm, left=28 * mm, right=26 * mm)
"""A letter of GB/T 9704: text block 156 × 225 mm."""

TABLE = Geometry(A4[0], A4[1], top=33 * mm, bottom=26 * mm, left=25 * mm, right=20 * mm)
"""A table form: a little wider, bound at the left."""

LEDGER = Geometry(A4[1], A4[0], top=26 * mm, bottom=23 * mm, left=18 * mm, right=18 * mm)
"""A ledger, landscape."""

THIN = 0.5
THICK = 1.0


Colour = tuple[float, float, float]
BLACK: Colour = (0.0, 0.0, 0.0)


_REPEATED = 12
"""Texts up to so many signs repeat down a column."""


class _PageText:
    """The text object of a page: what ReportLab's canvas asks of one."""

    def __init__(self) -> None:
        self.operators = ["BT"]

    def getCode(self) -> str:
        """All operators."""
        return "\n".join((*self.operators, "ET"))


class Pen:
    """Draws on one ReportLab canvas with one font book.

    All text of a page is one text object, written when the page ends; fonts are named only where they change, and
    what stands in many places is encoded once.
    """

    def __init__(self, canvas: Any, book: FontBook) -> None:
        self.canvas = canvas
        self.book = book
        self._encoded: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
        self._start_page()

    def _start_page(self) -> None:
        self._text = _PageText()
        self._font: tuple[str, float] = ("", 0.0)
        self._tracking = 0.0
        self._colour = BLACK
        self._weight = 0.0

    def end_page(self) -> None:
        """Write the page out and begin the next."""
        self.canvas.drawText(self._text)
        self.canvas.showPage()
        self._start_page()

    def line(self, x0: float, y0: float, x1: float, y1: float, weight: float = THIN) -> None:
        """A straight line."""
        self._set_weight(weight)
        self.canvas.line(x0, y0, x1, y1)

    def dashed(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A line to cut along."""
        self.canvas.setDash(4, 3)
        self.line(x0, y0, x1, y1)
        self.canvas.setDash()

    def frame(self, x: float, y: float, width: float, height: float, weight: float = THIN) -> None:
        """The outline of a box whose lower left corner is (x, y)."""
        self._set_weight(weight)
        self.canvas.rect(x, y, width, height)

    def lines(
        self,
        lines: tuple[Line, ...],
        style: TextStyle,
        x: float,
        top: float,
        width: float,
        *,
        colour: Colour = BLACK,
    ) -> None:
        """Set lines downwards from ``top`` in a column ``width`` wide."""
        self._set_manner(style.tracking, colour)
        base = top - (style.leading + style.size * 0.76) / 2
        for line in lines:
            start = x + _shift(line.width, style.align, width)
            for run in line.runs:
                if run.font:
                    self._set_run(run.font, style.size, run.text, start + run.x, base)
                else:
                    self._tick_box(start + run.x, base, style.size, run.text)
            base -= style.leading

    def _set_run(self, font: str, size: float, text: str, x: float, base: float) -> None:
        put = self._text.operators.append
        put(f"1 0 0 1 {x:.2f} {base:.2f} Tm")
        for subset, shown in self._encode(font, text):
            if self._font != (subset, size):
                put(f"{subset} {size:g} Tf")
                self._font = (subset, size)
            put(shown)

    def _encode(self, font: str, text: str) -> tuple[tuple[str, str], ...]:
        """(subset's name in the file, operator that shows) of each part of a text."""
        known = self._encoded.get((font, text))
        if known is None:
            known = encode_text(font, text, self.canvas)
            if len(text) <= _REPEATED:
                self._encoded[font, text] = known
        return known

    def _set_manner(self, tracking: float, colour: Colour) -> None:
        if tracking != self._tracking:
            self._text.operators.append(f"{tracking:g} Tc")
            self._tracking = tracking
        if colour != self._colour:
            self._text.operators.append("{:g} {:g} {:g} rg".format(*colour))
            self._colour = colour

    def _set_weight(self, weight: float) -> None:
        if weight != self._weight:
            self.canvas.setLineWidth(weight)
            self._weight = weight

    def text(self, text: str, style: TextStyle, x: float, top: float, width: float) -> None:
        """Set a text downwards from ``top``; what is wider than the column wraps."""
        self.lines(set_text(self.book, text, style, width), style, x, top, width)

    def _tick_box(self, x: float, base: float, size: float, sign: str) -> None:
        """A box of lines; the tick in it is a character, so that a reader of the file finds it too."""
        side = size * 0.78
        left, foot = x + size * 0.08, base - size * 0.07
        self.frame(left, foot, side, side, 0.6)
        if sign == TICKED:
            glyph = self.book.glyph(Face.TITLE, CHECK)
            large = size * 1.25
            inset = (side - glyph.advance * large / 1000) / 2
            self._set_run(glyph.font, large, CHECK, left + inset, base - size * 0.04)


def tick(checked: bool, label: str) -> str:
    """A tick box with its word."""
    return (TICKED if checked else BOX) + label


def _shift(used: float, align: Align, width: float) -> float:
    if align is Align.CENTRE:
        return (width - used) / 2
    return width - used if align is Align.RIGHT else 0.0
