"""Types of identifiers. An id is 32 lower-case hex digits, made where the record is made.

Ids made one after the other lie together, for every index of every store is read and encrypted page by page: 4 random
bytes that a run of ids shares, 2 bytes of their order in it, and 10 random bytes each. So an id says nothing of when it
was made, and nobody can guess another's.
"""

import re
import secrets
from collections.abc import Iterable
from itertools import count
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


_RUN = 4096
"""Ids that share their beginning, within one process."""


class _Runs:
    """Ids one after the other, for any thread."""

    def __init__(self) -> None:
        self._made = count()
        self._start = ""

    def next_id(self) -> str:
        """A fresh id. Two threads that meet at the turn of a run may share neither: that costs a page, no id."""
        place = next(self._made) % _RUN
        if not (place and self._start):
            self._start = secrets.token_hex(4)
        return f"{self._start}{place:04x}{secrets.token_hex(10)}"


_runs = _Runs()


def new_record_id() -> RecordId:
    """Return a fresh record id."""
    return RecordId(_runs.next_id())


def new_change_id() -> ChangeId:
    """Return a fresh change id."""
    return ChangeId(_runs.next_id())


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
