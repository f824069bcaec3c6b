"""Verify recomputes; backups are whole, checked and lead back."""

from pathlib import Path

import pytest

from desktop.errors import InUse, NewerVersion
from desktop.paths import ProfilePaths
from desktop.storage.backup import restore_backup
from desktop.storage.store import Store
from sync.domain.errors import Damaged, Refused
from sync.domain.numbers import parse_number
from sync.protocol.messages import NO_HASH, change_hash, decode_change
from tests.storage.county import TinyCounty, exchange
from tests.storage.profiles import KEY, NOW, UNIT, case, facts, new_store, open_store, step
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
        store.back_up(paths, KEY, file)
    restore_backup(file, other)
    assert other.vault.read_bytes() == b'{"vault": 1}'
    with open_store(other.folder) as store:
        assert store.reading.get("Case", made.id) is not None and store.books.restored
        with store.work("张明", "TOWN_CDI", NOW) as work:
            number = parse_number(work.draw_number(2026))
    assert number is not None and number.block.startswith("Z") and str(number) != first
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name]
    assert not other.restored_mark.exists()


def test_what_is_withdrawn_while_a_backup_is_made_makes_another_one_due(tmp_path: Path) -> None:
    with new_store(tmp_path / "one") as store:
        store.books.keep_number("backup_due", 1)
        store.begin_backup()
        assert store.backup_due
        store.books.keep_number("backup_due", 1)
        store.note_backup(NOW)
        assert store.backup_due
        store.begin_backup()
        store.note_backup(NOW)
        assert not store.backup_due


def test_a_backup_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    paths = ProfilePaths(tmp_path / "one")
    with new_store(paths.folder) as store:
        paths.vault.write_bytes(b"{}")
        save(store, *(case(content="反映低保评议。" * 200) for _ in range(300)))
        with pytest.raises(Refused, match=r"store\.stopped"):
            store.back_up(paths, KEY, tmp_path / "out" / "profile.backup", lambda: True)
        store.rekey(b"n" * 32)
    assert list((tmp_path / "out").iterdir()) == []


def test_what_a_killed_backup_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    paths, out = ProfilePaths(tmp_path / "one"), tmp_path / "out"
    out.mkdir()
    with new_store(paths.folder) as store:
        paths.vault.write_bytes(b"{}")
        for name in (".monday.0123abcd.backup-copy", ".monday.0123abcd.backup-copy-journal", ".x.0123abcd.backup-new"):
            (out / name).write_bytes(b"sealed")
        store.back_up(paths, KEY, out / "tuesday")
    assert [path.name for path in out.iterdir()] == ["tuesday"]


def test_a_restore_that_was_killed_can_be_run_again(tmp_path: Path) -> None:
    paths, file, back = ProfilePaths(tmp_path / "one"), tmp_path / "a.backup", ProfilePaths(tmp_path / "back")
    with new_store(paths.folder) as store:
        paths.vault.write_bytes(b"{}")
        store.back_up(paths, KEY, file)
    back.folder.mkdir()
    for name in ("restored", "store.db", "store.db.0123abcd.new", "vault.json.0123abcd.new"):
        (back.folder / name).write_bytes(b"half")
    restore_backup(file, back)
    with open_store(back.folder) as store:
        assert store.books.restored
    assert sorted(path.name for path in back.folder.iterdir()) in (
        ["lock", "store.db", "vault.json"],
        ["store.db", "vault.json"],
    )


@pytest.mark.parametrize(
    "names", [("store.db",), ("store.db", "vault.json.previous"), ("vault.json",), ("vault.json.previous", "restored")]
)
def test_a_restore_never_clears_what_it_did_not_leave(tmp_path: Path, names: tuple[str, ...]) -> None:
    paths, file, back = ProfilePaths(tmp_path / "one"), tmp_path / "a.backup", ProfilePaths(tmp_path / "back")
    with new_store(paths.folder) as store:
        paths.vault.write_bytes(b"{}")
        store.back_up(paths, KEY, file)
    back.folder.mkdir()
    for name in (*names, "restored"):
        (back.folder / name).write_bytes(b"mine")
    if names == ("store.db",):
        back.restored_mark.unlink()
    if {"store.db", "vault.json"} & {*names}:
        with pytest.raises(Refused, match="not_empty"):
            restore_backup(file, back)
    else:
        restore_backup(file, back)
    assert all((back.folder / name).read_bytes() == b"mine" for name in names if name != "restored")


def test_a_backup_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    paths, file = ProfilePaths(tmp_path / "one"), tmp_path / "profile.backup"
    with new_store(paths.folder) as store:
        paths.vault.write_bytes(b"{}")
        store.back_up(paths, KEY, file)
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


def test_a_device_enrolled_again_sends_what_waited_with_its_old_ids(store: Store) -> None:
    county = TinyCounty()
    made, waiting = case(), case(title="还没发出")
    save(store, made)
    exchange(store, county)
    save(store, waiting)
    edit(store, made.id, title="改过")
    ids = [decode_change(body).id for _, body in store.sync.waiting_changes(0, 9, 1 << 20)]
    store.enrol_again(facts(device="f" * 32, block="B"))
    bodies = [body for _, body in store.sync.waiting_changes(0, 9, 1 << 20)]
    changes = [decode_change(body) for body in bodies]
    assert [(c.id, c.device, c.sequence) for c in changes] == [(ids[0], "f" * 32, 1), (ids[1], "f" * 32, 2)]
    assert [c.previous for c in changes] == [NO_HASH, change_hash(bodies[0])]
    county.unbroken, county.last_hash, county.echo = 0, NO_HASH, False
    assert exchange(store, county).agreed is True
    with store.work("张明", "TOWN_CDI", NOW) as work:
        number = parse_number(work.draw_number(2026))
        work.add(case())
    assert number is not None and (number.block, number.serial, work.receipt.sequence) == ("B", 1, 3)
