"""The door of the county's desk: who may speak there, and answers sealed to him."""

from typing import TypeVar

import msgspec

from sync.domain.errors import Refused
from sync.protocol.county_desk import decode_desk
from sync.protocol.envelope import Purpose, open_envelope, read_header, seal_envelope
from sync.server.county import County
from sync.server.place import Sender, find_sender

T = TypeVar("T", bound=msgspec.Struct)


def open_desk(county: County, envelope: bytes, purpose: Purpose, kind: type[T]) -> tuple[Sender, T]:
    """A request of a device of the county's own unit; ``kind`` has a ``device``.

    Raises Damaged ``envelope.*``, Refused ``exchange_refusals.*``, ``desk.county_only``.
    """
    sender = find_sender(county, read_header(envelope).device)
    if sender.waiting:
        raise Refused("exchange_refusals.device_waiting")
    if sender.revoked:
        raise Refused("exchange_refusals.device_revoked")
    if sender.unit != county.code:
        raise Refused("desk.county_only")
    body = open_envelope(envelope, purpose=purpose, private_key=county.keys.exchange, signer=sender.signing_key)
    request = decode_desk(body, kind)
    if getattr(request, "device", "") != sender.id:
        raise Refused("exchange_refusals.forged_unit")
    return sender, request


def seal_desk(county: County, sender: Sender, envelope: bytes, purpose: Purpose, payload: bytes) -> bytes:
    """An answer bound to the request's envelope."""
    return seal_envelope(
        payload,
        purpose=purpose,
        recipient_public=sender.exchange_key,
        device=sender.id,
        signing_key=county.keys.signing,
        bound_to=envelope,
    )
