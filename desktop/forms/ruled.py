"""Ruled record paper for what is said: a table of particulars, then questions and answers on lines, each page signed.

What stays empty is struck out, so that nothing can be added after the signature.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.lib.units import mm

from desktop.forms.fonts import Face, FontBook
from desktop.forms.paper import PAGE_OF
from desktop.forms.sheet import TABLE, Geometry, Pen
from desktop.forms.table import Section, TableFlow, TablePage
from desktop.forms.table_form import HEAD, RUNNING, TITLE
from desktop.forms.typeset import Align, Line, TextStyle, set_text

PITCH = 23.0
SAID = TextStyle(Face.BODY, 12.0, PITCH)
FOOT = TextStyle(Face.BODY, 10.5, 18.0)
_TOP_GAP = 8.0
_LAST_PARTS, _MOST_CARRIED = 2, 8
"""The last question and its answer stand on the page that is signed under them, unless they are long."""


@dataclass(frozen=True, slots=True)
class RuledRecord:
    """``signatures`` stand at the foot of every page, ``closing`` once at the end.

    ``struck``: the closing follows the last line and empty rows are struck out; else it stands at the foot of a sheet
    that is still to be written. ``least_pages`` gives a blank sheet its back.
    """

    title: str
    heads: tuple[str, str]
    sections: tuple[Section, ...]
    said: tuple[str, ...]
    closing: tuple[str, ...]
    signatures: tuple[str, ...]
    struck: bool = True
    least_pages: int = 1
    geometry: Geometry = TABLE

    def pages(self, book: FontBook) -> Sequence["RuledPage"]:
        """Particulars first, then ruled lines to the foot of each page."""
        flow = TableFlow(book, self._above_signatures(), self._text_top - TITLE.leading - 22.0, self._next_top)
        tables = flow.place(self.sections, stretch=False)
        parts = [set_text(book, part, SAID, self.geometry.text_width) for part in self.said]
        closing = [line for part in self.closing for line in set_text(book, part, SAID, self.geometry.text_width)]
        last = sum(len(part) for part in parts[-_LAST_PARTS:])
        said = [line for part in parts for line in part]
        return list(self._fill(tables, flow.y - _TOP_GAP, said, closing, last if last <= _MOST_CARRIED else 2))

    def draw_page_number(self, pen: Pen, page: int, pages: int) -> None:
        """``第 x 页 共 y 页`` at the lower right."""
        pen.text(f"第 {page} 页  共 {pages} 页", PAGE_OF, self.geometry.left, 19 * mm, self.geometry.text_width)

    @property
    def _text_top(self) -> float:
        return self.geometry.height - self.geometry.top

    @property
    def _next_top(self) -> float:
        return self._text_top - 22.0

    @property
    def foot(self) -> float:
        """Where the signatures begin."""
        return self.geometry.bottom + len(self.signatures) * FOOT.leading + 4.0

    def _above_signatures(self) -> Geometry:
        return replace(self.geometry, bottom=self.foot)

    def _room(self, top: float) -> int:
        return max(0, int((top - self.foot) / PITCH))

    def _fill(
        self, tables: tuple[TablePage, ...], top: float, said: list[Line], closing: list[Line], carried: int
    ) -> Sequence["RuledPage"]:
        """``carried``: lines that go along where the closing alone would go to a further page."""
        pages = [RuledPage(self, table, index == 0) for index, table in enumerate(tables[:-1])]
        table, rest = tables[-1], list(said)
        while True:
            room = self._room(top)
            if self.struck and len(rest) > carried and room - len(closing) < len(rest) <= room:
                part, rest = tuple(rest[:-carried]), rest[-carried:]
            else:
                part, rest = tuple(rest[:room]), rest[room:]
            last = not rest and room - len(part) >= len(closing) and len(pages) + 1 >= self.least_pages
            pages.append(RuledPage(self, table, not pages, part, tuple(closing) if last else (), top, room))
            if last:
                return pages
            table, top = TablePage((), self.geometry.left, self.geometry.text_width), self._next_top


@dataclass(frozen=True, slots=True)
class RuledPage:
    """One page of record paper."""

    record: RuledRecord
    table: TablePage
    first: bool
    said: tuple[Line, ...] = ()
    closing: tuple[Line, ...] = ()
    top: float = 0.0
    room: int = 0

    def draw(self, pen: Pen) -> None:
        """Title, table, lines, what was said, closing phrase, the struck-out rest, signatures."""
        self._draw_top(pen)
        self.table.draw(pen)
        self._draw_rules(pen)
        paper, struck = self.record.geometry, self.record.struck
        used = len(self.said) if struck else self.room - len(self.closing)
        pen.lines(self.said, SAID, paper.left, self.top, paper.text_width)
        pen.lines(self.closing, SAID, paper.left, self._row(used), paper.text_width)
        if struck:
            self._strike(pen, self._row(used + len(self.closing)))
        pen.text("\n".join(self.record.signatures), FOOT, paper.left, self.record.foot - 4.0, paper.text_width)

    def _row(self, index: int) -> float:
        return self.top - index * PITCH

    def _draw_top(self, pen: Pen) -> None:
        paper = self.record.geometry
        top = paper.height - paper.top
        if not self.first:
            pen.text(f"{self.record.title}（续）", RUNNING, paper.left, top, paper.text_width)
            return
        pen.text(self.record.title, TITLE, paper.left, top, paper.text_width)
        under = top - TITLE.leading - 4.0
        pen.text(self.record.heads[0], HEAD, paper.left, under, paper.text_width)
        pen.text(self.record.heads[1], replace(HEAD, align=Align.RIGHT), paper.left, under, paper.text_width)

    def _draw_rules(self, pen: Pen) -> None:
        paper = self.record.geometry
        for index in range(1, self.room + 1):
            y = self._row(index)
            pen.line(paper.left, y, paper.left + paper.text_width, y, 0.3)

    def _strike(self, pen: Pen, top: float) -> None:
        """A line across the empty rows, from lower left to upper right."""
        foot = self._row(self.room)
        if top - foot < PITCH * 0.9:
            return
        paper = self.record.geometry
        pen.line(paper.left + 6.0, foot + 5.0, paper.left + paper.text_width - 6.0, top - 5.0, 0.8)
