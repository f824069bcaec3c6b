"""A device with a key of its own that bends the rules: nothing is written twice, reopened or poisoned by it."""

from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import func, select

from sync.domain.errors import Damaged, Refused
from sync.domain.ids import RecordId, new_record_id
from sync.domain.numbers import Number
from sync.domain.records import AccessEntry, Accused, Correction, Void
from sync.protocol.messages import Outcome
from sync.server.county import now_ms
from sync.server.devices import revoke_device
from sync.server.exchange import exchange
from sync.server.storage import tables
from tests.server.devices import Device
from tests.server.test_sight import forwarded


def test_what_is_written_once_is_not_made_once_more(town: Device, office: Device) -> None:
    case, change = town.register()
    step = office.step(case.id, "RECEIVE")
    town.send(change, town.act(case.id, "FORWARD", to_unit="431021"))
    office.send()
    office.send(office.change(office.create(step, case.id)))
    town.send()
    forged = replace(step, unit=town.unit, note="改写")
    result = town.result(town.change(town.create(forged, case.id)))
    assert (result.outcome, result.reason) == (Outcome.QUARANTINED, "authority.append_only")
    assert "note" not in office.fields("Step", step.id)


def test_the_access_log_is_not_rewritten_by_its_own_device(town: Device) -> None:
    case, change = town.register()
    entry = AccessEntry(
        id=new_record_id(), unit=town.unit, created_at=1, author="张明", case=case.id, complainant=new_record_id(),
        reason="核对",
    )  # fmt: skip
    town.send(change, town.change(town.create(entry, entry.id)))
    before = town.records["AccessEntry", entry.id].hash
    again = town.change(town.create(replace(entry, author="李芳"), entry.id))
    assert town.result(again).outcome is Outcome.QUARANTINED
    assert town.records["AccessEntry", entry.id].hash == before


def test_a_unit_that_lost_a_case_cannot_bring_it_back_by_claiming_not_to_know(
    town: Device, office: Device, other_town: Device
) -> None:
    case = RecordId(forwarded(town, office, other_town.unit))
    other_town.send()
    seen = other_town.position
    person = Accused(
        id=new_record_id(), unit=office.unit, created_at=1, author="王", case=case, unit_code=other_town.unit
    )  # fmt: skip
    nature = office.edit("Case", case, case, nature="ACCUSE")
    office.send(office.change(nature, office.create(person, case)))
    other_town.send()
    assert ("Case", case) not in other_town.records
    void = Void(
        id=new_record_id(), unit=other_town.unit, created_at=1, target_kind="Accused", target=person.id, reason="无"
    )  # fmt: skip
    tries = (
        other_town.edit("Accused", person.id, case, base=1 << 40, unit_code=None),
        other_town.edit("Case", case, case, base=1 << 40, nature="CLAIM"),
        other_town.create(void, case),
    )
    for operation in tries:
        assert other_town.result(other_town.change(operation, seen=seen)).outcome is Outcome.QUARANTINED
    assert ("Case", case) not in other_town.records


@pytest.mark.parametrize("moment", [1 << 62, -(1 << 62), 253_402_300_799_999])
def test_a_moment_outside_the_calendar_reaches_nobody(town: Device, moment: int) -> None:
    case, change = town.register(received_at=moment)
    assert town.result(change).outcome is Outcome.QUARANTINED
    assert ("Case", case.id) not in town.records


def test_a_unit_complained_about_is_kept_out_of_what_a_step_calls_an_accusation(
    town: Device, office: Device, other_town: Device
) -> None:
    case = RecordId(forwarded(town, office, other_town.unit))
    person = Accused(
        id=new_record_id(), unit=office.unit, created_at=1, author="王", case=case, unit_code=other_town.unit
    )  # fmt: skip
    other_town.send()
    assert ("Case", case) in other_town.records
    other_town.send(other_town.act(case, "RECEIVE"), other_town.act(case, "CLASSIFY", nature="ACCUSE"))
    assert ("Case", case) in other_town.records
    office.send(office.change(office.create(person, case)))
    other_town.send()
    assert ("Case", case) not in other_town.records
    assert other_town.agrees()


