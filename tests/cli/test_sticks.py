"""Sticks both ways over the real verbs of both programs: no wire, parts, repeats, strangers, conflicts."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desktop.app import open_office
from desktop.cli.main import main as liandong
from desktop.services.problem_shapes import ToldRow
from sync.protocol.carried import CarriedKind, read_carried, write_carried, write_carried_parts
from sync.server.cli import main as liandong_county
from sync.server.county import open_county
from tests.services.offices import VILLAGE

COUNTY, TOWN = "431021", "431021102"
VISIT = {"contact_mode": "SCREEN", "started_at": "2026-11-20T09:10", "village": VILLAGE, "visitors": ["张明", "李芳"]}
CASE = {"source_channel": "LETTER", "received_at": "2026-11-20T09:10", "title": "村道硬化", "content": "款项去向不明"}
Verb = Callable[..., tuple[int, Any, str]]


@dataclass
class Desk:
    """One profile, its verbs, and its stick."""

    folder: Path
    run: Verb
    rounds: int = 0

    def __call__(self, *words: str | Path) -> tuple[int, Any, str]:
        return self.run(liandong, *words, "--profile", self.folder, "--passphrase-file", self.folder.parent / "pw")

    def record(self, kind: str, data: dict[str, Any]) -> Any:
        return self.said("record", kind, "--in", self._json(data))

    def correct(self, kind: str, record: str, data: dict[str, Any]) -> None:
        self.said("correct", kind, record, "--in", self._json(data))

    def said(self, *words: str | Path) -> Any:
        code, out, err = self(*words)
        assert code in (0, 3), err
        return out

    def carry(self, home: Path) -> Path:
        """Out, to the county, and the answer file back (not taken in yet)."""
        self.rounds += 1
        out, back = self._path("out"), self._path("back")
        self.said("exchange", "--carry-out", out)
        assert self.run(liandong_county, "accept", out, "--answer", back, "--home", home)[0] in (0, 3)
        return back

    def round(self, home: Path) -> Any:
        """One whole round by stick."""
        return self.said("exchange", "--carry-in", self.carry(home))

    def _path(self, name: str) -> Path:
        return self.folder.with_name(f"{self.folder.name}-{name}-{self.rounds}")

    def _json(self, data: dict[str, Any]) -> Path:
        path = self.folder.with_name("in.json")
        path.write_text(json.dumps(data), encoding="utf-8")
        return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A county whose database stays up between the verbs."""
    folder = tmp_path_factory.mktemp("sticks") / "county"
    assert liandong_county(["init", "--home", str(folder), "--org", COUNTY]) == 0
    with open_county(folder):
        yield folder


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Verb:
    monkeypatch.setenv("LIANDONG_LANG", "en")

    def call(program: Callable[[list[str]], int], *words: str | Path) -> tuple[int, Any, str]:
        capfd.readouterr()
        code = program([str(word) for word in words])
        out, err = capfd.readouterr()
        return code, json.loads(out) if out.strip().startswith(("{", "[")) else out, err

    return call


@pytest.fixture
def join(home: Path, tmp_path: Path, run: Verb) -> Callable[[str], Desk]:
    """A profile that joined by files alone."""
    (tmp_path / "pw").write_text("correct horse battery", encoding="utf-8")

    def enrol(name: str, role: str = "CDI_STAFF", unit: str = TOWN) -> Desk:
        ticket, ask, answer = (tmp_path / f"{name}.{part}" for part in ("ticket", "ask", "answer"))
        roles = f"{role},RECEPTION" if unit == TOWN else role
        said = run(liandong_county, "ticket", "--home", home, "--unit", unit, "--role", roles, "--out", ticket)
        assert said[0] == 0, said
        desk = Desk(tmp_path / name, run)
        user = ("--ticket", ticket, "--user", name, "--role", role)
        assert desk("init", *user, "--carry-out", ask)[0] == 0
        assert run(liandong_county, "accept", ask, "--answer", answer, "--home", home)[0] == 0
        assert desk("init", *user, "--carry-in", answer)[0] == 0
        return desk

    return enrol


def test_a_town_without_a_wire_agrees_after_one_round(home: Path, tmp_path: Path, join: Any) -> None:
    town = join("张明")
    visit = town.record("Visit", VISIT)
    slip = tmp_path / "slip.pdf"
    told = town.said("exchange", "--carry-out", tmp_path / "first", "--slip", slip)
    assert (told["changes"], told["kinds"]["Visit"], len(told["code"])) == (1, 1, 19)
    assert slip.read_bytes().startswith(b"%PDF")
    done = town.round(home)
    assert (done["agreed"], done["unsent"], done["results"], done["repeat"]) == (True, 0, {"accepted": 1}, False)
    assert town.said("list", "Visit", "--json")[0]["id"] == visit["id"]


