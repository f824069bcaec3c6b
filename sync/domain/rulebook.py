"""The rulebook: every clock of the work, whom it applies to, whose duty it is, and where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sync.domain.texts import Words


class CountUnit(StrEnum):
    """What a limit is counted in."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"
    QUARTER_END = "quarter_end"
    """The last day of the n-th quarter from the one the event lies in (1 = the same quarter)."""


class RuleKind(StrEnum):
    """What passing the date means."""

    DUTY = "duty"
    """Somebody is late."""
    WINDOW = "window"
    """Somebody's right has run out."""
    CHECK = "check"
    """It is time to look again."""


class Returned(StrEnum):
    """What becomes of a clock that a hand-over ended, when the matter comes back to the body that sent it on."""

    ENDED = "ended"
    """It stays ended, or starts by an event of its own."""
    RESUMES = "resumes"
    """What was owed is owed from the same day: passing the matter on and getting it back wins no time."""
    ANEW = "anew"
    """It was done in time by sending the matter on; the same is owed again from the day it came back."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Which cases a rule applies to; an empty set means any. Steps are codes of the workflow."""

    natures: frozenset[str] = frozenset()
    identities: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    secrecies: frozenset[str] = frozenset()
    clearings: frozenset[str] = frozenset()
    procedures: frozenset[str] = frozenset()
    """Of a claim: by which it is dealt with."""
    registered_by: frozenset[str] = frozenset()
    """Roles of the person who registered the case."""
    only_first: bool = False
    """Repeats are kept without a new notice."""
    down_only: bool = False
    """Only where the case went to another body than the county."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One clock. ``starts`` are steps (or RECEIPT of the case) that start it, ``stops`` those that fulfil or end it."""

    id: str
    name: Words
    start_fact: Words
    days: int
    unit: CountUnit
    kind: RuleKind
    duty_of: str
    source: Words
    verified: bool
    rolls_over: bool = False
    pauses: bool = False
    extension: int = 0
    """Days it can be extended by, once; 0 = not at all."""
    by_letter: bool = False
    """The date a letter sets (``until`` of the starting step) stands before the counted one."""
    applies_to: Conditions = Conditions()
    starts: frozenset[str] = frozenset()
    stops: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    """Steps after which it does not start again while the same body holds the case: what is owed is done."""
    returned: Returned = Returned.ENDED
    version: str = ""
    """Of the rulebook it stands in."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules of one version."""

    version: str
    rules: Mapping[str, Rule]
