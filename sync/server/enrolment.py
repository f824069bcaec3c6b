"""Take a device in: one ticket, one device; the same device asking again after a lost answer gets the same answer."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from sync.domain.errors import Damaged
from sync.domain.records import OrgUnit
from sync.protocol.codec import decode_enrolment_request
from sync.protocol.enrolment import check_mac
from sync.protocol.envelope import Purpose, binding_of, open_envelope, seal_envelope
from sync.protocol.messages import NO_HASH, PROTOCOL_VERSION, EnrolmentAnswer, EnrolmentRequest, encode_message
from sync.server.admission import Joining, free_block, write_joined
from sync.server.county import County
from sync.server.storage import tables
from sync.server.storage.loading import LockedCounty, lock_county


class _Refusal(Exception):
    """Carries the text key of why a device is not taken in, and where they matter its ticket's roles, its unit."""

    def __init__(self, code: str, roles: tuple[str, ...] = (), unit: OrgUnit | None = None) -> None:
        super().__init__(code)
        self.code, self.roles, self.unit = f"exchange_refusals.{code}", roles, unit


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The sealed answer, and whether a device is (still) in. ``further``: its unit had a device already."""

    answer: bytes
    refusal: str
    unit: str
    device: str = ""
    further: bool = False


def enrol(county: County, envelope: bytes, now_ms: int) -> Enrolled:
    """Answer an enrolment request. Raises Damaged ``envelope.*`` where it is none."""
    body = open_envelope(envelope, purpose=Purpose.ENROL_REQUEST, private_key=county.keys.exchange, signer=_signer_of)
    request = decode_enrolment_request(body)
    with county.engine.begin() as connection:
        further = _has_devices(connection, county, request)
        try:
            answer = _take_in(connection, county, request, envelope, now_ms)
        except _Refusal as refusal:
            answer = _refused(refusal, envelope, now_ms)
    sealed = seal_envelope(
        encode_message(answer),
        purpose=Purpose.ENROL_ANSWER,
        recipient_public=request.exchange_key,
        device=request.device,
        signing_key=county.keys.signing,
        bound_to=envelope,
    )
    return Enrolled(sealed, answer.refusal, answer.unit, request.device, further)


def _signer_of(payload: bytes) -> bytes:
    return decode_enrolment_request(payload).signing_key


def _refused(refusal: _Refusal, envelope: bytes, now_ms: int) -> EnrolmentAnswer:
    unit = refusal.unit
    return EnrolmentAnswer(
        version=PROTOCOL_VERSION, request_hash=binding_of(envelope), refusal=refusal.code, county_time=now_ms, epoch="",
        county="", unit=unit.code if unit else "", unit_name=unit.name if unit else "", unit_kind="", block="",
        roles=refusal.roles, unit_identity_key=b"", key_card=b"",
    )  # fmt: skip


def _take_in(
    connection: Connection, county: County, request: EnrolmentRequest, envelope: bytes, now_ms: int
) -> EnrolmentAnswer:
    _proven_ticket(connection, county, request)  # who has no ticket keeps nobody waiting
    locked = lock_county(connection, county.code)
    ticket = _proven_ticket(connection, county, request)
    device = _device(connection, county, request.device)
    if ticket.device is None:
        if device is not None:
            raise _Refusal("device_known")
        _check_unused(ticket, request, now_ms)
        locked = _write_device(
            connection, county, locked, ticket, request, request_hash=binding_of(envelope), now_ms=now_ms
        )
        device = _device(connection, county, request.device)
    elif device is None or ticket.device != request.device or device.signing_key != request.signing_key:
        raise _Refusal("ticket_used")
    assert device is not None
    if device.revoked_at is not None:
        raise _Refusal("device_revoked")
    if device.waiting:
        raise _Refusal("device_waiting", unit=county.unit(connection, device.unit))  # who holds the ticket may know
    _offer_identity(connection, county, ticket.unit, request)
    return _answer(connection, county, locked, device, envelope, now_ms=now_ms)


def _proven_ticket(connection: Connection, county: County, request: EnrolmentRequest) -> Row[Any]:
    columns = tables.ticket.c
    query = select(tables.ticket).where(columns.county == county.code, columns.id == request.ticket)
    ticket = connection.execute(query).first()
    if ticket is None:
        raise _Refusal("ticket_unknown")
    if not check_mac(request, county.store_key.open(f"ticket/{ticket.id}", ticket.secret)):
        raise Damaged("envelope.wrong_signer")
    return ticket


def _check_unused(ticket: Row[Any], request: EnrolmentRequest, now_ms: int) -> None:
    if ticket.expires < now_ms:
        raise _Refusal("ticket_expired")
    if request.role not in ticket.roles:
        raise _Refusal("role_not_allowed", tuple(ticket.roles))


def _device(connection: Connection, county: County, device: str) -> Row[Any] | None:
    columns = tables.device.c
    query = select(tables.device).where(columns.county == county.code, columns.id == device)
    return connection.execute(query).first()


def _has_devices(connection: Connection, county: County, request: EnrolmentRequest) -> bool:
    """Whether the unit of a ticket has a device besides the one that asks; those that wait do not count."""
    device, ticket = tables.device.c, tables.ticket.c
    unit = select(ticket.unit).where(ticket.county == county.code, ticket.id == request.ticket).scalar_subquery()
    others = select(func.count()).where(
        device.county == county.code, device.unit == unit, device.id != request.device, device.waiting.is_(False)
    )
    return connection.execute(others).scalar_one() > 0


def _write_device(
    connection: Connection,
    county: County,
    locked: LockedCounty,
    ticket: Row[Any],
    request: EnrolmentRequest,
    *,
    request_hash: bytes,
    now_ms: int,
) -> LockedCounty:
    """The device's row, and who uses it into the directory unless a person has to let it in first."""
    further = _has_devices(connection, county, request)
    row = {
        "county": county.code, "id": request.device, "unit": ticket.unit,
        "block": free_block(connection, county, ticket.unit), "role": request.role,
        "roles": list(ticket.roles), "user_name": request.user, "signing_key": request.signing_key,
        "exchange_key": request.exchange_key, "ticket": ticket.id, "waiting": ticket.confirm, "enrolled_at": now_ms,
        "unbroken": 0, "last_hash": NO_HASH, "read_to": 0,
    }  # fmt: skip
    connection.execute(insert(tables.device), row)
    used = {"device": request.device, "request_hash": request_hash}
    mine = tables.ticket.c
    connection.execute(update(tables.ticket).where(mine.county == county.code, mine.id == ticket.id).values(used))
    if ticket.confirm:
        return locked
    joining = Joining(ticket.unit, request.device, request.user, request.role)
    return write_joined(connection, county, locked, joining, now_ms, told=further)


