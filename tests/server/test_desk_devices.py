"""Devices that wait, at the county's desk: seen by its own unit, let in and turned away by those who may, told of."""

from dataclasses import dataclass

import pytest

from sync.client.county_desk import DeviceAct, ask_devices
from sync.client.enrolment import PendingEnrolment, begin_enrolment
from sync.domain.authority import ADMITTING_ROLES
from sync.domain.errors import Damaged, LiandongError, Refused
from sync.protocol.county_desk import ADMIT, TURN_AWAY, DevicesRequest, WaitingRow, join_pieces
from sync.protocol.envelope import Purpose
from sync.protocol.keys import exchange_public, generate_exchange_key
from sync.protocol.messages import encode_message
from sync.protocol.ticket import decode_ticket
from sync.server.county import County, now_ms
from sync.server.desk_devices import answer_devices
from sync.server.devices import list_devices
from sync.server.enrolment import enrol
from sync.server.tickets import TicketOrder, make_ticket
from tests.server.devices import Device, enrolled

UNIT = "431021107"


@dataclass
class Straight:
    """A transport without a wire."""

    county: County

    def post(self, path: str, body: bytes) -> bytes:
        assert path == "/v1/county/devices"
        return answer_devices(self.county, body, now_ms())


def waits(county: County, user: str = "李芳") -> PendingEnrolment:
    ticket = decode_ticket(
        make_ticket(county, TicketOrder(UNIT, ("TOWN_OFFICE",), name="二号机", confirm=True), now_ms())
    )
    pending = begin_enrolment(ticket, user, "TOWN_OFFICE", exchange_public(generate_exchange_key()), now_ms())
    assert enrol(county, pending.request, now_ms()).refusal.endswith("device_waiting")
    return pending


def ask(
    office: Device, act: str = "LIST", target: str = "", comparison: str = "", role: str = "COUNTY_OFFICE"
) -> dict[str, WaitingRow]:
    asked = DeviceAct("何主任", role, act, target, comparison)
    answer = ask_devices(office.enrolled.link(), Straight(office.county), asked, now_ms())
    return {row.device: row for row in answer.waiting}


def state(county: County, pending: PendingEnrolment) -> str:
    return next(str(row["state"]) for row in list_devices(county) if row["device"] == pending.device)


def test_the_office_sees_who_waits_and_lets_in_or_turns_away(county: County, office: Device) -> None:
    one, two = waits(county), waits(county, "王强")
    rows = ask(office)
    row = rows[one.device]
    assert (row.unit, row.user, row.role, row.ticket_name) == (UNIT, "李芳", "TOWN_OFFICE", "二号机")
    assert row.comparison == one.comparison and 0 <= now_ms() - row.asked_at < 60_000 and row.unit_name != UNIT
    assert one.device not in ask(office, ADMIT, one.device, one.comparison)
    assert two.device not in ask(office, TURN_AWAY, two.device, two.comparison)
    assert (state(county, one), state(county, two)) == ("active", "revoked")


def test_who_may_not_changes_nothing(county: County, office: Device, town: Device) -> None:
    pending = waits(county)
    supervision = enrolled(county, county.code, "COUNTY_SUPERVISION")
    tries = (
        (office, "COUNTY_SUPERVISION", "desk.may_not_admit"),
        (supervision, "COUNTY_OFFICE", "desk.may_not_admit"),
        (town, "COUNTY_OFFICE", "desk.county_only"),
    )
    for device, role, code in tries:
        for act in (ADMIT, TURN_AWAY):
            with pytest.raises(Refused) as caught:
                ask(device, act, pending.device, pending.comparison, role)
            assert caught.value.code == code
    assert pending.device in ask(supervision, role="COUNTY_SUPERVISION")
    for act, target, comparison, code in (
        (ADMIT, pending.device, "0" * 24, "county.comparison_differs"),
        (ADMIT, "f" * 32, pending.comparison, "county.unknown_device"),
        (TURN_AWAY, office.enrolled.device, "", "county.device_not_waiting"),
        ("SHUT", pending.device, pending.comparison, "desk.unknown_act"),
    ):
        with pytest.raises(Refused) as caught:
            ask(office, act, target, comparison)
        assert caught.value.code == code
    assert state(county, pending) == "waiting" and state_of(county, office) == "active"
    assert "TOWN_CDI" not in ADMITTING_ROLES


def state_of(county: County, device: Device) -> str:
    return next(str(row["state"]) for row in list_devices(county) if row["device"] == device.enrolled.device)


def test_envelopes_for_another_purpose_or_in_anothers_name_are_refused(
    county: County, office: Device, town: Device
) -> None:
    pending, link = waits(county), office.enrolled.link()
    for device in (office.enrolled.device, town.enrolled.device):
        request = DevicesRequest(
            1, device, now_ms(), "何主任", "COUNTY_OFFICE", ADMIT, pending.device, pending.comparison
        )
        own = device == office.enrolled.device
        purpose = Purpose.COUNTY_DESK_REQUEST if own else Purpose.COUNTY_DEVICES_REQUEST
        with pytest.raises(LiandongError):
            answer_devices(county, join_pieces([link.seal(encode_message(request), purpose)]), now_ms())
    with pytest.raises(Damaged):
        answer_devices(county, b"\0\0\0\x01x", now_ms())
    assert state(county, pending) == "waiting"
