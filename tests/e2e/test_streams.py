"""Results and complaints go out as the verbs page says, whatever stands at the other end of the streams."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.county import DESKTOP, SERVER, County, Office
from tests.e2e.processes import environment, run
from tests.e2e.test_refusals import refused

LETTER = {"source_channel": "LETTER", "received_at": "2026-11-20T09:10", "nature": "CLAIM", "title": "𬭎㙍"}
CLOSED, GONE, FULL = "closed", "gone", "full"


def run_into(sink: str, module: str, *words: str | Path, **more: str) -> tuple[int, str]:
    """Exit code and stderr of a verb whose stdout is a closed one, a pipe nobody reads, or a full disk."""
    command = [sys.executable, "-m", module, *map(str, words)]
    if sink == CLOSED:
        command = ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *command]
    kind: dict[str, Any] = {"stderr": subprocess.PIPE, "env": {**environment(), **more}, "cwd": "/"}
    if sink == GONE:
        reading, writing = os.pipe()
        os.close(reading)
        kind["stdout"] = writing
    elif sink == FULL:
        kind["stdout"] = writing = os.open("/dev/full", os.O_WRONLY)
    with subprocess.Popen(command, **kind) as process:
        _, err = process.communicate(timeout=120)
    if sink != CLOSED:
        os.close(writing)
    return process.returncode, err.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize(("sink", "code", "lines"), [(CLOSED, 0, 0), (GONE, 0, 0), (FULL, 3, 1)])
def test_what_was_saved_is_not_called_refused(new_town_once: Office, sink: str, code: int, lines: int) -> None:
    office, before = new_town_once, len(new_town_once.listed("Case"))
    paper = office.paper(LETTER)
    ended, err = run_into(sink, DESKTOP, "record", "Case", "--in", paper, *office.signs_in)
    assert (ended, err.count("\n")) == (code, lines), err
    assert "Traceback" not in err and "没有登记" not in err
    assert len(office.listed("Case")) == before + 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize(("sink", "code"), [(CLOSED, 0), (GONE, 0), (FULL, 3)])
def test_county_verbs_too(county: County, sink: str, code: int) -> None:
    ended, err = run_into(sink, SERVER, "devices", "--json", "--home", county.home)
    assert (ended, err.count("\n")) == (code, int(code > 0)), err


def test_the_county_speaks_utf_8_on_every_system(county: County) -> None:
    words = [sys.executable, "-m", SERVER, "status", "--json", "--home", str(county.home)]
    done = subprocess.run(
        words,
        env={**environment(), "PYTHONUTF8": "0", "PYTHONIOENCODING": "gbk"},
        cwd="/",
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout.decode("utf-8"))


@pytest.mark.parametrize("name", ["missing", "folder", "binary", "list.csv"])
def test_divisions_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    table = tmp_path / name
    if name == "folder":
        table.mkdir()
    elif name == "binary":
        table.write_bytes(b"PK\x03\x04\xff\xfe\x00")
    elif name == "list.csv":
        table.write_text(
            "area_code,area,town_code,town,village_code,village\n431021,县,431021001,镇\n", encoding="utf-8"
        )
    words = ("init", "--home", tmp_path / "home", "--org", "431021", "--divisions", table)
    refused(run(SERVER, *words))
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("org", ["43", "4310", "431021102"])
def test_only_a_county_can_be_made(tmp_path: Path, org: str) -> None:
    line = refused(run(SERVER, "init", "--home", tmp_path / "home", "--org", org))
    assert org in line and not (tmp_path / "home").exists()


def test_a_name_the_county_could_not_take_is_refused(new_town_once: Office, county: County, tmp_path: Path) -> None:
    office, name = new_town_once, "长" * 201
    words = ("user", "add", name, "--role", "RECEPTION", "--new-passphrase-file", office.passphrase)
    assert "100" in refused(office.verb(*words))
    late = county.office_to_be("late")
    refused(late.verb("init", "--ticket", county.office_ticket, "--user", name, "--role", "COUNTY_OFFICE"))
    assert not (late.folder / "vault.json").exists()
    ticket = ("ticket", "--unit", office.unit, "--role", "RECEPTION", "--out", tmp_path / "long.ticket")
    refused(county.verb(*ticket, "--name", name))
    assert not (tmp_path / "long.ticket").exists()


def test_a_county_file_whose_name_has_two_lines(county: County, tmp_path: Path) -> None:
    refused(county.verb("accept", tmp_path / "two\nlines", "--answer", tmp_path / "answer"))


def test_a_field_given_twice_is_not_guessed(new_town_once: Office, tmp_path: Path) -> None:
    paper = tmp_path / "twice.json"
    paper.write_text('{"received_at": "2026-11-20T10:00", "title": "甲", "title": "乙"}', encoding="utf-8")
    line = refused(new_town_once.verb("record", "Reception", "--in", paper))
    assert "title" in line


def test_files_that_are_far_too_large_are_not_read(new_town_once: Office, tmp_path: Path) -> None:
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(1 << 40)
    office = new_town_once
    refused(office.verb("init", "--ticket", huge, "--user", "张明", "--role", "TOWN_CDI"))
    refused(office.verb("exchange", "--carry-in", huge))
    refused(run(DESKTOP, "list", "Case", "--json", "--profile", office.folder, "--passphrase-file", huge))


def test_county_files_that_are_far_too_large_are_not_read(county: County, tmp_path: Path) -> None:
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(1 << 40)
    refused(county.verb("accept", huge, "--answer", tmp_path / "answer"))
    refused(county.verb("publish", "calendar", huge))
    refused(county.verb("recover", huge, "--share", huge, "--code", "1", "--out", tmp_path / "out"))
