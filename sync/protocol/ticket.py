"""The enrolment ticket: one secret that lets one device in, with all the device must know. A text file, or typed."""

import base64
import binascii
import hashlib
import re
import secrets
from dataclasses import dataclass

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.domain.errors import Damaged, InvalidInput
from sync.protocol.key_card import KeyCard, card_root_fingerprint, open_key_card
from sync.protocol.keys import SUITE_BYTES, SUITE_XWING
from sync.protocol.limits import MAX_CODE_CHARACTERS, MAX_NAME_CHARACTERS, MAX_TICKET_BYTES, MAX_WRAPPED_BYTES
from sync.protocol.messages import DECODE_ERRORS

TICKET_VERSION = 1
SECRET_BYTES = 16
FINGERPRINT_BYTES = 32
TYPED_FINGERPRINT_BYTES = 4
"""A typed code pins only so much of the root; that is why a person at the county compares fingerprints then."""

_TITLE = "LIANDONG TICKET"
_FILE = re.compile(
    r"\ufeff?" + _TITLE + r" (?P<version>\d{1,6})\s+(?P<body>[A-Za-z0-9+/=\s]+)\s-- (?P<check>[0-9a-f]{32})\s*"
)
_FIRST_LINE = re.compile(r"\ufeff?" + _TITLE + r" (?P<version>\d{1,6})\s")
_LINE_LENGTH = 76
_WRAP_INFO = b"liandong/ticket-identity/v1"
_NONCE_BYTES = 12
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TYPED_BYTES = SECRET_BYTES + TYPED_FINGERPRINT_BYTES
_TYPED_CHARACTERS = 32
_CHECK_PRIME = 1021
"""The largest prime below 32²: finds every wrong character and every swap."""


