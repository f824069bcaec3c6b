"""What an exchange tells while it runs and when it is over."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.client.port import Applied
from sync.protocol.messages import Outcome

_FOR_A_PERSON = (Outcome.CONFLICT, Outcome.QUARANTINED, Outcome.HELD)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an exchange has come; told after every answer."""

    waiting: int
    """Changes the county has not acknowledged yet."""
    received: int
    """Feed entries taken in so far."""
    position: int
    head: int
    """Where the feed ends as far as is known."""


@dataclass(frozen=True, slots=True)
class ExchangeReport:
    """What an exchange did."""

    results: Mapping[str, int]
    """Outcome → how many changes."""
    received: int
    """Feed entries taken in."""
    position: int
    agreed: bool | None
    """Own digest equals the county's at the head; None where the head was not reached."""
    unsent: int
    """Changes the county has not acknowledged."""
    clock_offset: int | None = None
    """County clock minus own clock in milliseconds; None for a stick, whose journey has no known length."""
    key_card: bytes = b""
    """A newer key card, proven; to be kept from now on. Empty: none came."""
    stopped: bool = False
    """The caller asked to stop before all was done."""

    @property
    def needs_person(self) -> bool:
        """A conflict, a quarantined or held change, or digests that differ wait for somebody."""
        return self.agreed is False or any(self.results.get(outcome, 0) for outcome in _FOR_A_PERSON)


@dataclass(slots=True)
class Tally:
    """The sums of an exchange under way."""

    results: Counter[str] = field(default_factory=Counter)
    received: int = 0
    position: int = 0
    agreed: bool | None = None
    clock_offset: int | None = None
    key_card: bytes = b""

    def add(self, applied: Applied) -> None:
        """Count what one answer did."""
        self.results.update(applied.results)
        self.received += applied.entries
        self.position = applied.position
        self.agreed = applied.agreed

    def report(self, unsent: int, *, stopped: bool = False) -> ExchangeReport:
        """The sums as they stand."""
        return ExchangeReport(
            results=dict(self.results),
            received=self.received,
            position=self.position,
            agreed=self.agreed,
            unsent=unsent,
            clock_offset=self.clock_offset,
            key_card=self.key_card,
            stopped=stopped,
        )
