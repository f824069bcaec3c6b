"""Enrolment tickets: made by the county, used once by one device."""

from dataclasses import dataclass

from sqlalchemy import insert

from sync.domain.errors import InvalidInput
from sync.domain.vocabularies import VOCABULARIES
from sync.protocol.key_card import card_root_fingerprint
from sync.protocol.limits import MAX_NAME_CHARACTERS
from sync.protocol.ticket import (
    TICKET_VERSION,
    Ticket,
    decode_ticket,
    encode_ticket,
    new_ticket_secret,
    ticket_id,
    typed_code,
    wrap_identity,
)
from sync.server.county import County
from sync.server.storage import tables

DAY_MS = 86_400_000
DEFAULT_DAYS = 14
MAX_DAYS = 3650


@dataclass(frozen=True, slots=True)
class TicketOrder:
    """What a ticket is to allow."""

    unit: str
    roles: tuple[str, ...]
    days: int = DEFAULT_DAYS
    name: str = ""
    confirm: bool = False


def make_ticket(county: County, order: TicketOrder, now_ms: int, *, identity_private: bytes = b"") -> bytes:
    """A ticket's file. Raises Refused ``county.unknown_unit``, InvalidInput ``county.unknown_role``, ``.days``."""
    _check(county, order)
    secret = new_ticket_secret()
    with county.engine.begin() as connection:
        unit = county.unit(connection, order.unit)
        ticket = Ticket(
            version=TICKET_VERSION,
            id=ticket_id(secret),
            county=county.code,
            county_name=county.facts.name,
            url=county.card.url,
            unit=unit.code,
            unit_name=unit.name,
            unit_kind=unit.kind,
            roles=order.roles,
            expires=now_ms + order.days * DAY_MS,
            name=order.name,
            confirm=order.confirm,
            secret=secret,
            root_fingerprint=card_root_fingerprint(county.card_bytes),
            key_card=county.card_bytes,
            wrapped_identity=wrap_identity(secret, identity_private) if identity_private else b"",
        )
        connection.execute(insert(tables.ticket), _row(county, ticket, now_ms))
    return encode_ticket(ticket)


def code_of(ticket: bytes) -> str:
    """The short code of a ticket's file, for a person to type. Its device must be confirmed: order it so."""
    return typed_code(decode_ticket(ticket))


def _check(county: County, order: TicketOrder) -> None:
    codes = {term.code for term in VOCABULARIES["role"].terms}
    if not order.roles:
        raise InvalidInput("county.no_role", field="role")
    for role in order.roles:
        if role not in codes:
            raise InvalidInput("county.unknown_role", field="role", value=role)
        if role.startswith("COUNTY_") and order.unit != county.code:
            raise InvalidInput("county.role_of_county", field="role", value=role)
    if len(order.name) > MAX_NAME_CHARACTERS:  # nobody could read such a ticket
        raise InvalidInput("county.name_too_long", field="name", most=MAX_NAME_CHARACTERS)
    if not 0 <= order.days <= MAX_DAYS:
        raise InvalidInput("county.days", field="expires", limit=MAX_DAYS)


def _row(county: County, ticket: Ticket, now_ms: int) -> dict[str, object]:
    return {
        "county": county.code,
        "id": ticket.id,
        "unit": ticket.unit,
        "roles": list(ticket.roles),
        "secret": county.store_key.seal(f"ticket/{ticket.id}", ticket.secret),
        "expires": ticket.expires,
        "name": ticket.name,
        "confirm": ticket.confirm,
        "made_at": now_ms,
    }
