"""Find a village, unit or colleague by code, by any part of the name, or by pinyin initials of any part.

The keys are computed when the directory's rows come, every reading of a character included (乐 is l and y).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from desktop.storage.engine import Database
from desktop.storage.rows import TypedRow, load_many
from sync.domain.ids import RecordId, UnitCode

DIRECTORY_KINDS = frozenset({"OrgUnit", "Staff"})
_MOST_READINGS = 32


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of the directory with the name of the one above it."""

    code: UnitCode
    name: str
    kind: str
    parent: str | None
    parent_name: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person of the directory."""

    id: RecordId
    unit: UnitCode
    name: str
    roles: tuple[str, ...]
    active: bool


class Directory:
    """Look-ups in the directory held here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def refresh(self, kind: str, rows: Iterable[TypedRow]) -> None:
        """Compute the keys of rows that came or changed, within the open transaction."""
        kept = list(rows)
        self._database.run(
            "DELETE FROM lookup WHERE id IN (SELECT value FROM json_each(?))", (json.dumps([row.id for row in kept]),)
        )
        self._database.run_many(
            "INSERT INTO lookup(key, kind, id) VALUES(?, ?, ?)",
            [(key, kind, row.id) for row in kept for key in sorted(_keys(row))],
        )

    def find_places(self, text: str, kinds: Iterable[str] = (), limit: int = 20) -> tuple[Place, ...]:
        """Active units by what was typed; best first: whole code, beginning of the name, then the rest by code."""
        wanted = tuple(kinds)
        condition = f" AND u.kind IN ({', '.join('?' * len(wanted))})" if wanted else ""
        rows = self._database.run(
            f"{_PLACES} WHERE u.id IN (SELECT id FROM lookup WHERE kind = 'OrgUnit' AND key >= ? AND key < ?) "
            f"AND u.active IS NOT 0{condition} ORDER BY u.code != ?, instr(lower(u.name), ?) != 1, u.code LIMIT ?",
            (*_prefix(text), *wanted, text.strip(), text.strip().lower(), limit),
        )
        return tuple(_place(row) for row in rows)

    def unit(self, code: str) -> Place | None:
        """The unit of a code, active or not."""
        row = self._database.one(f"{_PLACES} WHERE u.code = ? LIMIT 1", (code,))
        return _place(row) if row else None

    def units(self, kinds: Iterable[str] = ()) -> tuple[Place, ...]:
        """All units by code; of some kinds (``org_kind``) only where they are named."""
        wanted = tuple(kinds)
        condition = f" WHERE u.kind IN ({', '.join('?' * len(wanted))})" if wanted else ""
        return tuple(_place(row) for row in self._database.run(f"{_PLACES}{condition} ORDER BY u.code", wanted))

    def villages(self, parent: str) -> tuple[Place, ...]:
        """The units below one, by code."""
        return tuple(
            _place(row) for row in self._database.run(f"{_PLACES} WHERE u.parent = ? ORDER BY u.code", (parent,))
        )

    def staff(self, unit: str) -> tuple[Colleague, ...]:
        """The people of a unit by name."""
        return self._colleagues("SELECT id FROM record_staff WHERE unit = ?", (unit,))

    def find_staff(self, text: str) -> tuple[Colleague, ...]:
        """People by any part of the name or its pinyin initials."""
        return self._colleagues("SELECT id FROM lookup WHERE kind = 'Staff' AND key >= ? AND key < ?", _prefix(text))

    def _colleagues(self, sql: str, values: tuple[str, ...]) -> tuple[Colleague, ...]:
        ids = [row[0] for row in self._database.run(sql, values)]
        rows = load_many(self._database, "Staff", ids).values()
        return tuple(sorted((_colleague(row) for row in rows), key=lambda one: (one.name, one.id)))


_PLACES = (
    "SELECT u.code, u.name, u.kind, u.parent, p.name, u.active FROM record_org_unit u "
    "LEFT JOIN record_org_unit p ON p.code = u.parent"
)


def _place(row: tuple[object, ...]) -> Place:
    code, name, kind, parent, parent_name, active = row
    return Place(
        UnitCode(str(code)),
        str(name),
        str(kind),
        None if parent is None else str(parent),
        None if parent_name is None else str(parent_name),
        active != 0,
    )


def _colleague(row: TypedRow) -> Colleague:
    fields = row.fields
    roles = tuple(fields.get("roles") or ())
    return Colleague(
        RecordId(row.id), UnitCode(fields.get("unit", "")), fields.get("name", ""), roles, fields.get("active", True)
    )


def _prefix(text: str) -> tuple[str, str]:
    key = text.strip().lower()
    return key, key + "\U0010ffff"


def _keys(row: TypedRow) -> set[str]:
    keys: set[str] = set()
    name, code = row.fields.get("name"), row.fields.get("code")
    if isinstance(code, str):
        keys.add(code.lower())
    if isinstance(name, str):
        for start in range(len(name)):
            keys.add(name[start:].lower())
        for initials in pinyin_initials(name):
            keys.update(initials[start:] for start in range(len(initials)))
    return keys


def pinyin_initials(name: str) -> tuple[str, ...]:
    """Initials of every reading, at most :data:`_MOST_READINGS`; signs without pinyin stand for themselves."""
    from pypinyin import Style, pinyin  # its tables take a tenth of a second to load

    readings = pinyin(name, style=Style.FIRST_LETTER, heteronym=True)
    found: dict[str, None] = {}
    for chosen in product(*(dict.fromkeys(letters) for letters in readings)):
        found["".join(chosen).lower()] = None
        if len(found) == _MOST_READINGS:
            break
    return tuple(found)
