"""One running county for the tests of a module that do not break it; each test takes towns nobody used before."""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.county import County, Office, running_county
from tests.e2e.processes import temporary_files
from tests.e2e.samples import towns


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """桂阳县 with its server running."""
    with running_county(tmp_path_factory.mktemp("e2e")) as running:
        yield running
    shutil.rmtree(temporary_files(), ignore_errors=True)


@pytest.fixture(scope="module")
def unused_towns() -> Iterator[str]:
    """Towns of 桂阳县, each given once."""
    return iter(towns())


@pytest.fixture
def new_town(county: County, unused_towns: Iterator[str]) -> Callable[[], Office]:
    """Enrols a town that no other test of the module uses."""
    return lambda: county.enrol(next(unused_towns))


@pytest.fixture(scope="module")
def county_office(county: County) -> Office:
    """The profile of the county office."""
    return county.enrol("431021", user="何主任", role="COUNTY_OFFICE", ticket=county.office_ticket)


@pytest.fixture
def own_county(tmp_path: Path) -> Iterator[County]:
    """A county of its own, for tests that kill or damage it."""
    with running_county(tmp_path) as running:
        yield running


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """Made values that are the same in every run of a test."""
    return random.Random(request.node.name)


@pytest.fixture(scope="module")
def new_town_once(county: County, unused_towns: Iterator[str]) -> Office:
    """A town for tests that leave nothing behind."""
    return county.enrol(next(unused_towns))
