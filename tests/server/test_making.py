"""A county's home is whole or not there: whatever kills its making, the same words make it afterwards."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sync.domain.errors import Refused
from sync.protocol.keys import generate_exchange_key
from sync.server.custodians import write_shares
from sync.server.founding import Founding, found_county
from sync.server.home import FORMAT_VERSION, CountyHome, HomeFacts
from sync.server.making import making_home
from tests.e2e.county import SERVER
from tests.e2e.processes import run, start

FACTS = HomeFacts(FORMAT_VERSION, "431021", "桂阳县", "https://127.0.0.1:8443", "")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "county"
    for process in psutil.process_iter(["cmdline"]):
        assert not any(str(tmp_path / "county") in word for word in process.info["cmdline"] or ()), process


@pytest.mark.parametrize("until", ["keys/card", "postgres/data/base", "postgres/data/postmaster.pid"])
def test_init_after_it_was_killed(home: Path, until: str) -> None:
    words = ("init", "--home", home, "--org", "431021", "--office-ticket", home.with_name("office.ticket"))
    with start(SERVER, *words) as process:
        while not (home / until).exists() and process.poll() is None:
            threading.Event().wait(0.005)
        process.kill()
        process.communicate()
    assert run(SERVER, *words).code == 0
    assert not (home / "county.unfinished").exists()
    assert run(SERVER, "status", "--json", "--home", home).code == 0
    assert run(SERVER, *words).code == 1


def test_a_ticket_of_the_killed_making_is_not_in_the_way(home: Path) -> None:
    founding = Founding(home, "431021", FACTS.url, home.with_name("office.ticket"))
    found_county(founding)
    before = founding.office_ticket.read_bytes()
    (home / "county.json").rename(home / "county.unfinished")
    found_county(founding)
    assert founding.office_ticket.read_bytes() != before
    CountyHome(home).read_facts()


def test_what_cannot_be_made_leaves_nothing_and_others_files_alone(tmp_path: Path) -> None:
    home = CountyHome(tmp_path / "new")
    with pytest.raises(ZeroDivisionError), making_home(home, FACTS):
        raise ZeroDivisionError
    assert not home.folder.exists()
    home.folder.mkdir()
    (home.folder / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), making_home(home, FACTS):
        (home.postgres_folder / "data").mkdir(parents=True)
        raise ZeroDivisionError
    assert [path.name for path in home.folder.iterdir()] == ["mine.txt"]


def test_two_do_not_make_one_home(tmp_path: Path) -> None:
    home = CountyHome(tmp_path / "new")
    with making_home(home, FACTS), pytest.raises(Refused, match="home_taken"), making_home(home, FACTS):
        raise AssertionError
    assert home.read_facts() == FACTS


def test_shares_that_lie_there_are_never_written_over(tmp_path: Path) -> None:
    write_shares(tmp_path, 2, generate_exchange_key(), "431021")
    before = (tmp_path / "custodian-1.recovery").read_bytes()
    with pytest.raises(Refused, match="file_exists"):
        write_shares(tmp_path, 3, generate_exchange_key(), "431022")
    assert (tmp_path / "custodian-1.recovery").read_bytes() == before
