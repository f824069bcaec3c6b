"""How much the county keeps of a device that it does not apply: beyond that it refuses, and the device keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, select

from sync.domain.errors import Refused
from sync.protocol.limits import (
    MAX_HELD_BYTES,
    MAX_HELD_CHANGES,
    MAX_QUARANTINED_ENVELOPE_BYTES,
    MAX_QUARANTINED_ENVELOPES,
)
from sync.server.storage import tables


@dataclass(frozen=True, slots=True)
class Cap:
    """Rows of one device in a table that has the columns ``device`` and ``sealed``."""

    table: Table
    name: str
    """The column that names a row: what is there already is not counted twice."""
    most_rows: int
    most_bytes: int
    refusal: str

    def check(self, connection: Connection, county: str, device: str, coming: Mapping[Any, Any]) -> None:
        """``coming``: name → sealed bytes. Raises Refused where they do not fit."""
        columns = self.table.c
        mine = (columns.county == county) & (columns.device == device) & columns[self.name].not_in(list(coming))
        query = select(func.count(), func.coalesce(func.sum(func.length(columns.sealed)), 0)).where(mine)
        count, size = connection.execute(query).one()
        if count + len(coming) > self.most_rows or size + sum(map(len, coming.values())) > self.most_bytes:
            raise Refused(self.refusal)


HELD = Cap(tables.held, "change", MAX_HELD_CHANGES, MAX_HELD_BYTES, "exchange_refusals.too_much_held")
ENVELOPES = Cap(
    tables.quarantined_envelope,
    "hash",
    MAX_QUARANTINED_ENVELOPES,
    MAX_QUARANTINED_ENVELOPE_BYTES,
    "exchange_refusals.quarantine_full",
)
