"""Enrol this device anew with a fresh ticket: its disk was copied, came from a backup, or was shut out.

What was not sent goes out under the new device with its old ids; numbers come from the new device's block. Killed at
any point it can be run again: the request waits in the store until the answer is taken.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from desktop.services.accounts import note, require_power
from desktop.services.desk import Desk
from desktop.services.enrolling import TypedTicket, device_facts
from desktop.services.exchanging import note_copied
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
from sync.domain.errors import Damaged, InvalidInput, NeedsPerson, Refused
from sync.protocol.ticket import (
    Ticket,
    decode_ticket,
    open_ticket_card,
    parse_typed_code,
    ticket_id,
    ticket_of_code,
)

_PENDING = "pending_enrolment"


def reenrol(desk: Desk, ticket: bytes, role: str | None = None) -> str:
    """Ask the county over its server; the new device's id. Raises Unreachable, Refused, Damaged, InvalidInput."""
    read = decode_ticket(ticket)
    return _ask(desk, _begin(desk, read.id, lambda: read, role))


def reenrol_with_code(desk: Desk, told: TypedTicket, role: str | None = None) -> str:
    """The same with the code a person typed and the address of the county's server.

    The first time it raises NeedsPerson ``ticket.waiting`` with the digits to compare: run it again once somebody at
    the county has confirmed the device. Raises as :func:`reenrol`, InvalidInput ``ticket.typed_*``.
    """
    code, county = parse_typed_code(told.code), county_url(told.address)
    pending = _begin(desk, ticket_id(code.secret), lambda: ticket_of_code(code, fetch_card(county)), role)
    return _ask(desk, pending)


def _ask(desk: Desk, pending: PendingEnrolment) -> str:
    with HttpsTransport(open_ticket_card(pending.ticket)) as transport:
        try:
            enrolled = enrol_by_wire(pending, transport, desk.own_clock)
        except NeedsPerson as waiting:
            if waiting.values.get("unit"):
                _check_answer(desk, pending.ticket.county, str(waiting.values["unit"]), pending.ticket.root_fingerprint)
            raise
        except Refused as refusal:
            if not isinstance(refusal, Damaged):
                _forget(desk)
            raise
    return _become(desk, enrolled)


def reenrol_carry_out(desk: Desk, ticket: bytes, role: str | None = None) -> bytes:
    """The request as a file to carry to the county."""
    read = decode_ticket(ticket)
    return carry_enrolment(_begin(desk, read.id, lambda: read, role))


def reenrol_carry_in(desk: Desk, ticket: bytes, answer: bytes) -> str:
    """Take the county's carried answer; the new device's id."""
    require_power(desk)
    pending = _pending(desk)
    if pending is None:
        raise Refused("session.nothing_pending")
    if pending.ticket.id != decode_ticket(ticket).id:
        raise InvalidInput("session.other_ticket", field="ticket")
    return _become(desk, take_carried_enrolment(pending, answer))


def _begin(desk: Desk, wanted_ticket: str, read: Callable[[], Ticket], role: str | None) -> PendingEnrolment:
    """A fresh request, or the one asked before with the same ticket in the same role."""
    require_power(desk)
    facts, wanted = desk.store.facts, role or desk.unlocked.role
    waiting = _pending(desk)
    if waiting is not None and (waiting.ticket.id, waiting.role) == (wanted_ticket, wanted):
        return waiting
    ticket = read()
    _check_unit(desk, ticket.county, ticket.unit or facts.unit, ticket.root_fingerprint)
    pending = begin_enrolment(ticket, desk.user, wanted, facts.unit_identity_public, desk.own_clock())
    with desk.store.database.transaction():
        desk.store.books.keep(_PENDING, encode_pending(pending))
    return pending


def _check_unit(desk: Desk, county: str, unit: str, root_fingerprint: bytes) -> None:
    """The county says only when it answers which unit a typed code is for."""
    facts = desk.store.facts
    if (county, unit, root_fingerprint) != (facts.county, facts.unit, facts.root_fingerprint):
        raise InvalidInput("session.ticket_of_other_unit", field="ticket")


def _check_answer(desk: Desk, county: str, unit: str, root_fingerprint: bytes) -> None:
    """The same of what the county says; what waits for another unit's answer is waited for no more."""
    try:
        _check_unit(desk, county, unit, root_fingerprint)
    except InvalidInput:
        _forget(desk)
        raise


def _pending(desk: Desk) -> PendingEnrolment | None:
    body = desk.store.books.value(_PENDING)
    if not body:
        return None
    with suppress(Damaged):
        return decode_pending(body)
    return None


def _become(desk: Desk, enrolled: Enrolled) -> str:
    _check_answer(desk, enrolled.county, enrolled.unit, enrolled.root_fingerprint)
    former = desk.store.facts.device
    offset = desk.store.books.offset if enrolled.offset is None else enrolled.offset
    desk.store.enrol_again(replace(device_facts(enrolled), offset=offset))
    desk.forget_cached()
    _forget(desk)
    note_copied(desk, found=False)
    now = desk.clock()
    with desk.work(now) as work:
        note(desk, work, now, "REENROL", subject=desk.user, device=former)
    return enrolled.device


def _forget(desk: Desk) -> None:
    with desk.store.database.transaction():
        desk.store.books.keep(_PENDING, b"")
