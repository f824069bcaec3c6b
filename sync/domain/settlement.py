"""Who may settle a conflict: the county always; the unit whose record it is where the field is the township's own."""

from collections.abc import Mapping
from typing import Any

from sync.domain.declarations import Owner, facet_of
from sync.domain.ids import UnitCode
from sync.domain.records import KINDS

STANDING, OTHER = "standing", "other"
"""What a person takes: the value that stands provisionally, or the one kept beside it."""


def is_settlement(fields: Mapping[str, Any]) -> bool:
    """True for an edit of a Conflict that says nothing but that it is settled."""
    return dict(fields) == {"settled": True}


def settlement_reason(unit: UnitCode, county: UnitCode, conflict: Mapping[str, Any]) -> str | None:
    """Key of the reason why a unit may not settle a conflict (its fields by name), or None."""
    if unit == county:
        return None
    if conflict.get("unit") != unit:
        return "authority.other_unit"
    owner = field_owner(str(conflict.get("target_kind")), str(conflict.get("field")))
    return None if owner is Owner.TOWNSHIP else "authority.county_settles"


def field_owner(kind: str, field: str) -> Owner:
    """Whose a field is; of a kind or field this version does not know the county's. ``*`` names a whole record."""
    declaration = KINDS.get(kind)
    if declaration is None:
        return Owner.COUNTY
    record: Any = declaration.record
    facet = facet_of(record).get(field)
    if facet is not None:
        return facet.owner
    return declaration.owner if field == "*" else Owner.COUNTY
