"""What is refused is refused with its exit code and one clear line, and nothing changed."""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.county import DESKTOP, County, Office
from tests.e2e.processes import Done, run, start
from tests.e2e.samples import walk_in


def refused(done: Done, code: int = 1) -> str:
    """The one line of a refusal."""
    assert done.code == code, str(done)
    lines = done.err.splitlines()
    assert len(lines) == 1, str(done)
    assert "Traceback" not in done.err
    assert done.out == ""
    return lines[0]


def test_a_wrong_passphrase(new_town_once: Office, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("错误的口令\n", encoding="utf-8")
    words = ("list", "Case", "--json", "--profile", new_town_once.folder, "--passphrase-file", wrong)
    refused(run(DESKTOP, *words))
    assert new_town_once.listed("Case") == []


def test_a_ticket_is_good_once(county: County, unused_towns: Iterator[str]) -> None:
    ticket = county.ticket(next(unused_towns))
    county.enrol("", ticket=ticket)
    late = county.office_to_be("late")
    refused(late.verb("init", "--ticket", ticket, "--user", "李四", "--role", "TOWN_CDI"))
    assert not (late.folder / "vault.json").exists()


def test_a_role_the_ticket_does_not_allow(county: County, unused_towns: Iterator[str]) -> None:
    ticket = county.ticket(next(unused_towns), "RECEPTION")
    office = county.office_to_be("role")
    refused(office.verb("init", "--ticket", ticket, "--user", "李四", "--role", "TOWN_CDI"))
    office.does("init", "--ticket", ticket, "--user", "李四", "--role", "RECEPTION")


def test_an_expired_ticket(county: County, unused_towns: Iterator[str]) -> None:
    ticket = county.ticket(next(unused_towns), "TOWN_CDI", "--expires", "0")
    refused(county.office_to_be("expired").verb("init", "--ticket", ticket, "--user", "李四", "--role", "TOWN_CDI"))


@pytest.mark.parametrize("spoil", [lambda data: data[:-40], lambda data: b"", lambda data: b"hello\n" + data])
def test_a_damaged_ticket(
    county: County, unused_towns: Iterator[str], spoil: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    ticket = county.office_ticket
    damaged = tmp_path / "damaged.ticket"
    damaged.write_bytes(spoil(ticket.read_bytes()))
    office = county.office_to_be("damaged")
    refused(office.verb("init", "--ticket", damaged, "--user", "李四", "--role", "COUNTY_OFFICE"))


def test_a_damaged_answer_changes_nothing(
    county: County, new_town: Callable[[], Office], dice: random.Random, tmp_path: Path
) -> None:
    town = new_town()
    town.record("Reception", walk_in(dice))
    request, answer = tmp_path / "request", tmp_path / "answer"
    town.exchange("--carry-out", request)
    county.does("accept", request, "--answer", answer)
    content = bytearray(answer.read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "damaged").write_bytes(content)
    before = town.verify()
    refused(town.verb("exchange", "--carry-in", tmp_path / "damaged"))
    assert town.verify() == before
    town.exchange("--carry-in", answer)
    assert town.verify()["unsent"] == 0
    assert town.verify()["digest"] == county.verify(town.unit)["digest"]


def test_an_answer_of_another_town_is_refused(
    county: County, new_town: Callable[[], Office], dice: random.Random, tmp_path: Path
) -> None:
    first, second = new_town(), new_town()
    first.record("Reception", walk_in(dice))
    first.exchange("--carry-out", tmp_path / "request")
    county.does("accept", tmp_path / "request", "--answer", tmp_path / "answer")
    refused(second.verb("exchange", "--carry-in", tmp_path / "answer"))


def test_a_second_process(new_town_once: Office) -> None:
    office = new_town_once
    with holding(office):
        line = refused(office.verb("list", "Case", "--json"))
    assert line
    office.does("list", "Case", "--json")


@contextmanager
def holding(office: Office) -> Iterator[None]:
    """Another process that holds the profile's lock."""
    code = "import sys; from filelock import FileLock; held = FileLock(sys.argv[1]); held.acquire()"
    waiting = "; print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code + waiting, str(office.folder / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield
        process.communicate()


IMPOSSIBLE: tuple[tuple[str, dict[str, object], str], ...] = (
    ("Reception", {"received_at": "2026-02-30T10:00"}, "received_at"),
    ("Reception", {"received_at": "2026-11-20T10:00", "nature": "WISH"}, "nature"),
    ("Reception", {"received_at": "2026-11-20T10:00", "colour": "red"}, "colour"),
    ("Visit", {"contact_mode": "SCREEN", "started_at": "2026-11-20T09:10", "village": "999999999999"}, "village"),
)


def test_what_cannot_be_taken_is_named(new_town_once: Office) -> None:
    office = new_town_once
    before = office.verify()
    for kind, value, named in IMPOSSIBLE:
        assert named in refused(office.verb("record", kind, "--in", office.paper(value)))
    assert office.verify() == before


@pytest.mark.parametrize("words", [("dance",), ("record",), ("list", "Case", "--colour", "red")])
def test_unknown_words_are_usage(words: tuple[str, ...]) -> None:
    with start(DESKTOP, *words) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Traceback" not in err


def test_a_vault_of_a_newer_version_is_left_alone(new_town_once: Office) -> None:
    vault = new_town_once.folder / "vault.json"
    before = vault.read_text(encoding="utf-8")
    newer = {**json.loads(before), "version": 99}
    vault.write_text(json.dumps(newer), encoding="utf-8")
    line = refused(new_town_once.verb("list", "Case", "--json"))
    assert json.loads(vault.read_text(encoding="utf-8")) == newer
    vault.write_text(before, encoding="utf-8")
    assert "口令" not in line
    new_town_once.does("list", "Case", "--json")


def test_an_unknown_record(new_town_once: Office) -> None:
    refused(new_town_once.verb("show", "Case", "0" * 32, "--json"))
