"""Who can open a complainant: the readers of the key he lies under. An identity closed to its unit stays closed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sync.domain.authority import Proposal
from sync.protocol.canonical import decode_fields
from sync.server.merge import RecordState, Writer
from sync.server.standing import Key, Standing

COMPLAINANT, IDENTITY_KEY = "Complainant", "IdentityKey"
OF_COUNTY_ONLY = frozenset({"PROTECTED", "SEALED"})
"""Secrecies under which only the county reads who complained."""
Find = Callable[[Key], RecordState | None]
"""The state of a record as a change finds it."""


@dataclass(frozen=True, slots=True)
class Superseded:
    """A change whose ciphertext of a complainant is to be expunged, and the change that made it so."""

    complainant: str
    device: str
    sequence: int
    by: str


def readers(key: str | None, find: Find) -> frozenset[str] | None:
    """Ids of the identity keys that a key is sealed to; None where its record is not there."""
    state = find((IDENTITY_KEY, key)) if key else None
    if state is None:
        return None
    return frozenset(str(slot.get("recipient")) for slot in decode_fields(state.canonical).get("slots", ()))


def closes(old: frozenset[str] | None, new: frozenset[str] | None, county: str) -> bool:
    """True where the county alone opens what others could open before."""
    return new == frozenset({county}) and old != new


def reopens(standing: Standing, proposals: Iterable[Proposal]) -> bool:
    """True where a complainant whom only the county opens would open to others: in a protected or sealed case, and by
    settling a conflict in any. Whoever lowers a case's secrecy enters the complainant anew."""
    kept = list(proposals)
    made = {one.id: one.fields for one in kept if one.kind == IDENTITY_KEY and one.creates}
    return any(_reopens(standing, one, kept, made) for one in kept if one.kind == COMPLAINANT)


def _reopens(
    standing: Standing, proposal: Proposal, together: Iterable[Proposal], made: Mapping[str, Mapping[str, Any]]
) -> bool:
    state = standing.records.get((COMPLAINANT, proposal.id))
    key = proposal.fields.get("key")
    settles = any(one.kind == "Conflict" for one in together)
    if state is None or key is None or not (settles or _is_protected(standing, proposal.dossier, together)):
        return False
    find, alone = standing.records.get, frozenset({standing.county_reader})
    held = decode_fields(state.canonical).get("key")
    if held == key or readers(held, find) != alone:
        return False
    fresh = made.get(key)
    slots = readers(key, find) if fresh is None else frozenset(slot.get("recipient") for slot in fresh.get("slots", ()))
    return slots != alone


def _is_protected(standing: Standing, dossier: str, together: Iterable[Proposal]) -> bool:
    """By the case as it stands after the change."""
    head = standing.records.get(("Case", dossier))
    secrecy = decode_fields(head.canonical).get("secrecy") if head is not None else None
    for one in together:
        if (one.kind, one.id) == ("Case", dossier):
            secrecy = one.fields.get("secrecy", secrecy)
    return secrecy in OF_COUNTY_ONLY


def former_writers(state: RecordState) -> list[Writer]:
    """Whose changes hold a ciphertext of a complainant: the one that stands and all before it."""
    former = [writer for name, writer in state.writers.items() if name.startswith("cipher@")]
    return [*former, state.writers.get("cipher", state.writer)]


def keys_of(standing: Standing, proposed: Iterable[tuple[str, Mapping[str, Any]]]) -> set[Key]:
    """The keys that decide about edits of complainants; ``proposed``: complainant → the fields it is to get."""
    wanted: set[Key] = set()
    for name, fields in proposed:
        state = standing.records.get((COMPLAINANT, name))
        if state is not None:
            keys = (decode_fields(state.canonical).get("key"), fields.get("key"))
            wanted |= {(IDENTITY_KEY, key) for key in keys if isinstance(key, str)}
    return wanted
