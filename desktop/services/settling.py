"""Settle conflicts and release quarantined changes; tell the author whose value was given up."""

from typing import Any

from desktop.services.correcting import keep_values
from desktop.services.desk import Desk
from desktop.services.identities import opens_wider
from desktop.services.listing import title_of
from desktop.services.permissions import require_own, require_recording
from desktop.services.problem_shapes import ApartRow, ConflictRow, Settled, ToldRow
from desktop.services.recording import Scribe
from desktop.storage.unit_of_work import UnitOfWork
from sync.domain.declarations import Owner, facet_of, to_fields, typed_value
from sync.domain.errors import NotAllowed, Refused, UsageError
from sync.domain.ids import is_id
from sync.domain.records import KINDS, Conflict, Correction, Quarantine, Record, Stored
from sync.domain.settlement import OTHER, STANDING, settlement_reason
from sync.protocol.collisions import WHOLE, plain_values, read_conflict

TOLD_FOR_MS = 14 * 24 * 3600 * 1000
"""So long the author of a value that was given up reads of it."""
MOST_ROWS = 200


def settle(desk: Desk, conflict_id: str, take: str) -> Settled:
    """Write the chosen value as an edit of the field and mark the conflict settled; the value given up stays readable
    as a correction. Raises NotAllowed where the county alone decides, Refused ``settle.settled``."""
    require_recording(desk.reader)
    if take not in (STANDING, OTHER):
        raise UsageError("settle.take", take=take)
    conflict = _conflict(desk.require("Conflict", conflict_id))
    if conflict.settled:
        raise Refused("settle.settled")
    reason = _reason(desk, conflict)
    if reason is not None:
        raise NotAllowed(reason)
    target = desk.require(conflict.target_kind, conflict.target)
    if take == OTHER and _other_barred(desk, conflict):
        raise NotAllowed("authority.identity_protected")
    changes = _changes(conflict) if take == OTHER else {}
    require_own(desk.store.facts.unit, desk.store.facts.county, target.record, changes)
    now = desk.clock()
    with desk.work(now) as work:
        work.edit("Conflict", conflict.id, settled=True)
        if take == OTHER:
            work.edit(conflict.target_kind, conflict.target, **changes)
        _keep(Scribe(desk, work, now), work, conflict, target.record, take)
    shown = read_conflict(conflict)
    return Settled(conflict.id, conflict.target_kind, conflict.target, conflict.field, take, shown[take])


def release(desk: Desk, name: str) -> ApartRow:
    """Ask the county's server to apply a change that was set apart; it is judged anew at the next exchange.

    ``name``: id of the Quarantine record or of the change. Raises NotAllowed ``authority.county_only``, Refused
    ``settle.not_apart``.
    """
    require_recording(desk.reader)
    facts = desk.store.facts
    if facts.unit != facts.county:
        raise NotAllowed("authority.county_only")
    found = next((one for one in apart_rows(desk) if name in (one.id, one.change)), None)
    if found is None:
        raise Refused("settle.not_apart")
    with desk.work(desk.clock()) as work:
        work.edit("Quarantine", found.id, released=True)
    return found


def conflict_rows(desk: Desk) -> tuple[ConflictRow, ...]:
    """Conflicts that wait for a person, newest first, those the reader may see."""
    return tuple(_conflict_row(desk, stored) for stored in _open(desk, "Conflict", "settled"))


def apart_rows(desk: Desk) -> tuple[ApartRow, ...]:
    """Changes set apart that were not released, newest first."""
    return tuple(
        ApartRow(r.id, r.change, r.unit, desk.place_name(r.unit), r.author, r.reason, r.kinds, r.created_at)
        for r in (stored.record for stored in _open(desk, "Quarantine", "released"))
        if isinstance(r, Quarantine)
    )


def told_rows(desk: Desk) -> tuple[ToldRow, ...]:
    """Conflicts settled lately in which the reader's value was given up by somebody else."""
    page = desk.store.reading.page("Conflict", {"settled": 1}, limit=MOST_ROWS)
    rows = (_told(desk, _conflict(listed.stored)) for listed in page.rows if desk.sees(listed.stored))
    return tuple(row for row in rows if row is not None)


def _open(desk: Desk, kind: str, closed: str) -> list[Stored]:
    page = desk.store.reading.page(kind, {closed: None}, limit=MOST_ROWS)
    return [listed.stored for listed in page.rows if desk.sees(listed.stored)]


