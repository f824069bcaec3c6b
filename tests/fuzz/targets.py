"""What is fuzzed: each target makes a spoiled input and judges what the product does with it.

Accepted is only what reads back equal and keeps the rules a reader relies on; anything but a
:class:`LiandongError` is a crash.
"""

import base64
import hashlib
import random
from collections.abc import Callable, Mapping

import msgspec
from msgspec.structs import replace

from sync.client.asking import open_answer
from sync.client.link import CountyLink
from sync.domain.ids import is_id
from sync.protocol.blob_note import open_receipt, sign_receipt
from sync.protocol.blob_request import CONTEXT as BLOB_CONTEXT
from sync.protocol.blob_request import BlobRequest, read_request
from sync.protocol.carried import CarriedKind, read_carried, write_carried, write_carried_parts
from sync.protocol.codec import (
    decode_bounded_change,
    decode_enrolment_request,
    decode_request,
    read_fields,
)
from sync.protocol.enrolment import check_mac, make_enrolment_request
from sync.protocol.envelope import CHECKSUM_BYTES, Purpose, binding_of, open_envelope, seal_envelope
from sync.protocol.key_card import open_key_card
from sync.protocol.keys import exchange_public, sign, signing_public
from sync.protocol.messages import encode_message
from sync.protocol.ticket import decode_ticket, encode_ticket
from tests.fuzz.mutation import mutate_bytes, mutate_message
from tests.protocol.keyring import COUNTY, TOWN, keyring
from tests.protocol.samples import ANSWER, CHANGE, REQUEST

Target = Callable[[random.Random], bool]
"""True where the input was accepted; LiandongError where it was refused."""

KEYS = keyring()
LINK = CountyLink(KEYS.card(), KEYS.device, TOWN, KEYS.device_exchange, KEYS.device_signing, KEYS.root_fingerprint)
TICKET = KEYS.ticket()
PUBLIC = exchange_public(KEYS.device_exchange)
BLOB_PAYLOAD = msgspec.msgpack.encode(
    BlobRequest(1, "PUT", COUNTY, KEYS.device, "a" * 64, "b" * 32, 100, 20, bytes(32), 1_795_000_000_000)
)
RECEIPT = sign_receipt(COUNTY, KEYS.device, ["a" * 64], KEYS.county_signing)
ENROLMENT = make_enrolment_request(
    TICKET.secret,
    device=KEYS.device,
    user="张明",
    role="INTAKE",
    signing_key=signing_public(KEYS.device_signing),
    exchange_key=PUBLIC,
    unit_identity_key=PUBLIC,
    local_time=7,
)
SEALED_REQUEST = KEYS.ask(encode_message(REQUEST))
CARRIED = write_carried(CarriedKind.EXCHANGE_REQUEST, COUNTY, [SEALED_REQUEST])
CARD, TICKET_FILE = KEYS.signed_card(), encode_ticket(TICKET)


def resealed_request(chance: random.Random) -> bool:
    """A request an enrolled device spoiled before it sealed and signed it."""
    body = KEYS.open_asked(KEYS.ask(mutate_message(chance, encode_message(REQUEST))))
    request = decode_request(body)
    assert is_id(request.device)
    assert request.position >= 0
    assert decode_request(encode_message(request)) == request
    for raw in request.changes:
        change = decode_bounded_change(raw)
        for operation in change.operations:
            read_fields(operation.fields)
    return True


def resealed_change(chance: random.Random) -> bool:
    """A sound request with a spoiled change in it."""
    spoiled = mutate_message(chance, encode_message(CHANGE))
    body = KEYS.open_asked(KEYS.ask(encode_message(replace(REQUEST, changes=(spoiled,)))))
    change = decode_bounded_change(decode_request(body).changes[0])
    assert change.sequence >= 1
    assert change.operations
    for operation in change.operations:
        assert is_id(operation.id)
        assert is_id(operation.dossier)
        read_fields(operation.fields)
    return True


def resealed_answer(chance: random.Random) -> bool:
    """An answer a spoiled county signed."""
    whole = replace(ANSWER, request_hash=binding_of(SEALED_REQUEST))
    envelope = KEYS.answer(mutate_message(chance, encode_message(whole)), SEALED_REQUEST)
    answer = open_answer(LINK, envelope, SEALED_REQUEST)
    assert answer.request_hash == binding_of(SEALED_REQUEST)
    positions = [entry.position for entry in answer.entries]
    assert positions == sorted(set(positions))
    assert all(answer.from_position < position <= answer.to_position for position in positions)
    return True


