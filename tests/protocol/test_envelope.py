"""An envelope opens for whom it is, as what it is, as it was sealed; anything else is refused with its reason."""

import hashlib
import random

import pytest
import zstandard

from sync.domain.errors import Damaged
from sync.protocol import envelope as subject
from sync.protocol.envelope import (
    CHECKSUM_BYTES,
    HEADER_BYTES,
    Purpose,
    binding_of,
    open_envelope,
    read_header,
    seal_envelope,
)
from sync.protocol.keys import SIGNATURE_BYTES, exchange_public, generate_exchange_key, hpke_encrypt, key_id, sign
from sync.protocol.keys import signing_public as public_of
from sync.protocol.limits import PADDED_BELOW, PADDING_STEP, EnvelopeLimits
from tests.protocol.keyring import keyring

PAYLOADS = (b"", b"x", "反映村务".encode() * 50, random.Random(7).randbytes(100_000))
TAIL = SIGNATURE_BYTES + CHECKSUM_BYTES


def with_checksum(body: bytes) -> bytes:
    """The bytes as an attacker would send them: the checksum fits."""
    return body + hashlib.sha256(body).digest()[:CHECKSUM_BYTES]


def seal_raw(body: bytes) -> bytes:
    """A request whose sealed body is made by hand, signed by the device itself."""
    keys = keyring()
    public = exchange_public(keys.county_exchange)
    header = keys.ask(b"")[:HEADER_BYTES]
    signed = header + hpke_encrypt(public, body, b"liandong/exchange-request/v1" + header)
    context = "liandong/exchange-request/v1/signature"
    return with_checksum(signed + sign(keys.device_signing, context, hashlib.sha256(signed).digest()))


def refusal(envelope: bytes) -> str:
    with pytest.raises(Damaged) as caught:
        keyring().open_asked(envelope)
    return caught.value.code


@pytest.mark.parametrize("payload", PAYLOADS, ids=len)
def test_what_was_sealed_is_opened(payload: bytes) -> None:
    keys = keyring()
    request = keys.ask(payload)
    assert keys.open_asked(request) == payload
    assert keys.open_answered(keys.answer(payload, request), request) == payload


def test_the_header_says_who_and_for_whom() -> None:
    keys = keyring()
    request = keys.ask(b"x")
    header = read_header(request)
    assert (header.version, header.suite, header.purpose) == (1, 1, Purpose.EXCHANGE_REQUEST)
    assert header.device == keys.device
    assert header.key_id == key_id(exchange_public(keys.county_exchange))
    assert read_header(keys.answer(b"", request)).binding == binding_of(request) == hashlib.sha256(request).digest()


def test_small_envelopes_come_in_steps_and_tell_little() -> None:
    keys = keyring()
    lengths = {len(keys.ask(random.Random(size).randbytes(size))) for size in range(0, 900, 90)}
    assert len(lengths) == 1
    steps = {len(keys.ask(random.Random(size).randbytes(size))) % PADDING_STEP for size in (10, 2000, 9000)}
    assert len(steps) == 1


def test_every_changed_byte_is_refused() -> None:
    keys = keyring()
    whole = keys.ask(b"a walk-in")
    places = [*range(HEADER_BYTES), *range(HEADER_BYTES, len(whole), 37), *range(len(whole) - TAIL, len(whole))]
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= 1 + place % 255
        with pytest.raises(Damaged):
            keys.open_asked(bytes(changed))


def test_every_changed_byte_is_refused_even_if_the_checksum_fits() -> None:
    keys = keyring()
    body = keys.ask(b"a walk-in")[:-CHECKSUM_BYTES]
    for place in [*range(HEADER_BYTES), *range(HEADER_BYTES, len(body), 41)]:
        changed = bytearray(body)
        changed[place] ^= 0x41
        with pytest.raises(Damaged):
            keys.open_asked(with_checksum(bytes(changed)))


def test_what_was_cut_short_or_made_longer_is_damaged() -> None:
    whole = keyring().ask(b"x")
    for cut in (whole[:-1], whole[:HEADER_BYTES], whole[:5], whole + b"\0", whole[:100] + whole[101:]):
        assert refusal(cut) == "envelope.damaged"


@pytest.mark.parametrize("other", [b"", b"PK\x03\x04 something else", b"LDCF" + bytes(3000)])
def test_something_else_is_no_envelope(other: bytes) -> None:
    assert refusal(other) == "envelope.none"


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [(4, 2, "envelope.newer"), (6, 9, "envelope.unknown_suite"), (7, 200, "envelope.newer")],
)
def test_what_a_newer_program_made_says_so(place: int, value: int, code: str) -> None:
    body = bytearray(keyring().ask(b"x")[:-CHECKSUM_BYTES])
    body[place] = value
    assert refusal(with_checksum(bytes(body))) == code


