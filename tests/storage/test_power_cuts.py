"""The power goes while what an answer brought is not flushed yet: the store is one that stood before, whole."""

import shutil
from pathlib import Path

import pytest

from desktop.storage.outbox import State
from desktop.storage.store import Store
from sync.domain.declarations import to_fields
from tests.storage.county import TinyCounty, exchange
from tests.storage.profiles import NOW, case, new_store, open_store, step


def save_one(store: Store) -> str:
    made = case()
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(made)
        work.add(step(made.id))
    return made.id


def cut(folder: Path, into: Path, kept: int) -> Path:
    """A copy of the profile with so many bytes of the log: what came last never reached the disk."""
    shutil.copytree(folder, into, ignore=shutil.ignore_patterns("*-shm", "lock"))
    with (into / "store.db-wal").open("r+b") as log:
        log.truncate(kept)
    return into


@pytest.mark.parametrize("brief", [False, True])
def test_an_answer_that_did_not_reach_the_disk_was_not_taken_at_all(tmp_path: Path, brief: bool) -> None:
    folder = tmp_path / "profile"
    county = TinyCounty(brief=brief)
    with new_store(folder) as store:
        ids = [save_one(store) for _ in range(3)]
        county.take([])
        log = folder / "store.db-wal"
        flushed = log.stat().st_size
        foreign = case(title="外来件")
        county.put("Case", foreign.id, foreign.id, to_fields(foreign))
        before = store.books.position
        assert exchange(store, county).agreed is True
        written, after = log.stat().st_size, store.books.position
        assert written > flushed and after > before
        sizes = sorted({flushed, written, *range(flushed, written, max(1, (written - flushed) // 12))})
        copies = [cut(folder, tmp_path / f"cut-{size}", size) for size in sizes]
    for copy in copies:
        with open_store(copy) as found:
            assert found.verify()["store"] == "ok", copy.name
            assert found.books.position in (before, after)
            assert [found.reading.get("Case", name) is not None for name in ids] == [True] * 3
            assert exchange(found, county).agreed is True
            assert found.outbox.count(State.WAITING) == 0 and found.books.position == after
