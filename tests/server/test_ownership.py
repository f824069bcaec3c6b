"""A unit that was handed a case works on it; what others recorded in it stays theirs."""

from typing import Any

from sync.domain.ids import RecordId, new_record_id
from sync.domain.records import Accused, Complainant, Void
from sync.protocol.messages import Operation, Outcome
from tests.server.devices import Device
from tests.server.test_sight import forwarded


def test_a_holder_answers_and_changes_nothing_else_of_anothers_case(
    town: Device, office: Device, other_town: Device
) -> None:
    case = RecordId(forwarded(town, office, other_town.unit))
    other_town.send()
    answer = other_town.edit("Case", case, case, reply="已修复水渠", remark="村民代表在场")
    assert other_town.result(other_town.change(answer)).outcome is Outcome.ACCEPTED
    edits: tuple[dict[str, Any], ...] = (
        {"title": "改写"},
        {"secrecy": "SEALED"},
        {"reply": "再答", "nature": "ADVICE"},
    )
    for fields in edits:
        result = other_town.result(other_town.change(other_town.edit("Case", case, case, **fields)))
        assert (result.outcome, result.reason) == (Outcome.QUARANTINED, "authority.not_own")
    office.send()
    assert office.fields("Case", case)["title"] == "村道硬化款项去向不明"


def test_a_holder_voids_its_own_records_only(town: Device, office: Device, other_town: Device) -> None:
    case = RecordId(forwarded(town, office, other_town.unit))
    other_town.send()

    def void(kind: str, target: str) -> Operation:
        record = Void(
            id=new_record_id(), unit=other_town.unit, created_at=1, target_kind=kind, target=RecordId(target),
            reason="误登",
        )  # fmt: skip
        return other_town.create(record, case)

    own = Accused(id=new_record_id(), unit=other_town.unit, created_at=1, case=case, name="某某")
    both = other_town.change(other_town.create(own, case), void("Accused", own.id))
    assert other_town.result(both).outcome is Outcome.ACCEPTED
    result = other_town.result(other_town.change(void("Case", case)))
    assert (result.outcome, result.reason) == (Outcome.QUARANTINED, "authority.not_own")


def test_a_holder_does_not_replace_who_complained(town: Device, office: Device, other_town: Device) -> None:
    case = RecordId(forwarded(town, office, other_town.unit))
    who = Complainant(
        id=new_record_id(), unit=town.unit, created_at=1, case=case, key=new_record_id(), suite="x", cipher=b"x"
    )
    town.send(town.change(town.create(who, case)))
    other_town.send()
    forged = other_town.edit("Complainant", who.id, case, key=new_record_id(), cipher=b"y")
    assert other_town.result(other_town.change(forged)).reason == "authority.not_own"
    office.send()
    by_county = office.edit("Complainant", who.id, case, key=new_record_id(), cipher=b"z")
    assert office.result(office.change(by_county)).outcome in (Outcome.ACCEPTED, Outcome.MERGED)


def test_a_unit_that_only_helps_reports_and_writes_nothing_into_the_case(town: Device, other_town: Device) -> None:
    case, change = town.register()
    town.send(change, town.act(case.id, "CO_UNIT", units=(other_town.unit,)))
    other_town.send()
    edit = other_town.edit("Case", case.id, case.id, reply="替主办单位答复")
    result = other_town.result(other_town.change(edit))
    assert (result.outcome, result.reason) == (Outcome.QUARANTINED, "authority.only_helps")
    report = other_town.act(case.id, "CO_ANSWER", note="渠道产权属本镇")
    assert other_town.result(report).outcome is Outcome.ACCEPTED
