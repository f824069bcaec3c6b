"""Types of identifiers. An id is 128 random bits as 32 lower-case hex digits, made where the record is made."""

import re
import secrets
from collections.abc import Iterable
from typing import NewType

RecordId = NewType("RecordId", str)
ChangeId = NewType("ChangeId", str)
DeviceId = NewType("DeviceId", str)
UnitCode = NewType("UnitCode", str)
"""Division code of a unit: 6 digits for a county, 9 for a town; other bodies carry a suffix the county chose."""

Instant = int
"""Milliseconds since 1970-01-01T00:00:00Z."""

ID_LENGTH = 32
_EPOCH_TIME = 12
_is_hex = re.compile(r"[0-9a-f]{32}").fullmatch
COMMON_FEED = UnitCode("*")
"""The feed every unit reads: directory, rulebook, calendar."""


def new_record_id() -> RecordId:
    """Return a fresh record id."""
    return RecordId(secrets.token_hex(16))


def new_change_id() -> ChangeId:
    """Return a fresh change id."""
    return ChangeId(secrets.token_hex(16))


def new_device_id() -> DeviceId:
    """Return a fresh device id."""
    return DeviceId(secrets.token_hex(16))


def new_epoch(now_ms: int, after: Iterable[str] = ()) -> str:
    """Name of a county's epoch: 12 hex digits of time and 20 of chance. It sorts behind those it comes after."""
    start = max([now_ms, *(int(epoch[:_EPOCH_TIME], 16) + 1 for epoch in after)])
    return f"{start:0{_EPOCH_TIME}x}{secrets.token_hex((ID_LENGTH - _EPOCH_TIME) // 2)}"


def is_id(text: object) -> bool:
    """True for 32 lower-case hex digits."""
    return isinstance(text, str) and _is_hex(text) is not None
