"""From composed pages to PDF bytes: page numbers, the stamp at the foot, the code to scan."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Protocol

from reportlab.graphics.barcode import qrencoder
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from desktop.forms.fonts import Face, FontBook
from desktop.forms.sheet import Geometry, Pen
from desktop.forms.typeset import Align, TextStyle

QR_SIDE = 19 * mm
_MASK = 4
SMALL = TextStyle(Face.BODY, 8.0, 11.0)
SMALL_RIGHT = TextStyle(Face.BODY, 8.0, 11.0, Align.RIGHT)
PAGE_OF = TextStyle(Face.BODY, 9.0, 12.0, Align.RIGHT)


class Page(Protocol):
    """Something that draws itself on one page."""

    def draw(self, pen: Pen) -> None:
        """Draw everything but the foot."""


class Printable(Protocol):
    """A composed sheet: it knows its paper and breaks itself into pages."""

    @property
    def geometry(self) -> Geometry:
        """The paper."""

    def pages(self, book: FontBook) -> Sequence[Page]:
        """The pages, at least one."""

    def draw_page_number(self, pen: Pen, page: int, pages: int) -> None:
        """Page numbers as this kind of sheet bears them."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """The words of the stamp at the foot, and the text of the QR code."""

    form: str
    title: str
    number: str
    times: int
    printed_at: str
    digest: str
    code: str
    mark: str = ""


def print_sheets(sheets: Sequence[tuple[Printable, Imprint | None]], subject: str, book: FontBook) -> bytes:
    """One PDF of one or many sheets; each counts its own pages."""
    target = BytesIO()
    paper = sheets[0][0].geometry
    canvas = Canvas(
        target,
        pagesize=(paper.width, paper.height),
        invariant=1,
        pageCompression=1,
        initialFontName=book.first_font(Face.BODY),
        lang="zh-CN",
    )
    canvas.setTitle(subject)
    canvas.setCreator("liandong")
    canvas.setAuthor("")
    pen = Pen(canvas, book)
    for number, (sheet, imprint) in enumerate(sheets):
        _print_sheet(pen, sheet, imprint, f"qr{number}")
    canvas.save()
    return target.getvalue()


def _print_sheet(pen: Pen, sheet: Printable, imprint: Imprint | None, code_name: str) -> None:
    pages = sheet.pages(pen.book)
    if imprint:
        _define_code(pen.canvas, code_name, imprint.code)
    for index, page in enumerate(pages, 1):
        if imprint and imprint.mark:
            _draw_mark(pen, sheet.geometry, imprint.mark)
        page.draw(pen)
        sheet.draw_page_number(pen, index, len(pages))
        if imprint:
            _draw_imprint(pen, sheet.geometry, imprint, code_name)
        pen.end_page()


def _draw_imprint(pen: Pen, paper: Geometry, imprint: Imprint, code_name: str) -> None:
    """The code above the text block at the right, the stamp below it at the left."""
    top, width = 19 * mm, paper.text_width
    number = f"编号 {imprint.number}" if imprint.number else ""
    first = "  ".join(part for part in (f"表号 {imprint.form}", imprint.title, number) if part)
    printed = f"打印时间 {imprint.printed_at}" if imprint.printed_at else ""
    second = "  ".join(part for part in (f"第 {imprint.times} 次打印", printed, f"校验码 {imprint.digest}") if part)
    pen.text(f"{first}\n{second}", SMALL, paper.left, top, width)
    pen.canvas.saveState()
    pen.canvas.translate(paper.width - paper.right - QR_SIDE, paper.height - 11 * mm - QR_SIDE)
    pen.canvas.doForm(code_name)
    pen.canvas.restoreState()


def _draw_mark(pen: Pen, paper: Geometry, mark: str) -> None:
    """A word across the page, under everything else."""
    canvas = pen.canvas
    canvas.saveState()
    canvas.translate(paper.width / 2, paper.height / 2)
    canvas.rotate(45)
    canvas.setFillGray(0.85)
    canvas.setFont(pen.book.glyph(Face.TITLE, mark[0]).font, 150)
    canvas.drawCentredString(0, -55, mark)
    canvas.restoreState()


def _define_code(canvas: Any, name: str, content: str) -> None:
    """The QR code as a reusable drawing of ``QR_SIDE``, without border."""
    modules = _code_modules(content)
    count = len(modules)
    canvas.beginForm(name, 0, 0, QR_SIDE, QR_SIDE)
    canvas.scale(QR_SIDE / count, QR_SIDE / count)
    path = canvas.beginPath()
    for row, signs in enumerate(modules):
        for start, length in _dark_runs(signs):
            path.rect(start, count - row - 1, length, 1)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.endForm()


def _code_modules(content: str) -> Sequence[Sequence[bool]]:
    """Rows of dark and light modules. One mask for all: any is valid, and trying the eight costs half a form's time."""
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(content)
    code.version = code.calculate_version()
    code.makeImpl(False, _MASK)
    modules: Sequence[Sequence[bool]] = code.modules
    return modules


def _dark_runs(modules: Sequence[bool]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    start = None
    for column, dark in enumerate((*modules, False)):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            runs.append((start, column - start))
            start = None
    return runs
