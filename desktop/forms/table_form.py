"""A table form: title, a line of heads, the ruled table, notes beneath it; page numbers as 第 x 页 共 y 页."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.lib.units import mm

from desktop.forms.fonts import Face, FontBook
from desktop.forms.paper import PAGE_OF
from desktop.forms.sheet import TABLE, Geometry, Pen
from desktop.forms.table import NOTE, Section, TableFlow, TablePage, without_fillers
from desktop.forms.typeset import Align, Line, TextStyle, set_balanced, set_text

TITLE = TextStyle(Face.TITLE, 22.0, 30.0, Align.CENTRE)
HEAD = TextStyle(Face.BODY, 10.5, 16.0)
_HEAD_SHARE = 0.5
RUNNING = TextStyle(Face.HEADING, 10.5, 16.0, Align.CENTRE)


@dataclass(frozen=True, slots=True)
class TableForm:
    """What a table form shows. ``heads`` stand left and right above the table, ``notes`` beneath it."""

    title: str
    sections: tuple[Section, ...]
    heads: tuple[str, str] = ("", "")
    notes: tuple[str, ...] = ()
    geometry: Geometry = TABLE
    stretch: bool = True

    def pages(self, book: FontBook) -> Sequence["TableFormPage"]:
        """The pages, the notes on the last."""
        notes = set_text(book, "\n".join(self.notes), NOTE, self.geometry.text_width)
        notes_height = len(notes) * NOTE.leading + (6.0 if notes else 0.0)
        flow, tables = self._flow(book, notes_height, self.sections)
        if len(tables) > 1 and any(row.filler for section in self.sections for row in section.rows):
            flow, tables = self._flow(book, notes_height, without_fillers(self.sections))
        last = len(tables) - 1
        return [
            TableFormPage(self, table, index == 0, notes if index == last else (), flow.y)
            for index, table in enumerate(tables)
        ]

    def _flow(
        self, book: FontBook, notes_height: float, sections: tuple[Section, ...]
    ) -> tuple[TableFlow, tuple[TablePage, ...]]:
        flow = TableFlow(book, self._above(notes_height), self._first_top(book), self._text_top - 22.0)
        return flow, flow.place(sections, stretch=self.stretch)

    def draw_page_number(self, pen: Pen, page: int, pages: int) -> None:
        """``第 x 页 共 y 页`` at the lower right."""
        width = self.geometry.text_width
        pen.text(f"第 {page} 页  共 {pages} 页", PAGE_OF, self.geometry.left, 19 * mm, width)

    @property
    def _text_top(self) -> float:
        return self.geometry.height - self.geometry.top

    def _above(self, height: float) -> Geometry:
        return replace(self.geometry, bottom=self.geometry.bottom + height)

    def _title_lines(self, book: FontBook) -> tuple[Line, ...]:
        return set_balanced(book, self.title, TITLE, self.geometry.text_width)

    def _first_top(self, book: FontBook) -> float:
        heads = max(map(len, self._head_lines(book))) * HEAD.leading + 6.0
        return self._text_top - len(self._title_lines(book)) * TITLE.leading - heads

    def _head_lines(self, book: FontBook) -> tuple[tuple[Line, ...], ...]:
        width = self.geometry.text_width * _HEAD_SHARE
        return tuple(set_text(book, head, HEAD, width) for head in self.heads)

    def draw_top(self, pen: Pen, *, first: bool) -> None:
        """The title on the first page, its repetition on the others."""
        left, width = self.geometry.left, self.geometry.text_width
        if not first:
            pen.text(f"{self.title}（续）", RUNNING, left, self._text_top, width)
            return
        lines = self._title_lines(pen.book)
        pen.lines(lines, TITLE, left, self._text_top, width)
        top = self._text_top - len(lines) * TITLE.leading - 4.0
        share = width * _HEAD_SHARE
        left_head, right_head = self._head_lines(pen.book)
        pen.lines(left_head, HEAD, left, top, share)
        pen.lines(right_head, replace(HEAD, align=Align.RIGHT), left + width - share, top, share)


@dataclass(frozen=True, slots=True)
class TableFormPage:
    """One page of a table form."""

    form: TableForm
    table: TablePage
    first: bool
    notes: tuple[Line, ...]
    table_foot: float

    def draw(self, pen: Pen) -> None:
        """Title, table, notes."""
        self.form.draw_top(pen, first=self.first)
        self.table.draw(pen)
        paper = self.form.geometry
        pen.lines(self.notes, NOTE, paper.left, self.table_foot - 6.0, paper.text_width)
