"""Of two cases under one number both stay, and the later gets another."""

from sync.domain.ids import new_record_id
from sync.domain.numbers import Number
from sync.domain.records import Case
from sync.protocol.messages import Outcome
from sync.server.county import County, now_ms
from sync.server.verifying import verify_county
from tests.server.devices import Device, enrolled


def case_of(device: Device, number: str) -> Case:
    return Case(
        id=new_record_id(), unit=device.unit, created_at=now_ms(), author="张明", number=number,
        source_channel="LETTER", received_at=now_ms(), title="number of the matter",
    )  # fmt: skip


def drawn(device: Device, serial: int) -> str:
    return str(Number(device.unit, 2026, device.enrolled.block, serial))


def bring(device: Device, number: str) -> Case:
    case = case_of(device, number)
    answer = device.send(device.change(device.create(case, case.id)))
    assert [result.outcome for result in answer.results] == [Outcome.ACCEPTED]
    return case


def number_of(device: Device, case: Case) -> str:
    device.send()
    return str(device.fields("Case", case.id)["number"])


def voids(device: Device, case: Case) -> list[str]:
    entries = [key for key, entry in device.records.items() if key[0] == "Void" and entry.dossier == case.id]
    return [str(device.fields(*key)["number"]) for key in entries]


def test_numbers_of_a_devices_own_block_are_looked_up_nowhere(county: County, town: Device) -> None:
    case = bring(town, drawn(town, 1))
    assert number_of(town, case) == drawn(town, 1)
    with county.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT 1 FROM foreign_number WHERE unit = %s", (town.unit,)).all()
    assert found == [] or town.enrolled.block != "A"


def test_the_later_of_two_is_renumbered_whoever_brings_it(county: County, town: Device) -> None:
    copy = enrolled(county, town.unit)
    number = drawn(town, 7)
    first, second = bring(town, number), bring(copy, number)
    for device in (town, copy):
        assert number_of(device, first) == number
        assert "-XIAN-" in number_of(device, second)
        assert (voids(device, first), voids(device, second)) == ([], [number])
        assert device.agrees()
    other = drawn(town, 8)
    first, second = bring(copy, other), bring(town, other)
    assert number_of(town, first) == other
    assert "-XIAN-" in number_of(town, second)
    third = bring(copy, other)
    assert len({number_of(copy, one) for one in (first, second, third)}) == 3
    assert town.fields("Case", second.id)["title"] == "number of the matter"
    assert verify_county(county, None)[0]["store"] == "ok"


def test_a_case_and_its_reception_share_a_number(county: County, town: Device) -> None:
    copy = enrolled(county, town.unit)
    number = drawn(town, 21)
    case = bring(copy, number)
    again = case_of(copy, number)
    copy.send(copy.change(copy.create(again, again.id), copy.edit("Case", case.id, case.id, base=0, claim="修渠")))
    assert number_of(copy, case) == number
    assert number_of(copy, again) != number
