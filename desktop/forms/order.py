"""The official order of each form's fields, read from ``resources/forms/order.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from sync.shipped.places import resources_folder


@dataclass(frozen=True, slots=True)
class OrderedField:
    """A field by its name in the record's JSON shape (``findings[].text``) and the words that stand for it on paper."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class FormOrder:
    """A form's code, title, the kind of record it is about, and its fields in official order."""

    code: str
    title: str
    about: str
    fields: tuple[OrderedField, ...]


@cache
def official_orders() -> MappingProxyType[str, FormOrder]:
    """The order of every form by its name."""
    path = resources_folder() / "forms" / "order.toml"
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType({name: _order(entry) for name, entry in found.items()})


def _order(entry: dict[str, object]) -> FormOrder:
    rows = entry["fields"]
    if not isinstance(rows, list):
        raise TypeError("fields of a form are a list of pairs")
    ordered = tuple(OrderedField(str(name), str(words)) for name, words in rows)
    return FormOrder(str(entry["code"]), str(entry["title"]), str(entry["about"]), ordered)
