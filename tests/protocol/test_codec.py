"""Messages read back equal; what is malformed, too deep, too long or newer is refused with one of two reasons."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sync.domain.errors import Damaged, Refused
from sync.protocol.codec import (
    decode_answer,
    decode_bounded_change,
    decode_enrolment_answer,
    decode_enrolment_request,
    decode_refusal,
    decode_request,
    read_fields,
)
from sync.protocol.enrolment import check_mac, make_enrolment_request
from sync.protocol.keys import exchange_public, signing_public
from sync.protocol.limits import MAX_REFUSAL_BYTES
from sync.protocol.messages import (
    NO_HASH,
    EnrolmentAnswer,
    encode_message,
)
from sync.protocol.refusal import decode_plain_refusal, encode_plain_refusal, open_refusal, seal_refusal
from sync.protocol.ticket import new_ticket_secret
from tests.protocol.keyring import COUNTY, TOWN, keyring
from tests.protocol.samples import ANSWER, CHANGE, ENTRY, FIELDS, OPERATION, REQUEST


def nested(depth: int) -> bytes:
    return b"\x81\xa1x" + b"\x91" * depth + b"\xc0"


def test_messages_read_back_equal() -> None:
    assert decode_request(encode_message(REQUEST)) == REQUEST
    assert decode_answer(encode_message(ANSWER)) == ANSWER
    assert encode_message(decode_bounded_change(encode_message(CHANGE))) == encode_message(CHANGE)
    assert read_fields(FIELDS) == {"title": "村务", "people": 3, "tags": ["a", "b"]}


@pytest.mark.parametrize(
    "change",
    [
        {"device": "x"},
        {"unit": ""},
        {"epoch": "e" * 99},
        {"position": -1},
        {"want_entries": -2},
        {"first_unacknowledged": -5},
        {"position": 1 << 63},
        {"changes": (b"",) * 20_001},
    ],
    ids=lambda change: next(iter(change), "nothing"),
)
def test_a_request_outside_the_rules_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Damaged, match=r"envelope\.content"):
        decode_request(encode_message(replace(REQUEST, **change)))


@pytest.mark.parametrize(
    "change",
    [
        {"request_hash": b"short"},
        {"digest": b"short"},
        {"last_hash": b""},
        {"from_position": 5},
        {"to_position": 2},
        {"entries": (ENTRY, ENTRY)},
        {"counts": {str(n): n for n in range(300)}},
        {"key_card": bytes(70_000)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_answer_outside_the_rules_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Damaged, match=r"envelope\.content"):
        decode_answer(encode_message(replace(ANSWER, **change)))


@pytest.mark.parametrize(
    "change",
    [
        {"id": "1"},
        {"sequence": 0},
        {"previous": b""},
        {"operations": ()},
        {"role": ""},
        {"seen": -1},
        {"author": "名" * 300},
        {"operations": (replace(OPERATION, id="X" * 32),)},
        {"operations": (replace(OPERATION, base=-1),)},
    ],
    ids=lambda change: next(iter(change), "nothing"),
)
def test_a_change_outside_the_rules_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Damaged, match=r"envelope\.content"):
        decode_bounded_change(encode_message(replace(CHANGE, **change)))


@pytest.mark.parametrize("body", [b"", b"\xc1", b"\x90", b"\x93\x01\x02", b"\xa1x", encode_message(ANSWER)[:-1]])
def test_what_is_no_message_is_refused(body: bytes) -> None:
    for decode in (decode_request, decode_answer, decode_enrolment_request, decode_enrolment_answer, decode_refusal):
        with pytest.raises(Damaged, match=r"envelope\.content"):
            decode(body)
    with pytest.raises(Damaged, match=r"envelope\.content"):
        decode_bounded_change(body)


def test_a_field_too_many_is_refused_and_a_newer_message_says_so() -> None:
    longer = msgspec.msgpack.encode([*msgspec.msgpack.decode(encode_message(REQUEST)), 1])
    with pytest.raises(Damaged, match=r"envelope\.content"):
        decode_request(longer)
    newer = msgspec.msgpack.encode([2, *msgspec.msgpack.decode(longer)[1:]])
    with pytest.raises(Damaged, match=r"envelope\.newer \(version=2\)"):
        decode_request(newer)


@pytest.mark.parametrize(
    "fields",
    [
        msgspec.msgpack.encode({"amount": 1.5}),
        msgspec.msgpack.encode([1]),
        msgspec.msgpack.encode({"x": msgspec.msgpack.Ext(1, b"")}),
        nested(4),
        nested(100_000),
        b"\x81\xa1x\xdd\xff\xff\xff\xff",
        b"\x81\x01\x02",
        b"",
    ],
    ids=["float", "list", "extension", "deep", "very deep", "lying length", "number as name", "nothing"],
)
def test_fields_are_plain_flat_values(fields: bytes) -> None:
    with pytest.raises(Damaged, match=r"envelope\.content"):
        read_fields(msgspec.Raw(fields))


def test_deep_nesting_in_raw_fields_of_a_change_is_refused_not_a_crash() -> None:
    deep = encode_message(replace(CHANGE, operations=(replace(OPERATION, fields=msgspec.Raw(nested(60_000))),)))
    with pytest.raises(Damaged, match=r"envelope\.content"):
        decode_bounded_change(deep)


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_message_or_refused(body: bytes) -> None:
    for decode in (decode_request, decode_answer, decode_bounded_change, read_fields, decode_plain_refusal):
        try:
            decode(body)
        except Damaged as error:
            assert error.code in {"envelope.content", "envelope.newer"}


def test_an_enrolment_request_is_proven_by_the_tickets_secret() -> None:
    keys, secret = keyring(), new_ticket_secret()
    public = exchange_public(keys.device_exchange)
    request = make_enrolment_request(
        secret,
        device=keys.device,
        user="张明",
        role="INTAKE",
        signing_key=signing_public(keys.device_signing),
        exchange_key=public,
        unit_identity_key=public,
        local_time=7,
    )
    read = decode_enrolment_request(encode_message(request))
    assert read == request
    assert check_mac(read, secret)
    assert not check_mac(read, new_ticket_secret())
    for name, value in {"role": "HEAD", "user": "李芳", "local_time": 8, "signing_key": bytes(32)}.items():
        assert not check_mac(replace(read, **{name: value}), secret)
    for name, bad in {
        "exchange_key": b"",
        "signing_key": b"",
        "user": "",
        "mac": b"",
        "unit_identity_key": b"",
    }.items():
        with pytest.raises(Damaged, match=r"envelope\.content"):
            decode_enrolment_request(encode_message(replace(read, **{name: bad})))
    for forged in ("李芳\ncomparison=1234", "\x1b[2J", "李\u202e芳"):
        with pytest.raises(Damaged, match=r"envelope\.content"):
            decode_enrolment_request(encode_message(replace(read, user=forged)))


def test_an_enrolment_answer_is_a_refusal_or_whole() -> None:
    public = exchange_public(keyring().device_exchange)
    whole = EnrolmentAnswer(1, NO_HASH, "", 1, "e1", COUNTY, TOWN, "仁义镇", "TOWN", "A", ("INTAKE",), public, b"")
    refusal = EnrolmentAnswer(1, NO_HASH, "enrolment.used", 1, "", "", "", "", "", "", (), b"", b"")
    for answer in (whole, refusal):
        assert decode_enrolment_answer(encode_message(answer)) == answer
    for change in ({"block": ""}, {"unit_identity_key": b"x"}, {"request_hash": b""}):
        with pytest.raises(Damaged, match=r"envelope\.content"):
            decode_enrolment_answer(encode_message(replace(whole, **change)))


def test_a_refusal_travels_in_plain_and_sealed() -> None:
    keys, error = keyring(), Refused("envelope.newer", version=3)
    plain = decode_plain_refusal(encode_plain_refusal(error))
    assert (plain.code, plain.values) == ("envelope.newer", {"version": 3})
    assert len(encode_plain_refusal(error)) < MAX_REFUSAL_BYTES
    request = keys.ask(b"x")
    sealed = seal_refusal(
        error,
        request,
        recipient_public=exchange_public(keys.device_exchange),
        device=keys.device,
        signing_key=keys.county_signing,
    )
    county = signing_public(keys.county_signing)
    read = open_refusal(sealed, private_key=keys.device_exchange, signer=county, bound_to=request)
    assert (read.code, read.values) == ("envelope.newer", {"version": 3})
    with pytest.raises(Damaged, match=r"envelope\.not_this_request"):
        open_refusal(sealed, private_key=keys.device_exchange, signer=county, bound_to=keys.ask(b"x"))
