"""How much one request carries: much on a good line, little on a bad one, so that a lost request costs little."""

from dataclasses import dataclass

from sync.protocol.limits import CHANGE_BYTES_PER_REQUEST, CHANGES_PER_REQUEST, ENTRIES_PER_PAGE, KIB

QUICK_SECONDS = 2.0
SLOW_SECONDS = 10.0
_FIRST_BYTES = 256 * KIB
_LEAST_BYTES = 16 * KIB
_LEAST_ENTRIES = 50


@dataclass(slots=True)
class Pace:
    """What the next request may carry."""

    changes: int = CHANGES_PER_REQUEST
    change_bytes: int = _FIRST_BYTES
    """Before compression."""
    entries: int = ENTRIES_PER_PAGE

    def learn(self, seconds: float) -> None:
        """Adjust to how long the last request took until its answer was there."""
        if seconds < QUICK_SECONDS:
            self.change_bytes = min(self.change_bytes * 4, CHANGE_BYTES_PER_REQUEST)
            self.entries = min(self.entries * 2, ENTRIES_PER_PAGE)
        elif seconds > SLOW_SECONDS:
            self.change_bytes = max(self.change_bytes // 2, _LEAST_BYTES)
            self.entries = max(self.entries // 2, _LEAST_ENTRIES)
