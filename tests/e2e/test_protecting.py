"""An identity protected or sealed afterwards: what the unit could read of it is gone on every PC and at the county."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import zstandard
from sqlalchemy import select

from desktop.app import enrol, restore_office
from desktop.paths import ProfilePaths
from desktop.services.desk import Desk
from desktop.services.office import Office
from desktop.storage.backup import restore_backup
from desktop.storage.engine import Database
from sync.domain.errors import Refused
from sync.server.county import open_county
from sync.server.storage import tables
from tests.e2e.county import County
from tests.e2e.samples import walk_in
from tests.server.opened import opened_bodies

PASSPHRASE = "山高 水长 二〇二六"


@dataclass(slots=True)
class Town:
    """Two PCs of one town, opened in this process."""

    folder: Path
    offices: tuple[Office, Office]

    def exchange(self) -> None:
        for office in (*self.offices, *self.offices):
            assert office.exchange().unsent == 0

    def back_up(self) -> None:
        for office in self.offices:
            office.back_up_when_due()


@pytest.fixture
def town(county: County, unused_towns: Iterator[str], tmp_path: Path) -> Iterator[Town]:
    unit = next(unused_towns)
    with ExitStack() as undo:
        offices = []
        for number in (1, 2):
            ticket = county.ticket(unit).read_bytes()
            offices.append(enrol(tmp_path / str(number), ticket, f"张明{number}", "TOWN_CDI", PASSPHRASE))
            undo.callback(offices[-1].close)
        yield Town(tmp_path, (offices[0], offices[1]))


def desk_of(office: Office) -> Desk:
    return office._desk


def ciphers(office: Office) -> set[bytes]:
    """The complainants' ciphertexts as the rows hold them."""
    return {bytes(row[0]) for row in desk_of(office).store.database.run("SELECT cipher FROM record_complainant")}


