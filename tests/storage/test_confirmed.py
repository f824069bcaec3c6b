"""What the county took as it was made: said in one line, read as if each row said so, and gone on from."""

import random
from pathlib import Path
from typing import Any

import pytest

from desktop.storage.echoes import Echoes
from desktop.storage.outbox import Outbox
from desktop.storage.store import Store
from desktop.storage.upgrade import VERSIONS, migrate
from sync.domain.ids import RecordId
from tests.storage.county import TinyCounty, exchange
from tests.storage.profiles import NOW, case, new_store, step


def save_cases(store: Store, count: int) -> list[RecordId]:
    made = [case() for _ in range(count)]
    for one in made:
        with store.work("张明", "TOWN_CDI", NOW) as work:
            work.add(one)
            work.add(step(one.id))
    return [one.id for one in made]


def raw_revisions(store: Store) -> list[int]:
    return [row[0] for row in store.database.run("SELECT revision FROM record_case ORDER BY revision DESC")]


def lines(store: Store) -> int:
    return store.database.count("SELECT count(*) FROM confirmed")


def agrees(store: Store, county: TinyCounty) -> None:
    """Each record has the county's revision, and the digest is that of the rows."""
    assert exchange(store, county).agreed is True
    found = store.verify()
    assert (found["store"], found["unsent"]) == ("ok", 0) and found["digest"] == f"{county.digest:064x}"
    for kind, record in county.held:
        stored = store.reading.get(kind, record)
        assert stored is not None and stored.revision == county.held[(kind, record)].revision


def test_rows_the_county_took_as_they_were_made_are_not_written_again(store: Store) -> None:
    county = TinyCounty(brief=True)
    ids = save_cases(store, 3)
    waiting = raw_revisions(store)
    assert [record in store.reading.unsent_sequences(record) for record in ids] == [True] * 3
    agrees(store, county)
    assert raw_revisions(store) == waiting == [-1, -3, -5] and lines(store) == 1
    assert not any(record in store.reading.unsent_sequences(record) for record in ids)
    save_cases(store, 2)
    agrees(store, county)
    assert lines(store) == 1


def test_what_others_did_between_begins_a_new_line(store: Store) -> None:
    county = TinyCounty(brief=True)
    first = save_cases(store, 1)
    agrees(store, county)
    county.put("Case", first[0], first[0], {**county.held[("Case", first[0])].fields, "remark": "县里"})
    agrees(store, county)
    save_cases(store, 2)
    agrees(store, county)
    assert lines(store) == 2


def test_an_edit_goes_on_from_what_was_confirmed(store: Store) -> None:
    county = TinyCounty(brief=True)
    ids = save_cases(store, 2)
    agrees(store, county)
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.edit("Case", ids[0], title="改过")
    row = store.database.run("SELECT revision, county_state FROM record_case WHERE id = ?", (ids[0],))[0]
    assert row[0] == county.held[("Case", ids[0])].revision and row[1] is not None
    agrees(store, county)


def correct(store: Store, record: RecordId, **changes: Any) -> None:
    """An edit and, in the same change, a new record beside it."""
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.edit("Case", record, **changes)
        work.add(step(record, "CLASSIFY", nature="CLAIM"))


def test_edits_and_what_is_made_beside_them_are_not_worked_out_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    county = TinyCounty(brief=True)
    ids = save_cases(store, 3)
    agrees(store, county)
    for number, record in enumerate(ids):
        correct(store, record, title=f"改{number}", content=None if number else "另写")
    monkeypatch.setattr(Outbox, "sent", None)
    agrees(store, county)
    states = store.database.run("SELECT revision, county_state FROM record_case ORDER BY revision")
    assert states == [(7, None), (9, None), (11, None)]
    assert store.database.count("SELECT count(*) FROM record_step WHERE revision < 0") == 6 and lines(store) == 1


def test_an_edit_of_what_somebody_else_changed_meanwhile(store: Store) -> None:
    county = TinyCounty(brief=True)
    ids = save_cases(store, 2)
    agrees(store, county)
    for record in ids:
        correct(store, record, title="改过")
    county.put("Case", ids[0], ids[0], {**county.held[("Case", ids[0])].fields, "remark": "县里"})
    store.sync.apply_answer(county.answer(store.books.position))
    agrees(store, county)


@pytest.mark.parametrize("seed", range(8))
def test_worked_out_or_not_the_store_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    found = []
    for way in ("short", "long"):
        lots, county = random.Random(seed), TinyCounty(brief=True)
        if way == "long":
            monkeypatch.setattr(Echoes, "_take_as_made", lambda *_: None)
        with new_store(tmp_path / way) as store:
            ids = save_cases(store, 4)
            agrees(store, county)
            for _ in range(4):
                play(store, county, ids, lots)
                agrees(store, county)
            columns = "title, remark, status, holder, county_state IS NULL, hash"
            rows = store.database.run(f"SELECT {columns} FROM record_case ORDER BY rowid")
            found.append((rows, store.database.run("SELECT count(*) FROM pending"), store.books.position))
    assert found[0] == found[1]


def play(store: Store, county: TinyCounty, ids: list[RecordId], lots: random.Random) -> None:
    """Edits here, and sometimes one elsewhere that is read before they are sent."""
    for _ in range(lots.randint(1, 4)):
        record, words = lots.choice(ids), {"title": lots.choice("甲乙丙丁"), "remark": lots.choice(["", "补", None])}
        if lots.random() < 0.5:
            correct(store, record, **words)
            continue
        with store.work("张明", "TOWN_CDI", NOW) as work:
            work.edit("Case", record, **words)
    if lots.random() < 0.4:
        record = lots.choice(ids)
        held = county.held[("Case", record)]
        county.put("Case", record, record, {**held.fields, "remark": lots.choice("县市")})
        store.sync.apply_answer(county.answer(store.books.position))


def test_a_record_edited_in_the_change_that_makes_it_is_confirmed_too(store: Store) -> None:
    county, made = TinyCounty(brief=True), case()
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(made)
        work.edit("Case", made.id, title="改过")
    agrees(store, county)
    assert lines(store) == 0


def test_a_row_written_since_is_not_taken_for_what_was_made(store: Store) -> None:
    county = TinyCounty(brief=True)
    ids = save_cases(store, 2)
    with store.database.transaction():
        store.database.run("UPDATE record_case SET revision = 0, hash = NULL WHERE id = ?", (ids[0],))
    agrees(store, county)
    assert lines(store) == 0


def test_a_withdrawal_takes_confirmed_rows_out_of_the_digest(store: Store) -> None:
    county = TinyCounty(brief=True)
    ids = save_cases(store, 2)
    agrees(store, county)
    county.withdraw("Case", ids[0])
    agrees(store, county)
    assert store.reading.get("Case", ids[0]) is None


def test_down_and_up_with_confirmed_and_waiting_rows(store: Store) -> None:
    county = TinyCounty(brief=True)
    save_cases(store, 2)
    agrees(store, county)
    save_cases(store, 1)
    migrate(store.database, "0007")
    for record, revision in store.database.run("SELECT id, revision FROM record_case"):
        held = county.held.get(("Case", record))
        assert revision == (held.revision if held is not None else 0)
    assert store.database.count("SELECT count(*) FROM record_case WHERE hash IS NULL") == 1
    assert store.database.count("SELECT count(*) FROM pending") == 2
    assert store.database.count("SELECT count(*) FROM outbox WHERE body IS NOT NULL AND state = 'waiting'") == 1
    migrate(store.database, VERSIONS[-1])
    agrees(store, county)
    save_cases(store, 1)
    agrees(store, county)
