"""From canonical bytes straight to a row's values, for records that hold nothing but what the declaration says."""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import filterfalse
from operator import itemgetter
from typing import Annotated, Any

import msgspec

from desktop.storage.confirmed import REVISION
from desktop.storage.row_codec import codec
from desktop.storage.rows import HEAD
from desktop.storage.tables import COMPUTED
from sync.domain.declarations import FieldType

_NUMBER = Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
_TYPES: dict[FieldType, Any] = {
    FieldType.INSTANT: _NUMBER,
    FieldType.INTEGER: _NUMBER,
    FieldType.BOOLEAN: bool,
    FieldType.BYTES: bytes,
}
_LISTS = frozenset({FieldType.TEXTS, FieldType.ITEMS})
Values = tuple[Any, ...]


class StraightCodec:
    """One kind's bytes into the values of its declared columns; records that hold lists take the long way."""

    def __init__(self, kind: str) -> None:
        facets = {name: facet for name, facet in codec(kind).facets.items() if facet.type not in _LISTS}
        self.names = tuple(sorted(facets))  # as canonical bytes order them: found without searching
        fields = [(name, _TYPES.get(facets[name].type, str), None) for name in self.names]
        shape = msgspec.defstruct(kind, fields, forbid_unknown_fields=True, gc=False)
        self._decode = msgspec.msgpack.Decoder(shape).decode

    def read(self, body: bytes) -> Values | None:
        """The values in the order of ``names``; None where the bytes hold anything else, a nil or a wrong type."""
        try:
            return msgspec.structs.astuple(self._decode(body))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None


@cache
def straight_codec(kind: str) -> StraightCodec:
    """The codec of a declared kind."""
    return StraightCodec(kind)


HEAD_VALUES = 4
"""Id, dossier, revision and hash stand before the values."""


@cache
def _columns(kind: str) -> tuple[str, ...]:
    """Columns of a new row: id, dossier, revision, hash, the declared fields, and the computed ones of a case."""
    return (*HEAD[:HEAD_VALUES], *straight_codec(kind).names, *(COMPUTED if kind == "Case" else ()))


def filled(kind: str, rows: Sequence[Values]) -> tuple[tuple[str, ...], list[Values]]:
    """Columns and values of new rows without the columns that are empty in all of them: most are, and each costs as
    much as a full one."""
    names = _columns(kind)
    empty = set(_empty_in_all(rows))
    full = tuple(at for at in range(len(names)) if at not in empty)
    return tuple(names[at] for at in full), list(map(_picker(full), rows))


def _empty_in_all(rows: Sequence[Values]) -> tuple[int, ...]:
    """Places that hold nothing in any row, looked through once: what an earlier row lacks is asked of later ones."""
    left = iter(rows)
    empty = tuple(at for at, value in enumerate(rows[0]) if value is None)
    while empty:
        nothing = (None,) * len(empty)
        odd = next(filterfalse(nothing.__eq__, map(_picker(empty), left)), None)
        if odd is None:
            break
        empty = tuple(at for at, value in zip(empty, odd, strict=True) if value is None)
    return empty


@cache
def _picker(places: tuple[int, ...]) -> Callable[[Values], Values]:
    """Picks the values at some places of a row."""
    if len(places) == 1:
        return lambda row: (row[places[0]],)
    return itemgetter(*places)


@cache
def confirm_sql(kind: str) -> str:
    """``UPDATE`` that makes a row of this device, not seen by the county so far, the county's state as it stands."""
    return (
        f'UPDATE "{codec(kind).table}" SET revision = ?, hash = ? WHERE id = ? AND dossier = ? AND revision <= 0 '
        f"AND {REVISION} = 0 AND county_state IS NULL"
    )
