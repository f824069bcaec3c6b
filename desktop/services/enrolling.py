"""Join a county: make keys, ask with the ticket, build vault and store. Killed at any point it can be run again."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec

from desktop.paths import ProfilePaths
from desktop.security.files import write_keeping_predecessor
from desktop.security.passphrase import check_new_passphrase, open_with_passphrase, seal_with_passphrase
from desktop.security.recovery import Whose, make_recovery
from desktop.security.slots import VaultSecrets
from desktop.security.vault import check_user_name, create_vault, fresh_data_key
from desktop.storage.facts import DeviceFacts
from desktop.storage.store import Store
from sync.client.card import county_url, fetch_card
from sync.client.enrolment import (
    Enrolled,
    PendingEnrolment,
    begin_enrolment,
    carry_enrolment,
    decode_pending,
    encode_pending,
    enrol_by_wire,
    take_carried_enrolment,
)
from sync.client.transport import HttpsTransport
from sync.domain.errors import Damaged, InvalidInput, Refused
from sync.domain.ids import UnitCode
from sync.protocol.keys import exchange_public, generate_exchange_key
from sync.protocol.ticket import (
    Ticket,
    decode_ticket,
    open_ticket_card,
    parse_typed_code,
    ticket_id,
    ticket_of_code,
)

PURPOSE = "liandong/pending-enrolment/v1"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who joins: the first user of the profile, in a role the ticket allows."""

    user: str
    role: str
    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TypedTicket:
    """What stands for a ticket's file: the short code, and the address of the county's server beside it."""

    code: str = field(repr=False)
    address: str


