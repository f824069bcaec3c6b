"""An accusation against a cadre of a higher organ: the county takes no step that sends it down or works on it below."""

from sync.domain.ids import RecordId, UnitCode, new_record_id
from sync.domain.records import Accused
from sync.protocol.messages import Outcome, decode_change
from sync.server.county import County, now_ms
from sync.server.release import release_change
from tests.server.devices import Device


def accuse(device: Device, case: str, managed_by: str, unit_code: str | None = None) -> bytes:
    person = Accused(
        id=new_record_id(), unit=device.unit, created_at=now_ms(), case=RecordId(case), managed_by=managed_by,
        unit_code=None if unit_code is None else UnitCode(unit_code),
    )  # fmt: skip
    return device.change(device.create(person, case))


def at_county(town: Device, office: Device) -> str:
    case, change = town.register(nature="ACCUSE")
    town.send(change, town.act(case.id, "FORWARD", to_unit="431021"))
    office.send()
    office.send(office.act(case.id, "RECEIVE"))
    return case.id


def test_a_case_against_a_county_cadre_is_not_sent_down(county: County, town: Device, office: Device) -> None:
    case = at_county(town, office)
    office.send(accuse(office, case, "COUNTY"))
    down = office.act(case, "FORWARD", to_unit="431021002")
    result = office.result(down)
    assert (result.outcome, result.reason) == (Outcome.QUARANTINED, "workflow.not_down")
    done = release_change(county, decode_change(down).id, now_ms())
    assert done.still_apart == (), "a person at the county may decide otherwise"


def test_a_town_that_knows_does_not_handle_it(town: Device) -> None:
    case, change = town.register(nature="ACCUSE")
    town.send(change, accuse(town, case.id, "COUNTY"))
    result = town.result(town.act(case.id, "START"))
    assert (result.outcome, result.reason) == (Outcome.QUARANTINED, "workflow.managed_above")
    assert town.result(town.act(case.id, "FORWARD", to_unit="431021")).outcome is Outcome.ACCEPTED


def test_what_a_town_did_before_it_could_know_is_taken(town: Device, office: Device, other_town: Device) -> None:
    case = at_county(town, office)
    office.send(office.act(case, "FORWARD", to_unit=other_town.unit))
    other_town.send()
    office.send(accuse(office, case, "CITY"))
    assert other_town.result(other_town.act(case, "START")).outcome is Outcome.ACCEPTED
    other_town.send()
    assert other_town.result(other_town.act(case, "DISPOSE", disposition="PRELIM")).reason == "workflow.managed_above"


def test_all_of_it_in_one_change_is_no_way_round(town: Device) -> None:
    case = town.case(nature="ACCUSE")
    person = Accused(id=new_record_id(), unit=town.unit, created_at=now_ms(), case=case.id, managed_by="COUNTY")
    steps = [town.create(town.step(case.id, code), case.id) for code in ("REGISTER", "START")]
    result = town.result(town.change(town.create(case, case.id), town.create(person, case.id), *steps))
    assert (result.outcome, result.reason) == (Outcome.QUARANTINED, "workflow.managed_above")


def test_the_county_takes_a_letter_to_the_organ_above_where_it_may_not_handle_the_case(
    town: Device, office: Device
) -> None:
    case = at_county(town, office)
    letter = {"document": "桂纪信〔2026〕3号", "note": "市纪委监委信访室"}
    early = office.result(office.act(case, "REPORT_UP", **letter))
    assert (early.outcome, early.reason) == (Outcome.QUARANTINED, "workflow.not_managed_above")
    office.send(accuse(office, case, "CITY"))
    assert office.result(office.act(case, "REPORT_UP", **letter)).outcome is Outcome.ACCEPTED
    assert office.result(office.act(case, "CLOSE")).outcome is Outcome.ACCEPTED


def test_a_case_is_not_given_back_to_the_unit_it_is_about(town: Device, office: Device) -> None:
    case, change = town.register(nature="ACCUSE")
    town.send(change, town.act(case.id, "FORWARD", to_unit="431021"))
    office.send()
    office.send(office.act(case.id, "RECEIVE"), accuse(office, case.id, "TOWN", town.unit))
    back = office.result(office.act(case.id, "RETURN", reason="请镇里办理"))
    assert (back.outcome, back.reason) == (Outcome.QUARANTINED, "workflow.accused_unit")


def test_what_has_no_effect_anyhow_is_not_set_apart(town: Device, office: Device, other_town: Device) -> None:
    case = at_county(town, office)
    office.send(accuse(office, case, "TOWN", other_town.unit))
    assert office.result(office.act(case, "FORWARD", to_unit=other_town.unit)).outcome is Outcome.ACCEPTED
    assert case not in {entry.dossier for entry in other_town.send().entries}


def test_a_unit_neither_handles_nor_strikes_off_what_is_said_about_itself(town: Device, office: Device) -> None:
    case, change = town.register(nature="ACCUSE")
    town.send(change, accuse(town, case.id, "TOWN", town.unit))
    for code in ("START", "CLOSE"):
        result = town.result(town.act(case.id, code))
        assert (result.outcome, result.reason) == (Outcome.QUARANTINED, "workflow.own_matter")
    assert town.result(town.act(case.id, "FORWARD", to_unit="431021")).outcome is Outcome.ACCEPTED
    office.send()
    office.send(office.act(case.id, "RECEIVE"))
    assert office.result(office.act(case.id, "START")).outcome is Outcome.ACCEPTED


def test_what_a_unit_did_before_it_read_that_it_is_the_one_complained_about_is_taken(
    town: Device, office: Device
) -> None:
    case, change = town.register(nature="ACCUSE")
    town.send(change)
    office.send()
    office.send(accuse(office, case.id, "TOWN", town.unit))
    assert town.result(town.act(case.id, "START")).outcome is Outcome.ACCEPTED
    town.send()
    assert town.result(town.act(case.id, "RESULT", result="TRUE")).reason == "workflow.own_matter"
