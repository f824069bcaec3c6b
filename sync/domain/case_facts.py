"""What the rules know of a case: its own facts, and its steps in their lawful order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sync.domain.ids import Instant, RecordId, UnitCode
from sync.domain.records import Accused, Case, Step, Stored, Void

UNSENT = 1 << 62


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Facts of a case that are no steps. Every one may be missing; nothing personal is among them."""

    nature: str | None = None
    identity: str | None = None
    first_repeat: str | None = None
    source_channel: str | None = None
    upper_kind: str | None = None
    scope: str | None = None
    urgency: str | None = None
    secrecy: str = "NORMAL"
    received_at: Instant = 0
    accused_units: frozenset[str] = frozenset()
    """Units that must be kept out because the case is about them or their people."""
    managed_by: frozenset[str] = frozenset()
    """Who manages the people complained about (vocabulary ``accused_managed_by``)."""
    void: bool = False
    units: Mapping[str, bool] | None = None
    """The directory: code of a unit → whether it is active. None = not at hand, units are then not checked."""


@dataclass(frozen=True, slots=True)
class StepFact:
    """A step and its place: ``order`` is the county's revision (None = not accepted), ``sequence`` the device's."""

    record: Step
    order: int | None = None
    sequence: int = 0
    void: bool = False

    @property
    def id(self) -> RecordId:
        """The step record's id."""
        return self.record.id

    @property
    def step(self) -> str:
        """Code of the step."""
        return self.record.step

    @property
    def at(self) -> Instant:
        """When it happened."""
        return self.record.at

    @property
    def unit(self) -> UnitCode:
        """The unit that took the step."""
        return self.record.unit


def may_accuse(*natures: str | None) -> bool:
    """Whether a matter is an accusation by any of its natures, or may turn out to be one: nobody has classified it."""
    return "ACCUSE" in natures or not any(natures)


def case_facts(
    case: Case, accused: Iterable[Accused] = (), units: Mapping[str, bool] | None = None, *, void: bool = False
) -> CaseFacts:
    """The facts of a case record and of those it complains about."""
    people = tuple(accused)
    return CaseFacts(
        nature=case.nature,
        identity=case.identity,
        first_repeat=case.first_repeat,
        source_channel=case.source_channel,
        upper_kind=case.upper_kind,
        scope=case.scope,
        urgency=case.urgency,
        secrecy=case.secrecy,
        received_at=case.received_at,
        accused_units=frozenset(person.unit_code for person in people if person.unit_code),
        managed_by=frozenset(person.managed_by for person in people if person.managed_by),
        void=void,
        units=units,
    )


def step_facts(records: Iterable[Stored], sequences: Mapping[str, int] | None = None) -> tuple[StepFact, ...]:
    """The steps among the records of a dossier, in lawful order; ``sequences`` are those of unsent steps by id."""
    kept = list(records)
    void = {stored.record.target for stored in kept if isinstance(stored.record, Void)}
    known = sequences or {}
    return in_order(
        StepFact(stored.record, stored.revision or None, known.get(stored.record.id, 0), void=stored.record.id in void)
        for stored in kept
        if isinstance(stored.record, Step)
    )


def in_order(facts: Iterable[StepFact]) -> tuple[StepFact, ...]:
    """Each step once: by county order, unsent ones last by sequence, then time made, what was seen, and id."""
    by_id = {fact.id: fact for fact in facts}
    depths = {step_id: _depth(step_id, by_id) for step_id in by_id}
    return tuple(sorted(by_id.values(), key=lambda fact: _place(fact, depths[fact.id])))


def _place(fact: StepFact, depth: int) -> tuple[int, int, int, int, str]:
    order = UNSENT if fact.order is None else fact.order
    sequence = fact.sequence if fact.order is None else 0
    return order, sequence, fact.record.created_at, depth, fact.id


def _depth(step_id: RecordId, by_id: Mapping[RecordId, StepFact]) -> int:
    """Length of the chain of seen steps behind one; a circle (a forged set) ends where it closes."""
    seen: set[RecordId] = set()
    here: RecordId | None = step_id
    while here is not None and here in by_id and here not in seen:
        seen.add(here)
        here = by_id[here].record.seen
    return len(seen)
