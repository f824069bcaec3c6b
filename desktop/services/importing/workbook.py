"""Read a spreadsheet (.xlsx) into rows of plain cells, bounded and completely, before anything is believed."""

import io
import warnings
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from desktop.services.importing.layout import Layout, read_layout
from sync.domain.errors import Damaged, Refused

MOST_FILE_BYTES = 200_000_000
MOST_UNPACKED_BYTES = 1_000_000_000
MOST_RATIO = 200
RATIO_FREE_BYTES = 20_000_000
"""Below this a high ratio is harmless."""
MOST_PARTS = 2_000
MOST_ROWS = 200_000
MOST_COLUMNS = 500
MOST_MERGED = 2_000_000
_OLE, _ZIP = bytes.fromhex("d0cf11e0a1b11ae1"), b"PK"
_CONTENTS = "[Content_Types].xml"

Cell = object


_Row = tuple[int, tuple[Cell, ...]]


class Unreadable(Enum):
    """What stands in place of a cell that has no value of its own to be believed; the value is the reason's key."""

    UNCOMPUTED = "import.not_computed"
    ACROSS = "import.merged_across"
    """Not the first of cells merged across columns."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first sheet that shows: its headings, and its rows as (number in the sheet, cells).

    Empty rows are left out, and those that hold nothing of their own beside merged cells of the row above.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


def read_workbook(path: Path) -> Sheet:
    """Read the first sheet that shows, whole.

    Raises Refused ``import.no_file``, ``import.not_xlsx``, ``import.old_format`` (.xls or encrypted),
    ``import.too_large``, ``import.empty``; Damaged ``import.damaged``.
    """
    data = _read_file(path)
    _check_archive(data, path.name)
    rows, layout = _load(data)
    if not rows:
        raise Refused("import.empty")
    number, first = rows[0]
    headings = tuple("" if cell is None else str(cell).strip() for cell in first)
    return Sheet(headings, tuple(_laid_out(rows[1:], layout, number)))


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _laid_out(rows: list[_Row], layout: Layout, heading: int) -> list[_Row]:
    """The rows with merged cells filled downward, and with marks where a cell's value cannot be believed."""
    changed: dict[int, dict[int, Cell]] = {}
    for row, column in layout.uncomputed:
        changed.setdefault(row, {})[column] = Unreadable.UNCOMPUTED
    own, last = dict(rows), rows[-1][0] if rows else 0
    marked = 0
    for merge in layout.merges:
        if merge.top <= heading:
            continue
        marked += (min(merge.bottom, last) - merge.top + 1) * min(merge.right - merge.left + 1, MOST_COLUMNS)
        if marked > MOST_MERGED:
            raise Refused("import.too_large")
        inherited = changed.get(merge.top, {}).get(merge.left, _at(own.get(merge.top, ()), merge.left))
        for row in range(merge.top, min(merge.bottom, last) + 1):
            marks = dict.fromkeys(range(merge.left + 1, min(merge.right + 1, MOST_COLUMNS)), Unreadable.ACROSS)
            changed.setdefault(row, {}).update({merge.left: inherited, **marks})
    return [(number, _with(cells, changed.get(number, {}))) for number, cells in rows]


def _at(cells: tuple[Cell, ...], column: int) -> Cell:
    return cells[column] if column < len(cells) else None


def _with(cells: tuple[Cell, ...], changed: dict[int, Cell]) -> tuple[Cell, ...]:
    if not changed:
        return cells
    width = min(max(len(cells), max(changed) + 1), MOST_COLUMNS)
    return tuple(changed.get(column, _at(cells, column)) for column in range(width))


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = b"" if path.stat().st_size > MOST_FILE_BYTES else file.read(MOST_FILE_BYTES + 1)
            more = bool(file.read(1))
    except OSError as error:
        raise Refused("import.no_file", file=path.name) from error
    if more:
        raise Refused("import.too_large")
    if data.startswith(_OLE):
        raise Refused("import.old_format", file=path.name)
    if not data.startswith(_ZIP):
        raise Refused("import.not_xlsx", file=path.name)
    return data


def _check_archive(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, RuntimeError, OSError) as error:
        raise Damaged("import.damaged") from error
    if all(part.filename != _CONTENTS for part in parts):
        raise Refused("import.not_xlsx", file=name)
    size = sum(part.file_size for part in parts)
    bomb = size > RATIO_FREE_BYTES and size > MOST_RATIO * len(data)
    if bomb or size > MOST_UNPACKED_BYTES or len(parts) > MOST_PARTS:
        raise Refused("import.too_large")


def _load(data: bytes) -> tuple[list[_Row], Layout]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    broken = (InvalidFileException, zipfile.BadZipFile, zipfile.LargeZipFile, ParseError, ExpatError, KeyError,
              ValueError, TypeError, AttributeError, IndexError, OSError, EOFError, StopIteration)  # fmt: skip
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheet: Any = next(one for one in book.worksheets if one.sheet_state == "visible")
            with sheet._get_source() as source:
                layout = read_layout(source)
            sheet.reset_dimensions()  # many programs write a wrong one, and rows behind it would be lost
            return _take_rows(sheet.iter_rows(values_only=True), layout), layout
    except broken as error:
        raise Damaged("import.damaged") from error


def _take_rows(rows: Iterable[tuple[Cell, ...]], layout: Layout) -> list[_Row]:
    """Rows with something of their own, be it a formula without a result."""
    formulas = {row for row, _ in layout.uncomputed}
    taken: list[_Row] = []
    for number, cells in enumerate(rows, 1):
        if number not in formulas and all(map(_is_blank, cells)):
            continue
        if len(taken) > MOST_ROWS:
            raise Refused("import.too_large")
        taken.append((number, tuple(cells[:MOST_COLUMNS])))
    return taken
