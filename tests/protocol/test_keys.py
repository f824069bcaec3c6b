"""Sealing and signing: what fits opens, what does not is refused with one reason."""

import pytest

from sync.domain.errors import Damaged
from sync.protocol.keys import (
    EXCHANGE_PUBLIC_BYTES,
    check_exchange_public,
    exchange_public,
    fingerprint,
    forget_private_keys,
    generate_exchange_key,
    generate_signing_key,
    key_id,
    open_sealed,
    seal_to,
    sign,
    signing_public,
    verify,
)


def test_a_sealed_text_opens_with_its_key_and_info_only() -> None:
    private = generate_exchange_key()
    sealed = seal_to(exchange_public(private), b"secret", b"slot")
    assert open_sealed(private, sealed, b"slot") == b"secret"
    for key, info in ((private, b"other"), (generate_exchange_key(), b"slot")):
        with pytest.raises(Damaged, match=r"seal\.damaged"):
            open_sealed(key, sealed, info)


def test_a_changed_seal_does_not_open() -> None:
    private = generate_exchange_key()
    sealed = seal_to(exchange_public(private), b"secret", b"")
    for place in range(2, len(sealed), 29):
        changed = bytearray(sealed)
        changed[place] ^= 0x80
        with pytest.raises(Damaged, match=r"seal\.damaged"):
            open_sealed(private, bytes(changed), b"")
    for other in (b"", sealed[:40], sealed[:-1]):
        with pytest.raises(Damaged, match=r"seal\.damaged"):
            open_sealed(private, other, b"")


def test_another_suite_is_named() -> None:
    private = generate_exchange_key()
    sealed = b"\0\7" + seal_to(exchange_public(private), b"x", b"")[2:]
    with pytest.raises(Damaged, match=r"seal\.unknown_suite \(suite=7\)"):
        open_sealed(private, sealed, b"")


def test_a_signature_holds_for_its_message_and_context_only() -> None:
    private = generate_signing_key()
    public, signature = signing_public(private), sign(private, "card", b"message")
    verify(public, "card", b"message", signature)
    wrong = [
        (public, "ticket", b"message", signature),
        (public, "card", b"massage", signature),
        (public, "card", b"message", signature[:-1]),
        (signing_public(generate_signing_key()), "card", b"message", signature),
    ]
    for key, context, message, mark in wrong:
        with pytest.raises(Damaged, match=r"seal\.signature_wrong"):
            verify(key, context, message, mark)


@pytest.mark.parametrize("public", [b"", bytes(10), b"\xff" * EXCHANGE_PUBLIC_BYTES])
def test_what_is_no_key_is_refused(public: bytes) -> None:
    with pytest.raises(Damaged, match=r"seal\.key"):
        check_exchange_public(public)
    with pytest.raises(Damaged, match=r"seal\.key"):
        exchange_public(public[:20])
    with pytest.raises(Damaged, match=r"seal\.key"):
        signing_public(public[:20])


def test_forgotten_keys_work_again_when_given_again() -> None:
    private = generate_exchange_key()
    sealed = seal_to(exchange_public(private), b"x", b"")
    forget_private_keys()
    assert open_sealed(private, sealed, b"") == b"x"


def test_names_of_keys_are_for_people() -> None:
    public = exchange_public(generate_exchange_key())
    assert fingerprint(public).replace(" ", "").startswith(key_id(public))
    assert len(key_id(public)) == 16
