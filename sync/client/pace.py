"""How much one request carries: much on a good line, little on a bad one, so that a lost request costs little."""

from dataclasses import dataclass

from sync.protocol.limits import CHANGE_BYTES_PER_REQUEST, CHANGES_PER_REQUEST, ENTRIES_PER_PAGE, KIB

AIM_SECONDS = 12.0
"""A request and its answer should take so long at most."""
_FIRST_BYTES = 64 * KIB
_FIRST_ENTRIES = 500
_LEAST_BYTES = 8 * KIB
_LEAST_ENTRIES = 30
_MOST_GROWTH = 16.0
_MOST_SHRINKING = 0.25


@dataclass(slots=True)
class Pace:
    """What the next request may carry."""

    changes: int = CHANGES_PER_REQUEST
    change_bytes: int = _FIRST_BYTES
    """Before compression."""
    entries: int = _FIRST_ENTRIES

    @property
    def is_wide(self) -> bool:
        """Whether the line has taken ever larger requests well: its time is short, its bytes are not."""
        return self.change_bytes == CHANGE_BYTES_PER_REQUEST

    def learn(self, seconds: float, sent_bytes: int = 0, got_entries: int = 0) -> None:
        """Adjust to how long the last request took until its answer was there.

        It grows only where the request was filled: what a small one took says little about a large one.
        """
        factor = AIM_SECONDS / seconds if seconds > AIM_SECONDS / _MOST_GROWTH else _MOST_GROWTH
        factor = max(factor, _MOST_SHRINKING)
        if factor < 1 or 2 * sent_bytes >= self.change_bytes:
            self.change_bytes = int(min(max(self.change_bytes * factor, _LEAST_BYTES), CHANGE_BYTES_PER_REQUEST))
        if factor < 1 or 2 * got_entries >= self.entries:
            self.entries = int(min(max(self.entries * factor, _LEAST_ENTRIES), ENTRIES_PER_PAGE))

    def lose(self, seconds: float) -> None:
        """A request was lost after so long: nothing to learn where it was soon, carry less where it was late."""
        if seconds > AIM_SECONDS:
            self.learn(2 * seconds)
