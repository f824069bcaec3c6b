"""The one table of allowed steps: who may take each, where, with which fields, and where it leads."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Who(StrEnum):
    """Which unit may take a step."""

    REGISTRAR = "registrar"
    HOLDER = "holder"
    COUNTY = "county"
    HOLDER_OR_COUNTY = "holder_or_county"


NO_CASEWORK = frozenset({"AUDITOR", "ADMIN"})
"""Roles that never touch a case."""


@dataclass(frozen=True, slots=True)
class StepRule:
    """One row of the table. Empty sets mean "any"; ``to`` empty leaves the status as it is."""

    code: str
    who: Who
    froms: frozenset[str]
    to: str = ""
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()


_ROWS = (
    StepRule("REGISTER", Who.REGISTRAR, frozenset({"DRAFT"}), "REGISTERED", takes=("note",)),
    StepRule(
        "FORWARD",
        Who.HOLDER,
        frozenset({"REGISTERED", "RECEIVED"}),
        "TRANSFERRED",
        needs=("to_unit",),
        takes=("method", "until", "document", "note"),
    ),
    StepRule("RECEIVE", Who.HOLDER, frozenset({"TRANSFERRED"}), "RECEIVED", takes=("note",)),
    StepRule("RETURN", Who.HOLDER, frozenset({"TRANSFERRED", "RECEIVED"}), needs=("reason",), takes=("note",)),
)

STEPS = MappingProxyType({row.code: row for row in _ROWS})
"""Every step this version knows, by code, in the order a case usually takes them."""
