"""The short way of records that are there already: of each row the columns that differ are written, and no others.

A row written whole takes itself out of every index of its table and comes back into it, and each page of each index is
encrypted anew. A row over which something of this device lies, or that holds what no column does, goes the long way.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from desktop.storage.case_columns import DECIDING, MAKING_KINDS
from desktop.storage.confirmed import REVISION
from desktop.storage.engine import Database
from desktop.storage.former_identities import KIND as COMPLAINANT
from desktop.storage.page_bodies import Body
from desktop.storage.row_codec import codec
from desktop.storage.search_terms import searched_fields
from desktop.storage.straight_rows import HEAD_VALUES, straight_codec
from sync.protocol.canonical import digest_term

_AHEAD = 4
"""Dossier, revision, hash and status stand before the values of a row that is there."""


@dataclass(slots=True)
class Written:
    """What became of rows that are there."""

    ids: list[str] = field(default_factory=list)
    digest: int = 0
    """What the digest gains, or loses where it is below zero."""
    cases: list[str] = field(default_factory=list)
    """Dossiers whose case needs its columns worked out anew."""
    texts: list[str] = field(default_factory=list)
    """Ids of those whose searched text, or what the index keeps of them beside it, differs."""


class StraightEdits:
    """Within the open transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, kind: str, found: Mapping[str, Body]) -> Written:
        """Write what can go the short way of bodies whose records may be there."""
        written = Written()
        if kind == COMPLAINANT or not found:
            return written
        names, text = straight_codec(kind).names, _text_columns(kind)
        changes: defaultdict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
        for record, *there in self._database.run(_there_sql(kind), (json.dumps(list(found)),)):
            body = found[record]
            dossier, revision, hash_, status = there[:_AHEAD]
            if dossier != body.row[1]:
                continue
            new = body.row[HEAD_VALUES:]
            changed = {name: value for name, old, value in zip(names, there[_AHEAD:], new, strict=True) if old != value}
            changes[tuple(changed)].append((*body.row[2:HEAD_VALUES], *changed.values(), record))
            written.ids.append(record)
            written.digest += body.term - digest_term(kind, record, revision, hash_)
            if kind in MAKING_KINDS and (kind != "Case" or status is None or not DECIDING.isdisjoint(changed)):
                written.cases.append(dossier)
            if not text.isdisjoint(changed):
                written.texts.append(record)
        for columns, rows in changes.items():
            self._database.run_many(_change_sql(kind, columns), rows)
        return written


@cache
def _text_columns(kind: str) -> frozenset[str]:
    searched = searched_fields(kind)
    return frozenset({*searched, "secrecy", "created_at"}) if searched else frozenset()


@cache
def _there_sql(kind: str) -> str:
    names = straight_codec(kind).names
    lists = [name for name in codec(kind).names if name not in names]
    empty = " AND ".join(f'"{name}" IS NULL' for name in ("county_state", "extra", *lists))
    status = "status" if kind == "Case" else "NULL"
    values = ", ".join(f'"{name}"' for name in names)
    return (
        f'SELECT id, dossier, {REVISION}, hash, {status}, {values} FROM "{codec(kind).table}" '
        f"WHERE id IN (SELECT value FROM json_each(?)) AND {empty} AND {REVISION} > 0"
    )


def _change_sql(kind: str, columns: tuple[str, ...]) -> str:
    sets = ", ".join(f'"{name}" = ?' for name in ("revision", "hash", *columns))
    return f'UPDATE "{codec(kind).table}" SET {sets} WHERE id = ?'
