"""Columns of many rows as PostgreSQL's binary arrays: what a statement takes whole with ``unnest``.

The driver's own lists are packed value by value, each looked up by its type; that costs more than the statement.
"""

from collections.abc import Iterable, Sequence
from struct import pack
from typing import Any, ClassVar

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

_NULL = pack("!i", -1)


class Column:
    """The values of one column, none of them longer than PostgreSQL takes."""

    oid: ClassVar[int]
    element: ClassVar[int]

    def __init__(self, values: Iterable[Any]) -> None:
        self.values: Sequence[Any] = list(values)

    def packed(self) -> Iterable[bytes]:
        """Each value with its length before it."""
        raise TypeError(type(self).__name__)


class Bytes(Column):
    """``bytea[]``."""

    oid, element = 1001, 17

    def packed(self) -> Iterable[bytes]:
        """See ``Column``."""
        return [_NULL if value is None else len(value).to_bytes(4, "big") + value for value in self.values]


class Texts(Column):
    """``text[]``; None is NULL."""

    oid, element = 1009, 25

    def packed(self) -> Iterable[bytes]:
        """See ``Column``."""
        made = {value: _packed_text(value) for value in set(self.values)}  # most columns say the same in every row
        return map(made.__getitem__, self.values)


def _packed_text(value: str | None) -> bytes:
    if value is None:
        return _NULL
    encoded = value.encode()
    return len(encoded).to_bytes(4, "big") + encoded


class Places(Column):
    """``tid[]`` of places of rows, as they were read in binary form."""

    oid, element = 1010, 27

    def packed(self) -> Iterable[bytes]:
        """See ``Column``."""
        return (b"\0\0\0\6" + value for value in self.values)


class Numbers(Column):
    """``int8[]``."""

    oid, element = 1016, 20

    def packed(self) -> Iterable[bytes]:
        """See ``Column``."""
        return [b"\0\0\0\x08" + value.to_bytes(8, "big", signed=True) for value in self.values]


class Marks(Column):
    """``int2[]``."""

    oid, element = 1005, 21

    def packed(self) -> Iterable[bytes]:
        """See ``Column``."""
        return (b"\0\0\0\2" + int(value).to_bytes(2, "big", signed=True) for value in self.values)


class Truths(Column):
    """``bool[]``."""

    oid, element = 1000, 16

    def packed(self) -> Iterable[bytes]:
        """See ``Column``."""
        return (b"\0\0\0\1\1" if value else b"\0\0\0\1\0" for value in self.values)


def columns(rows: Iterable[Sequence[Any]], kinds: Sequence[type[Column]]) -> list[Column]:
    """Rows, at least one, as columns of these kinds."""
    return [kind(values) for kind, values in zip(kinds, zip(*rows, strict=True), strict=True)]


class _Packer(Dumper):
    """One array of one dimension."""

    format = Format.BINARY

    def dump(self, obj: Column) -> bytes:
        """The binary form."""
        head = pack("!iiiii", 1, 1, obj.element, len(obj.values), 1)
        return head + b"".join(obj.packed()) if obj.values else pack("!iii", 0, 0, obj.element)


def register(column: type[Column]) -> None:
    """Let the driver pack columns of a kind."""
    psycopg.adapters.register_dumper(column, type(f"{column.__name__}Packer", (_Packer,), {"oid": column.oid}))


for _column in (Bytes, Texts, Places, Numbers, Marks, Truths):
    register(_column)