class Waiting(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What an enrolment waits with between asking and the answer; sealed by the passphrase."""

    pending: bytes
    unit_identity: bytes
    data_key: bytes

    def __repr__(self) -> str:
        return "Waiting()"


def enrol_with_wire(paths: ProfilePaths, ticket: bytes, applicant: Applicant, now_ms: Callable[[], int]) -> None:
    """Ask the county over its server and build the profile.

    Raises Unreachable (run it again: the same request is sent), Refused with the county's reason (used, expired …),
    InvalidInput (role not allowed, short passphrase), Damaged (foreign or damaged ticket).
    """
    read = decode_ticket(ticket)
    _ask_county(paths, _begin(paths, read.id, lambda: read, applicant, now_ms()), applicant, now_ms)


def enrol_with_code(paths: ProfilePaths, told: TypedTicket, applicant: Applicant, now_ms: Callable[[], int]) -> None:
    """The same with the code a person typed and the address of the county's server.

    The first time it raises NeedsPerson ``ticket.waiting`` with the digits to compare: run it again once somebody at
    the county has confirmed the device. Raises InvalidInput ``ticket.typed_*`` (mistyped), ``ticket.address``;
    Damaged ``ticket.typed_foreign`` (another county's server) and as :func:`enrol_with_wire`.
    """
    code, county = parse_typed_code(told.code), county_url(told.address)
    _ask_county(
        paths,
        _begin(paths, ticket_id(code.secret), lambda: ticket_of_code(code, fetch_card(county)), applicant, now_ms()),
        applicant,
        now_ms,
    )


def _ask_county(
    paths: ProfilePaths, begun: tuple[Waiting, PendingEnrolment], applicant: Applicant, now_ms: Callable[[], int]
) -> None:
    waiting, pending = begun
    with HttpsTransport(open_ticket_card(pending.ticket)) as transport:
        enrolled = _asked(paths, lambda: enrol_by_wire(pending, transport, now_ms))
    _build(paths, enrolled, pending, waiting, applicant.passphrase)


def enrol_by_file(paths: ProfilePaths, ticket: bytes, applicant: Applicant, now_ms: Callable[[], int]) -> bytes:
    """The carried request; its keys wait in the profile, sealed by the passphrase."""
    read = decode_ticket(ticket)
    _, pending = _begin(paths, read.id, lambda: read, applicant, now_ms())
    return carry_enrolment(pending)


def finish_by_file(paths: ProfilePaths, ticket: bytes, answer: bytes, passphrase: str) -> str:
    """Take the carried answer and build the profile; the user's name."""
    _refuse_existing(paths)
    if not paths.pending_enrolment.exists():
        raise Refused("session.nothing_pending")
    waiting, pending = _read_waiting(paths, passphrase)
    if pending.ticket.id != decode_ticket(ticket).id:
        raise InvalidInput("session.other_ticket", field="ticket")
    _build(paths, take_carried_enrolment(pending, answer), pending, waiting, passphrase)
    return pending.user


def _begin(
    paths: ProfilePaths, wanted: str, ticket: Callable[[], Ticket], applicant: Applicant, now: int
) -> tuple[Waiting, PendingEnrolment]:
    """A fresh request, or the one asked before with the same ticket, user and role."""
    _refuse_existing(paths)
    check_new_passphrase(applicant.passphrase)
    check_user_name(applicant.user)
    if paths.pending_enrolment.exists():
        with suppress(Refused):
            waiting, pending = _read_waiting(paths, applicant.passphrase)
            if (pending.ticket.id, pending.user, pending.role) == (wanted, applicant.user, applicant.role):
                return waiting, pending
    unit_identity = generate_exchange_key()
    pending = begin_enrolment(ticket(), applicant.user, applicant.role, exchange_public(unit_identity), now)
    waiting = Waiting(encode_pending(pending), unit_identity, fresh_data_key())
    paths.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sealed = seal_with_passphrase(msgspec.msgpack.encode(waiting), applicant.passphrase, PURPOSE)
    write_keeping_predecessor(paths.pending_enrolment, sealed)
    return waiting, pending


def _asked(paths: ProfilePaths, ask: Callable[[], Enrolled]) -> Enrolled:
    """Ask; a refused request is not kept, so that another ticket can be tried.

    One that waits for a person at the county stays, and so does one whose answer was damaged on its way.
    """
    try:
        return ask()
    except Refused as refusal:
        if not isinstance(refusal, Damaged):
            _forget_waiting(paths)
        raise


def _read_waiting(paths: ProfilePaths, passphrase: str) -> tuple[Waiting, PendingEnrolment]:
    body = open_with_passphrase(paths.pending_enrolment.read_bytes(), passphrase, PURPOSE)
    try:
        waiting = msgspec.msgpack.decode(body, type=Waiting)
    except msgspec.MsgspecError as error:
        raise Damaged("ticket.pending_damaged") from error
    return waiting, decode_pending(waiting.pending)


def _refuse_existing(paths: ProfilePaths) -> None:
    if paths.vault.exists():
        raise Refused("vault.exists")


def _build(
    paths: ProfilePaths, enrolled: Enrolled, pending: PendingEnrolment, waiting: Waiting, passphrase: str
) -> None:
    """Store first, vault last: a profile without a vault is an enrolment that did not end, and is begun anew."""
    for leftover in paths.folder.glob(f"{paths.store.name}*"):
        leftover.unlink()
    Store.create(paths, waiting.data_key, device_facts(enrolled)).close()
    first = exchange_public(waiting.unit_identity) == enrolled.unit_identity_key
    secrets = VaultSecrets(
        waiting.data_key,
        waiting.unit_identity if first else None,
        enrolled.county_identity or None,
    )
    whose = Whose(enrolled.county, enrolled.unit, enrolled.unit_name, enrolled.card.recovery_keys)
    create_vault(paths, pending.user, pending.role, passphrase, secrets, recovery=make_recovery(whose, secrets))
    _forget_waiting(paths)


def device_facts(enrolled: Enrolled) -> DeviceFacts:
    """What the store keeps of an enrolment."""
    return DeviceFacts(
        county=UnitCode(enrolled.county),
        county_name=enrolled.county_name,
        unit=UnitCode(enrolled.unit),
        unit_name=enrolled.unit_name,
        unit_kind=enrolled.unit_kind,
        device=enrolled.device,
        block=enrolled.block,
        epoch=enrolled.epoch,
        roles=enrolled.roles,
        exchange_private=enrolled.exchange_private,
        signing_private=enrolled.signing_private,
        key_card=enrolled.key_card,
        root_fingerprint=enrolled.root_fingerprint,
        unit_identity_public=enrolled.unit_identity_key,
        offset=enrolled.offset or 0,
    )


def _forget_waiting(paths: ProfilePaths) -> None:
    for leftover in paths.folder.glob(f"{paths.pending_enrolment.name}*"):
        leftover.unlink()
