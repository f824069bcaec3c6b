"""Damaged, foreign and newer files are refused with exit code 1 and one line; neither side changes."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.county import County, Office
from tests.e2e.near import NearOffice, near
from tests.e2e.samples import walk_in
from tests.e2e.test_refusals import refused


def spoilt(data: bytes) -> list[bytes]:
    """The bytes cut short, changed in the middle, of something else, and none."""
    middle = len(data) // 2
    return [data[:-5], data[:middle] + bytes((data[middle] ^ 1,)) + data[middle + 1 :], b"x" + data, b""]


def standing(county: County, town: Office) -> tuple[Any, Any]:
    """Both sides as far as anything could have changed."""
    return town.verify(), county.verify(town.unit)


@pytest.fixture(scope="module")
def town(new_town_once: Office) -> NearOffice:
    return near(new_town_once)


def test_carried_files(county: County, town: NearOffice, dice: random.Random, tmp_path: Path) -> None:
    town.record("Reception", walk_in(dice))
    request, answer, bad = tmp_path / "request", tmp_path / "answer", tmp_path / "bad"
    town.exchange("--carry-out", request)
    before = standing(county, town)
    for data in spoilt(request.read_bytes()):
        bad.write_bytes(data)
        refused(county.verb("accept", bad, "--answer", answer))
        assert not answer.exists()
    assert standing(county, town) == before
    county.does("accept", request, "--answer", answer)
    before = standing(county, town)
    for data in [*spoilt(answer.read_bytes()), request.read_bytes()]:
        bad.write_bytes(data)
        refused(town.verb("exchange", "--carry-in", bad))
    assert standing(county, town) == before
    town.exchange("--carry-in", answer)
    town.exchange("--carry-in", answer)


def test_tickets(county: County, town: NearOffice, tmp_path: Path) -> None:
    ticket, bad = county.ticket(town.unit), tmp_path / "bad.ticket"
    empty = replace(town, folder=tmp_path / "empty")
    empty.passphrase.write_bytes(town.passphrase.read_bytes())
    for data in spoilt(ticket.read_bytes()):
        bad.write_bytes(data)
        refused(empty.verb("init", "--ticket", bad, "--user", "张明", "--role", "TOWN_CDI"))
        refused(town.verb("reenrol", "--ticket", bad))
    refused(town.verb("reenrol", "--ticket", county.ticket("431021")))
    device = town.verify()["device"]
    for data in (b"", b"no answer", ticket.read_bytes()):
        bad.write_bytes(data)
        refused(town.verb("reenrol", "--ticket", ticket, "--carry-in", bad))
    assert town.verify()["device"] == device
    assert not (empty.folder / "vault.json").exists()


def test_backups(town: NearOffice, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.backup", tmp_path / "bad.backup"
    town.does("backup", good)
    empty = replace(town, folder=tmp_path / "empty")
    empty.passphrase.write_bytes(town.passphrase.read_bytes())
    newer = good.read_bytes().replace(b"\xa7version\x01", b"\xa7version\x02", 1)
    for data in [*spoilt(good.read_bytes()), newer]:
        bad.write_bytes(data)
        refused(empty.verb("restore", bad))
        assert not list(empty.folder.glob("store*")) and not list(empty.folder.glob("vault*"))
    refused(town.verb("restore", good))


def test_vaults(town: NearOffice) -> None:
    vault = town.folder / "vault.json"
    good, store = vault.read_bytes(), (town.folder / "store.db").read_bytes()
    lines = set()
    newer = good.replace(b'"version": 1', b'"version": 9', 1)
    for data in (good[:-9], good.replace(b"TOWN_CDI", b"TOWN_SEC", 1), newer):
        vault.write_bytes(data)
        lines.add(refused(town.verb("list", "Case", "--json")))
    vault.write_bytes(good)
    assert len(lines) == 2 and (town.folder / "store.db").read_bytes() == store
    town.verify()
