"""Check and convert one input value by its facet. Texts are kept exactly as typed; numbers and codes are tidied."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sync.domain.declarations import Facet
from sync.domain.declarations import FieldType as F
from sync.domain.errors import InvalidInput
from sync.domain.ids import is_id
from sync.domain.times import to_instant
from sync.domain.vocabularies import VOCABULARIES

TEXT_LIMIT = 4_000
LONG_TEXT_LIMIT = 500_000
ITEM_LIMIT = 1_000
YEARS = range(1900, 2200)
NUMBER_RANGES = {"age": (0, 150), "people": (1, 100_000), "representatives": (0, 100_000)}
LATIN_FIELDS = frozenset({"phone", "id_number", "external_number", "envelope_number", "number"})
"""Fields where full-width signs are a slip of the input method."""

_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Directory:
    """What the reading of an input asks the directory: which villages and units there are."""

    has_village: Callable[[str], bool]
    has_unit: Callable[[str], bool]


def read_value(facet: Facet, value: object, path: str, directory: Directory) -> Any:
    """The record value of an input value; None for null and blank text. Raises InvalidInput naming ``path``."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return _READERS[facet.type](facet, value, path, directory)


def has_forbidden_signs(text: str) -> bool:
    """True where a text holds U+0000 or half a surrogate pair: neither can be stored or printed."""
    return _FORBIDDEN.search(text) is not None


def tidy_latin(text: str) -> str:
    """Full-width digits, letters and signs as plain ones, outer white space gone."""
    return unicodedata.normalize("NFKC", text).strip()


def parse_day(text: str) -> date | None:
    """The day of ``2026-12-01``, or None where there is no such day."""
    tidy = tidy_latin(text)
    if not _DAY.fullmatch(tidy):
        return None
    try:
        day = date.fromisoformat(tidy)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def parse_moment(text: str) -> int | None:
    """The instant of ``2026-11-20T09:10`` (local without a zone, a bare day is its midnight), or None."""
    tidy = tidy_latin(text)
    if not _MOMENT.fullmatch(tidy):
        return None
    try:
        moment = datetime.fromisoformat(tidy)
    except ValueError:
        return None
    return to_instant(moment) if moment.year in YEARS else None


def _text(value: object, path: str, limit: int) -> str:
    if not isinstance(value, str):
        raise InvalidInput("record.not_text", field=path)
    if len(value) > limit:
        raise InvalidInput("record.too_long", field=path, limit=limit)
    if has_forbidden_signs(value):
        raise InvalidInput("record.forbidden_sign", field=path)
    return value


def _line(_facet: Facet, value: object, path: str, _directory: Directory) -> str:
    text = _text(value, path, TEXT_LIMIT)
    return tidy_latin(text) if path.rpartition(".")[2] in LATIN_FIELDS else text


def _long(_facet: Facet, value: object, path: str, _directory: Directory) -> str:
    return _text(value, path, LONG_TEXT_LIMIT)


def _code(facet: Facet, value: object, path: str, _directory: Directory) -> str:
    codes = VOCABULARIES[facet.vocabulary].codes
    code = tidy_latin(value).upper() if isinstance(value, str) else None
    if code not in codes:
        raise InvalidInput("record.unknown_code", field=path, codes=", ".join(codes))
    return code


def _date(_facet: Facet, value: object, path: str, _directory: Directory) -> str:
    day = parse_day(value) if isinstance(value, str) else None
    if day is None:
        raise InvalidInput("record.no_such_day", field=path)
    return day.isoformat()


def _instant(_facet: Facet, value: object, path: str, _directory: Directory) -> int:
    moment = parse_moment(value) if isinstance(value, str) else None
    if moment is None:
        raise InvalidInput("record.no_such_moment", field=path)
    return moment


def _integer(_facet: Facet, value: object, path: str, _directory: Directory) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidInput("record.not_integer", field=path)
    low, high = NUMBER_RANGES.get(path.rpartition(".")[2], (0, 1_000_000_000))
    if not low <= value <= high:
        raise InvalidInput("record.out_of_range", field=path, low=low, high=high)
    return value


def _boolean(_facet: Facet, value: object, path: str, _directory: Directory) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput("record.not_boolean", field=path)
    return value


def _village(_facet: Facet, value: object, path: str, directory: Directory) -> str:
    code = tidy_latin(value) if isinstance(value, str) else ""
    if not directory.has_village(code):
        raise InvalidInput("record.unknown_village", field=path)
    return code


def _unit(_facet: Facet, value: object, path: str, directory: Directory) -> str:
    code = tidy_latin(value) if isinstance(value, str) else ""
    if not directory.has_unit(code):
        raise InvalidInput("record.unknown_unit", field=path)
    return code


def _reference(_facet: Facet, value: object, path: str, _directory: Directory) -> str:
    if not is_id(value):
        raise InvalidInput("record.not_id", field=path)
    return str(value)


def _texts(facet: Facet, value: object, path: str, directory: Directory) -> tuple[str, ...] | None:
    if not isinstance(value, list) or len(value) > ITEM_LIMIT:
        raise InvalidInput("record.not_list", field=path)
    read = _code if facet.vocabulary else _line
    texts = [read(facet, item, f"{path}.{index}", directory) for index, item in enumerate(value)]
    return tuple(text for text in texts if text.strip()) or None


_READERS: dict[F, Callable[[Facet, object, str, Directory], Any]] = {
    F.TEXT: _line,
    F.LONG_TEXT: _long,
    F.CODE: _code,
    F.DATE: _date,
    F.INSTANT: _instant,
    F.INTEGER: _integer,
    F.BOOLEAN: _boolean,
    F.VILLAGE: _village,
    F.UNIT: _unit,
    F.REFERENCE: _reference,
    F.TEXTS: _texts,
}
