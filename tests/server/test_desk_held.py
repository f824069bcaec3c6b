"""Changes held behind a gap at the county's desk: seen by its own unit, let go by those who may, told in the log."""

from dataclasses import dataclass

import pytest

from sync.client.county_desk import HeldAct, ask_held
from sync.domain.errors import Damaged, LiandongError, Refused
from sync.protocol.county_desk import join_pieces
from sync.protocol.envelope import Purpose
from sync.protocol.held_desk import LET_GO, HeldAnswer, HeldRequest
from sync.protocol.messages import encode_message
from sync.server.county import County, now_ms
from sync.server.desk_held import answer_held
from sync.server.devices import revoke_device
from tests.server.devices import Device, enrolled
from tests.server.opened import opened_bodies
from tests.server.test_letting_go import left_behind


@dataclass
class Straight:
    """A transport without a wire."""

    county: County

    def post(self, path: str, body: bytes) -> bytes:
        assert path == "/v1/county/held"
        return answer_held(self.county, body, now_ms())


def ask(
    office: Device,
    role: str = "COUNTY_OFFICE",
    act: str = "SEE",
    target: str = "",
    reason: str = "",
    apart: bool = False,
) -> HeldAnswer:
    asked = HeldAct("何主任", role, act, target, reason, apart)
    return ask_held(office.enrolled.link(), Straight(office.county), asked, now_ms())


def test_the_office_sees_what_is_held_and_lets_it_go_with_a_reason(county: County, office: Device) -> None:
    town = enrolled(county, "431021107")
    left_behind(town)
    device = town.enrolled.device
    row = next(one for one in ask(office).held if one.device == device)
    assert (row.unit, row.held, row.missing, row.is_lost) == (town.unit, 3, 1, False) and row.unit_name != row.unit
    with pytest.raises(Refused, match=r"held\.device_active"):
        ask(office, act=LET_GO, target=device, reason="磁盘损坏")
    revoke_device(county, device, now_ms())
    assert next(one for one in ask(office).held if one.device == device).is_lost
    with pytest.raises(LiandongError, match=r"held\.reason"):
        ask(office, act=LET_GO, target=device, reason=" ")
    answer = ask(office, act=LET_GO, target=device, reason="磁盘损坏", apart=True)
    assert answer.outcomes == {"quarantined": 3} and device not in {one.device for one in answer.held}
    told = [body for body in opened_bodies(county) if b"let_go" in body and device.encode() in body]
    assert len(told) == 1 and "磁盘损坏".encode() in told[0] and "何主任".encode() in told[0]


def test_who_may_not_changes_nothing(county: County, office: Device, town: Device) -> None:
    other = enrolled(county, "431021107")
    left_behind(other)
    revoke_device(county, other.enrolled.device, now_ms())
    supervision = enrolled(county, county.code, "COUNTY_SUPERVISION")
    tries = (
        (office, "COUNTY_SUPERVISION", LET_GO, "desk.may_not_let_go"),
        (supervision, "COUNTY_OFFICE", LET_GO, "desk.may_not_let_go"),
        (town, "COUNTY_OFFICE", LET_GO, "desk.county_only"),
        (office, "COUNTY_OFFICE", "DROP", "desk.unknown_act"),
    )
    for device, role, act, code in tries:
        with pytest.raises(Refused) as caught:
            ask(device, role, act, other.enrolled.device, "x")
        assert caught.value.code == code
    held = {one.device: one.held for one in ask(supervision, "COUNTY_SUPERVISION").held}
    assert held[other.enrolled.device] == 3


def test_envelopes_for_another_purpose_are_refused(county: County, office: Device) -> None:
    request = HeldRequest(1, office.enrolled.device, now_ms(), "何主任", "COUNTY_OFFICE", "SEE")
    envelope = office.enrolled.link().seal(encode_message(request), Purpose.COUNTY_DEVICES_REQUEST)
    with pytest.raises(LiandongError):
        answer_held(county, join_pieces([envelope]), now_ms())
    with pytest.raises(Damaged):
        answer_held(county, b"\0\0\0\x01x", now_ms())