def test_only_what_a_revoked_device_signed_is_kept(town: Device) -> None:
    envelope = town.request(town.register()[1])
    revoke_device(town.county, town.enrolled.device, now_ms())
    kept = select(func.count()).where(tables.quarantined_envelope.c.device == town.enrolled.device)

    def stored() -> int:
        with town.county.engine.connect() as connection:
            return int(connection.execute(kept).scalar_one())

    with pytest.raises(Damaged):
        exchange(town.county, envelope[:-1] + bytes((envelope[-1] ^ 1,)), now_ms())
    assert stored() == 0
    with pytest.raises(Refused):
        exchange(town.county, envelope, now_ms())
    assert stored() == 1


def test_a_day_outside_the_calendar_reaches_nobody(town: Device) -> None:
    case, change = town.register()
    town.send(change)
    far = town.act(case.id, "FORWARD", to_unit="431021", until="9999-12-31")
    assert town.result(far).outcome is Outcome.QUARANTINED


def test_a_unit_voids_nothing_outside_the_dossier_it_writes_in(town: Device, other_town: Device) -> None:
    case, change = town.register()
    town.send(change)
    own, made = other_town.register()
    other_town.send(made)

    def void_of(device: Device, target: RecordId) -> Void:
        return Void(
            id=new_record_id(), unit=device.unit, created_at=1, target_kind="Case", target=target, reason="无"
        )  # fmt: skip

    forged = other_town.change(other_town.create(void_of(other_town, case.id), own.id))
    assert other_town.result(forged).outcome is Outcome.QUARANTINED
    honest = other_town.change(other_town.create(void_of(other_town, own.id), own.id))
    assert other_town.result(honest).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("spoiled", [b"\xa6number\xa3\xed\xa0\x80", b"\xa6number\xa2\xff\xfe"])
def test_a_number_that_is_no_text_is_set_apart_with_its_change(town: Device, spoiled: bytes) -> None:
    case = town.case()
    operation = msgspec.structs.replace(town.create(case, case.id), fields=msgspec.Raw(b"\x81" + spoiled))
    assert town.result(town.change(operation)).outcome is Outcome.QUARANTINED
    assert town.result(town.register()[1]).outcome is Outcome.ACCEPTED


def test_nobody_gives_out_the_numbers_of_another_unit(town: Device, other_town: Device, office: Device) -> None:
    town.send()
    taken = str(Number(other_town.unit, 2026, "A", 4711))
    for device, written in ((town, taken), (town, taken.lower()), (office, taken)):
        device.send()
        result = device.result(device.register(number=written)[1])
        assert (result.outcome, result.reason) == (Outcome.QUARANTINED, "authority.other_number")
    own, change = other_town.register(number=taken)
    assert other_town.result(change).outcome is Outcome.ACCEPTED
    assert other_town.fields("Case", own.id)["number"] == taken


def test_a_unit_corrects_nothing_outside_the_dossier_it_writes_in(town: Device, other_town: Device) -> None:
    for device in (town, other_town):
        device.send()
    theirs, change = other_town.register()
    other_town.send(change)
    mine, change = town.register()
    town.send(change)

    def correction(target: str) -> Correction:
        return Correction(
            id=new_record_id(), unit=town.unit, created_at=now_ms(), author="张明", target_kind="Case",
            target=RecordId(target), field="title", old='"甲"', new='"乙"',
        )  # fmt: skip

    fresh = town.case()
    tries = (
        (town.create(correction(theirs.id), mine.id),),
        (town.create(fresh, fresh.id), town.create(correction(theirs.id), fresh.id)),
    )
    for operations in tries:
        result = town.result(town.change(*operations))
        assert (result.outcome, result.reason) == (Outcome.QUARANTINED, "exchange_refusals.unknown_record")
    for operations in (
        (town.create(correction(mine.id), mine.id),),
        (town.edit("Case", mine.id, mine.id, title="乙"), town.create(correction(mine.id), mine.id)),
    ):
        assert town.result(town.change(*operations)).outcome is Outcome.ACCEPTED
    assert town.agrees()
