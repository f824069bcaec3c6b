"""How a replicated record declares its fields: type, vocabulary, owner. Storage, wire and forms derive from it."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from sync.domain.ids import Instant, RecordId, UnitCode

R = TypeVar("R")


class Owner(StrEnum):
    """Whose value stands provisionally when both sides changed a field."""

    TOWNSHIP = "T"
    COUNTY = "C"
    APPEND = "A"
    """Written once with the record, never changed."""


class FieldType(StrEnum):
    """What a field holds; in brackets the value on the wire."""

    TEXT = "text"
    """One line (str)."""
    LONG_TEXT = "long_text"
    """Several lines (str)."""
    CODE = "code"
    """A term of a vocabulary (str)."""
    DATE = "date"
    """A day of a fact (str, ``2026-11-20``)."""
    INSTANT = "instant"
    """A moment (int, UTC milliseconds)."""
    INTEGER = "integer"
    BOOLEAN = "boolean"
    UNIT = "unit"
    """Code of a unit (str)."""
    VILLAGE = "village"
    """12-digit division code (str)."""
    REFERENCE = "reference"
    """Id of another record (str); no database constraint."""
    TEXTS = "texts"
    """Several lines or names (list of str)."""
    ITEMS = "items"
    """Small structures without life of their own (list of map)."""
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Facet:
    """What the declaration says of one field."""

    type: FieldType
    owner: Owner = Owner.TOWNSHIP
    vocabulary: str = ""
    item: Callable[..., Any] | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class DeclaredField:
    """A field's name with its facet."""

    name: str
    facet: Facet


_EMPTY: dict[FieldType, Any] = {FieldType.TEXTS: (), FieldType.ITEMS: ()}


def declare(
    kind: FieldType,
    vocabulary: str = "",
    *,
    owner: Owner = Owner.TOWNSHIP,
    item: Callable[..., Any] | None = None,
    required: bool = False,
    default: Any = None,
) -> Any:
    """A dataclass field with its facet. ``required`` means a record cannot be kept without it."""
    facet = Facet(kind, owner, vocabulary, item, required)
    if required:
        return dataclasses.field(metadata={"facet": facet})
    return dataclasses.field(default=_EMPTY.get(kind, default), metadata={"facet": facet})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record carries: id, the unit that made it, when, and by whom."""

    id: RecordId
    unit: UnitCode = declare(FieldType.UNIT, owner=Owner.APPEND, required=True)
    created_at: Instant = declare(FieldType.INSTANT, owner=Owner.APPEND, required=True)
    author: str = declare(FieldType.TEXT, owner=Owner.APPEND, default="")


@cache
def declared_fields(record: Any) -> tuple[DeclaredField, ...]:
    """The declared fields of a record or item class, in their order, the id excluded."""
    return tuple(
        DeclaredField(field.name, field.metadata["facet"])
        for field in dataclasses.fields(record)
        if "facet" in field.metadata
    )


@cache
def facet_of(record: Any) -> dict[str, Facet]:
    """Facets of a record or item class by field name."""
    return {field.name: field.facet for field in declared_fields(record)}


def to_fields(record: Any) -> dict[str, Any]:
    """The wire map of a record: plain values only, empty fields left out, the id not included."""
    fields: dict[str, Any] = {}
    for declared in declared_fields(record.__class__):
        value = getattr(record, declared.name)
        if value is None or value == ():
            continue
        fields[declared.name] = plain_value(declared.facet, value)
    return fields


def plain_value(facet: Facet, value: Any) -> Any:
    """The wire value of one field."""
    if facet.type is FieldType.ITEMS:
        return [to_fields(item) for item in value]
    if facet.type is FieldType.TEXTS:
        return list(value)
    return value


def from_fields(record: Callable[..., R], fields: dict[str, Any], **identity: Any) -> R:
    """The record of a wire map; fields this version does not know are passed over (storage keeps them raw)."""
    known, compound = _reading(record)
    values = dict(fields) if known.issuperset(fields) else {name: fields[name] for name in fields if name in known}
    for name, facet in compound:
        if name in values:
            values[name] = typed_value(facet, values[name])
    return record(**identity, **values)


@cache
def _reading(record: Any) -> tuple[frozenset[str], tuple[tuple[str, Facet], ...]]:
    """Names of all fields, and those whose wire value is not the record's."""
    facets = facet_of(record)
    compound = tuple((name, facet) for name, facet in facets.items() if facet.type in _EMPTY)
    return frozenset(facets), compound


def typed_value(facet: Facet, value: Any) -> Any:
    """The value of a record's field for the wire value of one."""
    if value is None:
        return _EMPTY.get(facet.type)
    if facet.type is FieldType.ITEMS and facet.item is not None:
        return tuple(from_fields(facet.item, item) for item in value)
    if facet.type is FieldType.TEXTS:
        return tuple(value)
    return value
