"""One county for all tests of this room; each test takes units and devices of its own."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from sync.server.county import County, open_county
from sync.server.founding import Founding, found_county
from sync.server.plain_changes import PlainChanges
from tests.server.devices import Device, enrolled

TOWNS = ("431021001", "431021002", "431021102")
_towns = count()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    found_county(Founding(folder / "home", "431021", "https://127.0.0.1:9443", folder / "office.ticket"))
    return folder / "home"


@pytest.fixture(scope="session")
def county(home: Path) -> Iterator[County]:
    with open_county(home) as opened:
        yield opened


@pytest.fixture(scope="session")
def office(county: County) -> Device:
    """A device of the county's own unit."""
    return enrolled(county, "431021", "COUNTY_OFFICE")


@pytest.fixture
def town(county: County) -> Device:
    """A fresh device of some town."""
    return enrolled(county, TOWNS[next(_towns) % 2])


@pytest.fixture
def other_town(county: County) -> Device:
    """A fresh device of a town that is never ``town``'s."""
    return enrolled(county, TOWNS[2])


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each request went the short way."""
    taken: list[bool] = []
    original = PlainChanges.take

    def take(self: Any, todo: Any) -> Any:
        plain = original(self, todo)
        taken.append(plain is not None)
        return plain

    monkeypatch.setattr(PlainChanges, "take", take)
    return taken
