"""The verbs as an administrator runs them: serve through kills, shared PostgreSQL, one line for every trouble."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from sync.client.enrolment import begin_enrolment, enrol_by_wire
from sync.client.transport import HttpsTransport
from sync.domain.errors import Unreachable
from sync.protocol.keys import exchange_public, generate_exchange_key
from sync.protocol.ticket import decode_ticket, open_ticket_card
from sync.server.county import now_ms
from tests.house.tree import ROOT

VERB = [sys.executable, "-W", "error", "-m", "sync.server"]


def verb(*words: object) -> subprocess.CompletedProcess[str]:
    command = [*VERB, *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def serving(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    command = [*VERB, "serve", "--home", str(home), "--port", str(port)]
    with (home.parent / "serve.log").open("a") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        assert str(port) in process.stdout.readline()
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGKILL)
        if process.stdout is not None:
            process.stdout.close()


def postmaster(home: Path) -> psutil.Process:
    return psutil.Process(int((home / "postgres" / "data" / "postmaster.pid").read_text().split("\n", 1)[0]))


def free_port() -> int:
    import socket

    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        return int(plug.getsockname()[1])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    home, port = tmp_path_factory.mktemp("serve") / "home", free_port()
    done = verb("init", "--home", home, "--org", "431021", "--url", f"https://127.0.0.1:{port}")
    assert done.returncode == 0, done.stderr
    return home, port


def test_keys_are_private_and_no_parent_of_the_database(place: tuple[Path, int]) -> None:
    keys = place[0] / "keys"
    assert keys.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in keys.iterdir()} == {0o600}
    assert keys not in (place[0] / "postgres" / "data").parents


def test_a_device_joins_over_tls_and_verbs_work_meanwhile(place: tuple[Path, int], tmp_path: Path) -> None:
    home, port = place
    made = verb("ticket", "--home", home, "--unit", "431021102", "--role", "TOWN_OFFICE", "--out", tmp_path / "t")
    assert made.returncode == 0, made.stderr
    ticket = decode_ticket((tmp_path / "t").read_bytes())
    pending = begin_enrolment(ticket, "张明", "TOWN_OFFICE", exchange_public(generate_exchange_key()), now_ms())
    with serving(home, port), HttpsTransport(open_ticket_card(ticket)) as transport:
        assert enrol_by_wire(pending, transport).unit == "431021102"
        found = json.loads(verb("verify", "--home", home, "--unit", "431021102", "--json").stdout)
        assert (found["store"], found["records"]["Staff"]) == ("ok", 1)
        assert postmaster(home).is_running()
    assert not (home / "postgres" / "data" / "postmaster.pid").exists()


def test_serve_recovers_from_kills(place: tuple[Path, int], rounds: int) -> None:
    home, port = place
    for _ in range(rounds):
        with serving(home, port) as process:
            process.kill()
            process.wait(10)
        with serving(home, port):
            killed = postmaster(home)
            killed.kill()
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                done = verb("status", "--home", home, "--json")
                if done.returncode == 0 and postmaster(home).pid != killed.pid:
                    break
            assert done.returncode == 0, done.stderr
        assert not (home / "postgres" / "data" / "postmaster.pid").exists()


def test_a_county_that_is_gone_is_unreachable(place: tuple[Path, int]) -> None:
    home, port = place
    with serving(home, port) as process:
        ticket = decode_ticket((home.parent / "home-office.ticket").read_bytes())
        process.kill()
        process.wait(10)
        with HttpsTransport(open_ticket_card(ticket)) as transport, pytest.raises(Unreachable):
            transport.post("/v1/exchange", b"")
    assert verb("status", "--home", home).returncode == 0
    assert not (home / "postgres" / "data" / "postmaster.pid").exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("nonsense",), 2),
        (("status",), 2),
        (("init", "--org", "431021"), 1),
        (("init", "--org", "999999"), 1),
        (("ticket", "--unit", "431021102", "--role", "MAYOR", "--out", "x"), 1),
        (("list", "Dragon", "--json"), 1),
        (("show", "Case", "0" * 32, "--json"), 1),
        (("revoke", "0" * 32), 1),
    ],
)
def test_every_trouble_is_one_line(place: tuple[Path, int], words: tuple[str, ...], code: int) -> None:
    home = ("--home", place[0]) if words[0] != "status" else ()
    done = verb(*words, *home)
    assert (done.returncode, done.stdout) == (code, "")
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_a_port_that_is_taken_is_one_line_and_leaves_nothing(place: tuple[Path, int]) -> None:
    home, port = place
    with serving(home, port):
        done = verb("serve", "--home", home, "--port", port)
        assert (done.returncode, done.stdout) == (1, "")
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert list((home / "postgres" / "users").iterdir()) == []
