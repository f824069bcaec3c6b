"""Due dates of cases, counted when somebody looks: they move with the county's calendar, not only with the case."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from sync.domain.case_state import CaseState
from sync.domain.clocks import Clockwork, next_due, overlay_of
from sync.domain.ids import UnitCode
from sync.domain.records import CalendarDay, RulebookVersion, Stored
from sync.domain.rulebook_text import newest_rulebook
from sync.domain.visibility import dossier_facts
from sync.domain.workflow import project_case
from sync.server.county import County
from sync.server.standing import DECIDING_KINDS, typed
from sync.server.storage import tables
from sync.server.storage.bodies import open_state
from sync.server.storage.loading import any_of
from sync.shipped.rules import load_calendar, load_rulebook

_CLOCK_KINDS = (CalendarDay.__name__, RulebookVersion.__name__)


def county_clockwork(connection: Connection, county: County) -> Clockwork:
    """Rules and calendar as they are shipped, with what the county published since."""
    columns = tables.record.c
    query = select(tables.record).where(columns.county == county.code, columns.kind.in_(_CLOCK_KINDS))
    kept = [typed(open_state(county.store_key, row)).record for row in connection.execute(query).mappings()]
    days = overlay_of(record for record in kept if isinstance(record, CalendarDay))
    texts = tuple(record.text for record in kept if isinstance(record, RulebookVersion))
    return Clockwork(newest_rulebook(load_rulebook(), texts), load_calendar().with_overlay(days))


def next_dues(connection: Connection, county: County, cases: Iterable[str]) -> dict[str, str | None]:
    """The next date (ISO) by which somebody has a duty, by the id of the case; None where no clock runs."""
    columns = tables.record.c
    query = select(tables.record).where(
        columns.county == county.code, columns.dossier == any_of(list(cases)), columns.kind.in_(DECIDING_KINDS)
    )
    dossiers: dict[str, list[Stored]] = {}
    for row in connection.execute(query.order_by(columns.revision)).mappings():
        dossiers.setdefault(row["dossier"], []).append(typed(open_state(county.store_key, row)))
    clockwork, units = county_clockwork(connection, county), county.active_units(connection)
    return {case: _next_due(county, kept, units, clockwork) for case, kept in dossiers.items()}


def _next_due(county: County, kept: list[Stored], units: Mapping[str, bool], clockwork: Clockwork) -> str | None:
    facts = dossier_facts(kept, UnitCode(county.code), units)
    state: CaseState = project_case(facts.steps, facts.unit, facts.county, facts.case)
    due = next_due(facts.case, state, clockwork)
    return None if due is None else due.due.isoformat()
