"""Keys of one county and one device, made once, and what they sign: cards, tickets, envelopes."""

from dataclasses import dataclass, replace
from functools import cache

from sync.domain.ids import new_device_id
from sync.protocol.envelope import Purpose, open_envelope, seal_envelope
from sync.protocol.key_card import KeyCard, root_fingerprint, sign_key_card
from sync.protocol.keys import exchange_public, generate_exchange_key, generate_signing_key, signing_public
from sync.protocol.ticket import Ticket, new_ticket_secret, ticket_id, wrap_identity

COUNTY = "431021"
TOWN = "431021102"


@dataclass(frozen=True, slots=True)
class Keyring:
    """Private halves of a county and one of its devices."""

    county_exchange: bytes
    county_signing: bytes
    county_identity: bytes
    root: bytes
    device: str
    device_exchange: bytes
    device_signing: bytes
    url: str = ""
    certificate: str = ""
    card_version: int = 1

    @property
    def root_fingerprint(self) -> bytes:
        return root_fingerprint(signing_public(self.root))

    def card(self) -> KeyCard:
        return KeyCard(
            version=self.card_version,
            county=COUNTY,
            county_name="桂阳县",
            url=self.url,
            exchange_key=exchange_public(self.county_exchange),
            signing_key=signing_public(self.county_signing),
            tls_certificate=self.certificate.encode(),
            identity_key=exchange_public(self.county_identity),
            recovery_keys=(exchange_public(self.county_identity),),
            minimum_protocol=1,
            issued_at=1_780_000_000_000,
        )

    def signed_card(self) -> bytes:
        return sign_key_card(self.card(), self.root)

    def ticket(self, **changes: object) -> Ticket:
        secret = new_ticket_secret()
        facts: dict[str, object] = {
            "version": 1,
            "id": ticket_id(secret),
            "county": COUNTY,
            "county_name": "桂阳县",
            "url": self.url,
            "unit": TOWN,
            "unit_name": "仁义镇",
            "unit_kind": "TOWN",
            "roles": ("INTAKE", "HEAD"),
            "expires": 1_790_000_000_000,
            "name": "张明",
            "confirm": False,
            "secret": secret,
            "root_fingerprint": self.root_fingerprint,
            "key_card": self.signed_card(),
            "wrapped_identity": wrap_identity(secret, self.county_identity),
        }
        return Ticket(**(facts | changes))  # type: ignore[arg-type]

    def ask(self, payload: bytes) -> bytes:
        """The device's request in an envelope."""
        return seal_envelope(
            payload,
            purpose=Purpose.EXCHANGE_REQUEST,
            recipient_public=exchange_public(self.county_exchange),
            device=self.device,
            signing_key=self.device_signing,
        )

    def open_asked(self, envelope: bytes) -> bytes:
        """What the county reads of it."""
        return open_envelope(
            envelope,
            purpose=Purpose.EXCHANGE_REQUEST,
            private_key=self.county_exchange,
            signer=signing_public(self.device_signing),
        )

    def answer(self, payload: bytes, request: bytes, purpose: Purpose = Purpose.EXCHANGE_ANSWER) -> bytes:
        """The county's answer to a request's envelope."""
        return seal_envelope(
            payload,
            purpose=purpose,
            recipient_public=exchange_public(self.device_exchange),
            device=self.device,
            signing_key=self.county_signing,
            bound_to=request,
        )

    def open_answered(self, envelope: bytes, request: bytes | None) -> bytes:
        """What the device reads of it."""
        return open_envelope(
            envelope,
            purpose=Purpose.EXCHANGE_ANSWER,
            private_key=self.device_exchange,
            signer=signing_public(self.county_signing),
            bound_to=request,
        )

    def another_device(self) -> "Keyring":
        """The same county, another device."""
        return replace(
            self,
            device=new_device_id(),
            device_exchange=generate_exchange_key(),
            device_signing=generate_signing_key(),
        )


@cache
def keyring(number: int = 0) -> Keyring:
    """The keys of county ``number``; each number is another county with another root."""
    return Keyring(
        county_exchange=generate_exchange_key(),
        county_signing=generate_signing_key(),
        county_identity=generate_exchange_key(),
        root=generate_signing_key(),
        device=f"{number:032x}",
        device_exchange=generate_exchange_key(),
        device_signing=generate_signing_key(),
    )
