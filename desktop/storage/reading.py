"""Read the store: single records, dossiers, keyset pages, counts. Dossiers without their head stay hidden in lists."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from desktop.storage.engine import Database
from desktop.storage.outbox import LYING_OVER
from desktop.storage.rows import columns, load, select_sql, to_stored, to_typed
from desktop.storage.tables import COMPUTED, LISTED, RECORD_TABLES, listed_index, sought_alone
from sync.domain.ids import RecordId
from sync.domain.records import KINDS, Stored
from sync.domain.times import DAY_MS, OFFSET_MS

Filters = Mapping[str, Any]
"""Column → value; a tuple or list means any of them, None means empty. Computed columns of a case may be named."""


@dataclass(frozen=True, slots=True)
class Mine:
    """As the value of ``author``: what a person made and what hangs on these dossiers; ``narrowed``: more filters."""

    user: str
    dossiers: frozenset[str]
    narrowed: Filters


@dataclass(frozen=True, slots=True)
class PageKey:
    """Where a page ended: the value of the ordering column and the id."""

    value: int | str
    id: str


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is ordered by; ties by id."""

    column: str = "created_at"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class AnswerDelay:
    """Answered cases that are alike: how many, answered so many local days after they came in."""

    nature: str | None
    secrecy: str
    author: str | None
    days: int
    count: int
    longest_ms: int


@dataclass(frozen=True, slots=True)
class CaseColumns:
    """What is computed of a case."""

    status: str | None
    holder: str | None
    due: str | None
    due_rule: str | None


@dataclass(frozen=True, slots=True)
class ListedRecord:
    """One line of a list; ``case`` for cases only."""

    stored: Stored
    case: CaseColumns | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Lines of a list and the key to ask for the next; None = that was the end."""

    rows: tuple[ListedRecord, ...]
    next: PageKey | None


NEWEST_FIRST = Order()
DUE_FIRST = Order("due", descending=False)


class Reading:
    """All questions to the store that need no words."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, kind: str, record_id: str) -> Stored | None:
        """The record as it is shown, local edits over it; None where it is not here or incomplete."""
        row = load(self._database, kind, record_id)
        return None if row is None else to_stored(row)

    def case_columns(self, case: str) -> CaseColumns | None:
        """Status, holder and due date of a case."""
        row = self._database.one("SELECT status, holder, due, due_rule FROM record_case WHERE id = ?", (case,))
        return CaseColumns(*row) if row else None

    def dossier_records(self, dossier: str) -> tuple[Stored, ...]:
        """Every record of a dossier, kinds in the order they are declared, each kind by time made."""
        found: list[Stored] = []
        for kind in KINDS:
            found += self._stored(kind, "WHERE dossier = ? ORDER BY created_at, id", (dossier,))
        return tuple(found)

    def children(self, kind: str, field: str, record_id: str) -> tuple[Stored, ...]:
        """Records of a kind that name another one in a field, by time made."""
        _check_column(kind, field)
        if field == KINDS[kind].dossier_field:  # then the record lies in that dossier: along its index
            own = f'WHERE "{field}" = ? AND dossier = ? ORDER BY created_at, id'
            return self._stored(kind, own, (record_id, record_id))
        return self._stored(kind, f'WHERE "{field}" = ? ORDER BY created_at, id', (record_id,))

    def page(
        self,
        kind: str,
        filters: Filters | None = None,
        *,
        order: Order = NEWEST_FIRST,
        after: PageKey | None = None,
        limit: int = 50,
    ) -> Page:
        """A page along an index, from the beginning or after a key. Records that lack the column are not listed."""
        conditions, values = _conditions(kind, filters)
        _check_column(kind, order.column)
        conditions += [f'"{order.column}" IS NOT NULL', "unit IS NOT NULL"]
        if after is not None:
            conditions.append(f'("{order.column}", id) {"<" if order.descending else ">"} (?, ?)')
            values += [after.value, after.id]
        way = "DESC" if order.descending else "ASC"
        sql = f'WHERE {" AND ".join(conditions)} ORDER BY "{order.column}" {way}, id {way} LIMIT ?'
        rows = self._listed(kind, _along(kind, filters, order) + sql, (*values, limit + 1))
        key = _key(rows[limit - 1], order) if len(rows) > limit else None
        return Page(tuple(rows[:limit]), key)

    def count(self, kind: str, filters: Filters | None = None) -> int:
        """How many records of a kind pass the filters."""
        conditions, values = _conditions(kind, filters)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        return self._database.count(f'SELECT count(*) FROM "{RECORD_TABLES[kind].name}" {where}', values)

    def counts(self, kind: str, column: str, filters: Filters | None = None) -> dict[str | None, int]:
        """How many records by the value of a column."""
        _check_column(kind, column)
        conditions, values = _conditions(kind, filters)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        table = RECORD_TABLES[kind].name
        return dict(
            self._database.run(f'SELECT "{column}", count(*) FROM "{table}" {where} GROUP BY "{column}"', values)
        )

    def find(self, kind: str, column: str, value: str) -> tuple[Stored, ...]:
        """Records whose column has a value: a number, an external number, a code."""
        return self.children(kind, column, value)

    def accused_named_with(self, part: str) -> tuple[Stored, ...]:
        """Whom cases complain about with ``part`` in the name, however it is spaced; along the index of names."""
        rows = self._database.run(
            "SELECT rowid FROM record_accused WHERE instr(replace(replace(name, ' ', ''), '\u3000', ''), ?) > 0",
            (part,),
        )
        wanted = json.dumps([row[0] for row in rows])
        return self._stored("Accused", "WHERE rowid IN (SELECT value FROM json_each(?))", (wanted,)) if rows else ()

    def existing(self, kind: str, column: str, values: Iterable[str]) -> frozenset[str]:
        """Which of the values stand in a column of some record: for imports."""
        _check_column(kind, column)
        rows = self._database.run(
            f'SELECT DISTINCT "{column}" FROM "{RECORD_TABLES[kind].name}" '
            f'WHERE "{column}" IN (SELECT value FROM json_each(?))',
            (json.dumps(list(values)),),
        )
        return frozenset(row[0] for row in rows)

    def answer_delays(self, apart: Iterable[str]) -> list[AnswerDelay]:
        """Answered cases that are not void, put together by what decides who sees them and by how long it took; along
        an index of its own. Those named in ``apart`` are left out."""
        rows = self._database.run(
            "SELECT nature, secrecy, author, (replied_at + ?1) / ?2 - (received_at + ?1) / ?2 AS days, count(*), "
            "max(replied_at - received_at) FROM record_case WHERE replied_at IS NOT NULL "
            "AND id NOT IN (SELECT target FROM record_void WHERE target IS NOT NULL) "
            "AND id NOT IN (SELECT value FROM json_each(?3)) GROUP BY nature, secrecy, author, days",
            (OFFSET_MS, DAY_MS, json.dumps(sorted(apart))),
        )
        return [AnswerDelay(*row) for row in rows]

    def sealed_dossiers(self) -> frozenset[RecordId]:
        """Dossiers whose case or reception is sealed."""
        rows = self._database.run(
            "SELECT dossier FROM record_case WHERE secrecy = 'SEALED' "
            "UNION SELECT dossier FROM record_reception WHERE secrecy = 'SEALED'"
        )
        return frozenset(RecordId(row[0]) for row in rows)

    def voided(self, ids: Iterable[str]) -> frozenset[RecordId]:
        """Which of the records are void."""
        return frozenset(RecordId(found) for found in self.existing("Void", "target", ids))

    def unsent(self, records: Iterable[Stored]) -> frozenset[str]:
        """Ids of the records to which a change is not in the county's state held here yet."""
        rows = self._database.run(
            f"SELECT DISTINCT p.id FROM json_each(?) d {LYING_OVER}",
            (json.dumps(sorted({stored.dossier for stored in records})),),
        )
        return frozenset(row[0] for row in rows)

    def unsent_sequences(self, dossier: str) -> dict[str, int]:
        """Records of a dossier whose creation the county has not shown: id → device sequence (orders their steps)."""
        sql = f"SELECT p.id, min(p.sequence) FROM json_each(?) d {LYING_OVER} GROUP BY p.id"
        return dict(self._database.run(sql, (json.dumps([dossier]),)))

    def _stored(self, kind: str, condition: str, values: tuple[Any, ...]) -> tuple[Stored, ...]:
        rows = self._database.run(select_sql(kind) + condition, values)
        found = (to_stored(to_typed(kind, row)) for row in rows)
        return tuple(stored for stored in found if stored is not None)

    def _listed(self, kind: str, condition: str, values: tuple[Any, ...]) -> list[ListedRecord]:
        listed: list[ListedRecord] = []
        width = len(columns(kind))
        for row in self._database.run(_list_sql(kind) + condition, values):
            stored = to_stored(to_typed(kind, row[:width]))
            if stored is not None:
                listed.append(ListedRecord(stored, CaseColumns(*row[width:]) if kind == "Case" else None))
        return listed


