"""Release from quarantine and settling of conflicts, at a real county with real devices."""

import pytest

from sync.domain.errors import Refused
from sync.domain.ids import RecordId, new_record_id
from sync.domain.records import Finding, Visit
from sync.protocol.messages import Change, Outcome, decode_change
from sync.server.county import County, now_ms
from sync.server.release import release_change
from sync.server.verifying import verify_county
from tests.server.devices import Device, enrolled


def visit_of(device: Device) -> Visit:
    return Visit(
        id=new_record_id(), unit=device.unit, created_at=now_ms(), author="张明", contact_mode="SCREEN",
        started_at=now_ms(),
    )  # fmt: skip


def set_apart(town: Device) -> tuple[Visit, list[bytes]]:
    """A visit made in a role the ticket does not give, and what builds on it: three changes in quarantine."""
    visit = visit_of(town)
    finding = Finding(
        id=new_record_id(), unit=town.unit, created_at=now_ms(), author="张明", visit=RecordId(visit.id), text="沟渠"
    )
    made = town.change(town.create(visit, visit.id), role="COUNTY_OFFICE")
    found = town.change(town.create(finding, visit.id))
    edited = town.change(town.edit("Visit", visit.id, visit.id, base=0, summary="已改"))
    answer = town.send(made, found, edited)
    assert [result.outcome for result in answer.results] == [Outcome.QUARANTINED] * 3
    return visit, [made, found, edited]


def quarantine_of(device: Device, change: bytes) -> str:
    wanted = decode_change(change).id
    return next(key[1] for key in device.records if key[0] == "Quarantine" and device.fields(*key)["change"] == wanted)


def test_a_released_change_is_applied_with_what_builds_on_it(county: County, town: Device) -> None:
    visit, changes = set_apart(town)
    done = release_change(county, decode_change(changes[0]).id, now_ms())
    assert done.released == tuple(decode_change(change).id for change in changes)
    assert done.still_apart == ()
    town.send()
    assert ("Visit", visit.id) in town.records
    assert {town.fields("Quarantine", quarantine_of(town, change))["released"] for change in changes} == {True}
    assert town.agrees()
    reader = enrolled(county, town.unit)
    reader.send()
    assert reader.fields("Visit", visit.id)["summary"] == "已改"
    assert verify_county(county, None)[0]["store"] == "ok"


def test_what_was_released_counts_as_taken_when_it_is_brought_again(county: County, town: Device) -> None:
    _, changes = set_apart(town)
    release_change(county, quarantine_of(town, changes[0]), now_ms())
    answer = town.send(*changes)
    assert {result.outcome for result in answer.results} <= {Outcome.ACCEPTED, Outcome.MERGED}
    assert all(result.position for result in answer.results)
    with pytest.raises(Refused, match=r"release\.unknown"):
        release_change(county, decode_change(changes[0]).id, now_ms())


def test_the_office_releases_over_the_wire_and_a_town_cannot(county: County, town: Device, office: Device) -> None:
    visit, changes = set_apart(town)
    record = quarantine_of(town, changes[0])
    forged = town.change(town.edit("Quarantine", record, record, released=True))
    assert town.result(forged).reason == "authority.county_only"
    office.send()
    assert office.result(office.change(office.edit("Quarantine", record, record, released=True))).outcome == "accepted"
    town.send()
    assert ("Visit", visit.id) in town.records
    assert town.agrees()
    office.send()
    assert office.agrees()


def test_what_is_asked_for_twice_is_released_once(county: County, town: Device, office: Device) -> None:
    visit, changes = set_apart(town)
    record = quarantine_of(town, changes[0])
    office.send()
    release_change(county, record, now_ms())
    asked = office.change(office.edit("Quarantine", record, record, released=True))
    assert office.send(asked).results[0].outcome in {Outcome.ACCEPTED, Outcome.MERGED}
    town.send()
    assert ("Visit", visit.id) in town.records and town.agrees()
    assert verify_county(county, None)[0]["store"] == "ok"