def values_of(database: Database) -> Iterator[bytes]:
    """Every value of every table, bodies of changes unpacked."""
    names = [row[0] for row in database.run("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for name in names:
        for row in database.run(f'SELECT * FROM "{name}"'):
            yield from (bytes(value) for value in row if isinstance(value, bytes))
    for body, packed in database.run("SELECT body, packed FROM outbox WHERE body IS NOT NULL"):
        yield zstandard.decompress(body) if packed else body


def holds_any(values: Iterator[bytes], wanted: set[bytes]) -> bool:
    return any(cipher in value for value in values for cipher in wanted)


def kept_places(town: Town, wanted: set[bytes]) -> list[str]:
    """Stores and backups of the town that hold one of the ciphertexts."""
    found = []
    for number, office in enumerate(town.offices, 1):
        if holds_any(values_of(desk_of(office).store.database), wanted):
            found.append(f"store {number}")
        for backup in ProfilePaths(town.folder / str(number)).backups.iterdir():
            restored = town.folder / f"restored-{number}-{backup.name}"
            restore_backup(backup, ProfilePaths(restored))
            with Database(ProfilePaths(restored).store, desk_of(office).unlocked.secrets.data_key) as database:
                if holds_any(values_of(database), wanted):
                    found.append(f"{backup.name} of {number}")
    return found


def person(phone: str) -> dict[str, Any]:
    return {"identity": "REAL", "name": "周小芳", "phone": phone}


Change = Callable[[Office, str], object]


@pytest.mark.parametrize(
    "protect",
    [
        lambda office, case: office.correct("Case", case, {"secrecy": "PROTECTED"}),
        lambda office, case: office.correct("Case", case, {"secrecy": "SEALED"}),
    ],
    ids=["protected", "sealed"],
)
def test_sealing_holds_for_what_the_pcs_had_already(town: Town, county: County, dice: Any, protect: Change) -> None:
    first, second = town.offices
    saved = first.record("Reception", walk_in(dice, complainant=person("13800000001")))
    assert saved.case is not None
    before = ciphers(first)
    town.exchange()
    second.correct("Case", saved.case.id, {"complainant": person("13800000002")})
    before |= ciphers(second)
    town.exchange()
    town.back_up()
    assert len(kept_places(town, before)) == 4 and len(before) == 2
    protect(first, saved.case.id)
    town.exchange()
    town.back_up()
    assert kept_places(town, before) == []
    with open_county(county.home) as opened:
        assert not holds_any(iter(opened_bodies(opened)), before)
        with opened.engine.connect() as connection:
            reasons = set(connection.execute(select(tables.change_log.c.reason)).scalars())
        assert "identity.expunged" in reasons
    assert county.does("verify", "--json").json


def test_an_identity_protected_before_anything_was_sent(town: Town, county: County, dice: Any) -> None:
    first, _ = town.offices
    saved = first.record("Reception", walk_in(dice))
    before = ciphers(first)
    town.back_up()
    first.correct("Reception", saved.id, {"secrecy": "PROTECTED"})
    town.exchange()
    town.back_up()
    assert kept_places(town, before) == []
    with open_county(county.home) as opened:
        assert not holds_any(iter(opened_bodies(opened)), before)


def test_a_later_identity_typed_elsewhere_does_not_open_a_protected_one(town: Town, dice: Any) -> None:
    first, second = town.offices
    saved = first.record("Reception", walk_in(dice))
    assert saved.case is not None
    town.exchange()
    before = ciphers(first)
    second.correct("Case", saved.case.id, {"complainant": person("13800000003")})
    before |= ciphers(second)
    first.correct("Case", saved.case.id, {"secrecy": "PROTECTED"})
    first.exchange()
    town.exchange()
    town.back_up()
    assert kept_places(town, before) == []
    assert [row.reason for row in second.problems().apart] == ["authority.identity_protected"]


def in_store(office: Office, wanted: set[bytes]) -> bool:
    return holds_any(values_of(desk_of(office).store.database), wanted)


def test_a_backup_by_hand_from_before_is_told_of_and_its_restore_is_sealed_again(
    town: Town, county: County, dice: Any, tmp_path: Path
) -> None:
    first = town.offices[0]
    saved = first.record("Reception", walk_in(dice, complainant=person("13800000004")))
    assert saved.case is not None
    before = ciphers(first)
    town.exchange()
    stick = tmp_path / "stick" / "by-hand.backup"
    first.backup(stick)
    assert [(row.path, row.outdated) for row in first.backups().by_hand] == [(stick, False)]
    first.correct("Case", saved.case.id, {"secrecy": "PROTECTED"})
    town.exchange()
    assert [(row.path, row.outdated) for row in first.backups().by_hand] == [(stick, True)]
    back = restore_office(tmp_path / "back", stick, PASSPHRASE, "张明1")
    try:
        assert in_store(back, before)
        back.reenrol(county.ticket(first.facts.unit).read_bytes())
        assert back.exchange().agreed
        assert back.exchange().unsent == 0
        assert not in_store(back, before)
    finally:
        back.close()
    with open_county(county.home) as opened:
        assert not holds_any(iter(opened_bodies(opened)), before)
    with pytest.raises(Refused, match=r"backup\.not_known"):
        first.destroy_backup(tmp_path / "other")
    assert first.destroy_backup(stick) and not stick.exists()
    assert first.backups().by_hand == ()
    first.backup(stick)
    assert not first.backups().by_hand[0].outdated


def test_a_stick_from_before_a_restore_raises_no_alarm_about_what_is_to_be_sealed_again(
    own_county: County, dice: Any, tmp_path: Path
) -> None:
    ticket = own_county.ticket("431021102").read_bytes()
    with closing(enrol(tmp_path / "town", ticket, "张明", "TOWN_CDI", PASSPHRASE)) as office:
        saved = office.record("Reception", walk_in(dice, complainant=person("13800000006")))
        assert saved.case is not None
        before = ciphers(office)
        office.exchange()
        old, request, answer = (tmp_path / name for name in ("old.backup", "town.ld", "town.answer"))
        own_county.does("backup", old)
        office.correct("Case", saved.case.id, {"secrecy": "PROTECTED"})
        office.exchange()
        office.correct("Case", saved.case.id, {"remark": "又来过电话"})
        request.write_bytes(office.carry_out())
        own_county.does("restore", old)
        assert own_county.verb("accept", request, "--answer", answer).code in (0, 3)
        taken = office.carry_in(answer.read_bytes())
        assert taken.agreed is None and taken.unsent
        assert not in_store(office, before)
        assert office.exchange().agreed is True
        assert office.verify()["store"] == "ok" and not in_store(office, before)


def test_a_county_put_back_to_before_is_sealed_again(own_county: County, dice: Any, tmp_path: Path) -> None:
    ticket = own_county.ticket("431021102").read_bytes()
    with closing(enrol(tmp_path / "town", ticket, "张明", "TOWN_CDI", PASSPHRASE)) as office:
        saved = office.record("Reception", walk_in(dice, complainant=person("13800000005")))
        assert saved.case is not None
        before = ciphers(office)
        office.exchange()
        old = tmp_path / "old.backup"
        own_county.does("backup", old)
        assert [row["sealed_since"] for row in own_county.does("backups", "--json").json] == [0]
        office.correct("Case", saved.case.id, {"secrecy": "PROTECTED"})
        office.exchange()
        told = own_county.verb("backups", "--json")
        assert (told.code, [(row["file"], row["sealed_since"] > 0) for row in told.json]) == (3, [(str(old), True)])
        own_county.does("restore", old)
        with open_county(own_county.home) as opened:
            assert holds_any(iter(opened_bodies(opened)), before)
        for _ in range(2):
            assert office.exchange().agreed
        with open_county(own_county.home) as opened:
            assert not holds_any(iter(opened_bodies(opened)), before)
        assert not in_store(office, before)
        assert own_county.verb("backups", "--destroyed", old).code == 1
        old.unlink()
        assert own_county.does("backups", "--destroyed", old, "--json").json == []
