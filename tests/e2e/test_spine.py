"""Records made offline with kills in between; one exchange; equal digests; every value at the county."""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.county import County, Office
from tests.e2e.processes import cold_starts
from tests.e2e.samples import differences, villages_of, visit, walk_in


@pytest.fixture(autouse=True)
def as_people_start_it() -> Iterator[None]:
    """Every verb of this file starts cold."""
    with cold_starts():
        yield


def test_what_towns_record_is_at_the_county(
    county: County, new_town: Callable[[], Office], dice: random.Random, rounds: int
) -> None:
    town = new_town()
    villages = villages_of(town.unit)
    given: dict[str, tuple[str, dict[str, Any]]] = {}
    for i in range(rounds):
        for kind, value in (("Visit", visit(dice, villages[i % len(villages)])), ("Reception", walk_in(dice))):
            given[town.record(kind, value)["id"]] = (kind, value)
    before = town.verify()
    assert before["unsent"] == len(given)
    town.exchange()
    proof, answer = town.verify(), county.verify(town.unit)
    assert proof["unsent"] == 0
    assert (proof["digest"], proof["records"]) == (answer["digest"], answer["records"])
    wrong = {record: differences(value, county.show(kind, record)) for record, (kind, value) in given.items()}
    assert not any(wrong.values()), wrong
    assert {row["id"] for row in county.listed("Visit", town.unit)} == {
        r for r, (k, _) in given.items() if k == "Visit"
    }


def test_a_killed_record_is_there_once_or_not_at_all(
    new_town: Callable[[], Office], dice: random.Random, rounds: int
) -> None:
    town = new_town()
    village = villages_of(town.unit)[0]
    started = time.monotonic()
    acknowledged = {town.record("Visit", visit(dice, village))["id"]}
    usual = time.monotonic() - started
    attempts = 1
    for _ in range(rounds * 3):
        paper = town.paper(visit(dice, village))
        done = town.killed("record", "Visit", "--in", paper, after=usual * dice.uniform(0.4, 1.1))
        attempts += 1
        if done.code == 0:
            acknowledged.add(done.json["id"])
    rows = [row["id"] for row in town.listed("Visit")]
    assert acknowledged <= set(rows)
    assert len(rows) == len(set(rows)) <= attempts
    numbers = [row["number"] for row in town.listed("Visit")]
    assert len(numbers) == len(set(numbers))
    findings = town.listed("Finding")
    assert len(findings) == 3 * len(rows)
    assert town.verify()["store"] == "ok"


def test_what_is_shown_can_be_recorded_and_corrected(new_town: Callable[[], Office], dice: random.Random) -> None:
    town = new_town()
    value = walk_in(dice)
    saved = town.record("Reception", value)
    assert differences(value, town.show("Reception", saved["id"])) == []
    paper = town.paper({"place": "二楼接待室"})
    town.does("correct", "Reception", saved["id"], "--in", paper)
    shown = town.show("Reception", saved["id"])
    assert shown["place"] == "二楼接待室"
    assert shown["number"] == saved["number"]
    town.does("void", "Reception", saved["id"], "--reason", "重复登记")
    assert town.verify()["store"] == "ok"
