"""Stores that earlier releases wrote open with this one, and nothing in them is lost."""

from pathlib import Path

import pytest

from desktop.paths import ProfilePaths
from desktop.storage.outbox import State
from desktop.storage.upgrade import VERSIONS, schema_version
from sync.domain.records import Case, IdentityKey, Visit
from tests.migrations.kept_store import HOUSEHOLDS, IDS, NUMBER, fixture, unpack
from tests.storage.profiles import facts, open_store


@pytest.mark.parametrize("version", VERSIONS)
def test_a_kept_store_opens_whole(tmp_path: Path, version: str) -> None:
    paths = ProfilePaths(tmp_path)
    paths.vault.write_bytes(b"{}")
    unpack(version, paths.store)
    with open_store(tmp_path) as store:
        assert schema_version(store.database) == VERSIONS[-1] and store.facts == facts()
        kept = zip(("Case", "Visit", "IdentityKey"), IDS, strict=False)
        shown, trip, key = (store.reading.get(kind, id_) for kind, id_ in kept)
        assert shown and isinstance(shown.record, Case) and isinstance(trip and trip.record, Visit)
        assert (shown.record.title, shown.record.number, shown.extra["mood"]) == ("改过的题目", NUMBER, "calm")
        assert trip and isinstance(trip.record, Visit) and trip.record.households == HOUSEHOLDS
        assert key and isinstance(key.record, IdentityKey) and key.record.slots[0].sealed == b"\0"
        assert store.outbox.count(State.WAITING) == 1 and len(store.drafts.all_of("张明")) == 1
        found = store.verify()
        assert (found["store"], found["unsent"], found["records"].get("Hearing")) == ("ok", 1, 1)
        assert {hit.id for hit in store.search.search("题目").hits} == {IDS[0]}


def test_the_kept_stores_are_small() -> None:
    assert all(fixture(version).stat().st_size < 200_000 for version in VERSIONS)
