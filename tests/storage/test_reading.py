"""Pages, counts, look-ups, due dates and search on a real store."""

from typing import Any

import pytest

from desktop.storage.directory import pinyin_initials
from desktop.storage.reading import DUE_FIRST
from desktop.storage.search_terms import index_terms, query_terms
from desktop.storage.store import Store
from sync.domain.declarations import to_fields
from sync.domain.ids import UnitCode, new_record_id
from sync.domain.records import Accused, CalendarDay, Complainant, OrgUnit, Staff
from tests.storage.county import TinyCounty, exchange
from tests.storage.profiles import COUNTY, NOW, UNIT, case, finding, reception, step, visit
from tests.storage.test_sync_store import edit, save

VILLAGES = {"431021102201": "花园村", "431021102202": "乐家湾村", "431021102203": "长冲村"}


def org_unit(code: str, name: str, kind: str, parent: str | None) -> OrgUnit:
    return OrgUnit(id=new_record_id(), unit=COUNTY, created_at=NOW, code=code, name=name, kind=kind, parent=parent)


def put_all(county: TinyCounty, *records: Any) -> None:
    for record in records:
        county.put(type(record).__name__, record.id, record.id, to_fields(record))


@pytest.fixture
def directory(store: Store) -> Store:
    county = TinyCounty(echo=False)
    put_all(county, org_unit(UNIT, "仁义镇", "TOWN", COUNTY))
    put_all(county, *(org_unit(code, name, "VILLAGE", UNIT) for code, name in VILLAGES.items()))
    put_all(county, Staff(id=new_record_id(), unit=UNIT, created_at=NOW, name="曾乐", roles=("TOWN_CDI",)))
    assert exchange(store, county).agreed is True
    return store


def test_pages_follow_one_another_without_gap(store: Store) -> None:
    cases = [case(created_at=NOW + number // 2) for number in range(7)]
    save(store, *cases)
    seen, after = [], None
    while True:
        page = store.reading.page("Case", {"unit": UNIT, "status": ("DRAFT",)}, after=after, limit=3)
        seen += [row.stored.record.id for row in page.rows]
        after = page.next
        if after is None:
            break
    assert seen == [c.id for c in sorted(cases, key=lambda c: (c.created_at, c.id), reverse=True)]
    assert store.reading.counts("Case", "status") == {"DRAFT": 7}
    assert store.reading.count("Case", {"village": None}) == 7
    with pytest.raises(ValueError, match="no column"):
        store.reading.page("Case", {"title; DROP": 1})


def test_lists_go_along_an_index(store: Store) -> None:
    for condition in ('status = ? AND "created_at" IS NOT NULL', 'holder = ? AND "created_at" IS NOT NULL'):
        sql = f'SELECT * FROM record_case WHERE {condition} ORDER BY "created_at" DESC, id DESC LIMIT 50'
        plan = store.database.run(f"EXPLAIN QUERY PLAN {sql}", ("x",))
        assert all("USING INDEX" in row[3] and "TEMP B-TREE" not in row[3] for row in plan)


def test_a_real_name_accusation_has_its_due_date(store: Store) -> None:
    early, late = case(identity="REAL", received_at=1_770_688_800_000), case(identity="ANON")
    save(store, early, step(early.id))
    save(store, late, step(late.id))
    columns = store.reading.case_columns(early.id)
    assert columns is not None and (columns.due, columns.due_rule) == ("2026-03-09", "realname_notice")
    assert [row.stored.record.id for row in store.reading.page("Case", order=DUE_FIRST).rows] == [early.id]
    county = TinyCounty(echo=False)
    day = CalendarDay(id=new_record_id(), unit=COUNTY, created_at=NOW, day="2026-03-09", working=False)
    put_all(county, day)
    store.sync.apply_answer(county.answer(0))
    columns = store.reading.case_columns(early.id)
    assert columns is not None and columns.due == "2026-03-10"


def test_children_and_exact_finds(store: Store) -> None:
    trip = visit(number="431021102-2026-A-00001-0")
    found = finding(trip.id)
    save(store, trip, found)
    assert [s.record.id for s in store.reading.children("Finding", "visit", trip.id)] == [found.id]
    assert [s.record.id for s in store.reading.find("Visit", "number", trip.number or "")] == [trip.id]
    assert store.reading.existing("Visit", "number", [trip.number or "", "x"]) == {trip.number}


@pytest.mark.parametrize("typed", ["花园", "园", "hy", "HYC", "431021102201", "4310211022", "yc"])
def test_a_village_is_found(directory: Store, typed: str) -> None:
    assert "花园村" in [place.name for place in directory.directory.find_places(typed, ("VILLAGE",))]


def test_every_reading_of_a_character_finds(directory: Store) -> None:
    assert {"ljw", "yjw"} <= {initials[:3] for initials in pinyin_initials("乐家湾村")}
    for typed in ("ljw", "yjw"):
        assert [place.name for place in directory.directory.find_places(typed)] == ["乐家湾村"]
    assert [one.name for one in directory.directory.find_staff("zl")] == ["曾乐"]
    (person,) = directory.directory.staff(UNIT)
    assert person.roles == ("TOWN_CDI",)


def test_the_directory_by_code(directory: Store) -> None:
    place = directory.directory.unit("431021102201")
    assert place is not None and (place.name, place.parent_name) == ("花园村", "仁义镇")
    assert [p.code for p in directory.directory.villages(UNIT)] == sorted(VILLAGES)
    assert [p.code for p in directory.directory.units(("TOWN",))] == [UnitCode(UNIT)]
    assert directory.directory.unit("999999") is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("低保", 1),
        ("保", 1),
        ("低保评议", 1),
        ("保低", 0),
        ("低保 张贴", 1),
        ("Ａbc", 1),
        ("ab", 1),
        ("𫝀田", 1),
        ("低保张贴", 0),
    ],
)
def test_words_are_found(store: Store, typed: str, found: int) -> None:
    save(store, case(content="反映低保评议结果没有张贴 ABC123,𫝀田村。"), case(content="别的事情", title="无关"))
    result = store.search.search(typed)
    assert (len(result.hits), result.unindexed) == (found, 0)


