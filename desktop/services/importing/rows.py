"""From one row of cells to the input of a case. Pure: what a cell means is decided here, whether it is kept is not.

Texts (title, content, reply …) are kept exactly as they stand in the cell, outer white space and tabs included.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from unicodedata import normalize

from desktop.services.importing.mapping import ACCUSED_PREFIX, COMPLAINANT, Mapping, import_fields
from desktop.services.importing.workbook import Sheet, Unreadable
from desktop.services.inputs.shape import InputField
from desktop.services.inputs.values import tidy_latin
from sync.domain.declarations import FieldType as F
from sync.domain.errors import InvalidInput, Refused
from sync.domain.times import CHINA_TIME
from sync.domain.vocabularies import VOCABULARIES

_DAY_TEXT = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]*(上午|下午)?\s*(\d{1,2})[:时](\d{1,2})分?(?:[:]?(\d{1,2})(?:\.\d+)?秒?)?)?"
)
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EXACT_BELOW = 10**15
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
_YES, _NO = frozenset({"是", "1", "true", "yes", "y", "有"}), frozenset({"否", "0", "false", "no", "n", "无"})


@dataclass(frozen=True, slots=True)
class Column:
    """A field filled from a column: where it stands and how it is called there."""

    field: str
    heading: str
    index: int


def locate_columns(sheet: Sheet, mapping: Mapping) -> tuple[Column, ...]:
    """The columns of the sheet by the map. Raises Refused ``import.no_heading`` or ``import.heading_twice``."""
    places = {heading: index for index, heading in enumerate(sheet.headings)}
    for heading in mapping.columns.values():
        if heading not in places:
            raise Refused("import.no_heading", heading=heading)
        if sheet.headings.count(heading) > 1:
            raise Refused("import.heading_twice", heading=heading)
    return tuple(Column(field, heading, places[heading]) for field, heading in mapping.columns.items())


def row_input(
    cells: tuple[object, ...], columns: tuple[Column, ...], mapping: Mapping, find_village: Callable[[str], str | None]
) -> dict[str, Any]:
    """The input of a case in the shape of ``record Case``. Raises InvalidInput with the flat field name."""
    known = import_fields()
    flat = dict(mapping.defaults)
    for column in columns:
        cell = cells[column.index] if column.index < len(cells) else None
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            continue
        flat[column.field] = _cell_value(known[column.field], column.field, cell, mapping, find_village)
    return _nested(flat)


def heading_of(field: str, columns: tuple[Column, ...]) -> str:
    """The heading of the column that fills a (dotted) field, or the field's name where none does."""
    flat = field.replace("complainant.", COMPLAINANT).replace("accused.0.", ACCUSED_PREFIX)
    return next((column.heading for column in columns if column.field == flat), flat)


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    complainant: dict[str, Any] = {}
    accused: dict[str, Any] = {}
    for name, value in flat.items():
        if name.startswith(COMPLAINANT):
            complainant[name.removeprefix(COMPLAINANT)] = value
        elif name.startswith(ACCUSED_PREFIX):
            accused[name.removeprefix(ACCUSED_PREFIX)] = value
        else:
            data[name] = value
    return data | ({"complainant": complainant} if complainant else {}) | ({"accused": [accused]} if accused else {})


def _cell_value(
    known: InputField, name: str, cell: object, mapping: Mapping, find_village: Callable[[str], str | None]
) -> object:
    _check_whole(name, cell)
    kind = known.facet.type if known.facet else F.TEXT
    if kind in (F.INSTANT, F.DATE):
        return _moment(name, cell, mapping, whole_day=kind is F.DATE)
    if kind is F.CODE and known.facet is not None:
        return _code(known.facet.vocabulary, plain_text(cell))
    if kind is F.INTEGER:
        return _integer(name, cell)
    if kind is F.BOOLEAN:
        return _yes_or_no(name, cell)
    text = plain_text(cell)
    return (find_village(text.strip()) or text) if kind is F.VILLAGE else text


def _check_whole(name: str, cell: object) -> None:
    """Spreadsheets keep 15 digits of a number: an identity number typed as one has lost its end."""
    if isinstance(cell, int | float) and abs(cell) >= _EXACT_BELOW:
        raise InvalidInput("import.digits_lost", field=name)
    if isinstance(cell, Unreadable):
        raise InvalidInput(cell.value, field=name)
    if isinstance(cell, str) and cell in _ERRORS:
        raise InvalidInput("import.error_cell", field=name)


def plain_text(cell: object) -> str:
    """A cell as text; whole numbers without a decimal point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)


def _code(vocabulary: str, text: str) -> str:
    """The code of a label, whatever the width of its brackets; else what was written."""
    wanted, terms = text.strip(), VOCABULARIES[vocabulary].terms
    folded = normalize("NFKC", wanted)
    return next((term.code for term in terms if folded in (normalize("NFKC", term.zh), term.en)), wanted)


def _integer(name: str, cell: object) -> int:
    text = tidy_latin(plain_text(cell))
    if not re.fullmatch(r"\d{1,9}", text):
        raise InvalidInput("record.not_integer", field=name)
    return int(text)


def _yes_or_no(name: str, cell: object) -> bool:
    text = tidy_latin(plain_text(cell)).lower()
    if text not in _YES | _NO:
        raise InvalidInput("record.not_boolean", field=name)
    return text in _YES


def _moment(name: str, cell: object, mapping: Mapping, *, whole_day: bool) -> str:
    moment = cell if isinstance(cell, datetime) else _parse(name, cell, mapping)
    if moment is None:
        raise InvalidInput("record.no_such_day" if whole_day else "record.no_such_moment", field=name)
    if moment.tzinfo is not None:
        moment = moment.astimezone(CHINA_TIME).replace(tzinfo=None)
    return moment.date().isoformat() if whole_day else moment.isoformat(timespec="milliseconds")


def _parse(name: str, cell: object, mapping: Mapping) -> datetime | None:
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day, tzinfo=CHINA_TIME)
    text = tidy_latin(plain_text(cell))
    for form in (*mapping.formats.get(name, ()), *mapping.formats.get("", ())):
        try:
            return datetime.strptime(text, form).replace(tzinfo=CHINA_TIME)
        except ValueError:
            continue
    return _usual(text) or _iso(text)


def _usual(text: str) -> datetime | None:
    match = _DAY_TEXT.fullmatch(text) or _COMPACT_DAY.fullmatch(text)
    if match is None:
        return None
    parts = (*match.groups(), None, None, None, None)[:7]
    hour = int(parts[4] or 0)
    hour += 12 if parts[3] == "下午" and hour < 12 else 0
    try:
        return datetime(
            int(parts[0] or 0), int(parts[1] or 0), int(parts[2] or 0), hour, int(parts[5] or 0), int(parts[6] or 0),
            tzinfo=CHINA_TIME,
        )  # fmt: skip
    except ValueError:
        return None


def _iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA_TIME)
