"""The rule that comes before all others: a matter of the upper level is kept as a stub or not at all.

Rules on handling accusations, article 15: received date, envelope number and hand-over; no content, no name.
"""

from typing import Any

from desktop.services.inputs.kinds import SEALED_STUB
from desktop.services.inputs.shape import read_map, require_map
from desktop.services.inputs.values import Directory, tidy_latin
from sync.domain.errors import InvalidInput

UPPER_OF_TOWN = frozenset({"COUNTY", "CITY", "PROV", "CENTRE"})
UPPER_OF_COUNTY = frozenset({"CITY", "PROV", "CENTRE"})


def is_sealed(data: dict[str, Any], unit_kind: str) -> bool:
    """True where the input says SEALED, or that someone complained about is managed above this unit."""
    upper = UPPER_OF_COUNTY if unit_kind == "COUNTY" else UPPER_OF_TOWN
    accused = data.get("accused")
    people = accused if isinstance(accused, list) else []
    managers = [data.get("managed_by"), *(person.get("managed_by") for person in people if isinstance(person, dict))]
    return _code(data.get("secrecy")) == "SEALED" or any(_code(manager) in upper for manager in managers)


def read_sealed(data: dict[str, Any], directory: Directory) -> dict[str, Any]:
    """The stub of a sealed matter. Anything beyond what may be kept is refused by name (``record.sealed_refuses``)."""
    for name, value in data.items():
        refused = _refused_name(name, value)
        if refused is not None:
            raise InvalidInput("record.sealed_refuses", field=refused)
    allowed = SEALED_STUB.by_name()
    return read_map(SEALED_STUB, {name: value for name, value in data.items() if name in allowed}, directory)


def _refused_name(name: str, value: object) -> str | None:
    """The dotted name of what may not be kept, or None. What made the matter sealed may be said; it is not kept."""
    if value is None or name in SEALED_STUB.by_name() or name in ("secrecy", "managed_by"):
        return None
    if name == "accused" and isinstance(value, list):
        return next(filter(None, (_beyond_manager(index, person) for index, person in enumerate(value))), None)
    return name


def _beyond_manager(index: int, person: object) -> str | None:
    names = require_map(person, f"accused.{index}.")
    return next((f"accused.{index}.{name}" for name in names if name != "managed_by"), None)


def _code(value: object) -> str:
    return tidy_latin(value).upper() if isinstance(value, str) else ""