def test_what_cannot_be_mended_stays_apart(county: County, town: Device, office: Device) -> None:
    missing = new_record_id()
    change = town.change(town.edit("Visit", missing, missing, base=0, summary="无主"))
    assert town.result(change).outcome is Outcome.QUARANTINED
    with pytest.raises(Refused, match=r"release\.still_refused"):
        release_change(county, decode_change(change).id, now_ms())
    record = quarantine_of(town, change)
    office.send()
    office.send(office.change(office.edit("Quarantine", record, record, released=True)))
    town.send()
    assert not town.fields("Quarantine", record).get("released")


def conflict_between(town: Device) -> tuple[str, str, Device]:
    """Two devices of a town changed one title; the case, the conflict, the colleague."""
    case, change = town.register()
    town.send(change)
    colleague = enrolled(town.county, town.unit)
    colleague.send()
    town.send(town.change(town.edit("Case", case.id, case.id, title="甲")))
    colleague.send(colleague.change(colleague.edit("Case", case.id, case.id, title="乙")))
    town.send()
    conflict = next(key[1] for key in town.records if key[0] == "Conflict" and town.fields(*key)["target"] == case.id)
    return case.id, conflict, colleague


def test_the_owning_unit_settles_a_conflict_by_taking_the_other_value(town: Device) -> None:
    case, conflict, colleague = conflict_between(town)
    change = town.change(town.edit("Conflict", conflict, case, settled=True), town.edit("Case", case, case, title="乙"))
    assert town.result(change).outcome in (Outcome.ACCEPTED, Outcome.MERGED)
    colleague.send()
    assert colleague.fields("Case", case)["title"] == "乙"
    assert colleague.fields("Conflict", conflict)["settled"] is True
    assert colleague.agrees()


def test_a_conflict_that_grew_meanwhile_stays_open(town: Device) -> None:
    case, conflict, colleague = conflict_between(town)
    seen = colleague.records["Conflict", conflict].revision if ("Conflict", conflict) in colleague.records else 0
    colleague.send(colleague.change(colleague.edit("Case", case, case, base=1, title="丙")))
    settle = town.change(town.edit("Conflict", conflict, case, settled=True))
    town.send(settle)
    town.send()
    assert seen >= 0
    assert not town.fields("Conflict", conflict).get("settled")


def test_another_unit_settles_nothing(town: Device, other_town: Device, office: Device) -> None:
    case, conflict, _ = conflict_between(town)
    strange: Change = decode_change(
        other_town.change(other_town.edit("Conflict", conflict, case, base=town.position, settled=True))
    )
    assert other_town.result(_again(strange)).outcome is Outcome.QUARANTINED
    office.send()
    done = office.change(office.edit("Conflict", conflict, case, settled=True))
    assert office.result(done).outcome is Outcome.ACCEPTED


def _again(change: Change) -> bytes:
    from sync.protocol.messages import encode_message

    return encode_message(change)


def test_an_edit_that_came_before_its_creation_is_judged_again_when_that_comes(
    county: County, town: Device, office: Device
) -> None:
    visit = visit_of(town)
    edited = office.change(office.edit("Visit", visit.id, visit.id, base=0, summary="县里补记"))
    finding = Finding(
        id=new_record_id(), unit=office.unit, created_at=now_ms(), author="何", visit=RecordId(visit.id), text="补记"
    )
    again = office.change(office.create(finding, visit.id))
    assert {result.outcome for result in office.send(edited, again).results} == {Outcome.QUARANTINED}
    town.send(town.change(town.create(visit, visit.id)))
    town.send()
    assert town.fields("Finding", finding.id)["text"] == "补记"
    keys = [key for key, entry in town.records.items() if (key[0], entry.dossier) == ("Conflict", visit.id)]
    conflicts = [town.fields(*key) for key in keys]
    assert [(one["target"], one["field"]) for one in conflicts] == [(visit.id, "summary")]
    assert town.agrees()
    office.send()
    assert office.fields("Quarantine", quarantine_of(office, edited))["released"] is True
    brought = office.send(edited, again).results
    assert {result.outcome for result in brought} == {Outcome.CONFLICT, Outcome.ACCEPTED}
    assert verify_county(county, None)[0]["store"] == "ok"
