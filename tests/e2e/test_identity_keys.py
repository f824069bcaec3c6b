"""Keys of identities whose first matter was set apart, or was never saved: later identities open all the same."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.app import enrol
from desktop.services.desk import Desk
from desktop.services.office import Office
from sync.domain.errors import NotAllowed
from tests.e2e.county import County
from tests.e2e.samples import walk_in

PASSPHRASE = "山高 水长 二〇二六"


@pytest.fixture
def town(county: County, unused_towns: Iterator[str], tmp_path: Path) -> Iterator[Office]:
    ticket = county.ticket(next(unused_towns)).read_bytes()
    office = enrol(tmp_path / "town", ticket, "张明", "TOWN_CDI", PASSPHRASE)
    yield office
    office.close()


@pytest.fixture(scope="module")
def office(county: County, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The county office, which holds the county's identity key."""
    with ExitStack() as undo:
        folder = tmp_path_factory.mktemp("office")
        opened = enrol(folder, county.office_ticket.read_bytes(), "何主任", "COUNTY_OFFICE", PASSPHRASE)
        undo.callback(opened.close)
        yield opened


def desk_of(office: Office) -> Desk:
    return office._desk


def recorded(office: Office, dice: Any, name: str) -> str:
    saved = office.record("Reception", walk_in(dice, complainant={"identity": "REAL", "name": name}))
    assert saved.case is not None
    return saved.case.id


def recorded_in_vain(office: Office, dice: Any, name: str) -> str:
    """Recorded in a role that the county does not take."""
    desk = desk_of(office)
    former = desk.unlocked
    desk.unlocked = replace(former, role="COUNTY_OFFICE")
    try:
        return recorded(office, dice, name)
    finally:
        desk.unlocked = former


def name_in(office: Office, case: str) -> Any:
    return office.show("Case", case, identity=True, reason="核对")["complainant"]["name"]


def test_identities_do_not_wait_for_the_release_of_another_matter(town: Office, office: Office, dice: Any) -> None:
    apart = recorded_in_vain(town, dice, "甲某")
    between = recorded(town, dice, "乙某")
    assert town.exchange().results["quarantined"] == 1
    office.exchange()
    with pytest.raises(NotAllowed, match=r"identity\.key_missing"):
        name_in(office, between)
    later = recorded(town, dice, "丙某")
    done = town.exchange()
    assert (done.results.get("quarantined", 0), done.unsent, done.agreed) == (0, 0, True)
    office.exchange()
    assert (name_in(office, between), name_in(office, later)) == ("乙某", "丙某")
    assert [name_in(town, case) for case in (apart, between, later)] == ["甲某", "乙某", "丙某"]
    town.exchange()
    assert desk_of(town).store.verify()["unsent"] == 0
    [row] = [row for row in office.problems().apart if row.unit == town.facts.unit]
    office.release(row.id)
    office.exchange()
    assert town.exchange().agreed
    office.exchange()
    assert name_in(office, apart) == "甲某"


def test_a_key_that_is_refused_alone_too_is_not_sent_for_ever(town: Office, dice: Any) -> None:
    desk = desk_of(town)
    recorded_in_vain(town, dice, "甲某")
    recorded(town, dice, "乙某")
    desk.unlocked = replace(desk.unlocked, role="COUNTY_OFFICE")
    for _ in range(3):
        town.exchange()
    assert desk.store.verify()["unsent"] == 0
    assert desk.store.verify()["quarantined"] == 2


def test_a_key_that_was_never_saved_seals_nothing(town: Office, office: Office, dice: Any) -> None:
    desk = desk_of(town)
    with pytest.raises(ZeroDivisionError), pytest.MonkeyPatch.context() as patch:
        patch.setattr("desktop.services.recording._add_registration", lambda scribe, case: 1 // 0)
        recorded(town, dice, "甲某")
    assert desk.identities.session_key is not None
    case = recorded(town, dice, "乙某")
    assert name_in(town, case) == "乙某"
    town.exchange()
    office.exchange()
    assert name_in(office, case) == "乙某"
