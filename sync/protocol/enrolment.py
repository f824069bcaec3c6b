"""The request by which a device joins, proven by a MAC under its ticket's secret."""

import hashlib
import hmac

from msgspec.structs import replace

from sync.protocol.messages import PROTOCOL_VERSION, EnrolmentRequest, encode_message
from sync.protocol.ticket import ticket_id

_CONTEXT = b"liandong/enrol-mac/v1\0"
_COMPARED = b"liandong/enrol-comparison/v1\0"


def make_enrolment_request(
    secret: bytes,
    *,
    device: str,
    user: str,
    role: str,
    signing_key: bytes,
    exchange_key: bytes,
    unit_identity_key: bytes,
    local_time: int,
) -> EnrolmentRequest:
    """A request with its MAC; keys are public halves, ``secret`` is the ticket's, ``local_time`` milliseconds UTC."""
    bare = EnrolmentRequest(
        version=PROTOCOL_VERSION,
        ticket=ticket_id(secret),
        device=device,
        user=user,
        role=role,
        signing_key=signing_key,
        exchange_key=exchange_key,
        unit_identity_key=unit_identity_key,
        local_time=local_time,
        mac=b"",
    )
    return replace(bare, mac=_mac(bare, secret))


def check_mac(request: EnrolmentRequest, secret: bytes) -> bool:
    """True where the request was made by someone who knows the ticket's secret, and nothing in it was changed."""
    return hmac.compare_digest(_mac(replace(request, mac=b""), secret), request.mac)


def comparison_code(device: str, signing_key: bytes, exchange_key: bytes, root_fingerprint: bytes) -> str:
    """Twenty digits that a person at the device and one at the county compare before it is let in.

    They bind the device's public keys to the whole fingerprint (32 bytes) of the root either side knows: equal on both
    sides only where nobody stands in between with a card or keys of his own.
    """
    digest = hashlib.sha256(
        b"".join((_COMPARED, device.encode(), signing_key, exchange_key, root_fingerprint))
    ).digest()
    digits = f"{int.from_bytes(digest, 'big') % 10**20:020}"
    return " ".join(digits[at : at + 4] for at in range(0, 20, 4))


def _mac(bare: EnrolmentRequest, secret: bytes) -> bytes:
    return hmac.digest(secret, _CONTEXT + encode_message(bare), "sha256")
