"""What the county does with changes: repeats, gaps, forgeries, all or nothing, conflicts."""

import msgspec
import pytest

from sync.domain.errors import Damaged, Refused
from sync.domain.ids import new_record_id
from sync.protocol.messages import Change, Mark, Operation, Outcome, change_hash
from sync.server.county import County, now_ms
from sync.server.devices import revoke_device
from sync.server.exchange import exchange
from sync.server.verifying import verify_county
from tests.server.devices import Device, enrolled


def test_a_case_comes_back_as_an_echo_and_digests_agree(town: Device) -> None:
    case, change = town.register()
    answer = town.send(change)
    assert [result.outcome for result in answer.results] == [Outcome.ACCEPTED]
    mine = [entry for entry in answer.entries if entry.dossier == case.id]
    assert [(entry.mark, entry.fields) for entry in mine] == [(Mark.ECHO, None)] * 2
    assert answer.results[0].position == mine[-1].position
    assert town.fields("Case", case.id)["title"] == case.title
    assert town.agrees()


def test_a_second_device_of_the_unit_gets_the_body(town: Device) -> None:
    case, change = town.register()
    town.send(change)
    colleague = enrolled(town.county, town.unit)
    colleague.send()
    assert colleague.fields("Case", case.id)["title"] == case.title
    assert colleague.agrees()


def test_pages_reach_the_head_in_any_size(town: Device) -> None:
    town.send(*[town.register()[1] for _ in range(3)])
    reader = enrolled(town.county, town.unit)
    answer = reader.send(want=7)
    assert answer.digest is None
    while answer.to_position < answer.head:
        answer = reader.send(want=150)
    assert reader.agrees()


def test_a_change_brought_again_gets_the_same_result(town: Device) -> None:
    case, change = town.register()
    first = town.send(change).results[0]
    assert town.send(change).results[0] == first
    assert len([entry for entry in town.records.values() if entry.dossier == case.id]) == 2
    assert town.agrees()


def test_an_answer_that_was_lost_changes_nothing(town: Device) -> None:
    _, change = town.register()
    lost = town.request(change)
    exchange(town.county, lost, now_ms())
    _, second = town.register()
    assert {result.outcome for result in town.send(change, second).results} == {Outcome.ACCEPTED}
    assert town.agrees()


def test_a_gap_holds_what_comes_behind_it_until_it_closes(town: Device) -> None:
    (_, first), (_, second), (case, third) = town.register(), town.register(), town.register()
    held = town.send(second, third)
    assert [result.outcome for result in held.results] == [Outcome.HELD] * 2
    assert held.unbroken == 0
    assert ("Case", case.id) not in town.records
    closed = town.send(first)
    assert [result.outcome for result in closed.results] == [Outcome.ACCEPTED] * 3
    assert (closed.unbroken, closed.last_hash) == (3, change_hash(third))
    assert ("Case", case.id) in town.records
    assert town.agrees()


def test_a_change_with_the_wrong_predecessor_is_held(town: Device) -> None:
    case = town.case()
    change = town.change(town.create(case, case.id), previous=b"\1" * 32)
    assert town.result(change).outcome is Outcome.HELD


def test_two_successors_of_one_change_are_a_cloned_disk(town: Device) -> None:
    _, change = town.register()
    town.send(change)
    town.sequence, town.previous = 0, bytes(32)
    result = town.result(town.register()[1])
    assert (result.outcome, result.reason) == (Outcome.HELD, "exchange_refusals.forked_chain")


def test_a_change_taken_before_has_its_place_in_the_sequence_of_a_device_enrolled_anew(town: Device) -> None:
    (_, first), (case, second) = town.register(), town.register()
    town.send(first)
    anew = enrolled(town.county, town.unit)
    bodies = [
        anew.change(*told.operations, id=told.id)
        for told in (msgspec.msgpack.decode(body, type=Change) for body in (first, second))
    ]
    answer = anew.send(*bodies)
    assert [result.outcome for result in answer.results] == [Outcome.ACCEPTED] * 2
    assert answer.unbroken == 2
    assert anew.result(anew.act(case.id, "ACCEPT")).outcome is Outcome.ACCEPTED
    assert anew.agrees()


def test_what_was_held_is_held_no_more_once_another_device_brought_it(town: Device) -> None:
    (_, first), (_, second) = town.register(), town.register()
    before = [unit["held"] for unit in verify_county(town.county, None)]
    town.send(second)
    anew = enrolled(town.county, town.unit)
    told = msgspec.msgpack.decode(second, type=Change)
    assert anew.result(anew.change(*told.operations, id=told.id)).outcome is Outcome.ACCEPTED
    assert [result.outcome for result in town.send(first, second).results] == [Outcome.ACCEPTED] * 2
    assert [unit["held"] for unit in verify_county(town.county, None)] == before


def test_a_forged_unit_is_set_apart_and_seen_in_the_feed(town: Device) -> None:
    case = town.case(unit="431021102")
    change = town.change(town.create(case, case.id), unit="431021102")
    result = town.result(change)
    assert (result.outcome, result.reason) == (Outcome.QUARANTINED, "exchange_refusals.forged_unit")
    assert ("Case", case.id) not in town.records
    assert "Quarantine" in {kind for kind, _ in town.records}
    assert town.result(town.register()[1]).outcome is Outcome.ACCEPTED
    assert town.agrees()


