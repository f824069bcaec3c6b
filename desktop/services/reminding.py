"""What a person has to know or do that no case's clock tells: a number given anew, a report as a helping unit, an
envelope that was not handed on."""

import json
from collections.abc import Iterator

from desktop.services.accounts import note
from desktop.services.desk import Desk
from desktop.services.listing import title_of
from desktop.services.permissions import require_recording
from desktop.services.shapes import ReminderRow
from desktop.services.stepping import standing
from desktop.storage.case_clocks import standing_clockwork
from sync.domain.deadlines import due_date
from sync.domain.errors import Refused
from sync.domain.records import Reception, Stored
from sync.domain.times import local_date

RENUMBERED, CO_ANSWER, HAND_ON = "renumbered", "co_answer", "hand_on"
HAND_ON_RULE = "upper_direct"
"""The clock of a sealed matter: days to send it on."""
NOTED = "RENUMBERED"
"""The act of the access log by which a new number was noted."""
HEADS = ("Case", "Visit", "Reception", "Interview")
"""Kinds with a number that head a dossier."""
MOST = 50
_OVER = ("CLOSED", "ARCHIVED")


def reminders(desk: Desk) -> tuple[ReminderRow, ...]:
    """All that waits for the reader, new numbers first."""
    return (*_renumbered(desk), *_to_hand_on(desk), *_to_report(desk))


def note_reminder(desk: Desk, reminder: str) -> ReminderRow:
    """Write into the access log that a new number was noted: no device of the unit tells it any more.

    Raises Refused ``remind.nothing`` where nothing of that id waits to be noted.
    """
    require_recording(desk.reader)
    found = next((row for row in _renumbered(desk) if row.id == reminder), None)
    if found is None:
        raise Refused("remind.nothing")
    dossier = desk.require(found.kind, found.record).dossier
    now = desk.clock()
    with desk.work(now) as work:
        note(desk, work, now, NOTED, subject=found.former, case=dossier)
    return found


def _renumbered(desk: Desk) -> Iterator[ReminderRow]:
    """Matters of this unit that the county gave another number, until somebody has noted it."""
    database = desk.store.database
    rows = database.run(
        "SELECT id, dossier, number FROM record_void WHERE target_kind = 'Number' AND unit = ? "
        "ORDER BY created_at DESC, id LIMIT ?",
        (desk.store.facts.unit, 4 * MOST),
    )
    if not rows:
        return
    noted = set(database.run('SELECT "case", subject FROM record_account_entry WHERE act = ?', (NOTED,)))
    for void, dossier, former in rows:
        head = None if (dossier, former) in noted else _head(desk, dossier)
        if head is not None:
            number = _new_number(desk, dossier, former) or getattr(head.record, "number", None)
            kind = type(head.record).__name__
            yield ReminderRow(RENUMBERED, void, kind, head.record.id, number, title_of(desk, head), former)


def _head(desk: Desk, dossier: str) -> Stored | None:
    """The numbered record that heads a dossier, where the reader may know of it."""
    found = (desk.store.reading.get(kind, dossier) for kind in HEADS)
    head = next((stored for stored in found if stored is not None), None)
    return head if head is not None and desk.sees(head) else None


def _new_number(desk: Desk, dossier: str, former: str) -> str:
    """What the number was changed to, by the correction the county wrote."""
    row = desk.store.database.one(
        "SELECT new FROM record_correction WHERE dossier = ? AND field = 'number' AND old = ?",
        (dossier, json.dumps(former)),
    )
    return str(json.loads(row[0])) if row is not None and row[0] else ""


def _to_hand_on(desk: Desk) -> Iterator[ReminderRow]:
    """Sealed envelopes of this unit that nobody is said to have been handed, each with the day it is due."""
    rows = desk.store.database.run(
        "SELECT id FROM record_reception WHERE secrecy = 'SEALED' AND handed_to IS NULL AND \"case\" IS NULL "
        "AND unit = ? AND id NOT IN (SELECT target FROM record_void WHERE target IS NOT NULL) LIMIT ?",
        (desk.store.facts.unit, MOST),
    )
    clockwork = standing_clockwork(desk.store.database)
    rule = clockwork.rulebook.rules.get(HAND_ON_RULE)
    for (stub,) in rows:
        stored = desk.store.reading.get("Reception", stub)
        if stored is not None and desk.sees(stored) and isinstance(stored.record, Reception):
            received = local_date(stored.record.received_at)
            until = "" if rule is None else due_date(rule, received, clockwork.calendar).due.isoformat()
            number = stored.record.envelope_number or ""
            yield ReminderRow(HAND_ON, stub, "Reception", stub, stored.record.number, number, until=until)


def _to_report(desk: Desk) -> Iterator[ReminderRow]:
    """Open cases on which this unit was asked to help and has not reported."""
    unit = desk.store.facts.unit
    rows = desk.store.database.run(
        "SELECT DISTINCT dossier FROM record_step WHERE step = 'CO_UNIT' AND instr(units, ?) > 0 "
        "AND dossier NOT IN (SELECT id FROM record_case WHERE status IN (?, ?)) LIMIT ?",
        (f'"{unit}"', *_OVER, 4 * MOST),
    )
    for (dossier,) in rows:
        stored = desk.store.reading.get("Case", dossier)
        if stored is not None and desk.sees(stored):
            case, state, _ = standing(desk, dossier)
            if unit in state.co_waiting:
                asked = (fact.record for fact in reversed(state.trail) if fact.step == "CO_UNIT")
                until = next((one.until for one in asked if unit in one.units), None)
                title = title_of(desk, stored)
                yield ReminderRow(CO_ANSWER, dossier, "Case", case.id, case.number, title, until=until or "")
