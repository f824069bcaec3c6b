"""Who sees a dossier: the town that registered it, the county, and whom it was handed to; nobody else."""

from sync.client.asking import seal_request
from sync.client.port import StandingPoint
from sync.domain.ids import new_record_id
from sync.domain.records import Accused
from sync.protocol.messages import Mark, Outcome
from sync.server.county import County, now_ms
from sync.server.exchange import exchange
from sync.server.reading import list_records, show_record
from tests.server.devices import Device


def forwarded(town: Device, office: Device, to: str) -> str:
    """A case the town sent up and the county sent on."""
    case, change = town.register()
    town.send(change, town.act(case.id, "FORWARD", to_unit="431021"))
    office.send()
    office.send(office.act(case.id, "RECEIVE"), office.act(case.id, "FORWARD", to_unit=to))
    return case.id


def test_a_forwarded_case_comes_whole_with_its_trail(town: Device, office: Device, other_town: Device) -> None:
    other_town.send()
    case = forwarded(town, office, other_town.unit)
    answer = other_town.send()
    kinds = sorted(entry.kind for entry in answer.entries if entry.dossier == case)
    assert kinds == ["Case", "Step", "Step", "Step", "Step"]
    assert other_town.fields("Case", case)["title"] == "村道硬化款项去向不明"
    assert other_town.agrees()


def test_a_case_is_nobody_elses(town: Device, other_town: Device) -> None:
    case, change = town.register()
    town.send(change)
    other_town.send()
    assert case.id not in {entry.dossier for entry in other_town.records.values()}
    edit = other_town.edit("Case", case.id, case.id, base=1, title="不该看见")
    assert other_town.result(other_town.change(edit)).outcome is Outcome.QUARANTINED


def test_a_returned_case_is_withdrawn(town: Device, office: Device, other_town: Device) -> None:
    case = forwarded(town, office, other_town.unit)
    other_town.send()
    answer = other_town.send(other_town.act(case, "RETURN", reason="不属本镇"))
    assert [entry.mark for entry in answer.entries if entry.dossier == case] == [Mark.WITHDRAWN]
    assert ("Case", case) not in other_town.records
    assert other_town.agrees()
    office.send()
    assert office.agrees()


def test_a_case_sent_to_a_unit_again_brings_the_units_own_steps_whole(
    town: Device, office: Device, other_town: Device
) -> None:
    case = forwarded(town, office, other_town.unit)
    other_town.send()
    step = other_town.step(case, "RETURN", reason="不属本镇")
    other_town.send(other_town.change(other_town.create(step, case)))
    office.send()
    office.send(office.act(case, "FORWARD", to_unit=other_town.unit))
    answer = other_town.send()
    marks = {entry.id: entry.mark for entry in answer.entries if entry.dossier == case}
    assert marks[step.id] is Mark.BODY
    assert other_town.agrees()


def test_a_device_that_cannot_mend_itself_gets_no_echoes(town: Device) -> None:
    town.send(town.register()[1])
    point = StandingPoint(town.enrolled.device, town.unit, town.enrolled.epoch, 0, 2, bodies=True)
    envelope = seal_request(town.enrolled.link(), point, (), now_ms(), 2000)
    answer = town.take(envelope, exchange(town.county, envelope, now_ms()).answer)
    assert {entry.mark for entry in answer.entries} == {Mark.BODY}


def test_what_was_done_before_the_withdrawal_was_known_still_counts(
    town: Device, office: Device, other_town: Device
) -> None:
    case = forwarded(town, office, other_town.unit)
    other_town.send()
    seen = other_town.position
    other_town.send(other_town.act(case, "RETURN", reason="不属本镇"))
    late = other_town.change(other_town.create(other_town.step(case, "RECEIVE"), case), seen=seen)
    assert other_town.result(late).outcome is Outcome.ACCEPTED
    after = other_town.act(case, "RECEIVE")
    assert other_town.result(after).outcome is Outcome.QUARANTINED


