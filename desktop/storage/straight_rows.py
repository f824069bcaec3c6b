"""From canonical bytes straight to a row's values, for records that hold nothing but what the declaration says."""

from collections.abc import Sequence
from functools import cache
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
        self.names = tuple(facets)
        fields = [(name, _TYPES.get(facet.type, str), None) for name, facet in facets.items()]
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
    columns = zip(_columns(kind), zip(*rows, strict=True), strict=True)
    full = [(name, values) for name, values in columns if any(values) or values.count(None) < len(values)]
    return tuple(name for name, _ in full), list(zip(*(values for _, values in full), strict=True))


@cache
def confirm_sql(kind: str) -> str:
    """``UPDATE`` that makes a row of this device, not seen by the county so far, the county's state as it stands."""
    return (
        f'UPDATE "{codec(kind).table}" SET revision = ?, hash = ? WHERE id = ? AND dossier = ? AND revision <= 0 '
        f"AND {REVISION} = 0 AND county_state IS NULL"
    )
