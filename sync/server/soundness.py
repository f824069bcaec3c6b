"""Whether the fields of a known kind are what the declaration says, so that nothing downstream meets a surprise.

Fields this version does not know pass: a newer device may send them, and they are kept as they came.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sync.domain.declarations import FieldType, facet_of
from sync.domain.errors import InvalidInput
from sync.domain.records import KINDS, RulebookVersion
from sync.domain.rulebook_text import parse_rulebook

MALFORMED = "exchange_refusals.malformed"
FIRST_INSTANT = -62_135_510_400_000
"""0001-01-02 in UTC milliseconds: what lies before is no day of the calendar."""
LAST_INSTANT = 221_845_392_000_000
"""9000-01-01: clocks count on from a moment and must not leave the calendar."""
LAST_DAY = "9000"
"""The same of days, as text."""
MOST = 1 << 40
"""Above every number a record counts, the bytes of an attachment included."""

_PYTHON_TYPES: dict[FieldType, type] = {
    FieldType.INSTANT: int,
    FieldType.INTEGER: int,
    FieldType.BOOLEAN: bool,
    FieldType.TEXTS: list,
    FieldType.ITEMS: list,
    FieldType.BYTES: bytes,
}


@cache
def _types(record: Any) -> dict[str, type]:
    return {name: _PYTHON_TYPES.get(facet.type, str) for name, facet in facet_of(record).items()}


@cache
def _required(record: Any) -> frozenset[str]:
    return frozenset(name for name, facet in facet_of(record).items() if facet.required)


def is_sound(kind: str, fields: Mapping[str, Any], creates: bool) -> bool:
    """True where the fields of a new record, or the changed ones of an edit (``None`` = cleared), fit the kind."""
    declaration = KINDS.get(kind)
    if declaration is None:
        return True
    record: Any = declaration.record
    if creates and not all(fields.get(name) is not None for name in _required(record)):
        return False
    if not creates and any(fields.get(name, "") is None for name in _required(record)):
        return False
    return _fits(record, fields) and (kind != RulebookVersion.__name__ or _is_rulebook(fields))


def _is_rulebook(fields: Mapping[str, Any]) -> bool:
    """True for a book that can be read; its version never changes."""
    try:
        return bool(parse_rulebook(fields["text"]).version == fields["version"])
    except (InvalidInput, KeyError):
        return False


def _fits(record: Any, fields: Mapping[str, Any]) -> bool:
    types = _types(record)
    for name, value in fields.items():
        wanted = types.get(name)
        if wanted is None or value is None:
            continue
        if type(value) is not wanted or (isinstance(value, int) and not _is_near(record, name, value)):
            return False
        if isinstance(value, str) and facet_of(record)[name].type is FieldType.DATE and value >= LAST_DAY:
            return False
        if wanted is list and not _list_fits(record, name, value):
            return False
    return True


def _is_near(record: Any, name: str, value: int) -> bool:
    """A moment that is a day of the calendar with room for every clock, a number that every store can keep."""
    if facet_of(record)[name].type is FieldType.INSTANT:
        return FIRST_INSTANT <= value < LAST_INSTANT
    return abs(value) < MOST


def _list_fits(record: Any, name: str, value: Any) -> bool:
    facet = facet_of(record)[name]
    if facet.type is FieldType.TEXTS:
        return all(type(text) is str for text in value)
    item: Any = facet.item
    return all(
        type(entry) is dict and all(entry.get(needed) is not None for needed in _required(item)) and _fits(item, entry)
        for entry in value
    )
