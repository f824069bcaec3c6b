"""Who can open a complainant: sealed to the county alone he never opens to a unit again, whatever meets there."""

from typing import Any

import msgspec
import pytest

from sync.domain.ids import RecordId, new_record_id
from sync.domain.records import Complainant, IdentityKey, KeySlot
from sync.protocol.keys import key_id
from sync.protocol.messages import Operation, Outcome
from sync.server.county import County
from tests.server.devices import Device, enrolled
from tests.server.opened import opened_bodies

UNIT_READER = "a" * 16


class Who:
    """A complainant of a case, sealed by several devices."""

    def __init__(self, town: Device) -> None:
        self.town, self.county = town, key_id(town.county.card.identity_key)
        self.case, registered = town.register()
        self.id = new_record_id()
        key = self.key(town, self.county, UNIT_READER)
        record = Complainant(
            id=self.id,
            unit=town.unit,
            created_at=1,
            case=self.case.id,
            key=RecordId(key.id),
            suite="x",
            cipher=self.cipher(1),
        )
        town.send(registered, town.change(key, town.create(record, self.case.id)))

    def cipher(self, number: int) -> bytes:
        """What no other test has."""
        return f"{self.id}/{number}".encode()

    def key(self, device: Device, *readers: str) -> Operation:
        slots = tuple(KeySlot(recipient=reader, sealed=b"s") for reader in readers)
        made = IdentityKey(id=new_record_id(), unit=device.unit, created_at=1, suite="x", slots=slots)
        return device.create(made, made.id)

    def seals(self, device: Device, number: int, *readers: str, secrecy: str = "", more: Any = ()) -> bytes:
        """The change that seals the complainant anew."""
        key = self.key(device, *readers)
        anew = device.edit("Complainant", self.id, self.case.id, key=key.id, cipher=self.cipher(number))
        case = [device.edit("Case", self.case.id, self.case.id, secrecy=secrecy)] if secrecy else []
        return device.change(*case, key, anew, *more)

    def stands(self, office: Device, number: int) -> bool:
        office.send()
        return bool(office.fields("Complainant", self.id)["cipher"] == self.cipher(number))

    def is_anywhere(self, *numbers: int) -> bool:
        """Whether the county's database holds one of these ciphertexts."""
        bodies = opened_bodies(self.town.county)
        return any(self.cipher(number) in body for number in numbers for body in bodies)

    def conflicts(self, device: Device) -> list[dict[str, Any]]:
        names = [name for kind, name in device.records if kind == "Conflict"]
        return [one for one in (device.fields("Conflict", name) for name in names) if one["target"] == self.id]


@pytest.fixture
def who(town: Device) -> Who:
    return Who(town)


@pytest.fixture
def colleague(county: County, town: Device, who: Who) -> Device:
    second = enrolled(county, town.unit)
    second.send()
    town.send()
    return second


def test_the_protected_identity_stands_whoever_came_first(
    town: Device, office: Device, colleague: Device, who: Who
) -> None:
    town.send(who.seals(town, 2, who.county, UNIT_READER))
    protecting = who.seals(colleague, 3, who.county, secrecy="PROTECTED")
    assert colleague.result(protecting).outcome is Outcome.CONFLICT
    assert who.stands(office, 3)
    town.send()
    assert town.agrees()
    [conflict] = who.conflicts(town)
    assert (conflict.get("settled"), msgspec.msgpack.decode(conflict["other"])) == (None, None)
    assert not who.is_anywhere(1, 2)


def test_a_conflict_about_an_identity_is_over_when_it_closes(town: Device, colleague: Device, who: Who) -> None:
    town.send(who.seals(town, 2, who.county, UNIT_READER))
    colleague.send(who.seals(colleague, 3, who.county, UNIT_READER))
    town.send()
    assert [who.cipher(3) in one["other"] for one in who.conflicts(town)] == [True]
    town.send(who.seals(town, 4, who.county, secrecy="SEALED"))
    assert [one["settled"] for one in who.conflicts(town)] == [True]
    assert not who.is_anywhere(1, 2, 3)


@pytest.mark.parametrize("secrecy", ["NORMAL", "PROTECTED"])
def test_no_settlement_opens_an_identity_again(
    town: Device, office: Device, who: Who, colleague: Device, secrecy: str
) -> None:
    town.send(who.seals(town, 2, who.county, UNIT_READER))
    colleague.send(who.seals(colleague, 3, who.county, UNIT_READER))
    town.send()
    conflict = next(name for kind, name in town.records if kind == "Conflict")
    town.send(who.seals(town, 4, who.county, secrecy=secrecy))
    settle = town.edit("Conflict", conflict, who.case.id, settled=True)
    result = town.result(who.seals(town, 3, who.county, UNIT_READER, more=(settle,)))
    assert (result.outcome, result.reason) == (Outcome.QUARANTINED, "authority.identity_protected")
    assert who.stands(office, 4)
