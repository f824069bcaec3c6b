"""One ticket, one device; the same device gets the same answer; everyone else is told why not."""

from dataclasses import replace

import msgspec
import pytest

from sync.client.enrolment import PendingEnrolment, begin_enrolment, finish_enrolment
from sync.domain.errors import InvalidInput, LiandongError, NeedsPerson, Refused
from sync.protocol.keys import exchange_public, generate_exchange_key
from sync.protocol.ticket import Ticket, decode_ticket, parse_typed_code, ticket_of_code
from sync.server.admission import confirm_device, turn_away, waiting_devices
from sync.server.county import County, now_ms
from sync.server.devices import list_devices
from sync.server.enrolment import enrol
from sync.server.storage.loading import lock_county
from sync.server.tickets import DAY_MS, TicketOrder, code_of, make_ticket
from tests.server.devices import Device, enrolled

UNIT = "431021111"


def ticket_of(county: County, **order: object) -> Ticket:
    return decode_ticket(make_ticket(county, replace(TicketOrder(UNIT, ("TOWN_OFFICE",)), **order), now_ms()))  # type: ignore[arg-type]


def asking(ticket: Ticket, user: str = "李芳") -> PendingEnrolment:
    return begin_enrolment(ticket, user, "TOWN_OFFICE", exchange_public(generate_exchange_key()), now_ms())


def refusal(county: County, pending: PendingEnrolment, at: int | None = None) -> str:
    with pytest.raises(LiandongError) as caught:
        finish_enrolment(pending, enrol(county, pending.request, at or now_ms()).answer)
    return caught.value.code


def test_the_same_device_gets_the_same_answer_again(county: County) -> None:
    pending = asking(ticket_of(county))
    first = finish_enrolment(pending, enrol(county, pending.request, now_ms()).answer)
    again = finish_enrolment(pending, enrol(county, pending.request, now_ms() + 99 * DAY_MS).answer)
    assert (first.block, first.unit_identity_key) == (again.block, again.unit_identity_key)
    assert [row["device"] for row in list_devices(county)].count(first.device) == 1


def test_a_second_device_gets_other_letters_and_the_units_first_key(county: County) -> None:
    one, two = enrolled(county, "431021103"), enrolled(county, "431021103")
    assert (one.enrolled.block, two.enrolled.block) == ("A", "B")
    assert one.enrolled.unit_identity_key == two.enrolled.unit_identity_key


def test_a_further_device_of_a_unit_is_told_of_to_the_unit_and_at_the_county(county: County) -> None:
    unit = "431021109"
    one = enrolled(county, unit)
    one.send()
    assert not [key for key in one.records if key[0] == "AccountEntry"]
    ticket = ticket_of(county, unit=unit)
    asked = asking(ticket)
    done = enrol(county, asked.request, now_ms())
    assert (done.refusal, done.further, done.device) == ("", True, asked.device)
    one.send()
    [entry] = [one.fields(*key) for key in one.records if key[0] == "AccountEntry"]
    assert (entry["act"], entry["subject"], entry["device"]) == ("DEVICE_JOINED", "李芳", asked.device)
    assert [row["further"] for row in list_devices(county) if row["unit"] == unit] == [False, True]
    assert one.agrees()


def test_a_used_ticket_is_refused(county: County) -> None:
    ticket = ticket_of(county)
    enrol(county, asking(ticket).request, now_ms())
    assert refusal(county, asking(ticket, "王强")) == "exchange_refusals.ticket_used"


def test_a_ticket_expires_by_the_countys_clock(county: County) -> None:
    assert refusal(county, asking(ticket_of(county)), now_ms() + 15 * DAY_MS) == "exchange_refusals.ticket_expired"


def test_a_device_that_must_be_confirmed_waits(county: County) -> None:
    pending = asking(ticket_of(county, confirm=True))
    assert refusal(county, pending) == "ticket.waiting"
    confirm_device(county, pending.device, now_ms())
    assert finish_enrolment(pending, enrol(county, pending.request, now_ms()).answer).unit == UNIT


def test_people_come_into_the_directory(county: County, town: Device) -> None:
    town.send()
    staff = [town.fields(*key) for key in town.records if key[0] == "Staff"]
    mine = [person for person in staff if person["unit"] == town.unit]
    assert [person["name"] for person in mine] == ["张明"]
    assert "TOWN_OFFICE" in mine[0]["roles"]


def test_a_ticket_names_units_and_roles_that_exist(county: County) -> None:
    with pytest.raises(InvalidInput, match=r"county\.unknown_role"):
        make_ticket(county, TicketOrder(UNIT, ("MAYOR",)), now_ms())
    with pytest.raises(InvalidInput, match=r"county\.role_of_county"):
        make_ticket(county, TicketOrder(UNIT, ("COUNTY_OFFICE",)), now_ms())
    with pytest.raises(Refused, match=r"county\.unknown_unit"):
        make_ticket(county, TicketOrder("999999999", ("TOWN_OFFICE",)), now_ms())


