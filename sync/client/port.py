"""The port of the exchange to a device's store: what the loop needs, filled by ``desktop.storage.sync_store``."""

from dataclasses import dataclass
from typing import Protocol

from sync.protocol.messages import Answer


@dataclass(frozen=True, slots=True)
class StandingPoint:
    """Where the device stands before an exchange."""

    device: str
    unit: str
    epoch: str
    position: int
    first_unacknowledged: int
    bodies: bool = False
    """The store cannot mend itself from echoes: whole records, please."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What one answer did to the store."""

    results: dict[str, int]
    """Outcome → how many changes."""
    entries: int
    position: int
    head_reached: bool
    agreed: bool | None
    """Own digest equals the county's at the head; None before the head."""
    resend_from: int = 0
    """The county lost changes (restored): send again from this sequence; 0 = no."""


class SyncStore(Protocol):
    """The device's store as the exchange sees it. Every method is one transaction."""

    def standing_point(self) -> StandingPoint:
        """Device, unit, epoch, feed position, first unacknowledged sequence."""

    def waiting_changes(self, after_sequence: int, limit: int, limit_bytes: int) -> list[tuple[int, bytes]]:
        """Unacknowledged changes after a sequence in order: (sequence, encoded change), at least one if any waits."""

    def count_waiting(self) -> int:
        """How many changes the county has not acknowledged."""

    def mark_sent(self, up_to_sequence: int) -> None:
        """Remember that changes up to here left the device on a stick; they stay in the overlay until acknowledged."""

    def read_ahead(self, answer: Answer) -> None:
        """Called before :meth:`apply_answer` of the same answer, maybe on another thread and while an earlier answer
        is applied: work out what needs nothing of the store."""

    def apply_answer(self, answer: Answer) -> Applied:
        """Take results and page in one transaction. A page that does not follow yields only results."""
