"""The short way of a page leaves the same store as the long way, and leaves alone what is not for it."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from desktop.storage import county_pages, straight_rows
from desktop.storage.rows import HEAD
from desktop.storage.store import Store
from desktop.storage.straight_pages import StraightPages, Taken
from desktop.storage.straight_rows import HEAD_VALUES, straight_codec
from sync.domain.ids import RecordId
from sync.protocol.messages import Entry
from tests.storage.county import TinyCounty, exchange
from tests.storage.profiles import NOW, case, new_store, step


def save(store: Store, *records: Any) -> None:
    with store.work("张明", "TOWN_CDI", NOW) as work:
        for record in records:
            work.add(record)


def rows_of(store: Store) -> dict[str, Any]:
    """Everything a page may write, without what two stores cannot share."""
    tables = ("record_case", "record_step", "record_accused", "pending", "repair", "raw_record")
    rows = {table: sorted(store.database.run(f"SELECT * FROM {table}")) for table in tables}
    return {**rows, "search_queue": sorted(store.database.run("SELECT kind, id FROM search_queue"))}


class LongWay(StraightPages):
    """Takes nothing."""

    def take(self, *_: Any, **__: Any) -> Taken:
        return Taken()


def filled(folder: Path, entries: list[Entry], county: TinyCounty, *, in_parts: int = 0) -> dict[str, Any]:
    with new_store(folder) as store:
        answer = county.answer(0)
        if in_parts:
            first = replace_entries(answer, tuple(entries[:in_parts]), answer.entries[in_parts - 1].position)
            store.sync.apply_answer(first)
            answer = county.answer(store.books.position)
        assert store.sync.apply_answer(answer).agreed is True
        return {**rows_of(store), "verify": store.verify()["store"]}


def replace_entries(answer: Any, entries: tuple[Entry, ...], reached: int) -> Any:
    return msgspec.structs.replace(answer, entries=entries, to_position=reached, digest=None, counts={})


@pytest.mark.parametrize("in_parts", [0, 1, 2, 3])
def test_both_ways_lead_to_the_same_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_parts: int) -> None:
    county = TinyCounty(echo=False)
    with new_store(tmp_path / "maker") as maker:
        for number in range(4):
            made = case(title=f"第{number}件")
            save(maker, made, step(made.id))
        save(maker, step(made.id, "CLASSIFY", nature="CLAIM"))
        exchange(maker, county)
    county.unbroken, county.last_hash = 0, bytes(32)
    entries = list(county.answer(0).entries)
    short = filled(tmp_path / "short", entries, county, in_parts=in_parts)
    monkeypatch.setattr(county_pages, "StraightPages", LongWay)
    assert filled(tmp_path / "long", entries, county, in_parts=in_parts) == short


def test_columns_that_are_empty_in_all_rows_are_left_out() -> None:
    names = (*HEAD[:HEAD_VALUES], *straight_codec("Step").names)
    lots = random.Random(7)
    for count in (1, 2, 30):
        rows = [tuple(lots.choice((None, None, None, "", 0, "字")) for _ in names) for _ in range(count)]
        rows += [(None,) * len(names)] * lots.randrange(2)
        full = [at for at in range(len(names)) if any(row[at] is not None for row in rows)]
        columns, values = straight_rows.filled("Step", rows)
        assert columns == tuple(names[at] for at in full)
        assert values == [tuple(row[at] for at in full) for row in rows]


@pytest.mark.parametrize("count", [1, 39, 41, 200, 449])
@pytest.mark.parametrize("broken", [False, True])
def test_many_rows_come_in_all_or_none(tmp_path: Path, count: int, broken: bool) -> None:
    rows = [("Case", f"{number:032x}") for number in range(count)]
    with new_store(tmp_path / "store") as store, store.database.transaction():
        if broken:
            store.database.insert_all("repair", ("kind", "id"), rows[-1:])
        assert store.database.insert_all("repair", ("kind", "id"), rows) is not broken
        assert sorted(store.database.run("SELECT kind, id FROM repair")) == (rows[-1:] if broken else rows)


@pytest.mark.parametrize("edits", [0, 1])
def test_echoes_both_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edits: int) -> None:
    found = []
    for name in ("short", "long"):
        if name == "long":
            monkeypatch.setattr(county_pages, "StraightPages", LongWay)
        county = TinyCounty()
        with new_store(tmp_path / name) as store:
            made = replace(case(), id=RecordId("a" * 32))
            save(store, made, replace(step(made.id), id=RecordId("b" * 32)))
            for _ in range(edits):
                with store.work("张明", "TOWN_CDI", 5) as work:
                    work.edit("Case", made.id, title="改过")
            assert exchange(store, county).agreed is True
            found.append({**rows_of(store), "verify": store.verify()["store"]})
    assert found[0] == found[1]
