"""What makes a PC trustworthy: copied disks, restored backups, lost PCs, a restored county, bad clocks."""

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from desktop.app import open_office
from desktop.clock import now_in_ms
from tests.e2e.county import DESKTOP, SERVER, County, Office
from tests.e2e.near import NearCounty, near, run_near
from tests.e2e.samples import walk_in
from tests.e2e.test_refusals import refused

THREE_YEARS_MS = 3 * 365 * 24 * 3600 * 1000
ROLES = "TOWN_CDI,RECEPTION,CDI_STAFF"


def agree(county: County, town: Office) -> dict[str, Any]:
    """Both sides hold the same; what the township proved."""
    proof, answer = town.verify(), county.verify(town.unit)
    assert (proof["digest"], proof["records"], proof["unsent"]) == (answer["digest"], answer["records"], 0)
    return proof


def reenrol(county: County, town: Office) -> None:
    """A new ticket and a new device for the same profile; then everything goes out and comes in."""
    town.does("reenrol", "--ticket", county.ticket(town.unit, ROLES))
    town.exchange()


def copied(town: Office, target: Path) -> Office:
    """A copy of the disk."""
    shutil.copytree(town.folder, target)
    shutil.copy(town.passphrase, town.scratch / f"{target.name}.passphrase")
    return replace(town, folder=target)


def titles(office: Office) -> set[str]:
    return {row["title"] for row in office.listed("Case")}


def test_a_copied_disk_is_found_out_and_enrolled_anew(
    county: County, new_town: Callable[[], Office], dice: random.Random, tmp_path: Path
) -> None:
    town = near(new_town())
    town.record("Reception", walk_in(dice, title="之前"))
    town.exchange()
    copy = copied(town, tmp_path / "copy")
    town.record("Reception", walk_in(dice, title="原机"))
    town.exchange()
    copy.record("Reception", walk_in(dice, title="副本"))
    assert "reenrol" in refused(copy.verb("exchange"), 3)
    refused(copy.verb("exchange"), 3)
    reenrol(county, copy)
    town.exchange()
    assert titles(town) == titles(copy) == {"之前", "原机", "副本"}
    assert agree(county, town)["digest"] == agree(county, copy)["digest"]
    assert agree(county, copy)["quarantined"] == 0
    numbers = {row["number"] for row in copy.listed("Case")}
    assert copy.record("Reception", walk_in(dice, title="之后"))["number"] not in numbers
    renumbered(county, town, copy)


def renumbered(county: County, town: Office, copy: Office) -> None:
    """Both drew one number: both cases stay, the later has a new one, and what is on paper finds both."""
    rows = {row["title"]: row for row in copy.listed("Case")}
    assert len({row["number"] for row in rows.values()}) == 4
    old, new = rows["原机"]["number"], rows["副本"]["number"]
    assert "-XIAN-" in new and "-XIAN-" not in old
    for office in (town, copy):
        hits = {hit["id"] for hit in office.does("search", old, "--json").json if hit["kind"] == "Case"}
        assert hits == {rows["原机"]["id"], rows["副本"]["id"]}
    shown = copy.show("Case", rows["副本"]["id"])
    assert [(one["field"], old in one["old"], new in one["new"]) for one in shown["corrections"]] == [
        ("number", True, True)
    ]
    assert shown["voided"] is None and county.show("Case", rows["副本"]["id"])["number"] == new


