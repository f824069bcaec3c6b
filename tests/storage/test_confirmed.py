"""What the county took as it was made: said in one line, read as if each row said so, and gone on from."""

from desktop.storage.store import Store
from desktop.storage.upgrade import VERSIONS, migrate
from sync.domain.ids import RecordId
from tests.storage.county import TinyCounty, exchange
from tests.storage.profiles import NOW, case, step


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
