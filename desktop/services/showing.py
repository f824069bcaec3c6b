"""Show one record with all its values; the complainant masked unless the identity is asked for."""

from typing import Any

from desktop.services.desk import Desk
from desktop.services.identities import open_with_reason
from desktop.services.inputs.notices import visit_form
from desktop.storage.case_clocks import standing_clockwork
from desktop.storage.case_columns import directory_units
from sync.domain.ids import RecordId
from sync.domain.readout import ReadContext, read_out
from sync.domain.records import Identity, Reception, Stored
from sync.protocol.collisions import read_made_by_county


def show(desk: Desk, kind: str, record_id: str, *, reason: str | None = None, identity: bool = False) -> dict[str, Any]:
    """The readout of a record. With ``identity`` the access is logged before anything is opened."""
    stored = desk.require(kind, record_id)
    opened = open_with_reason(desk, stored, reason) if identity else {}
    return read_record(desk, stored, opened)


def read_record(desk: Desk, stored: Stored, opened: dict[RecordId, Identity]) -> dict[str, Any]:
    """The readout with these identities opened."""
    shown = read_out(stored, desk.store.reading.dossier_records(stored.dossier), read_context(desk, stored, opened))
    record = stored.record
    shown |= read_made_by_county(record)
    if isinstance(record, Reception) and record.case is not None:
        counted = visit_form(record.people, record.first_repeat, record.skip_level, desk.group_threshold)
        shown["visit_form"] = list(counted)
    return shown


def read_context(desk: Desk, stored: Stored, opened: dict[RecordId, Identity]) -> ReadContext:
    """What the readout of this dossier needs besides its records."""
    return ReadContext(
        desk.store.facts.county,
        identities=opened,
        units=directory_units(desk.store.database),
        sequences=desk.store.reading.unsent_sequences(stored.dossier),
        clockwork=standing_clockwork(desk.store.database),
    )