def _offer_identity(connection: Connection, county: County, unit: str, request: EnrolmentRequest) -> None:
    """The key of a unit's first device stands for the unit."""
    if _unit_identity(connection, county, unit) is None:
        row = {
            "county": county.code, "unit": unit, "public_key": request.unit_identity_key, "device": request.device,
        }  # fmt: skip
        connection.execute(insert(tables.unit_identity), row)


def _unit_identity(connection: Connection, county: County, unit: str) -> bytes | None:
    columns = tables.unit_identity.c
    query = select(columns.public_key).where(columns.county == county.code, columns.unit == unit)
    return connection.execute(query).scalar()


def _answer(
    connection: Connection, county: County, locked: LockedCounty, device: Row[Any], envelope: bytes, *, now_ms: int
) -> EnrolmentAnswer:
    unit = county.unit(connection, device.unit)
    return EnrolmentAnswer(
        version=PROTOCOL_VERSION,
        request_hash=binding_of(envelope),
        refusal="",
        county_time=now_ms,
        epoch=locked.epoch,
        county=county.code,
        unit=unit.code,
        unit_name=unit.name,
        unit_kind=unit.kind,
        block=device.block,
        roles=tuple(device.roles),
        unit_identity_key=_unit_identity(connection, county, device.unit) or b"",
        key_card=county.card_bytes,
    )
