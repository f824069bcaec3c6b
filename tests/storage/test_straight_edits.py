"""Records changed elsewhere leave the same store by the short way as by the long one, whatever changed in them."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.storage.store import Store
from sync.domain.declarations import to_fields
from tests.storage.county import TinyCounty
from tests.storage.profiles import NOW, case, finding, new_store, step, visit
from tests.storage.test_straight_pages import LongWay

TABLES = ("record_case", "record_step", "record_visit", "record_finding", "pending", "repair", "raw_record")
CHANGES: dict[str, dict[str, tuple[Any, ...]]] = {
    "Case": {
        "title": ("反映水渠淤塞", "反映道路"), "remark": (None, "县里", ""), "nature": ("CLAIM", "ADVICE"),
        "secrecy": (None, "SEALED"), "received_at": (NOW + 1, None), "village": ("431021001201", None),
        "replied_at": (NOW, None), "later": ("新版本的栏目", None), "title2": (7,), "created_at": (NOW + 5,),
    },
    "Step": {"remark": ("补", None), "role": ("COUNTY_CDI",), "nature": ("ADVICE", None)},
    "Visit": {"visitors": (["张明"], ["李芳", "张明"], None), "group": ("三组", None), "started_at": (NOW + 3,)},
    "Finding": {"text": ("已清淤", "仍淤塞"), "outcome": ("SOLVED", None)},
}  # fmt: skip


def county_of_matters() -> TinyCounty:
    county = TinyCounty()
    for number in range(3):
        made, seen = case(title=f"第{number}件"), visit()
        put(county, made.id, made)
        put(county, made.id, step(made.id))
        put(county, seen.id, seen)
        put(county, seen.id, finding(seen.id))
    return county


def put(county: TinyCounty, dossier: str, record: Any) -> None:
    county.put(type(record).__name__, record.id, dossier, to_fields(record))


def change(county: TinyCounty, lots: random.Random) -> None:
    """One field of one record, or of a whole record two."""
    kind, record = lots.choice(sorted(county.held))
    held = county.held[kind, record]
    fields = dict(held.fields)
    for name in lots.sample(sorted(CHANGES[kind]), k=lots.randint(1, 2)):
        fields[name] = lots.choice(CHANGES[kind][name])
    county.put(kind, record, held.dossier, {name: value for name, value in fields.items() if value is not None})


def state(store: Store) -> dict[str, Any]:
    while store.search.index_some():
        pass
    rows = {table: sorted(store.database.run(f"SELECT * FROM {table}")) for table in TABLES}
    texts = sorted(store.database.run("SELECT kind, id, dossier, created_at, text FROM search_doc"))
    return {**rows, "texts": texts, "verify": store.verify()}


def both_ways(tmp_path: Path, county: TinyCounty, rounds: list[Callable[[], None]]) -> list[Any]:
    """Two stores read the same pages after each round; what each holds."""
    with new_store(tmp_path / "short") as short, new_store(tmp_path / "long") as long:
        long.sync._pages._straight = LongWay(long.database, long.facts.county)
        for make in rounds:
            make()
            for store in (short, long):
                assert store.sync.apply_answer(county.answer(store.books.position)).agreed is True
            assert state(short) == state(long)
        return [state(short), state(long)]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_changed_elsewhere(tmp_path: Path, seed: int) -> None:
    lots, county = random.Random(seed), county_of_matters()

    def some() -> None:
        for _ in range(lots.randint(1, 6)):
            change(county, lots)
        if lots.random() < 0.3:
            made = case()
            put(county, made.id, made)

    both_ways(tmp_path, county, [lambda: None, *[some] * 5])


def test_of_a_row_only_what_differs_is_written(tmp_path: Path) -> None:
    county = county_of_matters()
    with new_store(tmp_path / "store") as store:
        store.sync.apply_answer(county.answer(0))
        while store.search.index_some():
            pass
        kind, record = next(key for key in county.held if key[0] == "Case")
        held = county.held[kind, record]
        county.put(kind, record, held.dossier, {**held.fields, "number": "H1"})
        said: list[str] = []
        store.database._raw.set_trace_callback(said.append)
        assert store.sync.apply_answer(county.answer(store.books.position)).agreed is True
        written = [line for line in said if line.startswith(('UPDATE "record_case"', 'INSERT OR FAIL INTO "record_'))]
        assert len(written) == 1 and written[0].count("=") == 4 and '"number" = ' in written[0]
        assert store.search.unindexed() == 0


def test_a_case_whose_first_step_comes_with_a_change_of_it(tmp_path: Path) -> None:
    county, made = TinyCounty(), case()

    def page_between() -> None:
        put(county, made.id, step(made.id))
        held = county.held["Case", made.id]
        county.put("Case", made.id, made.id, {**held.fields, "remark": "改"})

    found = both_ways(tmp_path, county, [lambda: put(county, made.id, made), page_between])
    assert found[0]["record_case"] == found[1]["record_case"]


def test_what_lies_over_a_row_stays(tmp_path: Path) -> None:
    county = county_of_matters()
    with new_store(tmp_path / "store") as store:
        store.sync.apply_answer(county.answer(0))
        kind, record = next(key for key in county.held if key[0] == "Case")
        with store.work("张明", "TOWN_CDI", NOW) as work:
            work.edit(kind, record, title="这里改的")
        held = county.held[kind, record]
        county.put(kind, record, held.dossier, {**held.fields, "remark": "县里"})
        assert store.sync.apply_answer(county.answer(store.books.position)).agreed is True
        stored = store.reading.get(kind, record)
        assert stored is not None and (stored.record.title, stored.record.remark) == ("这里改的", "县里")  # type: ignore[attr-defined]
        assert store.verify()["store"] == "ok"