def test_a_change_of_another_device_is_set_apart(town: Device, other_town: Device) -> None:
    _, foreign = other_town.register()
    result = town.result(foreign)
    assert (result.outcome, result.reason) == (Outcome.QUARANTINED, "exchange_refusals.foreign_device")


def test_bytes_that_are_no_change_are_set_apart_and_the_chain_goes_on(town: Device) -> None:
    junk = b"\x93no change"
    town.sequence, town.previous = 1, change_hash(junk)
    assert [result.outcome for result in town.send(junk).results] == [Outcome.QUARANTINED]
    assert town.result(town.register()[1]).outcome is Outcome.ACCEPTED


def test_a_change_is_taken_whole_or_not_at_all(town: Device) -> None:
    case = town.case()
    bad = Operation("Finding", new_record_id(), case.id, "T", 0, True, msgspec.Raw(msgspec.msgpack.encode({"text": 5})))
    assert town.result(town.change(town.create(case, case.id), bad)).reason == "exchange_refusals.malformed"
    assert ("Case", case.id) not in town.records
    assert town.agrees()


def test_a_record_of_an_unknown_kind_is_kept_as_it_came(town: Device) -> None:
    case, change = town.register()
    future = Operation(
        "Mediation", new_record_id(), case.id, "T", 0, True, msgspec.Raw(msgspec.msgpack.encode({"place": "村部"}))
    )
    town.send(change, town.change(future))
    colleague = enrolled(town.county, town.unit)
    colleague.send()
    assert colleague.fields("Mediation", future.id) == {"place": "村部"}
    assert colleague.agrees()


def test_text_postgresql_refuses_is_no_trouble(town: Device) -> None:
    case, change = town.register(title="\0零\U0002a6a5")
    strange = town.change(
        Operation("No\0kind", new_record_id(), case.id, "T", 0, True, msgspec.Raw(msgspec.msgpack.encode({})))
    )
    _, after = town.register()
    outcomes = [result.outcome for result in town.send(change, strange, after).results]
    assert outcomes == [Outcome.ACCEPTED, Outcome.QUARANTINED, Outcome.ACCEPTED]
    assert town.agrees()


def test_what_both_sides_changed_is_kept_twice(town: Device, office: Device) -> None:
    case, change = town.register()
    town.send(change)
    office.send()
    base = town.records["Case", case.id].revision
    office.send(office.change(office.edit("Case", case.id, case.id, title="县里的标题", claim="县里补记")))
    ours = town.change(town.edit("Case", case.id, case.id, base=base, title="镇里的标题", remark="镇里补记"))
    assert town.result(ours).outcome is Outcome.CONFLICT
    fields = town.fields("Case", case.id)
    assert (fields["title"], fields["claim"], fields["remark"]) == ("镇里的标题", "县里补记", "镇里补记")
    conflicts = [town.fields(*key) for key in town.records if key[0] == "Conflict"]
    conflict = next(one for one in conflicts if one["target"] == case.id)
    assert msgspec.msgpack.decode(conflict["other"]) == "县里的标题"
    assert town.agrees()
    office.send()
    assert office.agrees()


def test_a_revoked_device_gets_nothing_and_what_it_sent_is_kept(county: County, town: Device) -> None:
    revoke_device(county, town.enrolled.device, now_ms())
    with pytest.raises(Refused, match=r"exchange_refusals\.device_revoked"):
        town.send(town.register()[1])


def test_an_envelope_signed_by_another_is_refused(town: Device, other_town: Device) -> None:
    envelope = bytearray(town.request())
    envelope[16:32] = bytes.fromhex(other_town.enrolled.device)
    with pytest.raises(Damaged):
        exchange(town.county, bytes(envelope), now_ms())


def test_the_kept_digests_are_those_of_the_records(county: County, town: Device, office: Device) -> None:
    case, change = town.register()
    town.send(change)
    office.send()
    office.send(office.change(office.edit("Case", case.id, case.id, scope="IN")))
    town.send()
    found = {unit["unit"]: unit for unit in verify_county(county, None)}
    assert {unit["store"] for unit in found.values()} == {"ok"}
    assert town.last_answer is not None
    assert town.last_answer.digest is not None
    assert found[town.unit]["digest"] == town.last_answer.digest.hex()
    assert found[town.unit]["records"] == town.last_answer.counts


def test_a_change_names_its_kind_of_record_once(town: Device) -> None:
    case, change = town.register()
    again = msgspec.msgpack.decode(change, type=Change)
    assert town.result(change).change == again.id
    assert town.result(town.change(town.create(case, case.id))).outcome is Outcome.ACCEPTED
    assert town.agrees()


def test_a_device_that_lost_an_answer_learns_its_results_without_sending_again(town: Device) -> None:
    changes = [town.register()[1] for _ in range(3)]
    broken = town.change(town.edit("Case", "0" * 32, "0" * 32, base=1, title="无"))
    lost = town.request(*changes, broken)
    exchange(town.county, lost, now_ms())
    asking = town.send(want=0, first=1)
    assert [(result.sequence, result.outcome) for result in asking.results] == [
        *((number, Outcome.ACCEPTED) for number in (1, 2, 3)),
        (4, Outcome.QUARANTINED),
    ]
    assert asking.entries == ()
    assert [result.sequence for result in town.send(want=0, first=4).results] == [4]
    assert town.send(first=5).results == ()
