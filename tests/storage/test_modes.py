"""A profile and its backups are the owner's alone, whatever the umask."""

import os
from pathlib import Path

import pytest

from desktop.cli.files import write_file
from tests.services.offices import make_profile, opened


@pytest.mark.skipif(os.name == "nt", reason="modes are of the other systems")
def test_nobody_else_reads_what_verbs_write(tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        write_file(tmp_path / "letter.pdf", b"1")
        write_file(tmp_path / "letter.pdf", b"2")
        with opened(make_profile(tmp_path / "town")) as office:
            case = office.record("Case", {"source_channel": "LETTER", "received_at": "2026-11-20", "title": "来信"})
            (tmp_path / "scan.txt").write_text("证据", encoding="utf-8")
            attached = office.attach("Case", case.id, tmp_path / "scan.txt")
            office.export_attachment(attached.id, tmp_path / "out.txt")
    finally:
        os.umask(former)
    modes = {name: (tmp_path / name).stat().st_mode & 0o777 for name in ("letter.pdf", "out.txt")}
    assert (modes, (tmp_path / "letter.pdf").read_bytes()) == ({"letter.pdf": 0o600, "out.txt": 0o600}, b"2")


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
