"""What a Conflict record holds, readable: both values as JSON takes them; ciphertext stays masked."""

from typing import Any

import msgspec

from sync.domain.declarations import Facet, FieldType, facet_of
from sync.domain.records import KINDS, Conflict, Quarantine
from sync.domain.times import local_text
from sync.protocol.messages import DECODE_ERRORS

WHOLE = "*"
"""The field of a conflict about a record whose fields make sense only together."""
MASKED = {"masked": True}


def plain_values(conflict: Conflict) -> tuple[Any, Any]:
    """The standing and the other value as they stand on the wire; None = cleared, or not to be read."""
    return _decode(conflict.standing), _decode(conflict.other)


def read_conflict(conflict: Conflict) -> dict[str, Any]:
    """``target_kind, target, field, standing, other, standing_author, other_author, settled``."""
    standing, other = plain_values(conflict)
    return {
        "target_kind": conflict.target_kind,
        "target": conflict.target,
        "field": conflict.field,
        "standing": _shown(conflict, standing),
        "other": _shown(conflict, other),
        "standing_author": conflict.standing_author,
        "other_author": conflict.other_author,
        "settled": bool(conflict.settled),
    }


def read_quarantine(record: Quarantine) -> dict[str, Any]:
    """``change, device, reason, kinds, released``; nothing of what the change says."""
    return {
        "change": record.change,
        "device": record.device,
        "reason": record.reason,
        "kinds": list(record.kinds),
        "released": bool(record.released),
    }


def read_made_by_county(record: object) -> dict[str, Any]:
    """What a list or ``show`` adds for a conflict or a quarantine; nothing for all others."""
    if isinstance(record, Conflict):
        return read_conflict(record)
    return read_quarantine(record) if isinstance(record, Quarantine) else {}


def _decode(value: bytes) -> Any:
    try:
        return msgspec.msgpack.decode(value)
    except DECODE_ERRORS:
        return None


def _shown(conflict: Conflict, value: Any) -> Any:
    facet = _facet(conflict)
    if value is None:
        return None
    if conflict.field == WHOLE or isinstance(value, bytes) or (facet and facet.type is FieldType.BYTES):
        return MASKED
    if facet and facet.type is FieldType.INSTANT and isinstance(value, int):
        return local_text(value)
    return value


def _facet(conflict: Conflict) -> Facet | None:
    declaration = KINDS.get(conflict.target_kind)
    record: Any = declaration.record if declaration else None
    return facet_of(record).get(conflict.field) if record else None
