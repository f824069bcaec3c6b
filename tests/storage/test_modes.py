"""A profile and its backups are the owner's alone, whatever the umask."""

import os
from pathlib import Path

import pytest

from tests.services.offices import make_profile, opened


@pytest.mark.skipif(os.name == "nt", reason="modes are of the other systems")
def test_nobody_else_reads_the_profile(tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        folder = make_profile(tmp_path / "town")
        with opened(folder) as office:
            office.back_up_when_due()
            office.backup(tmp_path / "by-hand.backup")
            live = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir() if path.is_file()}
    finally:
        os.umask(former)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert live.keys() >= {"store.db", "store.db-wal", "vault.json"}
    assert set(live.values()) == {0o600}
    backups = [tmp_path / "by-hand.backup", *(folder / "backups").iterdir()]
    assert len(backups) == 2
    assert {path.stat().st_mode & 0o777 for path in backups} == {0o600}
