"""Cases given to one person by name: to handle, to lead as a package, or to decide on."""

from collections.abc import Iterable

from desktop.storage.case_columns import directory_units
from desktop.storage.store import Store
from sync.domain.case_facts import case_facts, step_facts
from sync.domain.case_state import CaseState
from sync.domain.ids import RecordId
from sync.domain.records import Accused, Case, Stored, Void
from sync.domain.workflow import project_case


def closed_up(name: str | None) -> str:
    """A name without the spaces people put in it."""
    return "".join((name or "").split())


def assigned_to(store: Store, user: str) -> frozenset[str]:
    """Ids of the cases in this store that are in the user's name now; one that was given to another since is not."""
    wanted = closed_up(user)
    return frozenset(
        case
        for case in _named_in(store, wanted)
        if wanted in map(closed_up, _in_charge(store, store.reading.dossier_records(RecordId(case))))
    )


def undecided(store: Store) -> frozenset[str]:
    """Ids of the cases here that wait for a leader of this unit: put up to nobody by name, or to be extended."""
    rows = store.database.run(
        "SELECT id FROM record_case WHERE status = 'SUBMITTED' "
        "UNION SELECT dossier FROM record_step WHERE step = 'EXTEND'"
    )
    cases = [row[0] for row in rows]
    return frozenset(case for case in cases if _waits(store, store.reading.dossier_records(RecordId(case))))


def _waits(store: Store, records: Iterable[Stored]) -> bool:
    state = _open_state(store, records)
    if state is None:
        return False
    if state.status == "SUBMITTED":
        return state.holder == store.facts.unit and not _decider(state)
    return state.asked_days > 0


def _named_in(store: Store, name: str) -> Iterable[str]:
    """Cases with a step that names the person, however the name is spaced."""
    rows = store.database.run("SELECT DISTINCT dossier, to_person FROM record_step WHERE to_person IS NOT NULL")
    return {case for case, person in rows if closed_up(person) == name}


def state_of(store: Store, records: Iterable[Stored]) -> CaseState | None:
    """Where the case among the records of its dossier stands; None where it has not come."""
    kept = list(records)
    case = next((one.record for one in kept if isinstance(one.record, Case)), None)
    if case is None:
        return None
    void = any(isinstance(one.record, Void) and one.record.target == case.id for one in kept)
    accused = [one.record for one in kept if isinstance(one.record, Accused)]
    facts = case_facts(case, accused, directory_units(store.database), void=void)
    steps = step_facts(kept, store.reading.unsent_sequences(case.id))
    return project_case(steps, case.unit, store.facts.county, facts)


def _open_state(store: Store, records: Iterable[Stored]) -> CaseState | None:
    """The state of a case that is not sealed."""
    kept = list(records)
    sealed = any(isinstance(one.record, Case) and one.record.secrecy == "SEALED" for one in kept)
    return None if sealed else state_of(store, kept)


def _in_charge(store: Store, records: Iterable[Stored]) -> Iterable[str | None]:
    state = _open_state(store, records)
    if state is None:
        return ()
    handler = state.handler if state.holder == store.facts.unit else None
    return handler, state.leader, _decider(state)


def _decider(state: CaseState) -> str | None:
    """Whom a proposal waits for."""
    if state.status != "SUBMITTED":
        return None
    return next((fact.record.to_person for fact in reversed(state.trail) if fact.step == "SUBMIT"), None)
