"""SIGKILL of the verb, of the server and of PostgreSQL at random moments; equal digests, exact counts."""

import random
import signal
import threading
import time
from contextlib import suppress

import psutil

from tests.e2e.county import DESKTOP, County, Office
from tests.e2e.processes import processes_of, start
from tests.e2e.samples import villages_of, visit, walk_in

TOWN = "431021001"


def record_some(town: Office, dice: random.Random) -> int:
    """Record a visit and a walk-in; returns how many changes that made."""
    town.record("Visit", visit(dice, villages_of(TOWN)[0]))
    town.record("Reception", walk_in(dice))
    return 2


def kill_postgres(county: County) -> None:
    for process in processes_of(county.home):
        with suppress(psutil.NoSuchProcess):
            if "postgres" in process.name() and "-D" in process.cmdline():
                process.kill()


def exchange_while(town: Office, strike: threading.Timer) -> int:
    """Start an exchange, strike meanwhile; returns its exit code."""
    with start(DESKTOP, "exchange", *town.signs_in) as verb:
        strike.start()
        verb.communicate(timeout=90)
    strike.join()
    return verb.returncode


def test_kills_lose_and_double_nothing(own_county: County, dice: random.Random, rounds: int) -> None:
    town = own_county.enrol(TOWN)
    recorded = 0
    for i in range(max(3, rounds)):
        recorded += record_some(town, dice)
        strike_once(own_county, town, dice, ("verb", "serve", "postgres")[i % 3])
    town.exchange()
    proof, answer = town.verify(), own_county.verify(TOWN)
    assert (proof["digest"], proof["records"]) == (answer["digest"], answer["records"])
    assert proof["unsent"] == 0
    assert answer["records"]["Visit"] + answer["records"]["Reception"] == recorded
    assert answer["records"]["Finding"] == 3 * answer["records"]["Visit"]


def strike_once(county: County, town: Office, dice: random.Random, victim: str) -> None:
    """One exchange with one kill in it; afterwards the county runs again."""
    after = dice.uniform(0.2, 1.6)
    if victim == "verb":
        town.killed("exchange", after=after)
        return
    strike = threading.Timer(after, county.kill if victim == "serve" else lambda: kill_postgres(county))
    code = exchange_while(town, strike)
    assert code in (0, 75), code
    if victim == "postgres":
        county.sweep()
    county.start()


def test_a_server_that_is_gone_is_told_in_time(own_county: County, dice: random.Random) -> None:
    town = own_county.enrol(TOWN)
    record_some(town, dice)
    own_county.stop()
    done = town.verb("exchange", seconds=60)
    assert done.code == 75
    assert len(done.err.splitlines()) == 1
    assert town.verify()["unsent"] == 2


def test_a_stopped_server_leaves_no_process(own_county: County) -> None:
    own_county.stop()
    assert [process for process in processes_of(own_county.home) if process.status() != psutil.STATUS_ZOMBIE] == []


def test_a_server_asked_to_end_while_it_starts_leaves_no_process(own_county: County) -> None:
    own_county.stop()
    for moment in (0.3, 0.5, 0.7, 0.9, 1.2):
        server = own_county.launch()
        time.sleep(moment)
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) in (0, -signal.SIGTERM)
        own_county.server = None
        assert processes_of(own_county.home) == []