def test_a_sealed_matter_stays_with_its_registrar_and_the_county(
    town: Device, office: Device, other_town: Device
) -> None:
    case, change = town.register(secrecy="SEALED")
    town.send(change, town.act(case.id, "FORWARD", to_unit="431021"))
    office.send()
    office.send(office.act(case.id, "RECEIVE"), office.act(case.id, "FORWARD", to_unit=other_town.unit))
    other_town.send()
    assert ("Case", case.id) not in other_town.records


def test_an_unclassified_matter_stays_hidden_from_the_unit_it_complains_about(
    town: Device, office: Device, other_town: Device
) -> None:
    case = town.case(nature=None)
    accused = Accused(
        id=new_record_id(), unit=town.unit, created_at=1, case=case.id, name="某某", unit_code=other_town.unit
    )
    registered = town.create(town.step(case.id, "REGISTER"), case.id)
    town.send(town.change(town.create(case, case.id), town.create(accused, case.id), registered))
    town.send(town.act(case.id, "FORWARD", to_unit=office.unit))
    office.send()
    office.send(office.act(case.id, "RECEIVE"), office.act(case.id, "FORWARD", to_unit=other_town.unit))
    other_town.send()
    assert ("Case", case.id) not in other_town.records
    office.send(
        office.act(case.id, "CLASSIFY", nature="CLAIM"), office.act(case.id, "FORWARD", to_unit=other_town.unit)
    )
    other_town.send()
    assert ("Case", case.id) in other_town.records


def test_a_case_granted_again_comes_again(town: Device, office: Device, other_town: Device) -> None:
    case = forwarded(town, office, other_town.unit)
    other_town.send()
    other_town.send(other_town.act(case, "RETURN", reason="不属本镇"))
    office.send()
    office.send(office.act(case, "FORWARD", to_unit=other_town.unit))
    other_town.send()
    assert ("Case", case) in other_town.records
    assert other_town.agrees()


def test_the_county_lists_and_shows(county: County, town: Device, office: Device, other_town: Device) -> None:
    case = forwarded(town, office, other_town.unit)
    line = next(row for row in list_records(county, "Case", town.unit) if row["id"] == case)
    assert (line["status"], line["holder"]) == ("TRANSFERRED", other_town.unit)
    shown = show_record(county, "Case", case)
    assert line["due"] is not None
    assert (shown["title"], shown["status"], len(shown["trail"])) == ("村道硬化款项去向不明", "TRANSFERRED", 4)


def test_who_has_acknowledged_a_withdrawal_claims_in_vain_not_to_know_of_it(
    town: Device, office: Device, other_town: Device
) -> None:
    case = forwarded(town, office, other_town.unit)
    other_town.send()
    seen = other_town.position
    other_town.send(other_town.act(case, "RETURN", reason="不属本镇"))
    other_town.send()
    late = other_town.change(other_town.create(other_town.step(case, "RECEIVE"), case), seen=seen)
    result = other_town.result(late)
    assert (result.outcome, result.reason) == (Outcome.QUARANTINED, "authority.out_of_sight")


def test_what_was_still_to_be_sent_when_the_withdrawal_came_counts_however_many_requests_it_takes(
    town: Device, office: Device, other_town: Device
) -> None:
    case = forwarded(town, office, other_town.unit)
    other_town.send()
    seen = other_town.position
    notes = [
        other_town.change(other_town.create(other_town.step(case, step), case), seen=seen)
        for step in ("RECEIVE", "START", "SUPERVISE_ANSWER")
    ]
    office.send()
    office.send(office.change(office.edit("Case", case, case, secrecy="SEALED")))
    for note in notes:
        [result] = [one for one in other_town.send(note).results if one.outcome]
        assert result.outcome is Outcome.ACCEPTED
    other_town.send()
    assert ("Case", case) not in other_town.records
    late = other_town.change(other_town.create(other_town.step(case, "RECEIVE"), case), seen=seen)
    assert other_town.result(late).reason == "authority.out_of_sight"
