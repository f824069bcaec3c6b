"""Between a record's field map and its typed row, without loss.

What this version does not know, or what is not of the declared type, stands in the column ``extra`` as MessagePack and
comes back as it was: the canonical bytes of a row are those that were stored.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import msgspec

from sync.domain.declarations import DeclaredField, Facet, FieldType, declared_fields
from sync.domain.records import KINDS

_INT_LIMIT = 1 << 63
_TEXTUAL = frozenset(
    {
        FieldType.TEXT,
        FieldType.LONG_TEXT,
        FieldType.CODE,
        FieldType.DATE,
        FieldType.UNIT,
        FieldType.VILLAGE,
        FieldType.REFERENCE,
    }
)
_pack = msgspec.msgpack.Encoder(order="deterministic").encode
_unpack = msgspec.msgpack.decode
_text = msgspec.json.encode
Fields = dict[str, Any]
_FROM_COLUMN: dict[FieldType, Callable[[Any], Any]] = {
    FieldType.BOOLEAN: bool,
    FieldType.TEXTS: msgspec.json.decode,
    FieldType.ITEMS: _unpack,
}
"""How a column's value is read where it is not the field's."""


class RowCodec:
    """Columns and values of one kind. A row's values are ``extra`` and then the declared fields in their order."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.table = table_name(kind)
        declared = fields_of(kind)
        self.names = tuple(field.name for field in declared)
        self.facets: dict[str, Facet] = {field.name: field.facet for field in declared}
        self._known = frozenset(self.names)
        self._columns = tuple((field.name, field.facet.type) for field in declared)
        self._readers = tuple((field.name, _FROM_COLUMN.get(field.facet.type)) for field in declared)

    def to_row(self, fields: Fields) -> list[Any]:
        """``[extra, value, …]`` of a field map; fields that are None are stored as absent unless the map says nil."""
        row: list[Any] = [None]
        extra: Fields | None = None
        for name, kind in self._columns:
            value = fields.get(name)
            if value is None:
                row.append(None)
                if name in fields:
                    extra = {**(extra or {}), name: None}
                continue
            stored = _to_column(kind, value)
            row.append(stored)
            if stored is None:
                extra = {**(extra or {}), name: value}
        if not self._known.issuperset(fields):
            extra = {**(extra or {}), **{name: fields[name] for name in fields.keys() - self._known}}
        if extra is not None:
            row[0] = _pack(extra)
        return row

    def to_fields(self, row: Sequence[Any]) -> Fields:
        """The field map of ``[extra, value, …]``."""
        fields: Fields = {}
        for (name, read), value in zip(self._readers, row[1:], strict=True):
            if value is not None:
                fields[name] = value if read is None else read(value)
        if row[0] is not None:
            fields.update(_unpack(row[0]))
        return fields

    def knows(self, fields: Fields) -> bool:
        """Whether this version declares every field of a map."""
        return self._known.issuperset(fields)

    def unknown(self, extra: bytes | None) -> Fields:
        """The fields of ``extra`` that this version does not know."""
        if extra is None:
            return {}
        return {name: value for name, value in _unpack(extra).items() if name not in self._known}


def _to_column(kind: FieldType, value: Any) -> Any:
    """The column's value; None where the value is not of the declared type."""
    if kind in _TEXTUAL:
        return value if type(value) is str else None
    if kind is FieldType.BOOLEAN:
        return int(value) if type(value) is bool else None
    if kind in {FieldType.INTEGER, FieldType.INSTANT}:
        return value if type(value) is int and -_INT_LIMIT <= value < _INT_LIMIT else None
    if kind is FieldType.BYTES:
        return value if type(value) is bytes else None
    if type(value) is not list:
        return None
    if kind is FieldType.TEXTS:
        return _text(value).decode() if all(type(item) is str for item in value) else None
    return _pack(value)


def fields_of(kind: str) -> tuple[DeclaredField, ...]:
    """The declared fields of a kind."""
    record: Any = KINDS[kind].record
    return declared_fields(record)


@cache
def codec(kind: str) -> RowCodec:
    """The codec of a declared kind."""
    return RowCodec(kind)


@cache
def table_name(kind: str) -> str:
    """``record_return_visit`` for ``ReturnVisit``."""
    return "record_" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()


def pack_fields(fields: Fields) -> bytes:
    """Canonical bytes of a field map as it stands, nil included."""
    return _pack(fields)


def unpack_fields(body: bytes | msgspec.Raw) -> Fields:
    """The field map of canonical bytes. Raises msgspec errors where it is none."""
    return msgspec.msgpack.decode(body, type=dict[str, Any])
