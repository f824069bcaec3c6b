"""Verify recomputes; backups are whole, checked and lead back."""

from pathlib import Path

import pytest

from desktop.errors import InUse, NewerVersion
from desktop.paths import ProfilePaths
from desktop.storage.backup import restore_backup
from desktop.storage.store import Store
from sync.domain.errors import Damaged, Refused
from sync.domain.numbers import parse_number
from tests.storage.county import TinyCounty, exchange
from tests.storage.profiles import KEY, NOW, UNIT, case, new_store, open_store, step
from tests.storage.test_sync_store import edit, save


def test_verify_recomputes_the_county_s_figures(store: Store) -> None:
    county = TinyCounty()
    made = case()
    save(store, made, step(made.id))
    exchange(store, county)
    edit(store, made.id, title="还没发出")
    found = store.verify("2026.1")
    assert found["digest"] == f"{county.digest:064x}" and found["records"] == county.counts
    assert (found["unit"], found["unsent"], found["held"], found["store"], found["rulebook"]) == (
        UNIT, 1, 0, "ok", "2026.1"
    )  # fmt: skip
    assert found["position"] == county.position and found["epoch"] == "e1"


def test_verify_says_what_is_wrong(store: Store) -> None:
    made = case()
    save(store, made)
    exchange(store, TinyCounty())
    with store.database.transaction():
        store.database.run("UPDATE record_case SET title = 'x'")
    assert store.verify()["store"] == "rows, digest"


def test_a_backup_leads_back_and_leaves_the_number_block(tmp_path: Path) -> None:
    paths, other = ProfilePaths(tmp_path / "one"), ProfilePaths(tmp_path / "two")
    made, file = case(), tmp_path / "out" / "profile.backup"
    with new_store(paths.folder) as store:
        paths.vault.write_bytes(b'{"vault": 1}')
        with store.work("张明", "TOWN_CDI", NOW) as work:
            work.add(made)
            first = work.draw_number(2026)
        store.backup(paths, KEY, file)
    restore_backup(file, other)
    assert other.vault.read_bytes() == b'{"vault": 1}'
    with open_store(other.folder) as store:
        assert store.reading.get("Case", made.id) is not None and store.books.restored
        with store.work("张明", "TOWN_CDI", NOW) as work:
            number = parse_number(work.draw_number(2026))
    assert number is not None and number.block.startswith("Z") and str(number) != first
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name]
    assert not other.restored_mark.exists()


def test_a_backup_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    paths, file = ProfilePaths(tmp_path / "one"), tmp_path / "profile.backup"
    with new_store(paths.folder) as store:
        paths.vault.write_bytes(b"{}")
        store.backup(paths, KEY, file)
        with pytest.raises(InUse):
            restore_backup(file, paths)
    good = file.read_bytes()
    with pytest.raises(Refused, match="not_empty"):
        restore_backup(file, paths)
    for number, bad in enumerate((good[:-1], good[:200], b"x" + good, good[:-9] + b"?" + good[-8:])):
        file.write_bytes(bad)
        with pytest.raises(Damaged):
            restore_backup(file, ProfilePaths(tmp_path / f"bad{number}"))
        assert [path.name for path in (tmp_path / f"bad{number}").iterdir()] in ([], ["lock"])
    file.write_bytes(good.replace(b"\xa7version\x01", b"\xa7version\x02", 1))
    with pytest.raises(NewerVersion):
        restore_backup(file, ProfilePaths(tmp_path / "newer"))
    with pytest.raises(Refused, match=r"backup\.disk"):
        restore_backup(tmp_path / "none", ProfilePaths(tmp_path / "empty"))
