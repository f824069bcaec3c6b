"""A key card is believed for its root alone and never goes back a version."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.domain.errors import Damaged
from sync.protocol.key_card import (
    KeyCard,
    card_root_fingerprint,
    open_key_card,
    open_newer_card,
    sign_key_card,
)
from tests.protocol.keyring import keyring

texts = st.text(max_size=40)


@given(
    version=st.integers(1, 2**40),
    name=texts,
    url=texts,
    certificate=st.binary(max_size=300),
    times=st.integers(0, 2**50),
)
@settings(max_examples=40, deadline=None)
def test_a_signed_card_reads_back_equal(version: int, name: str, url: str, certificate: bytes, times: int) -> None:
    keys = keyring()
    card = msgspec.structs.replace(
        keys.card(), version=version, county_name=name, url=url, tls_certificate=certificate, issued_at=times
    )
    assert open_key_card(sign_key_card(card, keys.root), keys.root_fingerprint) == card


def test_a_card_of_another_root_is_foreign() -> None:
    with pytest.raises(Damaged, match=r"card\.foreign"):
        open_key_card(keyring().signed_card(), keyring(1).root_fingerprint)
    with pytest.raises(Damaged, match=r"card\.foreign"):
        open_key_card(keyring().signed_card(), b"")


def test_a_typed_code_pins_the_first_bytes_of_the_root() -> None:
    keys = keyring()
    data = keys.signed_card()
    assert open_key_card(data, keys.root_fingerprint[:4]) == keys.card()
    assert card_root_fingerprint(data) == keys.root_fingerprint


def test_every_changed_byte_is_refused() -> None:
    data = keyring().signed_card()
    for place in [*range(40), *range(40, len(data), 53), *range(len(data) - 64, len(data))]:
        changed = bytearray(data)
        changed[place] ^= 0x20
        with pytest.raises(Damaged, match=r"card\."):
            open_key_card(bytes(changed), keyring().root_fingerprint)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "card.none"),
        (b"-----BEGIN CERTIFICATE-----", "card.none"),
        (b"LDKC\1", "card.damaged"),
        (b"LDKC\1" + bytes(70_000), "card.damaged"),
        (b"LDKC\2" + bytes(500), "card.newer"),
    ],
)
def test_what_is_no_card_says_why(data: bytes, code: str) -> None:
    with pytest.raises(Damaged) as caught:
        open_key_card(data, keyring().root_fingerprint)
    assert caught.value.code == code


def test_a_rightly_signed_card_with_keys_that_are_none_is_refused() -> None:
    keys = keyring()
    for change in ({"exchange_key": b"short"}, {"signing_key": b""}, {"version": 0}, {"recovery_keys": (b"x",)}):
        bad = sign_key_card(KeyCard(**(msgspec.structs.asdict(keys.card()) | change)), keys.root)
        with pytest.raises(Damaged, match=r"card\.damaged"):
            open_key_card(bad, keys.root_fingerprint)


def test_a_newer_card_is_taken_an_older_never() -> None:
    keys = keyring()
    newer = replace(keys, card_version=3)
    current = replace(keys, card_version=2).card()
    assert open_newer_card(newer.signed_card(), keys.root_fingerprint, current) == newer.card()
    assert open_newer_card(newer.signed_card(), keys.root_fingerprint, newer.card()) is None
    with pytest.raises(Damaged, match=r"card\.older"):
        open_newer_card(keys.signed_card(), keys.root_fingerprint, current)
    with pytest.raises(Damaged, match=r"card\.foreign"):
        open_newer_card(newer.signed_card(), keys.root_fingerprint, msgspec.structs.replace(current, county="430726"))
