"""What every request runs stays prepared on its connection, whatever was read, taken or refused in between."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from sync.server.county import County
from sync.server.storage.driver import looking
from sync.server.storage.engine import open_engine
from tests.server.devices import Device, enrolled

TOWN = "431021105"


@pytest.fixture
def alone(county: County) -> Iterator[County]:
    """The county through an engine that asks it one after another, so through one connection."""
    engine = open_engine(county.engine.url)
    yield replace(county, engine=engine)
    engine.dispose()


def test_no_exchange_makes_the_driver_forget(alone: County) -> None:
    town, colleague = enrolled(alone, TOWN), enrolled(alone, TOWN)
    for device in (town, colleague):
        device.send()
    first = _round(town, colleague)
    second = _round(town, colleague)
    assert first
    assert first <= second
    assert colleague.agrees()


def _round(town: Device, colleague: Device) -> set[str]:
    """Make, correct, read and ask for results; what is prepared then, by name."""
    case, change = town.register()
    town.send(change)
    town.send(town.change(town.edit("Case", case.id, case.id, remark="补记")))
    colleague.send()
    colleague.send(first=1)
    with looking(town.county.engine) as connection:
        return set(connection.execute(text("SELECT name FROM pg_prepared_statements")).scalars())
