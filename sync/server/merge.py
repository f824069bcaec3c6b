"""Merge one operation into one record, field by field. Pure: no clock, no store.

Unchanged since the base = the field's last writer is not newer than the base, or is an earlier change of the same
device. Then the new value is taken. Otherwise equal values are no matter; of two different ones the field's owner
stands provisionally (same owner on both sides: the value already there), and both are kept as a collision.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from sync.domain.declarations import Owner, facet_of
from sync.domain.records import KINDS
from sync.protocol.canonical import content_hash, decode_fields, encode_fields

WHOLE_KINDS = frozenset({"Complainant"})
"""Kinds whose fields make sense only together: they collide and stand as one."""


class Writer(msgspec.Struct, frozen=True, gc=False):
    """Who wrote a field last. ``county``: a device of the county's own unit."""

    revision: int
    device: str
    sequence: int
    county: bool
    author: str


class RecordState(msgspec.Struct, frozen=True, gc=False):
    """A record as the county holds it: canonical bytes, and who wrote them.

    ``writer`` made the record and wrote, or left empty, every field that ``writers`` does not name.
    """

    kind: str
    id: str
    dossier: str
    owner: str
    unit: str
    revision: int
    canonical: bytes
    hash: bytes
    writer: Writer
    writers: Mapping[str, Writer] = msgspec.field(default_factory=dict)

    @property
    def sole_device(self) -> str:
        """The device that wrote every field, empty where there are several."""
        devices = {self.writer.device, *(writer.device for writer in self.writers.values())}
        return devices.pop() if len(devices) == 1 else ""


@dataclass(frozen=True, slots=True)
class Collision:
    """Two values for one field (``None`` = cleared); of a whole kind the maps of all fields under the name ``*``."""

    field: str
    standing: Any
    other: Any
    standing_author: str
    other_author: str


class Merged(msgspec.Struct, frozen=True, gc=False):
    """The record after an operation. ``changed`` is False where nothing new came."""

    state: RecordState
    changed: bool
    collisions: tuple[Collision, ...] = ()
    settled: frozenset[str] = frozenset()
    """Fields whose value was changed by someone who had seen it: an open conflict of them takes the new value."""


def create(key: tuple[str, str], dossier: str, owner: str, unit: str, *, canonical: bytes, by: Writer) -> RecordState:
    """A record that was not there; ``key`` is its kind and id."""
    return RecordState(*key, dossier, owner, unit, by.revision, canonical, content_hash(canonical), by)


def merge(state: RecordState, changes: Mapping[str, Any], base: int, by: Writer, *, prevails: bool = False) -> Merged:
    """Merge changed fields (``None`` = cleared) whose author had seen revision ``base``.

    ``prevails``: of a whole kind what comes stands whatever was there, and what was there is not kept beside it.
    """
    held = decode_fields(state.canonical)
    wanted = {name: value for name, value in changes.items() if held.get(name) != value}
    if not wanted:
        return Merged(state, False)
    touched = {name for name in wanted if not _unchanged(state.writers.get(name, state.writer), base, by)}
    if state.kind in WHOLE_KINDS and touched:
        return _take_whole(state, held, wanted, by) if prevails else _keep_whole(state, held, wanted, by)
    if not touched:
        return Merged(_write(state, held, wanted, by), True, (), frozenset(wanted))
    collisions = tuple(_collide(state, name, held.get(name), wanted[name], by) for name in sorted(touched))
    losing = {c.field for c in collisions if c.standing != wanted[c.field]}
    taken = {name: value for name, value in wanted.items() if name not in losing}
    settled = frozenset(wanted) - touched
    return Merged(_write(state, held, taken, by), bool(taken), collisions, settled)


def rewrites(state: RecordState, values: Mapping[str, Any]) -> bool:
    """True where a record that is there is made once more with other values in fields that are written once."""
    held = decode_fields(state.canonical)
    differing = (name for name, value in values.items() if value is not None and held.get(name) != value)
    return any(_owner(state, name) is Owner.APPEND for name in differing)


def _unchanged(last: Writer, base: int, by: Writer) -> bool:
    return last.revision <= base or (last.device == by.device and last.sequence < by.sequence)


def _collide(state: RecordState, name: str, held: Any, wanted: Any, by: Writer) -> Collision:
    last = state.writers.get(name, state.writer)
    owner_is_county = _owner(state, name) is Owner.COUNTY
    if last.county != by.county and by.county == owner_is_county:
        return Collision(name, wanted, held, by.author, last.author)
    return Collision(name, held, wanted, last.author, by.author)


def _owner(state: RecordState, name: str) -> Owner:
    declaration = KINDS.get(state.kind)
    if declaration is not None:
        record: Any = declaration.record
        facet = facet_of(record).get(name)
        return facet.owner if facet else declaration.owner
    return Owner(state.owner) if state.owner in set(Owner) else Owner.TOWNSHIP


def _former(state: RecordState, taken: Mapping[str, Any]) -> dict[str, Writer]:
    """Who wrote the ciphertext that goes: his change still holds it."""
    if state.kind not in WHOLE_KINDS or "cipher" not in taken:
        return {}
    former = state.writers.get("cipher", state.writer)
    return {f"cipher@{former.revision}": former}


def _keep_whole(state: RecordState, held: dict[str, Any], wanted: dict[str, Any], by: Writer) -> Merged:
    """The record already there stands; what came is kept beside it."""
    other = {name: value for name, value in {**held, **wanted}.items() if value is not None}
    return Merged(state, False, (Collision("*", held, other, state.writer.author, by.author),))


def _take_whole(state: RecordState, held: dict[str, Any], wanted: dict[str, Any], by: Writer) -> Merged:
    taken = {name: value for name, value in {**held, **wanted}.items() if value is not None}
    last = state.writers.get("cipher", state.writer)
    return Merged(_write(state, held, wanted, by), True, (Collision("*", taken, None, by.author, last.author),))


def _write(state: RecordState, held: dict[str, Any], taken: Mapping[str, Any], by: Writer) -> RecordState:
    if not taken:
        return state
    canonical = encode_fields({**held, **taken})
    writers = {**state.writers, **_former(state, taken), **dict.fromkeys(taken, by)}
    return msgspec.structs.replace(
        state,
        revision=by.revision,
        canonical=canonical,
        hash=content_hash(canonical),
        writers=writers,
    )
