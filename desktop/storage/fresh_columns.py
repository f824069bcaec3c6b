"""Computed columns of cases that were only registered, each combination worked out once."""

import json
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from desktop.storage.case_clocks import standing_clockwork
from desktop.storage.case_columns import columns_of, directory_units
from desktop.storage.engine import Database
from desktop.storage.row_codec import codec
from sync.domain.declarations import from_fields
from sync.domain.fresh_cases import fresh_days, fresh_key
from sync.domain.ids import RecordId, UnitCode
from sync.domain.records import KINDS, Stored

Columns = tuple[str | None, ...]
"""Status, holder, due, due_rule."""
_MOST_KEPT = 20_000
_DECIDING = ("Step", "Accused", "Void")


@dataclass(frozen=True, slots=True)
class FreshCase:
    """A case and its registration as field maps."""

    id: str
    case: Mapping[str, Any]
    step_id: str
    step: Mapping[str, Any]


class FreshColumns:
    """Keeps what was worked out until directory, calendar or rules change."""

    def __init__(self, database: Database, county: UnitCode) -> None:
        self._database = database
        self._county = county
        self._ground: tuple[Any, ...] = ()
        self._kept: dict[Hashable, Columns] = {}

    def look_around(self) -> None:
        """Read directory, calendar and rules anew; to be called once for each page."""
        ground = directory_units(self._database), standing_clockwork(self._database)
        if ground != self._ground or len(self._kept) > _MOST_KEPT:
            self._ground, self._kept = ground, {}

    def of(self, fresh: FreshCase) -> Columns | None:
        """The columns; None where the case has more to it than its registration."""
        key = fresh_key(fresh.case, fresh.step)
        if key is None:
            return None
        whole = key, fresh_days(fresh.case, fresh.step)
        found = self._kept.get(whole)
        if found is None:
            found = self._kept[whole] = self._work_out(fresh)
        return found

    def with_others(self, dossiers: Iterable[str]) -> set[str]:
        """Dossiers of which a deciding record is in the store already."""
        wanted = json.dumps(list(dossiers))
        found: set[str] = set()
        for kind in _DECIDING:
            table = codec(kind).table
            if self._database.one(f'SELECT 1 FROM "{table}" LIMIT 1'):
                sql = f'SELECT dossier FROM "{table}" WHERE dossier IN (SELECT value FROM json_each(?))'
                found.update(row[0] for row in self._database.run(sql, (wanted,)))
        return found

    def _work_out(self, fresh: FreshCase) -> Columns:
        units, clockwork = self._ground
        kept = [_stored("Case", fresh.id, fresh.id, fresh.case), _stored("Step", fresh.step_id, fresh.id, fresh.step)]
        columns = columns_of(kept, self._county, {}, units, clockwork)
        assert columns is not None
        return columns[:-1]


def _stored(kind: str, record: str, dossier: str, fields: Mapping[str, Any]) -> Stored:
    return Stored(from_fields(KINDS[kind].record, dict(fields), id=RecordId(record)), RecordId(dossier), 1)
