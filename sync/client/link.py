"""A device's link to its county: whom it speaks to and with which keys. Sealing requests and opening answers."""

from dataclasses import dataclass, field

from sync.domain.errors import Damaged
from sync.protocol.envelope import Purpose, open_envelope, read_header, seal_envelope
from sync.protocol.key_card import KeyCard, open_newer_card


@dataclass(frozen=True, slots=True)
class CountyLink:
    """Everything an exchange needs of keys. Private halves never show in a repr."""

    card: KeyCard
    device: str
    unit: str
    exchange_private: bytes = field(repr=False)
    """96 bytes; answers are sealed to its public half."""
    signing_private: bytes = field(repr=False)
    """32 bytes; requests are signed with it."""
    root_fingerprint: bytes = b""
    """Of the county's root; without it newer key cards are not taken."""

    def seal(self, payload: bytes, purpose: Purpose = Purpose.EXCHANGE_REQUEST, *, quick: bool = False) -> bytes:
        """An envelope to the county; ``quick``: bytes matter less than time."""
        return seal_envelope(
            payload,
            purpose=purpose,
            recipient_public=self.card.exchange_key,
            device=self.device,
            signing_key=self.signing_private,
            quick=quick,
        )

    def open(
        self, envelope: bytes, bound_to: bytes | None, purpose: Purpose = Purpose.EXCHANGE_ANSWER
    ) -> tuple[bytes, bytes]:
        """Payload and binding (SHA-256 of the request) of the county's word for this device.

        ``bound_to``: the request's envelope, None for an answer from a stick. Raises Damaged ``envelope.*``.
        """
        header = read_header(envelope)
        if header.device != self.device:
            raise Damaged("envelope.wrong_device")
        payload = open_envelope(
            envelope,
            purpose=purpose,
            private_key=self.exchange_private,
            signer=self.card.signing_key,
            bound_to=bound_to,
        )
        return payload, header.binding

    def newer_card(self, data: bytes) -> KeyCard | None:
        """The card the county sent along if it is newer, else None. Raises Damaged ``card.*``."""
        if not data or not self.root_fingerprint:
            return None
        return open_newer_card(data, self.root_fingerprint, self.card)
