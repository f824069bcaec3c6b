"""Ruled tables that flow over pages: rows grow with their text, long cells are continued, headings are repeated.

A table is a tuple of sections, a section a tuple of rows, a row a tuple of cells whose spans share the width.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from desktop.forms.fonts import Face, FontBook
from desktop.forms.sheet import THICK, THIN, Geometry, Pen
from desktop.forms.typeset import Align, Line, TextStyle, set_text

PADDING_X = 4.0
PADDING_Y = 3.0
_SHORT = 12
_TAKEN = 4
"""Lines of a tall row that a signature takes along to its page."""
_CONTINUED_BELOW = "\n续"
CONTINUED = "（续）"

LABEL = TextStyle(Face.HEADING, 10.5, 15.0, Align.CENTRE)
VALUE = TextStyle(Face.BODY, 10.5, 16.0)
CENTRED = TextStyle(Face.BODY, 10.5, 16.0, Align.CENTRE)
NOTE = TextStyle(Face.BODY, 9.0, 13.0)


@dataclass(frozen=True, slots=True)
class Cell:
    """One box: its text, its share of the width, how it is set. A label is repeated where its row is continued."""

    text: str
    span: float
    style: TextStyle = VALUE
    label: bool = False
    top: bool = False
    """Text begins at the top; else it stands in the middle."""
    foot: str = ""
    """Stands at the cell's lower edge: a line to sign."""
    counts: bool = False
    """The number of a row in a grid: repeated where the row is continued."""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side. ``height`` is the least, in points; ``stretch`` its share of what a single page leaves."""

    cells: tuple[Cell, ...]
    height: float = 22.0
    stretch: float = 0.0
    carries: bool = False
    """It never begins a page: it takes the row before it along, so that nobody signs a page that says nothing."""
    filler: bool = False
    """An empty numbered row: there only where the table ends on one page with it."""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that belong together under heading rows, which are repeated on each further page."""

    rows: tuple[Row, ...]
    heading: tuple[Row, ...] = ()


def label(text: str, span: float = 3.0) -> Cell:
    """A label cell."""
    return Cell(text, span, LABEL, label=True)


def value(text: str, span: float = 9.0, *, top: bool = False) -> Cell:
    """A value cell."""
    return Cell(text, span, VALUE, top=top)


def centred(text: str, span: float) -> Cell:
    """A short value in the middle of its cell."""
    return Cell(text, span, CENTRED)


def tall(name: str, content: str, *, height: float = 36.0, stretch: float = 1.0, foot: str = "") -> Row:
    """A label with a long text beside it; a single page gives it its share of the room that is left."""
    return Row((label(name), Cell(content, 15, VALUE, top=True, foot=foot)), height, stretch)


def signed(row: Row) -> Row:
    """A row for signatures, or one behind them: it stands under what is signed, never alone on a page."""
    return replace(row, carries=True)


def grid(widths: Sequence[float], heads: Sequence[str], rows: Sequence[Sequence[str]], least: int = 1) -> Section:
    """A table in the table: heads, numbered rows, at least ``least`` of them. The first width is that of the number."""
    empty = [""] * (len(heads) - 1)
    filled = [*rows, *(empty for _ in range(least - len(rows)))]
    heading = Row(tuple(Cell(head, width, LABEL) for width, head in zip(widths, heads, strict=True)), 22.0)
    set_rows = (_grid_row(widths, (str(index), *row)) for index, row in enumerate(filled, 1))
    kept = max(1, len(rows))
    return Section(tuple(replace(row, filler=index >= kept) for index, row in enumerate(set_rows)), (heading,))


