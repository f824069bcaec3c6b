"""Computed columns of cases that were only registered, each combination worked out once."""

import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from desktop.storage.case_clocks import standing_clockwork
from desktop.storage.case_columns import columns_of, directory_units
from desktop.storage.engine import Database
from desktop.storage.row_codec import codec
from desktop.storage.straight_rows import HEAD_VALUES, Values, straight_codec
from sync.domain.declarations import from_fields
from sync.domain.fresh_cases import FACTS, OF_A_REGISTRATION
from sync.domain.ids import RecordId, UnitCode
from sync.domain.records import KINDS, Stored
from sync.domain.times import local_day

Columns = tuple[str | None, ...]
"""Status, holder, due, due_rule."""
_MOST_KEPT = 20_000
_DECIDING = ("Case", "Step", "Accused", "Void")


class _Keys:
    """What cases that were only registered have in common, read from their rows without making maps of them."""

    def __init__(self) -> None:
        case, step = straight_codec("Case").names, straight_codec("Step").names
        self._case, self._facts = _getter(case, ("unit", "received_at")), _getter(case, FACTS)
        further = [name for name in step if name not in OF_A_REGISTRATION]
        self._step, self._further = _getter(step, ("step", "at", "unit", "role")), _getter(step, further)
        self._nothing_further = (None,) * len(further)

    def of(self, case: Values, step: Values) -> Hashable | None:
        """The key; None where there is more to the case."""
        unit, received = self._case(case)
        name, at, by, role = self._step(step)
        if name != "REGISTER" or self._further(step) != self._nothing_further:
            return None
        days = local_day(received) if received else None, local_day(at) if at else None
        return unit, by, role, days, self._facts(case)


class FreshColumns:
    """Keeps what was worked out until directory, calendar or rules change."""

    def __init__(self, database: Database, county: UnitCode) -> None:
        self._database = database
        self._county = county
        self._ground: tuple[Any, ...] = ()
        self._kept: dict[Hashable, Columns] = {}
        self._keys = _Keys()

    def look_around(self) -> None:
        """Read directory, calendar and rules anew; to be called once for each page."""
        ground = directory_units(self._database), standing_clockwork(self._database)
        if ground != self._ground or len(self._kept) > _MOST_KEPT:
            self._ground, self._kept = ground, {}

    def of(self, case: Values, step: Values) -> Columns | None:
        """The columns of a case and its registration, both as rows; None where the case has more to it than that."""
        key = self._keys.of(case, step)
        if key is None:
            return None
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._work_out(case, step)
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

    def _work_out(self, case: Values, step: Values) -> Columns:
        units, clockwork = self._ground
        kept = [_stored("Case", case), _stored("Step", step)]
        columns = columns_of(kept, self._county, {}, units, clockwork)
        assert columns is not None
        return columns[:-1]


def _stored(kind: str, row: Values) -> Stored:
    pairs = zip(straight_codec(kind).names, row[HEAD_VALUES:], strict=True)
    fields = {name: value for name, value in pairs if value is not None}
    return Stored(from_fields(KINDS[kind].record, fields, id=RecordId(row[0])), RecordId(row[1]), 1)


def _getter(names: tuple[str, ...], wanted: Sequence[str]) -> Callable[[Values], Values]:
    """Picks the values of these fields from a row, those that the kind has."""
    return itemgetter(*(HEAD_VALUES + names.index(name) for name in wanted if name in names))
