"""What the county's own desk and its server say to each other about changes held behind a gap."""

import msgspec

SEE, LET_GO = "SEE", "LET_GO"


class HeldRequest(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What is held? Or what one device (``target``) left behind is let go by ``user`` in his ``role``, for a reason;
    ``apart``: all of it is set apart."""

    version: int
    device: str
    local_time: int
    user: str
    role: str
    act: str
    """``SEE`` or ``LET_GO``."""
    target: str = ""
    reason: str = ""
    apart: bool = False


class HeldDevice(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What waits of one device. ``missing``: how many earlier changes it lacks; ``since``: local time as text;
    ``is_lost``: it is shut out, nothing of it comes any more."""

    device: str
    unit: str
    unit_name: str
    user: str
    held: int
    missing: int
    since: str
    is_lost: bool


class HeldAnswer(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The devices of which something is held, the longest wait first; ``outcomes`` of what was let go just now."""

    version: int
    county_time: int
    held: tuple[HeldDevice, ...]
    outcomes: dict[str, int]
