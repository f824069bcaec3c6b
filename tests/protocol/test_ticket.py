"""A ticket survives mail and typing, and says what is wrong with it where it does not."""

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.domain.errors import Damaged, InvalidInput
from sync.protocol.ticket import (
    decode_ticket,
    encode_ticket,
    open_ticket_card,
    parse_typed_code,
    ticket_id,
    typed_code,
    unwrap_identity,
    wrap_identity,
)
from tests.protocol.keyring import keyring


def refusal(data: bytes) -> str:
    with pytest.raises(Damaged) as caught:
        decode_ticket(data)
    return caught.value.code


@given(
    name=st.text(max_size=60),
    unit_name=st.text(max_size=60),
    roles=st.lists(st.text("ABCDEFGH_", min_size=1, max_size=12), min_size=1, max_size=5),
    expires=st.integers(0, 2**50),
    confirm=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_a_ticket_reads_back_equal(name: str, unit_name: str, roles: list[str], expires: int, confirm: bool) -> None:
    ticket = keyring().ticket(name=name, unit_name=unit_name, roles=tuple(roles), expires=expires, confirm=confirm)
    assert decode_ticket(encode_ticket(ticket)) == ticket


def test_line_ends_and_a_byte_order_mark_do_no_harm() -> None:
    ticket = keyring().ticket()
    data = encode_ticket(ticket)
    assert data.isascii()
    for changed in (data.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + data, data.rstrip(), data + b"\n\n"):
        assert decode_ticket(changed) == ticket


def test_a_changed_ticket_is_never_taken_for_another() -> None:
    ticket = keyring().ticket()
    data = encode_ticket(ticket)
    chance = random.Random(5)
    for place in [*range(90), *chance.sample(range(len(data)), 150), *range(len(data) - 40, len(data))]:
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(7)
        try:
            assert decode_ticket(bytes(changed)) == ticket
        except Damaged as error:
            assert error.code in {"ticket.damaged", "ticket.none", "ticket.newer"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "ticket.none"),
        (b"\x00\xff\xfe", "ticket.none"),
        (b"LIANDONG TICKET", "ticket.none"),
        (b"LIANDONG TICKET 2\nwhatever", "ticket.newer"),
        (b"LIANDONG TICKET 1\nAAAA\n", "ticket.damaged"),
        (b"LIANDONG TICKET 1\n" + b"A" * 300_000, "ticket.none"),
    ],
)
def test_what_is_no_ticket_says_why(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_a_ticket_cut_short_is_damaged() -> None:
    data = encode_ticket(keyring().ticket())
    assert {refusal(data[:length]) for length in range(30, len(data) - 2, 400)} == {"ticket.damaged"}


def test_the_id_belongs_to_the_secret() -> None:
    with pytest.raises(InvalidInput, match=r"ticket\.wrong_id"):
        encode_ticket(keyring().ticket(id="0" * 32))


def test_secrets_do_not_show() -> None:
    ticket = keyring().ticket()
    assert repr(ticket) == f"Ticket(id={ticket.id!r}, unit='431021102')"
    assert ticket.secret.hex() not in ticket.id


def test_the_card_in_a_ticket_is_of_its_county() -> None:
    keys = keyring()
    assert open_ticket_card(keys.ticket()) == keys.card()
    with pytest.raises(Damaged, match=r"ticket\.foreign"):
        open_ticket_card(keys.ticket(county="430726"))
    with pytest.raises(Damaged, match=r"card\.foreign"):
        open_ticket_card(keys.ticket(key_card=keyring(1).signed_card()))


def test_the_identity_key_travels_under_the_secret() -> None:
    keys = keyring()
    ticket = keys.ticket()
    assert unwrap_identity(ticket.secret, ticket.wrapped_identity) == keys.county_identity
    for wrapped in (b"", ticket.wrapped_identity[:-1], wrap_identity(bytes(16), keys.county_identity)):
        with pytest.raises(Damaged, match=r"ticket\.identity_damaged"):
            unwrap_identity(ticket.secret, wrapped)
    with pytest.raises(Damaged, match=r"seal\.unknown_suite"):
        unwrap_identity(ticket.secret, b"\0\5" + ticket.wrapped_identity[2:])


def test_a_typed_code_says_secret_and_root() -> None:
    ticket = keyring().ticket()
    code = typed_code(ticket)
    assert len(code.replace("-", "")) == 34
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("0", "O").replace("1", "l")):
        read = parse_typed_code(typed)
        assert read.secret == ticket.secret
        assert ticket.root_fingerprint.startswith(read.fingerprint_prefix)
        assert ticket_id(read.secret) == ticket.id


@given(secret=st.binary(min_size=16, max_size=16), data=st.data())
@settings(max_examples=60, deadline=None)
def test_one_wrong_character_and_every_swap_is_found(secret: bytes, data: st.DataObject) -> None:
    ticket = msgspec.structs.replace(keyring().ticket(), secret=secret)
    code = typed_code(ticket).replace("-", "")
    place = data.draw(st.integers(0, len(code) - 1))
    sign = data.draw(st.sampled_from([s for s in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" if s != code[place]]))
    other = data.draw(st.integers(0, 31))
    changed = list(code)
    changed[place] = sign
    swapped = list(code)
    swapped[other], swapped[(other + 1) % 32] = swapped[(other + 1) % 32], swapped[other]
    for wrong in ("".join(changed), "".join(swapped)):
        if wrong != code:
            with pytest.raises(InvalidInput, match=r"ticket\.typed_wrong"):
                parse_typed_code(wrong)


@pytest.mark.parametrize(
    ("text", "code"), [("", "length"), ("ABCD", "length"), ("U" * 34, "wrong"), ("零" * 34, "wrong")]
)
def test_what_is_no_code_says_why(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_typed_code(text)
    assert caught.value.code == f"ticket.typed_{code}"
    assert caught.value.values["field"] == "code"
