"""The shape of an input map: its fields in form order, and the one reader that checks a map against it."""

from dataclasses import dataclass
from typing import Any

from desktop.services.inputs.values import ITEM_LIMIT, Directory, read_value
from sync.domain.declarations import Facet, facet_of
from sync.domain.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class InputField:
    """One field: its JSON name, its facet (of the record field it fills), and the prints that need it."""

    name: str
    facet: Facet | None
    required: bool = False
    forms: tuple[str, ...] = ()
    shape: "Shape | None" = None
    """The inner shape of a nested map or list of maps; ``facet`` is then None."""
    many: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of one input map in form order."""

    fields: tuple[InputField, ...]

    def by_name(self) -> dict[str, InputField]:
        """The fields by their JSON names."""
        return {field.name: field for field in self.fields}


def plain(record: Any, name: str, *forms: str, required: bool | None = None, source: str = "") -> InputField:
    """A field of a record class under its own name; ``source`` where the record calls it otherwise."""
    facet = facet_of(record)[source or name]
    return InputField(name, facet, facet.required if required is None else required, forms)


def one(name: str, shape: Shape, *forms: str) -> InputField:
    """A nested map."""
    return InputField(name, None, False, forms, shape)


def many(name: str, shape: Shape, *forms: str) -> InputField:
    """A list of maps."""
    return InputField(name, None, False, forms, shape, True)


def read_map(shape: Shape, data: object, directory: Directory, path: str = "") -> dict[str, Any]:
    """The checked values of a map that makes a record: fields that were given, in form order.

    Nested maps come as dicts, lists of maps as lists of dicts. Raises InvalidInput naming the dotted field that is
    unknown, missing or wrong.
    """
    values = {name: value for name, value in read_changes(shape, data, directory, path).items() if value is not None}
    for field in shape.fields:
        if field.required and field.name not in values:
            raise InvalidInput("record.missing", field=f"{path}{field.name}")
    return values


def read_changes(shape: Shape, data: object, directory: Directory, path: str = "") -> dict[str, Any]:
    """The checked values of a map that changes a record: only fields given, None where one is to be cleared."""
    given = require_map(data, path)
    known = shape.by_name()
    for name in given:
        if name not in known:
            raise InvalidInput("record.unknown_field", field=f"{path}{name}")
    return {
        field.name: _read_field(field, given[field.name], f"{path}{field.name}", directory)
        for field in shape.fields
        if field.name in given
    }


def require_map(data: object, path: str) -> dict[str, Any]:
    """The map itself, or InvalidInput."""
    if not isinstance(data, dict):
        raise InvalidInput("record.not_map", field=path.rstrip(".") or "-")
    return data


def _read_field(field: InputField, value: object, path: str, directory: Directory) -> Any:
    if field.facet is not None:
        return read_value(field.facet, value, path, directory)
    if value is None:
        return None
    assert field.shape is not None
    if not field.many:
        return read_map(field.shape, value, directory, f"{path}.") or None
    if not isinstance(value, list) or len(value) > ITEM_LIMIT:
        raise InvalidInput("record.not_list", field=path)
    items = [read_map(field.shape, item, directory, f"{path}.{index}.") for index, item in enumerate(value)]
    return [item for item in items if item] or None
