"""Who complained, as a form may show it: opened, hidden, or sealed apart."""

from dataclasses import dataclass
from typing import Any

from desktop.forms.values import HIDDEN, SEALED_IDENTITY, Readout, code, options, text
from sync.domain.vocabularies import label

_PERSONAL = ("name", "sex", "age", "ethnicity", "political_status", "id_number", "phone", "address", "workplace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The complainant's printable values. Where the identity is not open, ``name`` says so and the rest is empty."""

    identity: str = options("identity")
    name: str = ""
    sex: str = ""
    age: str = ""
    ethnicity: str = ""
    political_status: str = ""
    kind: str = ""
    id_number: str = ""
    phone: str = ""
    address: str = ""
    workplace: str = ""


def read_person(readout: Readout) -> Person:
    """The complainant of a reception or case as far as the readout opens it; PROTECTED is never opened on paper."""
    found: dict[str, Any] = readout.get("complainant") or {}
    given = found.get("identity") or readout.get("identity")
    identity = options("identity", given)
    if readout.get("secrecy") == "PROTECTED":
        return Person(identity=identity, name=SEALED_IDENTITY)
    if found.get("masked"):
        return Person(identity=identity, name=hidden_name(given))
    return Person(
        identity=identity,
        name=text(found, "name") or ("匿名" if given == "ANON" else ""),
        sex=code(found, "sex", "sex"),
        age=text(found, "age"),
        ethnicity=text(found, "ethnicity"),
        political_status=text(found, "political_status"),
        kind=code(found, "complainant_type", "complainant_type"),
        id_number=text(found, "id_number"),
        phone=text(found, "phone"),
        address=text(found, "address"),
        workplace=text(found, "workplace"),
    )


def hidden_name(identity: object) -> str:
    """``实名（已隐去）``, ``匿名``: what stands in place of a name that is not open."""
    if not identity or identity == "ANON":
        return label("identity", "ANON") if identity else HIDDEN.strip("()")
    return label("identity", str(identity)) + HIDDEN
