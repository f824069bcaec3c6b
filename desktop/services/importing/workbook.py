"""Read a spreadsheet (.xlsx) into rows of plain cells, bounded and completely, before anything is believed."""

import io
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import ParseError

from sync.domain.errors import Damaged, Refused

MOST_FILE_BYTES = 200_000_000
MOST_UNPACKED_BYTES = 1_000_000_000
MOST_RATIO = 200
RATIO_FREE_BYTES = 20_000_000
"""Below this a high ratio is harmless."""
MOST_PARTS = 2_000
MOST_ROWS = 200_000
MOST_COLUMNS = 500
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")

Cell = object


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first sheet: its headings, and its rows as (number in the sheet, cells); empty rows are left out."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


def read_workbook(path: Path) -> Sheet:
    """Read the first sheet whole.

    Raises Refused ``import.no_file``, ``import.old_format`` (.xls or encrypted), ``import.too_large``,
    ``import.empty``; Damaged ``import.damaged``.
    """
    data = _read_file(path)
    _check_archive(data)
    rows = _load(data)
    filled = [(number, cells) for number, cells in enumerate(rows, 1) if any(not _is_blank(cell) for cell in cells)]
    if not filled:
        raise Refused("import.empty")
    headings = tuple("" if cell is None else str(cell).strip() for cell in filled[0][1])
    return Sheet(headings, tuple(filled[1:]))


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


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
    return data


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, RuntimeError, OSError) as error:
        raise Damaged("import.damaged") from error
    size = sum(part.file_size for part in parts)
    bomb = size > RATIO_FREE_BYTES and size > MOST_RATIO * len(data)
    if bomb or size > MOST_UNPACKED_BYTES or len(parts) > MOST_PARTS:
        raise Refused("import.too_large")


def _load(data: bytes) -> list[tuple[Cell, ...]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    broken = (InvalidFileException, zipfile.BadZipFile, zipfile.LargeZipFile, ParseError, KeyError, ValueError,
              TypeError, AttributeError, IndexError, OSError, EOFError, StopIteration)  # fmt: skip
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            return _take_rows(book.worksheets[0].iter_rows(values_only=True))
    except broken as error:
        raise Damaged("import.damaged") from error


def _take_rows(rows: object) -> list[tuple[Cell, ...]]:
    taken: list[tuple[Cell, ...]] = []
    for cells in rows:  # type: ignore[attr-defined]
        if len(taken) > MOST_ROWS:
            raise Refused("import.too_large")
        taken.append(tuple(cells[:MOST_COLUMNS]))
    return taken
