"""The newest version equals the tables; up and down with data; older stores are backed up before they change."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from desktop.paths import ProfilePaths
from desktop.storage import upgrade as upgrades
from desktop.storage.engine import Database
from desktop.storage.store import Store
from desktop.storage.upgrade import VERSIONS, create_tables, migrate, schema_version
from tests.migrations.schema import statements
from tests.storage.profiles import KEY, NOW, case, new_store, open_store, step


def test_every_version_is_listed() -> None:
    config = Config()
    config.set_main_option("script_location", "desktop.storage:migrations")
    found = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(found)) == VERSIONS


def test_the_newest_version_equals_the_tables(tmp_path: Path) -> None:
    with Database(tmp_path / "made.db", KEY, create=True) as made, made.transaction():
        create_tables(made)
        wanted = statements(made)
    with Database(tmp_path / "migrated.db", KEY, create=True) as migrated:
        migrate(migrated, VERSIONS[-1])
        assert statements(migrated) == wanted, "add a migration: python -m tests.migrations.schema"
        assert schema_version(migrated) == VERSIONS[-1]


def test_up_and_down_with_data(store: Store) -> None:
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(case())
    migrate(store.database, "base")
    left = store.database.run("SELECT name FROM sqlite_master WHERE type = 'table'")
    assert left == [("alembic_version",)]
    migrate(store.database, VERSIONS[-1])
    assert store.reading.count("Case") == 0


def test_what_waits_to_be_indexed_waits_on(store: Store) -> None:
    waiting = [("Case", "b"), ("Visit", "a"), ("Case", "b")]
    store.search.queue(waiting)
    migrate(store.database, "0008")
    assert store.database.run("SELECT kind, id FROM search_queue ORDER BY rowid") == waiting[:2]
    migrate(store.database, VERSIONS[-1])
    assert store.database.run("SELECT kind, id FROM search_queue ORDER BY entry") == waiting[:2]


def test_upgrades_that_were_cut_off_leave_one_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = ProfilePaths(tmp_path)
    with new_store(tmp_path) as store:
        paths.vault.write_bytes(b"{}")
        migrate(store.database, VERSIONS[-2])
    with monkeypatch.context() as cut:
        cut.setattr(upgrades, "migrate", _cut_off)
        for now in range(1, 4):
            with pytest.raises(KeyboardInterrupt):
                Store.open(paths, KEY, clock=partial(int, now))
    with Store.open(paths, KEY, clock=lambda: 9) as store:
        assert schema_version(store.database) == VERSIONS[-1]
    assert [path.name for path in paths.backups.iterdir()] == [f"before-{VERSIONS[-1]}-9.backup"]


def _cut_off(_database: Database, _target: str) -> None:
    raise KeyboardInterrupt


def test_an_older_store_is_backed_up_and_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths, made = ProfilePaths(tmp_path), case()
    with new_store(tmp_path) as store:
        with store.work("张明", "TOWN_CDI", NOW) as work:
            work.add(made)
        with store.database.transaction():
            store.database.run("UPDATE alembic_version SET version_num = '0000'")
    paths.vault.write_bytes(b"{}")
    monkeypatch.setattr(upgrades, "VERSIONS", ("0000", *VERSIONS))
    monkeypatch.setattr(upgrades, "migrate", _mark)
    with open_store(tmp_path) as store:
        assert schema_version(store.database) == VERSIONS[-1] and store.reading.get("Case", made.id) is not None
    assert [path.suffix for path in paths.backups.iterdir()] == [".backup"]


def _mark(database: Database, target: str) -> None:
    with database.transaction():
        database.run("UPDATE alembic_version SET version_num = ?", (target,))


def test_kinds_that_became_known_get_their_tables(tmp_path: Path) -> None:
    from sync.domain.declarations import to_fields
    from sync.protocol.canonical import content_hash, encode_fields

    made = case()
    body = encode_fields(to_fields(made))
    with new_store(tmp_path) as store, store.database.transaction():
        store.database.run(
            "INSERT INTO raw_record(kind, id, dossier, owner, revision, hash, fields) "
            "VALUES('Case', ?, ?, 'T', 3, ?, ?)",
            (made.id, made.id, content_hash(body), body),
        )
    with open_store(tmp_path) as store:
        stored = store.reading.get("Case", made.id)
        assert stored is not None and stored.record == made and stored.revision == 3
        store.search.index_some()
        assert store.search.search("花园村").total == 1


def test_the_procedure_a_step_names_survives_an_older_version(store: Store) -> None:
    made = case()
    named = replace(step(made.id), step="CLASSIFY", procedure="JUDICIAL")
    with store.work("张明", "TOWN_CDI", NOW) as work:
        for record in (made, step(made.id), named):
            work.add(record)
    before = store.reading.get("Step", named.id)
    migrate(store.database, "0009")
    assert store.database.count("SELECT count(*) FROM record_step WHERE extra IS NOT NULL") == 1
    migrate(store.database, VERSIONS[-1])
    after = store.reading.get("Step", named.id)
    assert after == before and after is not None and after.record == named
    assert store.database.run("SELECT procedure, extra FROM record_step ORDER BY procedure") == [
        (None, None),
        ("JUDICIAL", None),
    ]
    assert store.verify()["store"] == "ok"
