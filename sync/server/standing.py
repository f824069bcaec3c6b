"""What the county holds of the records and dossiers a request touches, in memory while the county row is locked."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from sync.domain.declarations import from_fields
from sync.domain.fresh_cases import fresh_key
from sync.domain.ids import COMMON_FEED, RecordId, UnitCode
from sync.domain.records import KINDS, Case, Step, Stored
from sync.domain.visibility import dossier_facts, may_see
from sync.domain.workflow import project_case
from sync.protocol.canonical import decode_fields
from sync.server.merge import RecordState

Key = tuple[str, str]
"""Kind and id."""

DECIDING_KINDS = frozenset({"Case", "Step", "Accused", "Void"})
"""What decides who sees a case, and where it stands."""


@dataclass(frozen=True, slots=True)
class DossierState:
    """Who sees a dossier, and its share of their digests."""

    units: frozenset[str]
    digest: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Home:
    """Whether a record stands in the feed of its own unit, and of the county, at its revision, without a feed row."""

    unit: bool
    county: bool

    def only(self, other: "Home") -> "Home":
        """What both say."""
        return Home(self.unit and other.unit, self.county and other.county)


NOWHERE = Home(unit=False, county=False)


@dataclass(frozen=True, slots=True)
class Projection:
    """What the records of a dossier come to: who sees it (``*`` = everyone), and where its case stands."""

    viewers: frozenset[str]
    status: str | None = None
    holder: str | None = None


@dataclass(slots=True)
class Standing:
    """Records and dossiers as the county holds them. Dossiers that are there are there whole."""

    county: UnitCode
    units: Mapping[str, bool]
    """The directory: code → active."""
    county_reader: str = ""
    """Id of the county's identity key."""
    records: dict[Key, RecordState] = field(default_factory=dict)
    dossiers: dict[str, DossierState] = field(default_factory=dict)
    homes: dict[Key, Home] = field(default_factory=dict)
    """Of records that were there."""
    withdrawn: dict[tuple[str, str], int] = field(default_factory=dict)
    """(unit, dossier) → position of the mark."""
    members: dict[str, list[Key]] = field(default_factory=dict)
    fresh: dict[Hashable, Projection] = field(default_factory=dict)
    """Of cases that were only registered, by what they have in common."""

    def add(self, state: RecordState) -> None:
        """Put a record in, or in place of its former state."""
        key = (state.kind, state.id)
        if key not in self.records:
            self.members.setdefault(state.dossier, []).append(key)
        self.records[key] = state

    def of_dossier(self, dossier: str) -> Iterator[RecordState]:
        """Every record of a dossier."""
        return (self.records[key] for key in self.members.get(dossier, ()))

    def project(self, dossier: str) -> Projection:
        """Work out a dossier that has at least one record."""
        members = self.members[dossier]
        head = next((self.records[key] for key in members if key[1] == dossier), self.records[members[0]])
        declaration = KINDS.get(head.kind)
        if declaration is not None and declaration.common:
            return Projection(frozenset({COMMON_FEED}))
        if head.kind != "Case" or head.id != dossier:
            return Projection(frozenset({head.unit, self.county}))
        deciders = [state for state in self.of_dossier(dossier) if state.kind in DECIDING_KINDS]
        key = self._fresh_key(head, deciders)
        if key is None:
            return self._project_case(head.unit, deciding(deciders))
        found = self.fresh.get(key)
        if found is None:
            found = self.fresh[key] = self._project_case(head.unit, deciding(deciders))
        return found

    def project_new(self, kept: list[Stored], unit: str) -> Projection:
        """The same of the deciding records of a new case, which ``unit`` registers."""
        return self._project_case(unit, kept)

    def _fresh_key(self, head: RecordState, deciders: list[RecordState]) -> Hashable | None:
        others = [state for state in deciders if state is not head]
        if len(others) != 1 or others[0].kind != Step.__name__:
            return None
        key = fresh_key(decode_fields(head.canonical), decode_fields(others[0].canonical))
        return None if key is None else (head.unit, key)

    def _project_case(self, unit: str, kept: list[Stored]) -> Projection:
        facts = dossier_facts(kept, self.county, self.units)
        case = project_case(facts.steps, UnitCode(unit), self.county, facts.case)
        return Projection(may_see(facts, case), case.status, case.holder)


def deciding(states: Iterable[RecordState]) -> list[Stored]:
    """The typed records that decide about a case."""
    return [typed(state) for state in states if state.kind in DECIDING_KINDS]


@lru_cache(maxsize=4096)
def _typed(kind: str, record_id: str, dossier: str, revision: int, canonical: bytes) -> Stored:
    record = from_fields(KINDS[kind].record, decode_fields(canonical), id=RecordId(record_id))
    return Stored(record, RecordId(dossier), revision)


def typed(state: RecordState) -> Stored:
    """A record of a known kind with its dossier and revision."""
    return _typed(state.kind, state.id, state.dossier, state.revision, state.canonical)


def is_case_head(state: RecordState) -> bool:
    """True for a case that heads its dossier."""
    return state.kind == Case.__name__ and state.id == state.dossier
