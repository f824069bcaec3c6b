"""What a lost device left behind a gap: seen, and let go with a reason; nothing of it disappears."""

import pytest

from sync.client.county_desk import ask_towns
from sync.domain.errors import InvalidInput, Refused
from sync.protocol.county_desk import TownRow
from sync.protocol.messages import Outcome, decode_change
from sync.server.county import County, now_ms
from sync.server.devices import revoke_device
from sync.server.letting_go import HeldRow, let_go, list_held
from sync.server.release import release_change
from sync.server.verifying import verify_county
from tests.server.devices import Device, enrolled
from tests.server.opened import opened_bodies
from tests.server.test_county_desk import Straight


def row_of(county: County, device: Device) -> HeldRow | None:
    return next((row for row in list_held(county) if row.device == device.enrolled.device), None)


def town_row(county: County, office: Device, unit: str) -> TownRow:
    return next(one for one in ask_towns(office.enrolled.link(), Straight(county), now_ms()).towns if one.unit == unit)


def left_behind(device: Device) -> tuple[str, str, list[bytes]]:
    """A case the county has, one made behind a gap, and the changes that wait: an edit, the new case, one in vain."""
    case, first = device.register()
    device.send(first)
    device.send()
    lost_case, lost = device.register()
    edit = device.change(device.edit("Case", case.id, case.id, title="补充后的标题"))
    late_case, late = device.register()
    vain = device.change(device.edit("Case", lost_case.id, lost_case.id, base=0, title="无主"))
    assert lost
    answer = device.send(edit, late, vain)
    assert {result.outcome for result in answer.results} == {Outcome.HELD}
    return case.id, late_case.id, [edit, late, vain]


def test_what_waits_is_seen_and_judged_as_it_stands(county: County, office: Device, other_town: Device) -> None:
    before = town_row(county, office, other_town.unit)
    case, late, changes = left_behind(other_town)
    device = other_town.enrolled.device
    row = row_of(county, other_town)
    assert row is not None
    assert (row.unit, row.state, row.held, row.missing) == (other_town.unit, "active", 3, 1)
    with pytest.raises(Refused, match=r"held\.device_active"):
        let_go(county, device, "磁盘损坏", now_ms())
    revoke_device(county, device, now_ms())
    with pytest.raises(InvalidInput):
        let_go(county, device, "  ", now_ms())
    shown = town_row(county, office, other_town.unit)
    assert (shown.held - before.held, shown.missing - before.missing, shown.agreed) == (3, 1, False)
    assert let_go(county, device, "磁盘损坏", now_ms()) == {"accepted": 2, "quarantined": 1}
    assert row_of(county, other_town) is None
    reader = enrolled(county, other_town.unit)
    reader.send()
    assert town_row(county, office, other_town.unit).held == before.held
    assert reader.fields("Case", case)["title"] == "补充后的标题"
    assert ("Case", late) in reader.records
    apart = [reader.fields(*key) for key in reader.records if key[0] == "Quarantine"]
    assert decode_change(changes[2]).id in {fields["change"] for fields in apart}
    assert reader.agrees()
    assert all(unit["store"] == "ok" for unit in verify_county(county, None))
    told = [body for body in opened_bodies(county) if b"let_go" in body]
    assert any("磁盘损坏".encode() in body for body in told)
    with pytest.raises(Refused, match=r"held\.none"):
        let_go(county, device, "再来一次", now_ms())


def test_all_of_it_can_be_set_apart_and_released_one_by_one(county: County, town: Device) -> None:
    case, _, changes = left_behind(town)
    revoke_device(county, town.enrolled.device, now_ms())
    assert let_go(county, town.enrolled.device, "电脑被盗", now_ms(), apart=True) == {"quarantined": 3}
    reader = enrolled(county, town.unit)
    reader.send()
    assert reader.fields("Case", case)["title"] != "补充后的标题"
    release_change(county, decode_change(changes[0]).id, now_ms())
    reader.send()
    assert reader.fields("Case", case)["title"] == "补充后的标题"
    assert reader.agrees()


def test_what_another_device_brought_meanwhile_is_not_taken_twice(county: County, town: Device) -> None:
    _, late, changes = left_behind(town)
    revoke_device(county, town.enrolled.device, now_ms())
    heir = enrolled(county, town.unit)
    heir.send()
    change = decode_change(changes[1])
    heir.sent |= town.sent
    again = heir.change(*change.operations, id=change.id)
    assert heir.send(again).results[0].outcome is Outcome.ACCEPTED
    row = row_of(county, town)
    assert row is not None and row.held == 2
    let_go(county, town.enrolled.device, "已换新电脑", now_ms())
    heir.send()
    assert ("Case", late) in heir.records or late in {key[1] for key in heir.sent}
    assert all(unit["store"] == "ok" for unit in verify_county(county, None))
