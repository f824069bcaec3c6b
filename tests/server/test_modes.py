"""What the county writes for its administrator is his alone, whatever the umask."""

import os
from pathlib import Path

import pytest

from sync.server.backup import write_backup
from sync.server.county import County
from sync.server.files import write_new


@pytest.mark.skipif(os.name == "nt", reason="modes are of the other systems")
def test_nobody_else_reads_a_backup_or_a_ticket(county: County, tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        write_backup(county, tmp_path / "county.backup")
        write_new(tmp_path / "town.ticket", b"secret")
    finally:
        os.umask(former)
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir() if path.is_file()} == {
        "county.backup": 0o600, "town.ticket": 0o600,
    }  # fmt: skip
