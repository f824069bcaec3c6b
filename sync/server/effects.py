"""What a round means for the feeds: rows to write, grants, withdrawals, digests. Computed once per touched dossier."""

from collections import Counter
from dataclasses import dataclass, field

from sync.protocol.canonical import digest_term
from sync.protocol.messages import Mark
from sync.server.merge import RecordState
from sync.server.round import Round
from sync.server.standing import NOWHERE, DossierState, Home, Key, Projection, is_case_head

FeedRow = tuple[str, int, str, str, str, int]
"""Unit, position, kind, id, dossier, mark."""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record to write with its computed columns (cases only)."""

    state: RecordState
    home: Home
    status: str | None = None
    holder: str | None = None


@dataclass(slots=True)
class UnitShift:
    """How a unit's digest and counts move."""

    digest: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, digest: int, counts: dict[str, int] | Counter[str], sign: int = 1) -> None:
        """Add (or take, ``sign`` = -1) a share."""
        self.digest += sign * digest
        for kind, count in counts.items():
            self.counts[kind] += sign * count


@dataclass(slots=True)
class Effects:
    """All rows a round writes."""

    records: list[RecordRow] = field(default_factory=list)
    replaced: list[Key] = field(default_factory=list)
    """Records that were there before."""
    feed: list[FeedRow] = field(default_factory=list)
    stale: list[tuple[str, str, str]] = field(default_factory=list)
    """(dossier, kind, id): feed rows of changed records, superseded in every feed."""
    cleared: list[tuple[str, str]] = field(default_factory=list)
    """(unit, dossier) whose feed rows go: withdrawn, or granted again (the mark)."""
    unhomed: list[tuple[str, str]] = field(default_factory=list)
    """(unit, dossier): the unit's own records of the dossier (of the county: all) leave the feed they are in by
    themselves."""
    dossiers: dict[str, DossierState] = field(default_factory=dict)
    former_dossiers: list[str] = field(default_factory=list)
    units: dict[str, UnitShift] = field(default_factory=dict)


def effects_of(done: Round) -> Effects:
    """The effects; gives further positions for grants and withdrawals."""
    effects = Effects()
    touched: dict[str, list[Key]] = {}
    for key in done.before:
        touched.setdefault(done.standing.records[key].dossier, []).append(key)
    for dossier, keys in touched.items():
        _dossier_effects(done, effects, dossier, keys)
    return effects


def _dossier_effects(done: Round, effects: Effects, dossier: str, keys: list[Key]) -> None:
    former = done.standing.dossiers.get(dossier)
    before = former.units if former else frozenset[str]()
    projection = done.standing.project(dossier)
    after = projection.viewers
    state = _moved(done, former, keys, after)
    _write_records(done, effects, dossier, keys, projection)
    if former is not None:
        effects.former_dossiers.append(dossier)
    effects.dossiers[dossier] = state
    for unit in sorted(after & before):
        effects.feed += _rows(done, unit, keys)
        shift = effects.units.setdefault(unit, UnitShift())
        shift.add(state.digest - (former.digest if former else 0), _difference(state, former))
    _grant(done, effects, dossier, sorted(after - before), state)
    for unit in sorted(before - after):
        _withdraw(done, effects, dossier, unit, former)


def _moved(done: Round, former: DossierState | None, keys: list[Key], units: frozenset[str]) -> DossierState:
    digest = former.digest if former else 0
    counts = Counter(former.counts if former else {})
    for key in keys:
        state, before = done.standing.records[key], done.before[key]
        digest += digest_term(state.kind, state.id, state.revision, state.hash)
        if before is None:
            counts[state.kind] += 1
        else:
            digest -= digest_term(before.kind, before.id, before.revision, before.hash)
    return DossierState(units, digest % (1 << 256), counts)


def _difference(state: DossierState, former: DossierState | None) -> Counter[str]:
    counts = Counter(state.counts)
    counts.subtract(former.counts if former else {})
    return counts


def _row(unit: str, state: RecordState, position: int = 0) -> FeedRow:
    return unit, position or state.revision, state.kind, state.id, state.dossier, Mark.BODY


def _rows(done: Round, unit: str, keys: list[Key]) -> list[FeedRow]:
    """Feed rows of changed records for a unit; its own, and the county's all, need none."""
    if unit == done.standing.county:
        return []
    states = (done.standing.records[key] for key in keys)
    return [_row(unit, state) for state in states if state.unit != unit]


def _home(done: Round, state: RecordState, viewers: frozenset[str]) -> Home:
    """In which feeds a changed record stands by itself."""
    county = done.standing.county
    return Home(state.unit in viewers and state.unit != county, county in viewers)


def _write_records(done: Round, effects: Effects, dossier: str, keys: list[Key], projection: Projection) -> None:
    heads = [key for key in done.standing.members[dossier] if is_case_head(done.standing.records[key])]
    for key in dict.fromkeys([*keys, *heads]):
        state = done.standing.records[key]
        home = _home(done, state, projection.viewers)
        if key not in done.before:
            home = home.only(done.standing.homes.get(key, NOWHERE))
        if key in heads:
            effects.records.append(RecordRow(state, home, projection.status, projection.holder))
        else:
            effects.records.append(RecordRow(state, home))
        if done.before.get(key, state) is not None:
            effects.replaced.append(key)
    effects.stale += [(dossier, *key) for key in keys if done.before[key] is not None]


def _grant(done: Round, effects: Effects, dossier: str, units: list[str], state: DossierState) -> None:
    """The whole dossier enters the feeds of new units; records not touched in this round take new positions."""
    if not units:
        return
    members = done.standing.members[dossier]
    changed = [key for key in members if key in done.before]
    positions = {key: done.next_position() for key in members if key not in done.before}
    for unit in units:
        if (unit, dossier) in done.standing.withdrawn:
            effects.cleared.append((unit, dossier))
        effects.feed += _rows(done, unit, changed)
        effects.feed += [_row(unit, done.standing.records[key], position) for key, position in positions.items()]
        effects.units.setdefault(unit, UnitShift()).add(state.digest, dict(state.counts))


def _withdraw(done: Round, effects: Effects, dossier: str, unit: str, former: DossierState | None) -> None:
    if former is None:
        return
    head = next(
        (state for state in done.standing.of_dossier(dossier) if state.id == dossier),
        next(done.standing.of_dossier(dossier)),
    )
    effects.cleared.append((unit, dossier))
    effects.unhomed.append((unit, dossier))
    effects.feed.append((unit, done.next_position(), head.kind, dossier, dossier, Mark.WITHDRAWN))
    effects.units.setdefault(unit, UnitShift()).add(former.digest, dict(former.counts), -1)
