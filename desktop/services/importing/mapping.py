"""``MAP.toml``: which heading fills which field, fixed values, and date formats beyond the usual ones."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from desktop.services.inputs.kinds import ACCUSED, CASE, IDENTITY
from desktop.services.inputs.shape import InputField
from sync.domain.errors import InvalidInput, Refused

COMPLAINANT, ACCUSED_PREFIX = "complainant_", "accused_"
MOST_MAP_BYTES = 1_000_000
SECTIONS = frozenset({"columns", "defaults", "formats"})
_EXCEL_CODES = (("yyyy", "%Y"), ("yy", "%y"), ("MM", "%m"), ("M", "%m"), ("dd", "%d"), ("d", "%d"), ("HH", "%H"),
                ("H", "%H"), ("mm", "%M"), ("ss", "%S"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mapping:
    """A read map. ``formats`` are strptime formats by field; those under ``""`` are for every date."""

    columns: MappingProxyType[str, str]
    defaults: MappingProxyType[str, Any]
    formats: MappingProxyType[str, tuple[str, ...]]


def import_fields() -> dict[str, InputField]:
    """Every field a column may fill, by its flat name: ``title``, ``complainant_name``, ``accused_unit`` …"""
    fields = {field.name: field for field in CASE.fields if field.facet is not None}
    fields |= {f"{COMPLAINANT}{field.name}": field for field in IDENTITY.fields}
    return fields | {f"{ACCUSED_PREFIX}{field.name}": field for field in ACCUSED.fields}


def read_mapping(path: Path) -> Mapping:
    """Read and check a map. Raises Refused (``import.map_unreadable``) or InvalidInput naming the field."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_MAP_BYTES + 1)
        if len(data) > MOST_MAP_BYTES:
            raise Refused("import.map_unreadable", file=path.name)
        return parse_mapping(tomllib.loads(data.decode("utf-8-sig")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused("import.map_unreadable", file=path.name) from error


def parse_mapping(tables: dict[str, Any]) -> Mapping:
    """The mapping of TOML tables ``columns``, ``defaults``, ``formats``."""
    for name, table in tables.items():
        if name not in SECTIONS or not isinstance(table, dict):
            raise InvalidInput("import.unknown_section", field=name)
    columns = {field: _text(f"columns.{field}", heading) for field, heading in tables.get("columns", {}).items()}
    defaults = dict(tables.get("defaults", {}))
    known = import_fields()
    for field in (*columns, *defaults):
        if field not in known:
            raise InvalidInput("import.unknown_field", field=field)
    if not {"title", "content"} & columns.keys():
        raise InvalidInput("import.needs_text", field="columns")
    formats: dict[str, tuple[str, ...]] = {}
    for name, given in tables.get("formats", {}).items():
        field = name if name in known else ""
        formats[field] = (*formats.get(field, ()), *_formats(name, given))
    return Mapping(MappingProxyType(columns), MappingProxyType(defaults), MappingProxyType(formats))


def _formats(field: str, given: object) -> tuple[str, ...]:
    texts = given if isinstance(given, list) else [given]
    return tuple(_strptime_format(_text(f"formats.{field}", text)) for text in texts)


def _strptime_format(text: str) -> str:
    """A strptime format; one in the manner of spreadsheets (``dd.MM.yyyy``) is translated."""
    if "%" in text:
        return text
    made = ""
    while text:
        code, made_of_it = next(((c, m) for c, m in _EXCEL_CODES if text.startswith(c)), (text[0], text[0]))
        made, text = made + made_of_it, text[len(code) :]
    return made


def _text(field: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput("import.map_text", field=field)
    return value.strip()