def unit_name(county: County, unit: str) -> str:
    with county.engine.begin() as connection:
        return county.unit(connection, unit).name


def test_a_waiting_device_leaves_no_trace_until_it_is_let_in(county: County) -> None:
    unit = "431021110"
    pending = asking(ticket_of(county, unit=unit, confirm=True))
    with pytest.raises(NeedsPerson) as caught:
        finish_enrolment(pending, enrol(county, pending.request, now_ms()).answer)
    [waiting] = [one for one in waiting_devices(county) if one.joining.unit == unit]
    assert waiting.comparison == pending.comparison == caught.value.values["comparison"]
    assert (caught.value.values["unit"], caught.value.values["unit_name"]) == (unit, unit_name(county, unit))
    assert (waiting.joining.user, waiting.further, waiting.joining.device) == ("李芳", False, pending.device)
    one = enrolled(county, "431021104")
    one.send()
    assert not staff_of(one, unit)
    confirm_device(county, pending.device, now_ms(), "何主任")
    confirm_device(county, pending.device, now_ms())
    one.send()
    assert staff_of(one, unit) == ["李芳"]
    joined = finish_enrolment(pending, enrol(county, pending.request, now_ms()).answer)
    device = Device(county, joined, "TOWN_OFFICE")
    device.send()
    entries = [device.fields(*key) for key in device.records if key[0] == "AccountEntry"]
    assert [(entry["act"], entry["author"], entry["device"]) for entry in entries] == [
        ("DEVICE_JOINED", "何主任", pending.device)
    ]
    assert device.agrees() and not [one for one in waiting_devices(county) if one.joining.unit == unit]


def test_one_that_is_turned_away_gives_block_and_key_back(county: County) -> None:
    unit = "431021106"
    bad, good = asking(ticket_of(county, unit=unit, confirm=True)), asking(ticket_of(county, unit=unit))
    assert refusal(county, bad) == "ticket.waiting"
    turn_away(county, bad.device, now_ms(), "何主任")
    assert refusal(county, bad) == "exchange_refusals.device_revoked"
    with pytest.raises(Refused, match=r"county\.device_turned_away"):
        confirm_device(county, bad.device, now_ms())
    with pytest.raises(Refused, match=r"county\.device_not_waiting"):
        turn_away(county, bad.device, now_ms())
    joined = finish_enrolment(good, enrol(county, good.request, now_ms()).answer)
    assert joined.block == "A" and joined.unit_identity_key != b""
    device = Device(county, joined, "TOWN_OFFICE")
    device.send()
    acts = [device.fields(*key)["act"] for key in device.records if key[0] == "AccountEntry"]
    assert acts == ["DEVICE_REFUSED"]
    rows = {row["device"]: row for row in list_devices(county) if row["unit"] == unit}
    assert (rows[bad.device]["state"], rows[good.device]["further"]) == ("revoked", False)
    with pytest.raises(Refused, match=r"county\.device_not_waiting"):
        turn_away(county, good.device, now_ms())


def test_a_typed_code_gets_in_without_knowing_unit_or_roles(county: County) -> None:
    data = make_ticket(county, TicketOrder(UNIT, ("TOWN_OFFICE",), confirm=True), now_ms())
    ticket = ticket_of_code(parse_typed_code(code_of(data)), county.card_bytes)
    wrong = begin_enrolment(ticket, "李芳", "TOWN_CDI", exchange_public(generate_exchange_key()), now_ms())
    with pytest.raises(InvalidInput) as caught:
        finish_enrolment(wrong, enrol(county, wrong.request, now_ms()).answer)
    assert (caught.value.code, caught.value.values["allowed"]) == ("ticket.role_not_allowed", "TOWN_OFFICE")
    pending = asking(ticket)
    assert refusal(county, pending) == "ticket.waiting"
    assert refusal(county, asking(ticket)) == "exchange_refusals.ticket_used"
    confirm_device(county, pending.device, now_ms())
    joined = finish_enrolment(pending, enrol(county, pending.request, now_ms()).answer)
    assert (joined.unit, joined.roles, joined.county_name) == (UNIT, ("TOWN_OFFICE",), county.facts.name)


def staff_of(device: Device, unit: str) -> list[str]:
    people = [device.fields(*key) for key in device.records if key[0] == "Staff"]
    return [person["name"] for person in people if person["unit"] == unit]


def test_who_has_no_ticket_does_not_wait_for_the_countys_writer(county: County) -> None:
    """Nor keeps it waiting: requests made up by strangers stand in no line with those of devices."""
    ticket = ticket_of(county)
    stranger = asking(msgspec.structs.replace(ticket, secret=bytes(16)))
    with county.engine.begin() as writer:
        lock_county(writer, county.code)
        assert refusal(county, stranger).endswith("ticket_unknown")
