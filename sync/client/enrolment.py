"""Joining a county with a ticket: make the device's keys, ask, take the answer. By wire or by a carried file."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from sync.client.link import CountyLink
from sync.client.refusals import refusal_error
from sync.domain.errors import Damaged, InvalidInput, NeedsPerson
from sync.domain.ids import new_device_id
from sync.domain.plain_lines import is_plain_line
from sync.protocol.carried import CarriedKind, check_carried, read_carried, write_carried
from sync.protocol.codec import decode_enrolment_answer, decode_refusal
from sync.protocol.enrolment import comparison_code, make_enrolment_request
from sync.protocol.envelope import Purpose, read_header
from sync.protocol.key_card import KeyCard, open_newer_card
from sync.protocol.keys import exchange_public, generate_exchange_key, generate_signing_key, signing_public
from sync.protocol.messages import DECODE_ERRORS, EnrolmentAnswer, encode_message
from sync.protocol.ticket import Ticket, open_ticket_card, unwrap_identity

if TYPE_CHECKING:
    from sync.client.transport import Transport

ENROL_PATH = "/v1/enrol"
_WAITING = "exchange_refusals.device_waiting"
_ROLE_NOT_ALLOWED = "exchange_refusals.role_not_allowed"


class PendingEnrolment(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """An enrolment asked for and not yet answered. Holds private keys: keep it only where keys may lie."""

    ticket: Ticket
    device: str
    user: str
    role: str
    exchange_private: bytes
    signing_private: bytes
    request: bytes
    """The sealed request; sending it again is harmless."""

    @property
    def comparison(self) -> str:
        """Twenty digits to compare with a person at the county, where one must confirm the device."""
        return comparison_code(
            self.device,
            signing_public(self.signing_private),
            exchange_public(self.exchange_private),
            self.ticket.root_fingerprint,
        )

    def __repr__(self) -> str:
        return f"PendingEnrolment(device={self.device!r})"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a device is from now on. Private halves never show in a repr."""

    county: str
    county_name: str
    unit: str
    unit_name: str
    unit_kind: str
    device: str
    block: str
    """Letters of its number block."""
    roles: tuple[str, ...]
    epoch: str
    offset: int | None
    """County clock minus own clock in milliseconds; None when enrolled by a carried file."""
    card: KeyCard
    key_card: bytes
    """The card as signed."""
    root_fingerprint: bytes
    unit_identity_key: bytes
    """The unit's public identity key that stands; compare with the device's own."""
    exchange_private: bytes = field(repr=False)
    signing_private: bytes = field(repr=False)
    county_identity: bytes = field(repr=False, default=b"")
    """The county's identity private key, in the county office's first enrolment only."""

    def link(self) -> CountyLink:
        """The link to exchange over."""
        return CountyLink(
            self.card, self.device, self.unit, self.exchange_private, self.signing_private, self.root_fingerprint
        )


def begin_enrolment(ticket: Ticket, user: str, role: str, unit_identity_public: bytes, now_ms: int) -> PendingEnrolment:
    """Make the device with its keys and the request. Where the code was typed only the county knows the roles.

    Raises InvalidInput ``ticket.role_not_allowed``, ``vault.user_not_plain``; Damaged where the ticket's key card
    cannot be trusted.
    """
    if ticket.unit and role not in ticket.roles:
        raise InvalidInput("ticket.role_not_allowed", field="role", role=role, allowed=", ".join(ticket.roles))
    if not is_plain_line(user):
        raise InvalidInput("vault.user_not_plain", field="user")
    device, exchange_private, signing_private = new_device_id(), generate_exchange_key(), generate_signing_key()
    request = make_enrolment_request(
        ticket.secret,
        device=device,
        user=user,
        role=role,
        signing_key=signing_public(signing_private),
        exchange_key=exchange_public(exchange_private),
        unit_identity_key=unit_identity_public,
        local_time=now_ms,
    )
    link = CountyLink(open_ticket_card(ticket), device, ticket.unit, exchange_private, signing_private)
    envelope = link.seal(encode_message(request), Purpose.ENROL_REQUEST)
    return PendingEnrolment(ticket, device, user, role, exchange_private, signing_private, envelope)


def encode_pending(pending: PendingEnrolment) -> bytes:
    """Bytes to keep until the answer comes; they hold private keys."""
    return msgspec.msgpack.encode(pending)


