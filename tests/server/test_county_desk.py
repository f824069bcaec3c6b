"""The county's desk at its server: carried files unopened, per file what became of it, and how the towns stand."""

from dataclasses import dataclass

import pytest

from sync.client.county_desk import ask_towns, hand_over
from sync.domain.errors import Damaged, Refused
from sync.protocol.carried import CarriedKind, read_carried, write_carried
from sync.server.county import County, now_ms
from sync.server.county_desk import answer_desk
from tests.server.devices import Device


@dataclass
class Straight:
    """A transport without a wire."""

    county: County

    def post(self, path: str, body: bytes) -> bytes:
        assert path == "/v1/county"
        return answer_desk(self.county, body, now_ms())


def carried(town: Device, *changes: bytes) -> tuple[bytes, bytes]:
    request = town.request(*changes, want=-1)
    return request, write_carried(CarriedKind.EXCHANGE_REQUEST, town.county.code, [request])


def test_each_file_has_its_state_and_its_answer(county: County, town: Device, office: Device) -> None:
    link, wire = office.enrolled.link(), Straight(county)
    request, stick = carried(town, town.register()[1])
    first, parts = hand_over(link, wire, stick, now_ms())
    assert (first.state, first.unit, first.outcomes) == ("accepted", town.unit, {"accepted": 1})
    for envelope in read_carried(parts[0]).envelopes:
        town.take(request, envelope)
    assert town.agrees()
    assert hand_over(link, wire, stick, now_ms())[0].state == "repeat"
    damaged, none = hand_over(link, wire, stick[:-1], now_ms())
    assert (damaged.state, damaged.problem, none) == ("damaged", "carried.damaged", [])
    foreign = write_carried(CarriedKind.EXCHANGE_REQUEST, "431022", [request])
    assert hand_over(link, wire, foreign, now_ms())[0].problem == "carried.foreign"
    _, apart = carried(town, town.change(town.edit("Case", "a" * 32, "a" * 32, base=0, title="无")))
    assert hand_over(link, wire, apart, now_ms())[0].state == "quarantined"


def test_the_towns_stand_as_the_server_knows_them(county: County, town: Device, office: Device) -> None:
    town.send(town.register()[1])
    town.send()
    link, wire = office.enrolled.link(), Straight(county)
    before = row = next(one for one in ask_towns(link, wire, now_ms()).towns if one.unit == town.unit)
    assert row.name
    assert row.last_exchange > 0
    lost, late = town.register()[1], town.register()[1]
    assert lost
    town.send(late)
    row = next(one for one in ask_towns(link, wire, now_ms()).towns if one.unit == town.unit)
    assert (row.held - before.held, row.missing - before.missing, row.agreed) == (1, 1, False)


def test_only_the_countys_own_devices_are_served(county: County, town: Device, office: Device) -> None:
    wire = Straight(county)
    with pytest.raises(Refused, match=r"desk\.county_only"):
        ask_towns(town.enrolled.link(), wire, now_ms())
    with pytest.raises(Damaged):
        answer_desk(county, b"\0\0\0\x01x", now_ms())
    assert ask_towns(office.enrolled.link(), wire, now_ms()).towns