def without_fillers(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The sections without the empty rows of their grids."""
    return tuple(replace(section, rows=tuple(row for row in section.rows if not row.filler)) for section in sections)


def _grid_row(widths: Sequence[float], values: Sequence[str]) -> Row:
    first, *others = (
        centred(found, width) if width < 3 else value(found, width) for width, found in zip(widths, values, strict=True)
    )
    return Row((replace(first, counts=True), *others), 22.0, stretch=0.3)


@dataclass(frozen=True, slots=True)
class _SetCell:
    cell: Cell
    lines: tuple[Line, ...]
    x: float
    width: float
    foot: tuple[Line, ...] = ()

    def height(self) -> float:
        return (len(self.lines) + len(self.foot)) * self.cell.style.leading + 2 * PADDING_Y


@dataclass(frozen=True, slots=True)
class _SetRow:
    cells: tuple[_SetCell, ...]
    height: float
    stretch: float
    carries: bool = False


_Heading = tuple[_SetRow, ...]


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row with its place: ``top`` is measured from the page's lower edge."""

    row: _SetRow
    top: float

    @property
    def foot(self) -> float:
        """The row's lower rule."""
        return self.top - self.row.height

    def draw(self, pen: Pen) -> None:
        """The rule beneath, and the text."""
        for cell in self.row.cells:
            if cell.lines or cell.foot:
                _draw_cell(pen, cell, self.top, self.row.height)
        first, last = self.row.cells[0], self.row.cells[-1]
        pen.line(first.x, self.foot, last.x + last.width, self.foot)


@dataclass(frozen=True, slots=True)
class TablePage:
    """What of a table stands on one page."""

    rows: tuple[PlacedRow, ...]
    left: float
    width: float

    def draw(self, pen: Pen) -> None:
        """All rows, with a frame about them."""
        if not self.rows:
            return
        for placed in self.rows:
            placed.draw(pen)
        for columns, top, foot in _column_rules(self.rows):
            for x in columns:
                pen.line(x, top, x, foot)
        top, foot = self.rows[0].top, self.rows[-1].foot
        pen.line(self.left, top, self.left + self.width, top, THIN)
        pen.frame(self.left, foot, self.width, top - foot, THICK)


def _column_rules(rows: tuple[PlacedRow, ...]) -> Iterator[tuple[tuple[float, ...], float, float]]:
    """Rules between columns, drawn through as far as neighbouring rows have the same columns: (x …, top, foot)."""
    for columns, same in groupby(rows, key=_columns):
        group = list(same)
        yield columns, group[0].top, group[-1].foot


def _columns(placed: PlacedRow) -> tuple[float, ...]:
    return tuple(cell.x for cell in placed.row.cells[1:])


def _draw_cell(pen: Pen, cell: _SetCell, top: float, height: float) -> None:
    slack = height - cell.height()
    start = top - PADDING_Y - (0.0 if cell.cell.top else max(0.0, slack / 2))
    left, width, style = cell.x + PADDING_X, cell.width - 2 * PADDING_X, cell.cell.style
    pen.lines(cell.lines, style, left, start, width)
    if cell.foot:
        pen.lines(cell.foot, style, left, top - height + PADDING_Y + len(cell.foot) * style.leading, width)


class TableFlow:
    """Places sections on pages."""

    def __init__(self, book: FontBook, geometry: Geometry, first_top: float, next_top: float) -> None:
        self._book = book
        self._geometry = geometry
        self._next_top = next_top
        self._foot = geometry.bottom
        self._y = first_top
        self._page: list[PlacedRow] = []
        self._under: list[_Heading | None] = []
        """Under which heading each row of the page stands; None for a row of a heading."""
        self._known: dict[tuple[str, TextStyle, float], tuple[Line, ...]] = {}
        self._pages: list[list[PlacedRow]] = [self._page]

    def place(self, sections: tuple[Section, ...], *, stretch: bool = True) -> tuple[TablePage, ...]:
        """The pages of a table. A table on one page is stretched to the foot of the text block if ``stretch``."""
        for section in sections:
            self._place_section(section)
        if len(self._pages) == 1 and stretch:
            self._page[:] = _stretched(self._page, self._y - self._foot)
        left, width = self._geometry.left, self._geometry.text_width
        return tuple(TablePage(tuple(rows), left, width) for rows in self._pages)

    @property
    def y(self) -> float:
        """Where the last row ended."""
        return self._page[-1].foot if self._page else self._y

    def _place_section(self, section: Section) -> None:
        heading = tuple(self._set(row) for row in section.heading)
        rows = [self._set(row) for row in section.rows]
        least = sum(row.height for row in heading) + (min(rows[0].height, _least(rows[0])) if rows else 0.0)
        carries = bool(rows) and rows[0].carries
        if self._page and not carries and self._y - least < self._foot:
            self._turn()
        self._put_heading(heading)
        for row in rows:
            self._place_row(row, heading)

    def _place_row(self, row: _SetRow, heading: _Heading) -> None:
        while self._y - row.height < self._foot - 0.01:
            room = self._y - self._foot
            parts = _split(row, room) if _worth_splitting(row, room, self._full_height(heading)) else None
            if parts:
                self._put(parts[0], heading)
                row = self._resumed(parts[1])
            taken = self._take_along(row) or self._take_lines(row)
            self._turn()
            self._put_heading(taken[0][1] if taken else heading)
            for other, over in taken:
                self._put(other, over)
        self._put(row, heading)

    def _take_along(self, row: _SetRow) -> list[tuple[_SetRow, _Heading]]:
        """Take off the page's end what a row carries to the next page; nothing where that leaves too little here."""
        taken: list[tuple[_SetRow, _Heading]] = []
        height, wanted = row.height, row.carries
        for placed, over in zip(reversed(self._page), reversed(self._under), strict=True):
            if not wanted or over is None:
                break
            taken.insert(0, (placed.row, over))
            height, wanted = height + placed.row.height, placed.row.carries
        left = len(self._page) - len(taken)
        if wanted or not left or self._under[left - 1] is None or height > self._full_height(()) / 2:
            return []
        del self._page[left:], self._under[left:]
        return taken

    def _take_lines(self, row: _SetRow) -> list[tuple[_SetRow, _Heading]]:
        """Where the row before is too tall to come along, its last lines do."""
        if not row.carries or len(self._page) < 2 or self._under[-1] is None:
            return []
        before, over = self._page[-1], self._under[-1]
        room = before.row.height - _TAKEN * VALUE.leading
        if before.row.carries or room < _least(before.row):
            return []
        first, rest = _split(before.row, room)
        if not any(cell.lines for cell in rest.cells if not _is_repeated(cell)):
            return []
        self._page[-1] = PlacedRow(first, before.top)
        return [(self._resumed(rest), over)]

    def _full_height(self, heading: _Heading) -> float:
        return self._next_top - self._foot - sum(row.height for row in heading)

    def _put_heading(self, heading: _Heading) -> None:
        for row in heading:
            self._put(row, None)

    def _put(self, row: _SetRow, heading: _Heading | None) -> None:
        self._page.append(PlacedRow(row, self._y))
        self._under.append(heading)
        self._y -= row.height

    def _turn(self) -> None:
        self._page, self._under = [], []
        self._pages.append(self._page)
        self._y = self._next_top

    def _set(self, row: Row) -> _SetRow:
        total = sum(cell.span for cell in row.cells)
        x, cells = self._geometry.left, []
        for cell in row.cells:
            width = self._geometry.text_width * cell.span / total
            cells.append(_SetCell(cell, self._lines(cell, width), x, width, self._foot_lines(cell, width)))
            x += width
        height = max(row.height, *(cell.height() for cell in cells))
        return _SetRow(tuple(cells), height, row.stretch, row.carries)

    def _lines(self, cell: Cell, width: float) -> tuple[Line, ...]:
        return self._set_text(cell.text, cell.style, width - 2 * PADDING_X)

    def _foot_lines(self, cell: Cell, width: float) -> tuple[Line, ...]:
        return self._set_text(cell.foot, cell.style, width - 2 * PADDING_X)

    def _set_text(self, text: str, style: TextStyle, width: float) -> tuple[Line, ...]:
        """Short texts repeat down a column, so they are set once."""
        if len(text) > _SHORT:
            return set_text(self._book, text, style, width)
        key = (text, style, width)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = set_text(self._book, text, style, width)
        return known

    def _resumed(self, row: _SetRow) -> _SetRow:
        """The rest of a row: labels say that they are continued."""
        cells = tuple(self._resumed_label(cell) if _is_repeated(cell) else cell for cell in row.cells)
        return _SetRow(cells, max(22.0, *(cell.height() for cell in cells)), 0.0)

    def _resumed_label(self, cell: _SetCell) -> _SetCell:
        continued = CONTINUED if cell.cell.label else _CONTINUED_BELOW
        text = cell.cell.text if cell.cell.text.endswith(continued) else cell.cell.text + continued
        renamed = replace(cell.cell, text=text)
        return _SetCell(renamed, self._lines(renamed, cell.width), cell.x, cell.width)


def _least(row: _SetRow) -> float:
    """The height of a row's first three lines: with less room it begins on the next page."""
    leading = max(cell.cell.style.leading for cell in row.cells)
    labels = max((cell.height() for cell in row.cells if cell.cell.label), default=0.0)
    return max(3 * leading + 2 * PADDING_Y, labels)


def _worth_splitting(row: _SetRow, room: float, full: float) -> bool:
    leaves_enough = row.height - room >= 2 * VALUE.leading
    return room >= _least(row) and (row.height > full or (row.height > 6 * VALUE.leading and leaves_enough))


def _is_repeated(cell: _SetCell) -> bool:
    return cell.cell.label or cell.cell.counts


def _split(row: _SetRow, room: float) -> tuple[_SetRow, _SetRow]:
    """A row cut at ``room`` points; labels stay whole in both parts, other cells go on where they stopped."""
    first, rest = [], []
    for cell in row.cells:
        if _is_repeated(cell):
            first.append(cell)
            rest.append(cell)
            continue
        count = max(1, int((room - 2 * PADDING_Y) / cell.cell.style.leading))
        first.append(replace(cell, lines=cell.lines[:count], foot=()))
        rest.append(replace(cell, lines=cell.lines[count:]))
    return _SetRow(tuple(first), room, 0.0), _SetRow(tuple(rest), 22.0, 0.0)


def _stretched(rows: list[PlacedRow], spare: float) -> list[PlacedRow]:
    return list(_stretch(rows, spare))


def _stretch(rows: list[PlacedRow], spare: float) -> Iterator[PlacedRow]:
    shares = sum(placed.row.stretch for placed in rows)
    gained = 0.0
    for placed in rows:
        extra = spare * placed.row.stretch / shares if shares and spare > 0 else 0.0
        yield PlacedRow(replace(placed.row, height=placed.row.height + extra), placed.top - gained)
        gained += extra
