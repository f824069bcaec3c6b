"""An official letter by GB/T 9704-2012: 22 lines of 28 characters, a title in the middle, organ and date at the right.

A letter may bear the issuer's mark above a double red rule, attachments, and a receipt slip to cut off.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reportlab.lib.units import mm

from desktop.forms.fonts import Face, FontBook
from desktop.forms.sheet import BLACK, BODY_LINES, BODY_SIGNS, LETTER, Colour, Geometry, Pen
from desktop.forms.typeset import Align, Line, TextStyle, set_balanced, set_text

PITCH = LETTER.text_height / BODY_LINES
SIZE = 16.0
TRACKING = LETTER.text_width / BODY_SIGNS - SIZE
SIGN = SIZE + TRACKING

BODY = TextStyle(Face.BODY, SIZE, PITCH, tracking=TRACKING, indent=2 * SIGN)
FLUSH = replace(BODY, indent=0.0)
HEADING = replace(BODY, face=Face.HEADING)
TITLE = TextStyle(Face.TITLE, 22.0, 33.0, Align.CENTRE)
MARK = TextStyle(Face.TITLE, 26.0, 40.0, Align.CENTRE)
DOCUMENT = replace(FLUSH, align=Align.RIGHT)
SLIP_TITLE = TextStyle(Face.TITLE, 16.0, 26.0, Align.CENTRE)
SLIP = TextStyle(Face.BODY, 12.0, 22.0)
NUMBER = TextStyle(Face.BODY, 14.0, 18.0)
RED = (0.8, 0.0, 0.0)
_ROOMY, _TIGHT = 1.0, 0.4
"""Shares of the gaps above signature, contact and slip."""
_FEW_LINES = 8
"""Lines of attachments that go to a page together."""
_FIRST_LEVEL = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Slip:
    """A receipt to cut off and send back."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a letter says. ``paragraphs`` beginning with 一、 are headings; ``date`` stands under ``organ``."""

    title: str
    document: str = ""
    mark: str = ""
    addressee: str = ""
    paragraphs: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    organ: str = ""
    date: str = ""
    contact: str = ""
    slip: Slip | None = None
    geometry: Geometry = LETTER

    def pages(self, book: FontBook) -> Sequence["LetterPage"]:
        """The letter broken into pages; gaps at its foot give way where that saves a page."""
        roomy, tight = _Breaker(self, book).pages(), _Breaker(self, book, _TIGHT).pages()
        return tight if len(tight) < len(roomy) else roomy

    def draw_page_number(self, pen: Pen, page: int, pages: int) -> None:
        """``— 1 —`` below the text block: odd pages right, even pages left, one character in."""
        align = Align.RIGHT if page % 2 else Align.LEFT
        left, width = self.geometry.left + 14.0, self.geometry.text_width - 28.0
        pen.text(f"— {page} —", replace(NUMBER, align=align), left, self.geometry.bottom - 7 * mm, width)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Lines set together. ``keep``: they are not divided; ``gap``: room above them."""

    lines: tuple[Line, ...]
    style: TextStyle
    gap: float = 0.0
    keep: bool = False
    left: float = 0.0
    width: float = 0.0
    colour: Colour = BLACK
    rule: bool = False
    cut: bool = False
    carries: bool = False
    """Takes the lines before it along to a new page: no signature stands on a page without text."""
    attached: bool = False
    """Names an attachment: what a page with a signature shows is text, not these alone."""
    following: float = 0.0
    """Height of what must stand on the same page behind it."""

    @property
    def height(self) -> float:
        return self.gap + len(self.lines) * self.style.leading + self.following


@dataclass(frozen=True, slots=True)
class _Placed:
    piece: _Piece
    top: float

    def draw(self, pen: Pen, paper: Geometry) -> None:
        piece = self.piece
        if piece.cut:
            pen.dashed(paper.left, self.top + piece.gap / 2, paper.width - paper.right, self.top + piece.gap / 2)
        pen.lines(piece.lines, piece.style, paper.left + piece.left, self.top, piece.width, colour=piece.colour)
        if piece.rule:
            _double_rule(pen, paper, self.top - len(piece.lines) * piece.style.leading - 4.0)


@dataclass(frozen=True, slots=True)
class LetterPage:
    """One page of a letter."""

    geometry: Geometry
    placed: tuple[_Placed, ...]

    def draw(self, pen: Pen) -> None:
        """All lines."""
        for placed in self.placed:
            placed.draw(pen, self.geometry)


class _Breaker:
    def __init__(self, letter: Letter, book: FontBook, gaps: float = _ROOMY) -> None:
        self._letter = letter
        self._gaps = gaps
        self._book = book
        self._paper = letter.geometry
        self._page: list[_Placed] = []
        self._pages = [self._page]
        self._y = self._top

    @property
    def _top(self) -> float:
        return self._paper.height - self._paper.top

    def pages(self) -> list[LetterPage]:
        """Place everything; what must stay together moves to the next page whole."""
        for piece in self._pieces():
            self._place(piece)
        return [LetterPage(self._paper, tuple(placed)) for placed in self._pages]

    def _place(self, piece: _Piece) -> None:
        if piece.keep and self._y - piece.height < self._paper.bottom - 0.5 and self._page:
            carried = self._carried() if piece.carries else []
            self._turn()
            for taken in carried:
                self._place(taken)
        gap = piece.gap if self._page or piece.cut else 0.0
        rest = piece.lines
        while rest:
            room = int((self._y - gap - self._paper.bottom + 0.5) / piece.style.leading)
            if room >= 1:
                part, rest = rest[:room], rest[room:]
                self._page.append(_Placed(replace(piece, lines=part, gap=gap), self._y - gap))
                self._y -= gap + len(part) * piece.style.leading
            if rest:
                self._turn()
                gap = 0.0
        if piece.rule:
            self._y -= 8.0

    def _carried(self) -> list[_Piece]:
        """Take two lines, or a short paragraph, off the page's end, with the attachments that stand behind them."""
        taken: list[_Piece] = []
        while len(self._page) > 1 and self._page[-1].piece.attached and len(taken) < _FEW_LINES:
            taken.insert(0, self._page.pop().piece)
        if len(self._page) < 2:
            return taken
        placed = self._page.pop()
        lines = placed.piece.lines
        if len(lines) <= 3:
            return [replace(placed.piece, gap=0.0), *taken]
        self._page.append(replace(placed, piece=replace(placed.piece, lines=lines[:-2])))
        return [replace(placed.piece, lines=lines[-2:], gap=0.0), *taken]

    def _turn(self) -> None:
        self._page = []
        self._pages.append(self._page)
        self._y = self._top

    def _set(self, text: str, style: TextStyle, *, gap: float = 0.0, left: float = 0.0, right: float = 0.0) -> _Piece:
        width = self._paper.text_width - left - right
        return _Piece(set_text(self._book, text, style, width), style, gap=gap, left=left, width=width)

    def _pieces(self) -> Iterator[_Piece]:
        yield from self._head()
        for index, paragraph in enumerate(self._letter.paragraphs):
            gap = PITCH * 0.6 if index == 0 and not self._letter.addressee else 0.0
            yield self._set(paragraph, HEADING if _is_heading(paragraph) else BODY, gap=gap)
        yield from self._attachments()
        yield from self._signature()
        if self._letter.slip:
            yield from self._slip(self._letter.slip)

    def _head(self) -> Iterator[_Piece]:
        letter = self._letter
        if letter.mark:
            yield replace(self._set(letter.mark, MARK), colour=RED, rule=True)
        if letter.document:
            yield self._set(letter.document, DOCUMENT, gap=6.0 if letter.mark else 0.0, right=SIGN)
        title = self._set(letter.title, TITLE, gap=PITCH * 0.6 if letter.document or letter.mark else 0.0)
        yield replace(title, lines=set_balanced(self._book, letter.title, TITLE, title.width))
        if letter.addressee:
            yield self._set(f"{letter.addressee}：", FLUSH, gap=PITCH * 0.6)

    def _attachments(self) -> Iterator[_Piece]:
        """The first never begins a page: text comes along, and the others with it where they are few."""
        names = self._letter.attachments
        named = [
            self._set(_attached(index, name, len(names)), BODY, gap=0.0 if index else PITCH)
            for index, name in enumerate(names)
        ]
        others = sum(piece.height for piece in named[1:])
        following = others if others < PITCH * _FEW_LINES else 0.0
        for index, piece in enumerate(named):
            first = index == 0
            yield replace(piece, attached=True, keep=first, carries=first, following=0.0 if index else following)

    def _signature(self) -> Iterator[_Piece]:
        letter = self._letter
        contact = self._set(f"（{letter.contact}）" if letter.contact else "", BODY, gap=PITCH * 0.5 * self._gaps)
        if letter.organ or letter.date:
            said = "\n".join(part for part in (letter.organ, letter.date) if part)
            style = replace(FLUSH, align=Align.CENTRE)
            piece = self._set(said, style, gap=PITCH * 1.5 * self._gaps, left=self._paper.text_width * 0.4, right=SIGN)
            yield replace(piece, keep=True, carries=True, following=contact.height)
        if contact.lines:
            yield contact

    def _slip(self, slip: Slip) -> Iterator[_Piece]:
        """A cut line, a title, lines to fill in: never divided."""
        lines = self._set("\n".join(slip.lines), SLIP)
        title = self._set(slip.title, SLIP_TITLE, gap=30.0 * max(self._gaps, 0.6))
        yield replace(title, keep=True, cut=True, following=lines.height)
        yield lines


def _attached(index: int, name: str, count: int) -> str:
    number = f"{index + 1}. " if count > 1 else ""
    lead = "\u3000\u3000\u3000" if index else "附件："
    return f"{lead}{number}{name}"


def _is_heading(paragraph: str) -> bool:
    lead, mark, rest = paragraph.partition("、")
    return bool(mark and rest and lead) and set(lead) <= set(_FIRST_LEVEL) and len(paragraph) <= BODY_SIGNS


def _double_rule(pen: Pen, paper: Geometry, y: float) -> None:
    pen.canvas.setStrokeColorRGB(*RED)
    pen.line(paper.left, y, paper.width - paper.right, y, 2.0)
    pen.line(paper.left, y - 3.5, paper.width - paper.right, y - 3.5, 0.7)
    pen.canvas.setStrokeColorRGB(0, 0, 0)