def test_a_restored_backup_catches_up_under_a_new_device(
    county: County, new_town: Callable[[], Office], dice: random.Random, tmp_path: Path
) -> None:
    town = near(new_town())
    town.record("Reception", walk_in(dice, title="备份前已发"))
    town.exchange()
    town.record("Reception", walk_in(dice, title="备份前未发"))
    file = tmp_path / "town.backup"
    town.does("backup", file)
    town.record("Reception", walk_in(dice, title="备份后"))
    town.exchange()
    given = {row["number"] for row in town.listed("Case")}
    back = replace(town, folder=tmp_path / "back")
    shutil.copy(town.passphrase, back.passphrase)
    back.does("restore", file)
    back.record("Reception", walk_in(dice, title="恢复后"))
    refused(back.verb("exchange"), 3)
    reenrol(county, back)
    assert titles(back) == {"备份前已发", "备份前未发", "备份后", "恢复后"}
    back.record("Reception", walk_in(dice, title="新设备"))
    back.exchange()
    fresh = {row["number"] for row in back.listed("Case")}
    assert len(fresh) == 5 and given < fresh
    assert agree(county, back)["quarantined"] == 0


def test_a_restored_county_gets_everything_back(own_county: County, dice: random.Random, tmp_path: Path) -> None:
    town = near(own_county.enrol("431021001"))
    town.record("Reception", walk_in(dice, title="备份前"))
    town.exchange()
    own_county.does("backup", tmp_path / "county.backup")
    epoch = agree(own_county, town)["epoch"]
    for title in ("备份后一", "备份后二"):
        town.record("Reception", walk_in(dice, title=title))
        town.exchange()
    town.record("Reception", walk_in(dice, title="还没发"))
    own_county.does("restore", tmp_path / "county.backup")
    assert len(own_county.listed("Case", town.unit)) == 1
    town.exchange()
    proof = agree(own_county, town)
    assert proof["epoch"] != epoch and len(own_county.listed("Case", town.unit)) == 4
    own_county.stop()
    own_county.start()
    town.exchange()
    agree(own_county, town)
    broken = tmp_path / "broken.backup"
    broken.write_bytes((tmp_path / "county.backup").read_bytes()[:-7])
    refused(own_county.verb("restore", broken))
    agree(own_county, town)


def custodial_county(folder: Path) -> NearCounty:
    """A county with three custodians and its server running."""
    county = NearCounty(folder / "county", folder)
    url = f"https://127.0.0.1:{county.port}"
    county.does(
        "init", "--org", "431021", "--url", url, "--office-ticket", county.office_ticket,
        "--custodian-out", folder / "shares", "--custodians", "3", "--need", "2",
    )  # fmt: skip
    county.start()
    return county


def custodians_answer(county: County, request: Path, code: str) -> Path:
    """Two custodians, one after the other."""
    step, answer = request.with_suffix(".step"), request.with_suffix(".answer")
    shares = county.scratch / "shares"
    for number, source, out in ((1, request, step), (3, step, answer)):
        share = shares / f"custodian-{number}.recovery"
        done = run_near(SERVER, "recover", source, "--share", share, "--code", code, "--out", out)
        assert done.code == 0, str(done)
    return answer


def test_a_forgotten_passphrase_and_a_lost_pc(tmp_path: Path, dice: random.Random) -> None:
    county = custodial_county(tmp_path)
    try:
        town = near(county.enrol("431021001", ticket=county.ticket("431021001", ROLES)))
        saved = town.record("Reception", walk_in(dice))
        town.exchange()
        forgotten_passphrase(county, town)
        lost_pc(county, town, saved["case"]["id"])
        county.stop()
    finally:
        county.sweep()


def forgotten_passphrase(county: County, town: Office) -> None:
    fresh, request = town.scratch / "fresh", town.scratch / "town.request"
    fresh.write_text("换过的新口令 2026\n", encoding="utf-8")
    words = ("--profile", town.folder, "--user", town.user, "--new-passphrase-file", fresh)
    asked = run_near(DESKTOP, "recover", "ask", *words, "--out", request)
    assert asked.code == 0, str(asked)
    answer = custodians_answer(county, request, asked.json["code"])
    refused(run_near(DESKTOP, "recover", "finish", *words, "--in", request))
    done = run_near(DESKTOP, "recover", "finish", *words, "--in", answer)
    assert done.code == 0, str(done)
    refused(town.verb("verify", "--json"))
    town.passphrase.write_bytes(fresh.read_bytes())
    town.exchange()
    acts = [county.show("AccountEntry", row["id"])["act"] for row in county.listed("AccountEntry", town.unit)]
    assert sorted(acts) == ["RECOVERED", "RECOVERY", "RECOVERY"]


