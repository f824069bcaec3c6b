"""Where a case stands: the outcome of replaying its steps."""

from dataclasses import dataclass

from sync.domain.case_facts import StepFact
from sync.domain.ids import RecordId, UnitCode

PETITION = "PETITION"
"""The procedure of petitions; other claims go by their own (courts, arbitration, review, a body's statutory duty)."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Where a case goes back to when it is returned: who sent it on, and its status there."""

    sender: UnitCode
    status: str
    receiver: UnitCode
    assigned: bool = False
    """Whether by 交办: whoever sent it on set the date to report by."""


@dataclass(frozen=True, slots=True)
class CaseState:
    """Status, holder and what else follows from the steps. ``trail`` holds the effective steps in order."""

    status: str
    holder: UnitCode
    registering_unit: UnitCode
    county: UnitCode
    effective: tuple[RecordId, ...] = ()
    ineffective: tuple[tuple[RecordId, str], ...] = ()
    """Steps that stay in the trail without effect, each with the key of its reason."""
    flags: frozenset[str] = frozenset()
    """Codes of the vocabulary ``case_flag``."""
    last_step: RecordId | None = None
    """The newest step of all, effective or not: what an author has seen."""
    trail: tuple[StepFact, ...] = ()
    hand_overs: tuple[HandOver, ...] = ()
    sight: frozenset[UnitCode] = frozenset()
    """Units that hold or held the case, or help with it, and did not return it."""
    nature: str | None = None
    scope: str | None = None
    route: str | None = None
    clearing: str | None = None
    procedure: str = PETITION
    """By which procedure a claim is dealt with."""
    disposition: str | None = None
    result: str | None = None
    claim_outcome: str | None = None
    satisfaction: str | None = None
    handler: str | None = None
    leader: str | None = None
    """Who leads the case as a package."""
    co_units: tuple[UnitCode, ...] = ()
    co_waiting: tuple[UnitCode, ...] = ()
    """Co-units that were asked and have not reported yet."""
    orders: tuple[RecordId, ...] = ()
    """Supervision orders not yet answered."""
    asked_days: int = 0
    """Days of an extension that waits for a decision."""
    extended_days: int = 0
    returns: int = 0
    instance: int = 0
    """0 first answer, 1 reviewed, 2 re-reviewed (final)."""
    done: frozenset[str] = frozenset()
    """Codes of the steps taken since the case was registered or last reopened."""

    def only_helps(self, unit: str) -> bool:
        """Whether a unit helps with the case and never had it in hand: what it found is its report."""
        if unit not in self.co_units or unit in (self.holder, self.registering_unit, self.county):
            return False
        return all(fact.record.to_unit != unit for fact in self.trail)
