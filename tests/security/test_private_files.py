"""Files of the owner alone: whole or as they were, on disk before the writer goes on."""

import errno
import os
import stat
from pathlib import Path

import pytest

from sync.private_files import (
    BACKUP_COPY,
    BACKUP_NEW,
    claim,
    clear_unfinished_backups,
    open_private,
    replacing_private,
    unfinished_name,
    write_private,
)


def test_a_file_is_its_owners_alone_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "key"
    write_private(path, b"first")
    write_private(path, b"second")
    assert path.read_bytes() == b"second"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["key"]


def test_a_file_broken_off_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "key"
    write_private(path, b"whole")
    with pytest.raises(ValueError), replacing_private(path) as file:
        file.write(b"half")
        raise ValueError
    assert path.read_bytes() == b"whole"
    assert [one.name for one in tmp_path.iterdir()] == ["key"]


def test_nothing_is_written_over_a_file_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "key"
    write_private(path, b"mine")
    with pytest.raises(FileExistsError):
        open_private(path)


def test_content_then_name_are_on_disk_before_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, seen = tmp_path / "key", []
    flush = os.fsync

    def watched(descriptor: int) -> None:
        what = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        seen.append((what, path.exists()))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    write_private(path, b"x")
    assert seen == [("file", False), ("folder", True)]


@pytest.mark.parametrize(("number", "tolerated"), [(errno.EINVAL, True), (errno.EIO, False)])
def test_a_folder_that_cannot_be_flushed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, tolerated: bool
) -> None:
    flush = os.fsync

    def without_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", without_folders)
    path = tmp_path / "key"
    if tolerated:
        write_private(path, b"x")
    else:
        with pytest.raises(OSError):
            write_private(path, b"x")
    assert path.read_bytes() == b"x"


def test_what_killed_backups_left_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    backup = tmp_path / "day.backup"
    left = [unfinished_name(backup, ending) for ending in (BACKUP_NEW, BACKUP_COPY)]
    left += [left[1].with_name(left[1].name + "-journal"), tmp_path / ".b.0123abcd.backup-copy-wal"]
    others = [
        backup, unfinished_name(backup), tmp_path / "a.0123abcd.backup-new", tmp_path / ".a.backup-new",
        tmp_path / ".a.0123abcd.backup-newer", tmp_path / ".a.0123ABCD.backup-new",
    ]  # fmt: skip
    for path in (*left, *others):
        path.write_bytes(b"sealed")
    clear_unfinished_backups(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(others)
    clear_unfinished_backups(tmp_path / "none")


def test_what_is_still_written_stays(tmp_path: Path) -> None:
    path = tmp_path / "day.backup"
    with replacing_private(path, BACKUP_NEW) as file:
        file.write(b"half")
        clear_unfinished_backups(tmp_path)
    copy = unfinished_name(path, BACKUP_COPY)
    with open_private(copy) as held:
        assert claim(held)
        journal = copy.with_name(copy.name + "-journal")
        journal.write_bytes(b"of who writes the copy")
        clear_unfinished_backups(tmp_path)
        assert copy.exists() and journal.exists()
    clear_unfinished_backups(tmp_path)
    assert list(tmp_path.iterdir()) == [path] and path.read_bytes() == b"half"