class Ticket(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A ticket. ``id`` is always ``ticket_id(secret)``, so that a typed code needs the secret alone."""

    version: int
    id: str
    county: str
    county_name: str
    url: str
    unit: str
    """Empty where only the code was typed: then unit, roles and expiry are not known before the county's answer."""
    unit_name: str
    unit_kind: str
    roles: tuple[str, ...]
    """Roles its user may take."""
    expires: int
    """Milliseconds UTC, judged by the county's clock."""
    name: str
    """Whom or what it is for, as the county wrote it; may be empty."""
    confirm: bool
    """A person at the county must confirm the device."""
    secret: bytes
    root_fingerprint: bytes
    key_card: bytes
    wrapped_identity: bytes
    """The county's identity private key under the secret; only in the county office's first ticket, else empty."""

    def __repr__(self) -> str:
        return f"Ticket(id={self.id!r}, unit={self.unit!r})"


@dataclass(frozen=True, slots=True)
class TypedCode:
    """What a typed code says: the secret and the first bytes of the root's fingerprint."""

    secret: bytes
    fingerprint_prefix: bytes


def new_ticket_secret() -> bytes:
    """16 random bytes."""
    return secrets.token_bytes(SECRET_BYTES)


def ticket_id(secret: bytes) -> str:
    """The id that belongs to a secret: 32 hex digits that do not betray it."""
    return hashlib.sha256(b"liandong/ticket-id/v1\0" + secret).hexdigest()[:32]


def encode_ticket(ticket: Ticket) -> bytes:
    """The ticket as an ASCII text file. Raises InvalidInput ``ticket.wrong_id`` where id and secret do not agree."""
    if ticket.id != ticket_id(ticket.secret):
        raise InvalidInput("ticket.wrong_id", field="id")
    body = msgspec.msgpack.encode(ticket)
    text = base64.b64encode(body).decode()
    lines = [text[at : at + _LINE_LENGTH] for at in range(0, len(text), _LINE_LENGTH)]
    return "\n".join((f"{_TITLE} {ticket.version}", *lines, f"-- {_checksum(ticket.version, body)}", "")).encode()


def decode_ticket(data: bytes) -> Ticket:
    """The ticket of a file; line ends and a byte order mark may have changed on the way.

    Raises Damaged ``ticket.none`` (something else), ``ticket.newer``, ``ticket.damaged``.
    """
    text = _read_text(data)
    match = _FILE.fullmatch(text)
    if match is None:
        raise Damaged("ticket.damaged")
    try:
        body = base64.b64decode("".join(match["body"].split()), validate=True)
        if _checksum(int(match["version"]), body) != match["check"]:
            raise Damaged("ticket.damaged")
        return _check_ticket(msgspec.msgpack.decode(body, type=Ticket))
    except (binascii.Error, *DECODE_ERRORS) as error:
        raise Damaged("ticket.damaged") from error


def open_ticket_card(ticket: Ticket) -> KeyCard:
    """The key card in a ticket, proven by the root it pins.

    Raises Damaged ``ticket.foreign`` where card and ticket are not of one county, and those of ``open_key_card``.
    """
    card = open_key_card(ticket.key_card, ticket.root_fingerprint)
    if card.county != ticket.county:
        raise Damaged("ticket.foreign", county=ticket.county)
    return card


def wrap_identity(secret: bytes, private: bytes) -> bytes:
    """A private key under a ticket's secret: suite id 2 | nonce 12 | AES-256-GCM."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return SUITE_XWING.to_bytes(SUITE_BYTES, "big") + nonce + _wrap_cipher(secret).encrypt(nonce, private, _WRAP_INFO)


def unwrap_identity(secret: bytes, wrapped: bytes) -> bytes:
    """The private key. Raises Damaged ``seal.unknown_suite`` or ``ticket.identity_damaged``."""
    suite = int.from_bytes(wrapped[:SUITE_BYTES], "big")
    if wrapped and suite != SUITE_XWING:
        raise Damaged("seal.unknown_suite", suite=suite)
    nonce, cipher = wrapped[SUITE_BYTES : SUITE_BYTES + _NONCE_BYTES], wrapped[SUITE_BYTES + _NONCE_BYTES :]
    try:
        return _wrap_cipher(secret).decrypt(nonce, cipher, _WRAP_INFO)
    except (InvalidTag, ValueError) as error:
        raise Damaged("ticket.identity_damaged") from error


def typed_code(ticket: Ticket) -> str:
    """The code to read out or type: 32 characters without I, L, O, U, two to check, in groups: ``XXXX-…-XXXX-XX``."""
    number = int.from_bytes(ticket.secret + ticket.root_fingerprint[:TYPED_FINGERPRINT_BYTES], "big")
    text = _to_base32(number, _TYPED_CHARACTERS) + _to_base32(number % _CHECK_PRIME, 2)
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def parse_typed_code(text: str) -> TypedCode:
    """Read a typed code: case, blanks and dashes do not matter, O is 0, I and L are 1.

    Raises InvalidInput ``ticket.typed_length`` or ``ticket.typed_wrong``; ``field`` is ``code``.
    """
    signs = re.sub(r"[\s\-–—－]", "", text.upper()).translate(str.maketrans("OIL", "011"))
    if len(signs) != _TYPED_CHARACTERS + 2:
        raise InvalidInput("ticket.typed_length", field="code", length=len(signs), expected=_TYPED_CHARACTERS + 2)
    if any(sign not in _ALPHABET for sign in signs):
        raise InvalidInput("ticket.typed_wrong", field="code")
    number, check = _from_base32(signs[:_TYPED_CHARACTERS]), _from_base32(signs[_TYPED_CHARACTERS:])
    if number % _CHECK_PRIME != check:
        raise InvalidInput("ticket.typed_wrong", field="code")
    both = number.to_bytes(_TYPED_BYTES, "big")
    return TypedCode(both[:SECRET_BYTES], both[SECRET_BYTES:])


def ticket_of_code(code: TypedCode, key_card: bytes) -> Ticket:
    """What a typed code and the key card of the address beside it come to: unit, roles and expiry stay the county's
    to say (empty here), and a person there must confirm the device.

    Raises Damaged ``ticket.typed_foreign`` where the card is not of the county that gave out the code, ``card.*``.
    """
    try:
        card = open_key_card(key_card, code.fingerprint_prefix)
    except Damaged as error:
        if error.code == "card.foreign":
            raise Damaged("ticket.typed_foreign") from error
        raise
    return Ticket(
        version=TICKET_VERSION, id=ticket_id(code.secret), county=card.county, county_name=card.county_name,
        url=card.url, unit="", unit_name="", unit_kind="", roles=(), expires=0, name="", confirm=True,
        secret=code.secret, root_fingerprint=card_root_fingerprint(key_card), key_card=key_card, wrapped_identity=b"",
    )  # fmt: skip


def _read_text(data: bytes) -> str:
    if len(data) > MAX_TICKET_BYTES:
        raise Damaged("ticket.none")
    text = data.decode("utf-8", errors="replace")
    first = _FIRST_LINE.match(text)
    if first is None:
        raise Damaged("ticket.none")
    if int(first["version"]) > TICKET_VERSION:
        raise Damaged("ticket.newer", version=int(first["version"]))
    return text


def _check_ticket(ticket: Ticket) -> Ticket:
    names = (ticket.county_name, ticket.unit_name, ticket.name, ticket.url)
    codes = (ticket.county, ticket.unit, ticket.unit_kind, *ticket.roles)
    sound = (
        ticket.version == TICKET_VERSION
        and len(ticket.secret) == SECRET_BYTES
        and ticket.id == ticket_id(ticket.secret)
        and len(ticket.root_fingerprint) == FINGERPRINT_BYTES
        and len(ticket.wrapped_identity) <= MAX_WRAPPED_BYTES
        and all(len(name) <= MAX_NAME_CHARACTERS for name in names)
        and all(0 < len(code) <= MAX_CODE_CHARACTERS for code in codes)
    )
    if not sound:
        raise Damaged("ticket.damaged")
    return ticket


def _checksum(version: int, body: bytes) -> str:
    return hashlib.sha256(f"{_TITLE} {version}\n".encode() + body).hexdigest()[:32]


def _wrap_cipher(secret: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=_WRAP_INFO).derive(secret))


def _to_base32(number: int, length: int) -> str:
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (length - 1), -1, -5))


def _from_base32(signs: str) -> int:
    number = 0
    for sign in signs:
        number = number << 5 | _ALPHABET.index(sign)
    return number