def resealed_enrolment(chance: random.Random) -> bool:
    """An enrolment request spoiled after its MAC was made: whatever decodes, the MAC holds for the true one only."""
    envelope = seal_envelope(
        mutate_message(chance, encode_message(ENROLMENT)),
        purpose=Purpose.ENROL_REQUEST,
        recipient_public=exchange_public(KEYS.county_exchange),
        device=KEYS.device,
        signing_key=KEYS.device_signing,
    )
    payload = open_envelope(
        envelope,
        purpose=Purpose.ENROL_REQUEST,
        private_key=KEYS.county_exchange,
        signer=lambda body: decode_enrolment_request(body).signing_key,
    )
    request = decode_enrolment_request(payload)
    assert check_mac(request, TICKET.secret) == (request == ENROLMENT)
    return True


def spoiled_envelope(chance: random.Random) -> bool:
    """A sealed envelope changed on its way, sometimes with a checksum that fits again."""
    spoiled = mutate_bytes(chance, SEALED_REQUEST)
    if chance.random() < 0.5:
        body = spoiled[:-CHECKSUM_BYTES]
        spoiled = body + hashlib.sha256(body).digest()[:CHECKSUM_BYTES]
    KEYS.open_asked(spoiled)
    assert spoiled == SEALED_REQUEST
    return True


def spoiled_carried(chance: random.Random) -> bool:
    """A carried file changed, with a checksum that fits again."""
    body = mutate_bytes(chance, CARRIED[:-32])
    data = body + hashlib.sha256(body).digest()
    file = read_carried(data)
    if file.parts == 1:
        written = write_carried(file.kind, file.county, file.envelopes)
        assert read_carried(written).envelopes == file.envelopes
        assert len(write_carried_parts(file.kind, file.county, file.envelopes)) == 1
    return True


def spoiled_card(chance: random.Random) -> bool:
    """A key card changed."""
    spoiled = mutate_bytes(chance, CARD)
    open_key_card(spoiled, KEYS.root_fingerprint)
    assert spoiled == CARD
    return True


def spoiled_ticket(chance: random.Random) -> bool:
    """A ticket changed; blanks may come and go, what it says may not."""
    assert decode_ticket(mutate_bytes(chance, TICKET_FILE)) == TICKET
    return True


def spoiled_fields(chance: random.Random) -> bool:
    """The fields of a record changed."""
    fields = read_fields(mutate_message(chance, bytes(CHANGE.operations[0].fields)))
    assert all(isinstance(name, str) for name in fields)
    return True


def resealed_blob_request(chance: random.Random) -> bool:
    """What a request about an attachment says changed, and signed again by the device."""
    payload = mutate_message(chance, BLOB_PAYLOAD)
    parts = (payload, sign(KEYS.device_signing, BLOB_CONTEXT, payload))
    signed = read_request(".".join(base64.urlsafe_b64encode(part).decode() for part in parts))
    request = signed.prove(signing_public(KEYS.device_signing))
    assert len(request.blob) == 64 and is_id(request.record) and 0 <= request.offset < 1 << 30
    return True


def spoiled_blob_note(chance: random.Random) -> bool:
    """The county's receipt for attachments changed."""
    spoiled = mutate_bytes(chance, RECEIPT)
    have = open_receipt(spoiled, COUNTY, KEYS.device, KEYS.card().signing_key)
    assert have == {"a" * 64}
    return True


TARGETS: Mapping[str, tuple[Target, int]] = {
    "resealed request": (resealed_request, 25),
    "resealed change": (resealed_change, 20),
    "resealed answer": (resealed_answer, 15),
    "resealed enrolment": (resealed_enrolment, 10),
    "envelope": (spoiled_envelope, 8),
    "carried": (spoiled_carried, 8),
    "card": (spoiled_card, 5),
    "ticket": (spoiled_ticket, 5),
    "fields": (spoiled_fields, 4),
    "resealed blob request": (resealed_blob_request, 4),
    "blob receipt": (spoiled_blob_note, 2),
}
"""Name → what to do and how often of a hundred; seventy of a hundred are valid envelopes with spoiled bodies."""