def decode_pending(data: bytes) -> PendingEnrolment:
    """Raises Damaged ``ticket.pending_damaged``."""
    try:
        return msgspec.msgpack.decode(data, type=PendingEnrolment)
    except DECODE_ERRORS as error:
        raise Damaged("ticket.pending_damaged") from error


def enrol_by_wire(
    pending: PendingEnrolment, transport: "Transport", now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
) -> Enrolled:
    """Ask and take the answer.

    Raises Unreachable, Damaged, Refused with the county's reason, or NeedsPerson ``ticket.waiting`` (with the digits
    to compare): asking again gets the device in once somebody at the county has confirmed it.
    """
    before = now_ms()
    answer = transport.post(ENROL_PATH, pending.request)
    return finish_enrolment(pending, answer, (before + now_ms()) // 2)


def carry_enrolment(pending: PendingEnrolment) -> bytes:
    """The request as a carried file."""
    return write_carried(CarriedKind.ENROL_REQUEST, pending.ticket.county, [pending.request])


def take_carried_enrolment(pending: PendingEnrolment, data: bytes) -> Enrolled:
    """The answer in a carried file. Raises Damaged ``carried.*``, ``envelope.*``, or Refused."""
    file = read_carried(data)
    check_carried(file, CarriedKind.ENROL_ANSWER, pending.ticket.county)
    for envelope in file.envelopes:
        if read_header(envelope).device == pending.device:
            return finish_enrolment(pending, envelope)
    raise Damaged("envelope.wrong_device")


def finish_enrolment(pending: PendingEnrolment, answer_envelope: bytes, asked_at: int | None = None) -> Enrolled:
    """The device's facts out of the answer. ``asked_at``: own clock at the answer's time; None from a stick.

    Raises Damaged where the answer is not the county's to this request, Refused with the county's reason, NeedsPerson
    ``ticket.waiting`` where somebody there must confirm the device first.
    """
    ticket = pending.ticket
    card = open_ticket_card(ticket)
    answer = _open_answer(pending, card, answer_envelope)
    unit = ticket.unit or answer.unit
    if (answer.county, answer.unit) != (ticket.county, unit) or not unit or pending.role not in answer.roles:
        raise Damaged("envelope.content")
    newer = open_newer_card(answer.key_card, ticket.root_fingerprint, card) if answer.key_card else None
    return Enrolled(
        county=ticket.county,
        county_name=ticket.county_name,
        unit=unit,
        unit_name=answer.unit_name,
        unit_kind=answer.unit_kind,
        device=pending.device,
        block=answer.block,
        roles=answer.roles,
        epoch=answer.epoch,
        offset=None if asked_at is None else answer.county_time - asked_at,
        card=newer or card,
        key_card=answer.key_card if newer else ticket.key_card,
        root_fingerprint=ticket.root_fingerprint,
        unit_identity_key=answer.unit_identity_key,
        exchange_private=pending.exchange_private,
        signing_private=pending.signing_private,
        county_identity=unwrap_identity(ticket.secret, ticket.wrapped_identity) if ticket.wrapped_identity else b"",
    )


def _open_answer(pending: PendingEnrolment, card: KeyCard, envelope: bytes) -> EnrolmentAnswer:
    link = CountyLink(card, pending.device, pending.ticket.unit, pending.exchange_private, pending.signing_private)
    if read_header(envelope).purpose is Purpose.REFUSAL:
        payload, _ = link.open(envelope, pending.request, Purpose.REFUSAL)
        refusal = decode_refusal(payload)
        raise refusal_error(refusal.code, refusal.values)
    payload, binding = link.open(envelope, pending.request, Purpose.ENROL_ANSWER)
    answer = decode_enrolment_answer(payload)
    if answer.request_hash != binding:
        raise Damaged("exchange.answer_hash")
    if answer.refusal == _WAITING:
        unit, name = answer.unit or pending.ticket.unit, answer.unit_name or pending.ticket.unit_name
        raise NeedsPerson("ticket.waiting", comparison=pending.comparison, unit=unit, unit_name=name or unit or "-")
    if answer.refusal == _ROLE_NOT_ALLOWED and answer.roles:
        allowed = ", ".join(answer.roles)
        raise InvalidInput("ticket.role_not_allowed", field="role", role=pending.role, allowed=allowed)
    if answer.refusal:
        raise refusal_error(answer.refusal, {})
    return answer