def test_the_newest_come_first_and_kinds_can_be_chosen(store: Store) -> None:
    cases = [case(created_at=NOW + number, title="水渠") for number in range(1003)]
    trip = visit(created_at=NOW + 5000, summary="水渠")
    save(store, *cases, trip)
    found = store.search.search("水渠", limit=3)
    assert [hit.id for hit in found.hits] == [trip.id, cases[-1].id, cases[-2].id] and found.total == 1004
    assert [hit.id for hit in store.search.search("水渠", 2, ("Case",)).hits] == [cases[-1].id, cases[-2].id]


def test_numbers_are_found_by_their_beginning(store: Store) -> None:
    made = case(number="431021102-2026-A-00017-6")
    save(store, made, reception(made.id, number=made.number))
    for typed in ("431021102-2026-a-00017", "４３１０２１１０２"):
        assert {hit.kind for hit in store.search.search(typed).hits} == {"Case", "Reception"}


def test_edited_text_is_found_anew_and_old_terms_are_gone(store: Store) -> None:
    made = case(title="旧题目")
    save(store, made)
    edit(store, made.id, title="新鲜事")
    assert store.search.search("旧题").hits == () and len(store.search.search("新鲜").hits) == 1
    blocks = b"".join(row[0] for row in store.database.run("SELECT block FROM search_terms_data"))
    assert "旧题".encode() not in blocks


def test_sealed_matters_and_people_are_never_found(store: Store) -> None:
    sealed, later = case(title="密封题目", secrecy="SEALED"), case(title="后来密封")
    stub = reception(None, secrecy="SEALED", remark="密封备注")
    person = Complainant(
        id=new_record_id(), unit=UNIT, created_at=NOW, case=later.id, key=new_record_id(), suite="s", cipher=b"x"
    )
    accused = Accused(id=new_record_id(), unit=UNIT, created_at=NOW, case=later.id, name="赵大海")
    save(store, sealed, stub, later, person, accused)
    assert store.search.search("密封题目").hits == store.search.search("密封备注").hits == ()
    assert len(store.search.search("赵大海").hits) == 1
    edit(store, later.id, secrecy="SEALED")
    assert store.search.search("后来").hits == store.search.search("赵大海").hits == ()


def test_big_pages_are_indexed_behind_the_rows(store: Store) -> None:
    county = TinyCounty(echo=False)
    put_all(county, *(case(title=f"第{number}件水渠") for number in range(250)))
    exchange(store, county)
    found = store.search.search("水渠")
    assert (found.total, found.unindexed) == (0, 250)
    assert store.search.index_some(200) == 50 and store.search.index_some(200) == 0
    assert store.search.search("水渠").total == 250


def test_terms() -> None:
    assert set(index_terms("村务a1").split()) == {"村", "务", "村务", "a1"}
    assert query_terms("!?") == ("", ())
    assert query_terms("低保评议 x") == ('"低保" AND "保评" AND "评议" AND "x"*', ("低保评议",))