def _list_sql(kind: str) -> str:
    return select_sql(kind, COMPUTED if kind == "Case" else ())


def _along(kind: str, filters: Filters | None, order: Order) -> str:
    """The wide index of the order, unless one filter alone leads straight to its rows."""
    index = listed_index(kind, order.column)
    given = set(filters or ())
    straight = len(given) == 1 and (given <= sought_alone(kind, order.column))
    return f'INDEXED BY "{index}" ' if index and given and given <= set(LISTED[kind]) and not straight else ""


def _key(row: ListedRecord, order: Order) -> PageKey:
    source: Any = row.case if order.column in COMPUTED and row.case else row.stored.record
    return PageKey(getattr(source, order.column), row.stored.record.id)


def _conditions(kind: str, filters: Filters | None) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for column, value in (filters or {}).items():
        _check_column(kind, column)
        if column == KINDS[kind].dossier_field and isinstance(value, str):
            conditions.append("dossier = ?")  # then the record lies in that dossier: along its index
            values.append(value)
        if isinstance(value, Mine):
            narrowed, more = _conditions(kind, value.narrowed)
            head = "dossier" if KINDS[kind].dossier_field or KINDS[kind].follows else "id"
            conditions += [f"(author = ? OR {head} IN (SELECT value FROM json_each(?)))", *narrowed]
            values += [value.user, json.dumps(sorted(value.dossiers)), *more]
        elif value is None:
            conditions.append(f'"{column}" IS NULL')
        elif isinstance(value, (tuple, list, frozenset, set)):
            conditions.append(f'"{column}" IN (SELECT value FROM json_each(?))')
            values.append(json.dumps(sorted(value)))
        else:
            conditions.append(f'"{column}" = ?')
            values.append(value)
    return conditions, values


def _check_column(kind: str, column: str) -> None:
    if column not in RECORD_TABLES[kind].c:
        raise ValueError(f"{kind} has no column {column}")