def lost_pc(county: County, town: Office, case: str) -> None:
    """A new PC of the unit pulls everything back; the identity key comes through the custodians."""
    fresh = near(county.enrol(town.unit, user="李芳", role="CDI_STAFF", ticket=county.ticket(town.unit, ROLES)))
    fresh.exchange()
    words = ("show", "Case", case, "--json", "--identity", "--reason", "核对")
    refused(fresh.verb(*words))
    request = town.scratch / "unit.request"
    asked = fresh.does("unit-key", "ask", "--custodians", "--out", request)
    fresh.does("unit-key", "take", "--in", custodians_answer(county, request, asked.json["code"]))
    assert fresh.does(*words).json["complainant"]["name"]
    fresh.exchange()
    agree(county, fresh)


def test_a_clock_three_years_off_blocks_nothing(
    county: County, new_town: Callable[[], Office], dice: random.Random
) -> None:
    town = new_town()
    passphrase = town.passphrase.read_text(encoding="utf-8").strip()
    for off in (-THREE_YEARS_MS, THREE_YEARS_MS):
        office = open_office(town.folder, passphrase, None, WrongClock(off))
        try:
            assert office.exchange().agreed is True
            saved = office.record("Reception", walk_in(dice, received_at="2026-11-02T09:00"))
            assert office.exchange().agreed is True
            shown = office.show("Reception", saved.id)
        finally:
            office.close()
        assert shown["created_at"][:4] == str(county.show("Reception", saved.id)["created_at"])[:4]
        assert shown["number"].split("-")[1] == shown["created_at"][:4] and shown["recorded_days_later"] > 0
        assert abs(days_from_now(shown["created_at"])) < 1
    agree(county, town)


@dataclass(frozen=True, slots=True)
class WrongClock:
    """This computer's clock, so many milliseconds off."""

    off: int

    def __call__(self) -> int:
        return now_in_ms() + self.off


def days_from_now(text: str) -> float:
    from datetime import datetime

    from sync.domain.times import to_instant

    return (now_in_ms() - to_instant(datetime.fromisoformat(text))) / (24 * 3600 * 1000)


def test_two_custodians_make_a_county_anew_where_nothing_is_left(tmp_path: Path, dice: random.Random) -> None:
    county = custodial_county(tmp_path)
    try:
        town = near(county.enrol("431021001"))
        town.record("Reception", walk_in(dice, title="备份前"))
        town.exchange()
        backup, shares = tmp_path / "county.backup", tmp_path / "shares"
        county.does("backup", backup)
        town.record("Reception", walk_in(dice, title="备份后"))
        town.exchange()
        epoch = agree(county, town)["epoch"]
        county.stop()
        shutil.rmtree(county.home)
        one, other = (shares / f"custodian-{number}.recovery" for number in (1, 3))
        broken = tmp_path / "broken.backup"
        broken.write_bytes(backup.read_bytes()[:-7])
        for words in ((backup,), (backup, "--share", one), (backup, "--share", one, "--share", one),
                      (broken, "--share", one, "--share", other)):  # fmt: skip
            done = county.verb("restore", *words)
            assert done.code in (1, 2) and len(done.err.splitlines()) == 1
            assert not county.home.exists()
        county.does("restore", backup, "--share", one, "--share", other)
        refused(county.verb("restore", backup, "--share", one, "--share", other))
        county.start()
        town.exchange()
        assert agree(county, town)["epoch"] != epoch
        assert len(county.listed("Case", town.unit)) == 2
        agree(county, near(county.enrol("431021002")))
    finally:
        county.sweep()