def test_every_state_of_a_stick_has_its_line(home: Path, tmp_path: Path, join: Any) -> None:
    town, other = join("张明"), join("李芳")
    back = town.carry(home)
    for content, line in (
        (b"a letter", "no carried file"),
        (back.read_bytes()[:-40], "damaged or cut short"),
        (
            write_carried(CarriedKind.EXCHANGE_ANSWER, "431022", read_carried(back.read_bytes()).envelopes),
            "another cou",
        ),
        (write_carried(CarriedKind.ENROL_ANSWER, COUNTY, read_carried(back.read_bytes()).envelopes), "exchange answer"),
    ):
        (tmp_path / "wrong").write_bytes(content)
        code, _, err = town("exchange", "--carry-in", tmp_path / "wrong")
        assert (code, line in err, err.count("\n")) == (1, True, 1), err
    code, _, err = other("exchange", "--carry-in", back)
    assert (code, "another device" in err) == (1, True), err
    assert town.said("exchange", "--carry-in", back)["repeat"] is False
    code, again, err = town("exchange", "--carry-in", back)
    assert (code, again["repeat"], "taken before" in err) == (0, True, True)


def test_parts_come_in_any_order_from_a_folder_with_other_things_in_it(home: Path, tmp_path: Path, join: Any) -> None:
    town, other = join("张明"), join("李芳")
    stick = tmp_path / "stick"
    stick.mkdir()
    envelopes = read_carried(town.carry(home).read_bytes()).envelopes
    parts = write_carried_parts(CarriedKind.EXCHANGE_ANSWER, COUNTY, (*envelopes, *envelopes), 1)
    (stick / "b.1").write_bytes(parts[1])
    code, _, err = town("exchange", "--carry-in", stick)
    assert (code, "missing: 1" in err) == (1, True), err
    (stick / "z.2").write_bytes(parts[0])
    (stick / "photo.jpg").write_bytes(b"\xff\xd8")
    (stick / "other").write_bytes(other.carry(home).read_bytes())
    assert town.said("exchange", "--carry-in", stick)["agreed"] is True


def test_answers_brought_in_the_wrong_order_do_no_harm(home: Path, join: Any) -> None:
    town = join("张明")
    first = town.carry(home)
    town.record("Visit", VISIT)
    second = town.carry(home)
    assert town.said("exchange", "--carry-in", second)["agreed"] is True
    stale = town.said("exchange", "--carry-in", first)
    assert (stale["repeat"], stale["unsent"]) == (True, 0)
    assert town.said("exchange", "--carry-in", second, first)["repeat"] is True


def test_two_desks_settle_what_both_changed_and_the_loser_reads_of_it(home: Path, join: Any) -> None:
    first, second = join("张明"), join("李芳")
    case = first.record("Case", CASE)["id"]
    first.round(home)
    second.round(home)
    first.correct("Case", case, {"title": "甲"})
    second.correct("Case", case, {"title": "乙"})
    first.round(home)
    assert second.round(home)["results"] == {"conflict": 1}
    row = next(one for one in second.said("list", "Conflict", "--json") if one["target"] == case)
    shown = second.said("show", "Conflict", row["id"], "--json")
    assert {shown["standing"], shown["other"]} == {"甲", "乙"}
    assert {shown["standing_author"], shown["other_author"]} == {"张明", "李芳"}
    taken = second.said("settle", row["id"], "--take", "other")
    assert taken["value"] == shown["other"]
    code, _, err = second("settle", row["id"], "--take", "other")
    assert (code, "settled already" in err) == (1, True)
    second.round(home)
    assert first.round(home)["agreed"] is True
    assert first.said("show", "Case", case, "--json")["title"] == shown["other"]
    assert first.said("list", "Conflict", "--json")[0]["settled"] is True
    assert [(told.given_up, told.settled_by) for told in told_to(first)] == (
        [(shown["standing"], "李芳")] if shown["standing_author"] == "张明" else []
    )


def told_to(desk: Desk) -> tuple[ToldRow, ...]:
    """What the person at a desk reads of values given up."""
    office = open_office(desk.folder, "correct horse battery")
    try:
        assert office.exchange_state().told == len(office.problems().told)
        return office.problems().told
    finally:
        office.close()


def test_the_county_office_releases_what_was_set_apart(home: Path, tmp_path: Path, join: Any, run: Verb) -> None:
    """A role nobody gave the clerk: set apart at the county, released from its desk, applied at the next round."""
    from tests.cli.forged import set_apart

    town, office = join("张明"), join("县办", "COUNTY_OFFICE", COUNTY)
    change = set_apart(town.folder, "correct horse battery")
    assert town.round(home)["results"] == {"quarantined": 1}
    office.round(home)
    row = next(one for one in office.said("list", "Quarantine", "--json") if one["change"] == change)
    assert row["reason"] == "authority.role"
    code, _, err = town("release", row["id"])
    assert (code, "Only the county" in err) == (1, True), err
    assert office.said("release", change)["id"] == row["id"]
    office.round(home)
    assert town.round(home)["agreed"] is True
    assert run(liandong_county, "list", "Quarantine", "--home", home, "--unit", TOWN, "--json")[1][-1]["released"]
    code, _, err = run(liandong_county, "release", change, "--home", home)
    assert (code, "waits to be released" in err) == (1, True), err