def _conflict(stored: Stored) -> Conflict:
    assert isinstance(stored.record, Conflict)
    return stored.record


def _reason(desk: Desk, conflict: Conflict) -> str | None:
    facts = desk.store.facts
    return settlement_reason(facts.unit, facts.county, to_fields(conflict))


def _other_barred(desk: Desk, conflict: Conflict) -> bool:
    """An identity is never settled so that more can read it; of one that was expunged nothing is left."""
    changes = _changes(conflict) if conflict.field == WHOLE else {}
    return conflict.field == WHOLE and (not changes or opens_wider(desk, conflict.target, changes.get("key")))


def _conflict_row(desk: Desk, stored: Stored) -> ConflictRow:
    conflict = _conflict(stored)
    shown = read_conflict(conflict)
    head = desk.store.reading.get("Case", stored.dossier)
    target = head or desk.store.reading.get(conflict.target_kind, conflict.target)
    return ConflictRow(
        id=conflict.id,
        target_kind=conflict.target_kind,
        target=conflict.target,
        dossier=stored.dossier,
        number=getattr(target.record, "number", None) if target else None,
        title=title_of(desk, target) if target else "",
        unit=conflict.unit,
        unit_name=desk.place_name(conflict.unit),
        field=conflict.field,
        standing=shown["standing"],
        other=shown["other"],
        standing_author=conflict.standing_author or "",
        other_author=conflict.other_author or "",
        created_at=conflict.created_at,
        reason_key=_reason(desk, conflict) or "",
        other_barred=_other_barred(desk, conflict),
    )


def _changes(conflict: Conflict) -> dict[str, Any]:
    """The other value as changes of the target; of a whole record every field that is not written once."""
    record: Any = KINDS[conflict.target_kind].record
    facets = facet_of(record)
    _, other = plain_values(conflict)
    values = dict(other or {}) if conflict.field == WHOLE else {conflict.field: other}
    return {
        name: typed_value(facets[name], value)
        for name, value in values.items()
        if name in facets and facets[name].owner is not Owner.APPEND
    }


def _keep(scribe: Scribe, work: UnitOfWork, conflict: Conflict, target: Record, take: str) -> None:
    """The value given up and the one that stands, as a correction; of ciphertext only that it happened."""
    if conflict.field == WHOLE or target.id != conflict.target:
        work.add(
            Correction(**scribe.common(), target_kind=conflict.target_kind, target=conflict.target, field="complainant")
        )
        return
    record: Any = type(target)
    facet = facet_of(record)[conflict.field]
    standing, other = (typed_value(facet, value) for value in plain_values(conflict))
    old, new = (other, standing) if take == STANDING else (standing, other)
    keep_values(scribe, target, conflict.field, old, new)


def _told(desk: Desk, conflict: Conflict) -> ToldRow | None:
    correction = _settlement(desk, conflict)
    if correction is None or correction.created_at < desk.clock() - TOLD_FOR_MS or correction.author == desk.user:
        return None
    shown = read_conflict(conflict)
    kept = STANDING if _stands(desk, conflict) else OTHER
    lost = OTHER if kept == STANDING else STANDING
    if shown[f"{lost}_author"] != desk.user:
        return None
    target = desk.store.reading.get(conflict.target_kind, conflict.target)
    return ToldRow(
        id=conflict.id,
        target_kind=conflict.target_kind,
        target=conflict.target,
        title=title_of(desk, target) if target else "",
        field=conflict.field,
        kept=shown[kept],
        given_up=shown[lost],
        settled_by=correction.author,
        settled_at=correction.created_at,
    )


def _settlement(desk: Desk, conflict: Conflict) -> Correction | None:
    """The correction by which the conflict was settled."""
    found = [
        stored.record
        for stored in desk.store.reading.children("Correction", "target", conflict.target)
        if isinstance(stored.record, Correction) and stored.record.created_at >= conflict.created_at
    ]
    return max(found, key=lambda one: one.created_at, default=None)


def _stands(desk: Desk, conflict: Conflict) -> bool:
    """Whether the value that stood provisionally is the one that was taken."""
    target = desk.store.reading.get(conflict.target_kind, conflict.target)
    if target is None or not is_id(conflict.target):
        return True
    _, other = plain_values(conflict)
    fields = to_fields(target.record)
    if conflict.field == WHOLE:
        return bool(fields.get("cipher") != dict(other or {}).get("cipher"))
    return bool(fields.get(conflict.field) != other)
