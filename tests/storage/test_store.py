"""Open, close, lock, wrong key, full disk."""

import resource
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop.errors import DamagedStore, InUse, NewerVersion, NotEnrolled
from desktop.paths import ProfilePaths
from desktop.storage.drafts import Draft
from desktop.storage.store import Store
from sync.domain.errors import Refused
from tests.storage.profiles import KEY, NOW, case, facts, new_store, open_store


def test_what_was_saved_is_there_after_reopening(tmp_path: Path) -> None:
    made = case()
    with new_store(tmp_path) as store, store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(made)
    with open_store(tmp_path) as store:
        stored = store.reading.get("Case", made.id)
        assert stored is not None and stored.record == made
        assert store.facts == facts()
        assert (store.books.epoch, store.books.position, store.books.last_sequence) == ("e1", 0, 1)


def test_a_second_opener_is_refused_until_the_first_closes(tmp_path: Path) -> None:
    with new_store(tmp_path), pytest.raises(InUse):
        open_store(tmp_path)
    open_store(tmp_path).close()


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    store.close()
    store.close()


def test_wrong_key_damage_and_absence(tmp_path: Path) -> None:
    with pytest.raises(NotEnrolled):
        open_store(tmp_path)
    new_store(tmp_path).close()
    with pytest.raises(DamagedStore):
        open_store(tmp_path, bytes(32))
    with pytest.raises(Refused):
        new_store(tmp_path)
    path = ProfilePaths(tmp_path).store
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    with pytest.raises(DamagedStore):
        open_store(tmp_path)


def test_a_newer_program_s_store_is_left_alone(tmp_path: Path) -> None:
    with new_store(tmp_path) as store, store.database.transaction():
        store.database.run("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerVersion):
        open_store(tmp_path)


def test_the_store_is_set_up_as_it_must_be(store: Store) -> None:
    def pragma(name: str) -> str:
        return str(store.database.run(f"PRAGMA {name}")[0][0])

    names = ("journal_mode", "synchronous", "secure_delete", "temp_store", "trusted_schema", "page_size")
    assert [pragma(name) for name in names] == ["wal", "2", "1", "2", "0", "4096"]


def test_what_can_be_had_again_does_not_wait_for_the_disk_and_what_a_person_saves_does(store: Store) -> None:
    def safety() -> int:
        return int(store.database.run("PRAGMA synchronous")[0][0])

    with store.database.transaction(synced=False):
        assert safety() == 1
    assert safety() == 2
    with pytest.raises(ZeroDivisionError), store.database.transaction(synced=False):
        raise ZeroDivisionError
    assert safety() == 2 and not store.database.in_transaction
    with store.work("张明", "TOWN_CDI", NOW):
        assert safety() == 2


def test_a_full_disk_is_said_and_loses_nothing(store: Store) -> None:
    kept = case()
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(kept)
    pages = store.database.run("PRAGMA page_count")[0][0]
    store.database.run(f"PRAGMA max_page_count = {pages + 1}")
    lost = case(content="长" * 50_000)
    with pytest.raises(Refused, match=r"store\.disk_full"), store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(lost)
    store.database.run("PRAGMA max_page_count = 1000000")
    assert store.reading.get("Case", lost.id) is None and store.reading.get("Case", kept.id) is not None
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(lost)
    assert work.receipt.sequence == 2


@pytest.mark.parametrize(("free", "said"), [(0, "disk_full"), (1 << 30, "disk_error")])
def test_a_disk_too_full_to_open_the_store_is_called_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, said: str
) -> None:
    new_store(tmp_path).close()
    path = ProfilePaths(tmp_path).store
    before = path.read_bytes()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16 * 1024, hard))  # there is no room for the index of the log
    try:
        with pytest.raises(Refused, match=rf"store\.{said}"):
            open_store(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before


def test_another_data_key(tmp_path: Path) -> None:
    made, other = case(), bytes(reversed(KEY))
    with new_store(tmp_path) as store:
        with store.work("张明", "TOWN_CDI", NOW) as work:
            work.add(made)
        store.rekey(other)
    with pytest.raises(DamagedStore):
        open_store(tmp_path)
    with open_store(tmp_path, other) as store:
        assert store.reading.get("Case", made.id) is not None


def test_drafts(store: Store) -> None:
    store.drafts.save(Draft("张明", "visit", "new", b"{}", NOW))
    store.drafts.save(Draft("张明", "visit", "new", b'{"a":1}', NOW + 1))
    assert store.drafts.load("张明", "visit", "new") == Draft("张明", "visit", "new", b'{"a":1}', NOW + 1)
    assert store.drafts.all_of("李芳") == ()
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(case())
        work.drop_draft("张明", "visit", "new")
    assert store.drafts.all_of("张明") == ()
