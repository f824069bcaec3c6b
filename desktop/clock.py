"""What time it is: the clock of this computer, which tests replace."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Milliseconds UTC."""


LONG_MS = 180 * 86_400_000
"""An offset above this comes from a clock that does not run at all, and that somebody sets right some day."""
_DRIFT_MS = 86_400_000


def offset_in_force(own: int, offset: int, heard: int) -> int:
    """County clock minus this computer's as it is now. ``offset``: as the last exchange by wire found it; ``heard``:
    the county's time then, 0 where it is not known.

    A clock that was years off and was set right since needs none: of the two times that are not before the last one
    heard the nearer holds. Printed numbers bear the year and are final.
    """
    if not heard or abs(offset) < LONG_MS:
        return offset
    possible = [one for one in (0, offset) if own + one >= heard - _DRIFT_MS]
    return min(possible, default=offset)


def now_in_ms() -> int:
    """The clock of this computer."""
    return time.time_ns() // 1_000_000
