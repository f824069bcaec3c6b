"""The county's tables, up and down with records in them: feeds stay what they were."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from sync.server.county import County, open_county
from sync.server.founding import Founding, found_county
from sync.server.storage import engine
from sync.server.verifying import verify_county
from tests.server.devices import enrolled


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    found_county(Founding(tmp_path / "home", "431021", "https://127.0.0.1:9443", tmp_path / "office.ticket"))
    with open_county(tmp_path / "home") as opened:
        yield opened


def _move(county: County, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(engine.__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    with county.engine.begin() as connection:
        config.attributes["connection"] = connection
        move = command.downgrade if revision < "0002" else command.upgrade
        move(config, revision)


def test_feeds_survive_both_ways(county: County) -> None:
    town = enrolled(county, "431021001")
    office = enrolled(county, "431021", "COUNTY_OFFICE")
    case, change = town.register()
    town.send(change)
    town.send(town.change(town.edit("Case", case.id, case.id, title="改过")))
    office.send()
    before = verify_county(county, None)
    _move(county, "0001")
    _move(county, "head")
    assert verify_county(county, None) == before
    assert {line["store"] for line in before} == {"ok"}
    for unit in ("431021001", "431021"):
        reader = enrolled(county, unit, "COUNTY_OFFICE" if unit == "431021" else "TOWN_CDI")
        reader.send()
        assert reader.agrees() and reader.records.keys() >= {("Case", case.id)}
        assert reader.send().entries == ()
