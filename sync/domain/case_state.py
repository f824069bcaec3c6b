"""Where a case stands: the outcome of replaying its steps."""

from dataclasses import dataclass

from sync.domain.case_facts import StepFact
from sync.domain.ids import RecordId, UnitCode


@dataclass(frozen=True, slots=True)
class HandOver:
    """Where a case goes back to when it is returned: who sent it on, and its status there."""

    sender: UnitCode
    status: str
    receiver: UnitCode


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
    last_step: RecordId | None = None
    """The newest step of all, effective or not: what an author has seen."""
    trail: tuple[StepFact, ...] = ()
    hand_overs: tuple[HandOver, ...] = ()
    sight: frozenset[UnitCode] = frozenset()
    """Units that hold or held the case and did not return it."""
