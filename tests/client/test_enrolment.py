"""A device joins with a ticket, by wire or by stick, and keeps nothing it cannot prove."""

from dataclasses import replace as with_fields
from typing import Any

import pytest

from sync.client.enrolment import (
    Enrolled,
    PendingEnrolment,
    begin_enrolment,
    carry_enrolment,
    decode_pending,
    encode_pending,
    enrol_by_wire,
    take_carried_enrolment,
)
from sync.domain.errors import Damaged, InvalidInput, Refused
from sync.protocol.carried import CarriedKind, read_carried, write_carried
from sync.protocol.codec import decode_enrolment_request
from sync.protocol.enrolment import check_mac
from sync.protocol.envelope import Purpose, binding_of, open_envelope, read_header, seal_envelope
from sync.protocol.keys import exchange_public, generate_exchange_key, signing_public
from sync.protocol.messages import EnrolmentAnswer, encode_message
from sync.protocol.refusal import seal_refusal
from sync.protocol.ticket import Ticket
from tests.client.county import CLOCK
from tests.protocol.keyring import COUNTY, TOWN, Keyring, keyring

UNIT_KEY = exchange_public(generate_exchange_key())


class Door:
    """The county's enrolment in a few lines, over real envelopes."""

    def __init__(self, keys: Keyring, ticket: Ticket, refuse: bool = False, **changes: Any) -> None:
        self.keys, self.ticket, self.refuse, self.changes = keys, ticket, refuse, changes

    def post(self, path: str, body: bytes) -> bytes:
        assert path == "/v1/enrol"
        payload = open_envelope(
            body,
            purpose=Purpose.ENROL_REQUEST,
            private_key=self.keys.county_exchange,
            signer=lambda payload: decode_enrolment_request(payload).signing_key,
        )
        request = decode_enrolment_request(payload)
        assert check_mac(request, self.ticket.secret)
        assert request.device == read_header(body).device
        facts: dict[str, Any] = {
            "version": 1,
            "request_hash": binding_of(body),
            "refusal": "",
            "county_time": CLOCK,
            "epoch": "e1",
            "county": COUNTY,
            "unit": TOWN,
            "unit_name": "仁义镇",
            "unit_kind": "TOWN",
            "block": "B",
            "roles": ("INTAKE", "HEAD"),
            "unit_identity_key": request.unit_identity_key,
            "key_card": b"",
        }
        answer = EnrolmentAnswer(**(facts | self.changes))
        public, device = request.exchange_key, request.device
        if self.refuse:
            error = Refused("ticket.damaged")
            return seal_refusal(
                error, body, recipient_public=public, device=device, signing_key=self.keys.county_signing
            )
        return seal_envelope(
            encode_message(answer),
            purpose=Purpose.ENROL_ANSWER,
            recipient_public=public,
            device=device,
            signing_key=self.keys.county_signing,
            bound_to=body,
        )


def begin(ticket: Ticket) -> PendingEnrolment:
    return begin_enrolment(ticket, "张明", "INTAKE", UNIT_KEY, CLOCK - 7_000)


def enrol(door: Door) -> Enrolled:
    return enrol_by_wire(begin(door.ticket), door, now_ms=lambda: CLOCK - 7_000)


def test_a_device_joins_by_wire() -> None:
    keys = keyring()
    enrolled = enrol(Door(keys, keys.ticket()))
    assert (enrolled.county, enrolled.unit, enrolled.block, enrolled.offset) == (COUNTY, TOWN, "B", 7_000)
    assert enrolled.card == keys.card()
    assert enrolled.unit_identity_key == UNIT_KEY
    assert enrolled.county_identity == keys.county_identity
    link = enrolled.link()
    opened = open_envelope(
        link.seal(b"first"),
        purpose=Purpose.EXCHANGE_REQUEST,
        private_key=keys.county_exchange,
        signer=signing_public(enrolled.signing_private),
    )
    assert opened == b"first"
    assert enrolled.exchange_private.hex() not in repr(enrolled) + repr(link)


def test_a_device_joins_by_stick_after_a_restart() -> None:
    keys = keyring()
    ticket = keys.ticket(wrapped_identity=b"")
    pending = decode_pending(encode_pending(begin(ticket)))
    (request,) = read_carried(carry_enrolment(pending)).envelopes
    answer = Door(keys, ticket).post("/v1/enrol", request)
    other = Door(keys, ticket).post("/v1/enrol", begin(ticket).request)
    enrolled = take_carried_enrolment(pending, write_carried(CarriedKind.ENROL_ANSWER, COUNTY, [other, answer]))
    assert (enrolled.device, enrolled.offset, enrolled.county_identity) == (pending.device, None, b"")
    with pytest.raises(Damaged, match=r"envelope\.wrong_device"):
        take_carried_enrolment(pending, write_carried(CarriedKind.ENROL_ANSWER, COUNTY, [other]))


def test_a_role_the_ticket_does_not_allow_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        begin_enrolment(keyring().ticket(), "张明", "COUNTY_HEAD", UNIT_KEY, 0)
    assert caught.value.code == "ticket.role_not_allowed"
    assert caught.value.values["allowed"] == "INTAKE, HEAD"


def test_a_ticket_with_a_foreign_card_is_refused() -> None:
    with pytest.raises(Damaged, match=r"card\.foreign"):
        begin(keyring().ticket(key_card=keyring(1).signed_card()))


def test_a_newer_card_in_the_answer_is_kept() -> None:
    keys = keyring()
    newer = with_fields(keys, card_version=5)
    enrolled = enrol(Door(keys, keys.ticket(), key_card=newer.signed_card()))
    assert (enrolled.card, enrolled.key_card) == (newer.card(), newer.signed_card())
    with pytest.raises(Damaged, match=r"card\.foreign"):
        enrol(Door(keys, keys.ticket(), key_card=keyring(1).signed_card()))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"refusal": "ticket.newer"}, "exchange.refused"),
        ({"refusal": "exchange.broken"}, "exchange.broken"),
        ({"refuse": True}, "ticket.damaged"),
        ({"unit": "431021001"}, "envelope.content"),
        ({"roles": ("HEAD",)}, "envelope.content"),
        ({"request_hash": bytes(32)}, "exchange.answer_hash"),
    ],
)
def test_a_refusal_and_a_wrong_answer_are_told(changes: dict[str, Any], code: str) -> None:
    keys = keyring()
    with pytest.raises(Refused) as caught:
        enrol(Door(keys, keys.ticket(), **changes))
    assert caught.value.code == code


def test_another_countys_answer_is_not_taken() -> None:
    keys = keyring()
    ticket = keys.ticket()
    stranger = with_fields(keys, county_signing=keyring(1).county_signing)
    with pytest.raises(Damaged, match=r"envelope\.wrong_signer"):
        enrol(Door(stranger, ticket))


def test_a_kept_enrolment_that_was_damaged_is_refused_and_shows_no_key() -> None:
    pending = begin(keyring().ticket())
    assert pending.signing_private.hex() not in repr(pending)
    for data in (b"", encode_pending(pending)[:-5], encode_pending(pending)[1:]):
        with pytest.raises(Damaged, match=r"ticket\.pending_damaged"):
            decode_pending(data)
