"""Of two cases under one number both stay, and the later gets another."""

from sync.domain.ids import UnitCode, new_record_id
from sync.domain.numbers import Number
from sync.domain.records import Case
from sync.protocol.messages import Outcome
from sync.server.county import County, now_ms
from sync.server.numbering import given_on
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


def test_a_device_gives_a_number_of_its_own_block_once(town: Device) -> None:
    number = drawn(town, 40)
    first = bring(town, number)
    between = bring(town, drawn(town, 45))
    again = bring(town, number)
    assert number_of(town, first) == number and number_of(town, between) == drawn(town, 45)
    assert "-XIAN-" in number_of(town, again) and voids(town, again) == [number]
    assert town.agrees()


def test_nor_to_two_cases_at_once(town: Device) -> None:
    number = drawn(town, 50)
    both = [case_of(town, number) for _ in range(2)]
    town.send(*(town.change(town.create(case, case.id)) for case in both))
    assert sorted("-XIAN-" in number_of(town, case) for case in both) == [False, True]


def test_one_left_out_is_given_later_and_looked_up(town: Device) -> None:
    """A blank sheet took it: nothing is wrong with that."""
    bring(town, drawn(town, 60))
    late = bring(town, drawn(town, 59))
    assert number_of(town, late) == drawn(town, 59)


def test_numbers_go_on_by_year() -> None:
    a, b, c = (
        str(Number(UnitCode("431021102"), year, "A", serial)) for year, serial in ((2026, 7), (2027, 1), (2026, 7))
    )
    assert given_on("2026:6", (a, b)) == ("2026:7 2027:1", set())
    assert given_on("2026:7 2027:1", (c,)) == ("2026:7 2027:1", {c})
    assert given_on("", (b, a)) == ("2026:7 2027:1", set())


def test_a_number_is_spelt_as_it_is_printed(town: Device) -> None:
    odd = case_of(town, f" {drawn(town, 70)}".lower())
    result = town.result(town.change(town.create(odd, odd.id)))
    assert (result.outcome, result.reason) == (Outcome.QUARANTINED, "authority.other_number")