def test_another_county_cannot_open_it() -> None:
    with pytest.raises(Damaged, match=r"envelope\.wrong_key"):
        keyring(1).open_asked(keyring().ask(b"x"))


def test_another_signer_is_found_out() -> None:
    keys = keyring()
    assert refusal(keys.another_device().ask(b"x")) == "envelope.wrong_signer"
    with pytest.raises(Damaged, match=r"envelope\.wrong_signer"):
        forged = seal_envelope(
            b"x",
            purpose=Purpose.EXCHANGE_ANSWER,
            recipient_public=exchange_public(keys.device_exchange),
            device=keys.device,
            signing_key=keys.device_signing,
        )
        keys.open_answered(forged, None)


def test_an_answer_to_another_request_is_refused() -> None:
    keys = keyring()
    first, second = keys.ask(b"1"), keys.ask(b"1")
    answer = keys.answer(b"x", first)
    for request in (second, b""):
        with pytest.raises(Damaged, match=r"envelope\.not_this_request"):
            keys.open_answered(answer, request)
    assert keys.open_answered(answer, None) == b"x"


def test_an_envelope_is_not_taken_for_another_purpose() -> None:
    keys = keyring()
    with pytest.raises(Damaged, match=r"envelope\.wrong_purpose"):
        open_envelope(
            keys.ask(b"x"),
            purpose=Purpose.ENROL_REQUEST,
            private_key=keys.county_exchange,
            signer=public_of(keys.device_signing),
        )


def test_the_signer_can_be_found_in_the_payload() -> None:
    keys = keyring()
    public = public_of(keys.device_signing)
    opened = open_envelope(
        keys.ask(public), purpose=Purpose.EXCHANGE_REQUEST, private_key=keys.county_exchange, signer=lambda body: body
    )
    assert opened == public
    with pytest.raises(Damaged, match=r"envelope\.wrong_signer"):
        open_envelope(
            keys.ask(public),
            purpose=Purpose.EXCHANGE_REQUEST,
            private_key=keys.county_exchange,
            signer=lambda _: public_of(keys.county_signing),
        )


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(200 * 1024 * 1024))
    assert len(bomb) < PADDED_BELOW
    packed = len(bomb).to_bytes(4, "big") + bomb
    assert refusal(seal_raw(packed.ljust(-(-len(packed) // 1024) * 1024, b"\0"))) == "envelope.too_large"


def frame(*, write_content_size: bool = True) -> bytes:
    return zstandard.ZstdCompressor(write_content_size=write_content_size).compress(b"payload" * 100)


@pytest.mark.parametrize(
    "inner",
    [
        frame(write_content_size=False),
        frame()[:-1],
        frame() + b"more",
        frame() + frame(),
        b"",
        b"no frame at all",
    ],
    ids=["size not declared", "cut", "trailing", "two frames", "empty", "no frame"],
)
def test_a_body_that_is_not_one_whole_frame_is_damaged(inner: bytes) -> None:
    packed = len(inner).to_bytes(4, "big") + inner
    assert refusal(seal_raw(packed.ljust(1024, b"\0"))) == "envelope.damaged"


@pytest.mark.parametrize("change", ["filled", "short", "long", "length"])
def test_padding_is_strict(change: str) -> None:
    inner = frame()
    packed = len(inner).to_bytes(4, "big") + inner
    bodies = {
        "filled": packed.ljust(1023, b"\0") + b"\1",
        "short": packed.ljust(1000, b"\0"),
        "long": packed.ljust(2048, b"\0"),
        "length": (2000).to_bytes(4, "big") + inner.ljust(1020, b"\0"),
    }
    assert refusal(seal_raw(bodies[change])) == "envelope.damaged"


def test_limits_are_kept_before_anything_is_opened() -> None:
    keys = keyring()
    envelope = keys.ask(random.Random(1).randbytes(5000))
    for limits in (EnvelopeLimits(sealed=3000, opened=9000), EnvelopeLimits(sealed=9000, opened=4999)):
        with pytest.raises(Damaged, match=r"envelope\.too_large"):
            open_envelope(
                envelope,
                purpose=Purpose.EXCHANGE_REQUEST,
                private_key=keys.county_exchange,
                signer=public_of(keys.device_signing),
                limits=limits,
            )


def test_the_device_in_the_header_is_an_id() -> None:
    with pytest.raises(Damaged, match=r"envelope\.device"):
        seal_envelope(
            b"",
            purpose=Purpose.BACKUP,
            recipient_public=exchange_public(generate_exchange_key()),
            device="county",
            signing_key=keyring().county_signing,
        )


def test_every_purpose_has_limits() -> None:
    assert set(subject.LIMITS) == set(Purpose)
