"""The computed columns of a case: status, holder and due dates, from all records of its dossier."""

import json
from collections.abc import Iterable, Mapping, Sequence

from desktop.storage.case_clocks import next_due, standing_clockwork
from desktop.storage.engine import Database
from desktop.storage.outbox import LYING_OVER
from desktop.storage.rows import TypedRow, select_sql, to_stored, to_typed
from sync.domain.case_facts import case_facts, step_facts
from sync.domain.clocks import Clockwork
from sync.domain.fresh_cases import FACTS
from sync.domain.ids import UnitCode
from sync.domain.records import Accused, Case, Stored, Void
from sync.domain.workflow import project_case

_DECIDING = (*FACTS, "unit", "created_at", "received_at")
DECIDING = frozenset(_DECIDING)
"""Fields of a case that its status, holder or dates come from."""
MAKING_KINDS = frozenset({"Case", "Step", "Accused", "Void"})
"""Kinds whose change can change a case's columns."""


def refresh_cases(database: Database, county: UnitCode, dossiers: Iterable[str]) -> None:
    """Compute the columns of the cases that head these dossiers anew."""
    wanted = sorted(set(dossiers))
    if wanted:
        _refresh(database, county, _records(database, wanted), _sequences(database, wanted))


def refresh_new_case(database: Database, county: UnitCode, kept: list[Stored], sequence: int) -> None:
    """The same for a case that was made just now, in the change of that sequence, of all records of its dossier."""
    _refresh(database, county, {"": kept}, {stored.record.id: sequence for stored in kept})


def _refresh(
    database: Database, county: UnitCode, records: Mapping[str, list[Stored]], sequences: Mapping[str, int]
) -> None:
    units, clockwork = directory_units(database), standing_clockwork(database)
    rows = [columns_of(kept, county, sequences, units, clockwork) for kept in records.values()]
    database.run_many(
        "UPDATE record_case SET status = ?, holder = ?, due = ?, due_rule = ? WHERE id = ?",
        [row for row in rows if row is not None],
    )


def all_cases(database: Database) -> set[str]:
    """Every case here, for a change that moves all their dates."""
    return {row[0] for row in database.run("SELECT id FROM record_case")}


def moved_cases(database: Database, rows: Sequence[TypedRow]) -> list[TypedRow]:
    """Of cases about to be written those that are new, or differ in a field that status, holder or dates come from."""
    wanted = json.dumps([row.id for row in rows])
    names = ", ".join(f'"{name}"' for name in _DECIDING)
    sql = f"SELECT id, status, {names} FROM record_case WHERE id IN (SELECT value FROM json_each(?))"
    there = {row[0]: row[2:] for row in database.run(sql, (wanted,)) if row[1] is not None}
    return [row for row in rows if there.get(row.id) != tuple(map(row.fields.get, _DECIDING))]


def directory_units(database: Database) -> Mapping[str, bool] | None:
    """Code → active of every unit in the directory; None while it has not come."""
    rows = database.run("SELECT code, active FROM record_org_unit WHERE code IS NOT NULL")
    return {code: active != 0 for code, active in rows} or None


def _records(database: Database, dossiers: list[str]) -> dict[str, list[Stored]]:
    found: dict[str, list[Stored]] = {}
    for kind in sorted(MAKING_KINDS):
        sql = select_sql(kind) + "WHERE dossier IN (SELECT value FROM json_each(?))"
        for row in database.run(sql, (json.dumps(dossiers),)):
            stored = to_stored(to_typed(kind, row))
            if stored is not None:
                found.setdefault(stored.dossier, []).append(stored)
    return found


def _sequences(database: Database, dossiers: list[str]) -> dict[str, int]:
    rows = database.run(
        f"SELECT p.id, min(p.sequence) FROM json_each(?) d {LYING_OVER} WHERE p.kind = 'Step' GROUP BY p.id",
        (json.dumps(dossiers),),
    )
    return dict(rows)


def columns_of(
    kept: list[Stored],
    county: UnitCode,
    sequences: Mapping[str, int],
    units: Mapping[str, bool] | None,
    clockwork: Clockwork,
) -> tuple[str, str, str | None, str | None, str] | None:
    """Status, holder, due, due_rule and id of the case among the records of a dossier; None where it has not come."""
    head = next((stored.record for stored in kept if isinstance(stored.record, Case)), None)
    if head is None:
        return None
    accused = [stored.record for stored in kept if isinstance(stored.record, Accused)]
    void = any(isinstance(stored.record, Void) and stored.record.target == head.id for stored in kept)
    facts = case_facts(head, accused, units, void=void)
    state = project_case(step_facts(kept, sequences), head.unit, county, facts)
    return state.status, state.holder, *next_due(state, facts, clockwork), head.id
