"""What time it is: the clock of this computer, which tests replace."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Milliseconds UTC."""


def now_in_ms() -> int:
    """The clock of this computer."""
    return time.time_ns() // 1_000_000
