"""What the reception page decides without Qt: is it sealed, the map it records, what the print still lacks."""

from collections.abc import Mapping
from typing import Any

from desktop.services.inputs.sealed import UPPER_OF_COUNTY, UPPER_OF_TOWN

MANAGERS = ("UNKNOWN", "VILLAGE", "TOWN", "COUNTY", "CITY", "PROV", "CENTRE", "NOT_OVERSEEN")
STUB_FIELDS = ("received_at", "envelope_number", "handed_to")
STARTING = {"people": 1, "first_repeat": "FIRST", "contact_mode": "RECEIVE"}
READ_BACK = ("name", "sex", "age", "phone", "id_number", "address", "workplace")
PRINT_WANTS = (
    "complainant.name",
    "complainant.sex",
    "complainant.age",
    "complainant.phone",
    "complainant.id_number",
    "complainant.address",
    "accused.0.name",
    "accused.0.unit",
    "accused.0.post",
    "title",
    "content",
    "claim",
    "materials",
    "place",
    "receiver",
)
"""What the register sheet asks for, in its order; the sheet prints blank lines for what is lacking."""


def is_upper(managed_by: str | None, unit_kind: str) -> bool:
    """True where the person complained about belongs to a level above this unit (rules on accusations, article 15)."""
    return managed_by in (UPPER_OF_COUNTY if unit_kind == "COUNTY" else UPPER_OF_TOWN)


def sealed_map(values: Mapping[str, Any]) -> dict[str, Any]:
    """The map of a sealed stub: nothing but what may be kept."""
    return {"secrecy": "SEALED", **{name: values[name] for name in STUB_FIELDS if values.get(name) is not None}}


def reception_map(values: Mapping[str, Any], *, protected: bool) -> dict[str, Any]:
    """The map ``record Reception`` takes. Start values alone make neither a complainant nor an accused."""
    data = {name: value for name, value in values.items() if name not in ("envelope_number", "handed_to")}
    if set(data.get("complainant") or ()) <= {"identity"} and (data.get("complainant") or {}).get("identity") == "REAL":
        data.pop("complainant", None)
    if data.get("accused") == [{"managed_by": "UNKNOWN"}]:
        del data["accused"]
    if protected:
        data["secrecy"] = "PROTECTED"
    return data


def is_blank(values: Mapping[str, Any]) -> bool:
    """True while nothing was typed that would be missed."""
    typed = {**values, "complainant": {**(values.get("complainant") or {})}}
    typed["complainant"].pop("identity", None)
    accused = [{k: v for k, v in person.items() if k != "managed_by"} for person in values.get("accused") or ()]
    texts = ("title", "content", "claim", "materials", "proposal", "remark", "told_before")
    return not any(typed.get(name) for name in texts) and not typed["complainant"] and not any(accused)


def missing_for_print(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Paths the register sheet wants and the form lacks, in the sheet's order."""
    return tuple(path for path in PRINT_WANTS if _get(values, path) in (None, "", []))


def _get(values: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(values, list):
            values = values[int(part)] if int(part) < len(values) else None
        else:
            values = (values or {}).get(part)
    return values
