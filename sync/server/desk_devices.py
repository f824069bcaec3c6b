"""Serve the county's desk about devices that wait: tell of them, let one in, turn one away."""

import structlog

from sync.domain.authority import ADMITTING_ROLES
from sync.domain.errors import Refused
from sync.protocol.county_desk import (
    ADMIT,
    LIST,
    TURN_AWAY,
    DevicesAnswer,
    DevicesRequest,
    WaitingRow,
    join_pieces,
    split_pieces,
)
from sync.protocol.envelope import Purpose
from sync.protocol.messages import PROTOCOL_VERSION, encode_message
from sync.server.admission import confirm_device, turn_away, waiting_devices
from sync.server.county import County
from sync.server.desk_door import open_desk, seal_desk
from sync.server.place import Sender
from sync.server.storage.driver import looking

_log = structlog.get_logger("liandong.county")


def answer_devices(county: County, body: bytes, now_ms: int) -> bytes:
    """Answer one request of a device of the county's own unit.

    Raises Damaged ``envelope.*``, Refused ``exchange_refusals.*``, ``desk.*``, ``county.*``: nothing changed then.
    """
    envelope = split_pieces(body)[0]
    sender, request = open_desk(county, envelope, Purpose.COUNTY_DEVICES_REQUEST, DevicesRequest)
    if request.act != LIST:
        _act(county, sender, request, now_ms)
    told = encode_message(DevicesAnswer(PROTOCOL_VERSION, now_ms, _rows(county)))
    return join_pieces([seal_desk(county, sender, envelope, Purpose.COUNTY_DEVICES_ANSWER, told)])


def _act(county: County, sender: Sender, request: DevicesRequest, now_ms: int) -> None:
    """The role is the person's claim; it counts no further than the device's ticket reaches."""
    if request.role not in ADMITTING_ROLES or sender.roles.isdisjoint(ADMITTING_ROLES):
        raise Refused("desk.may_not_admit")
    if request.act == ADMIT:
        confirm_device(county, request.target, now_ms, request.user, comparison=request.comparison)
    elif request.act == TURN_AWAY:
        turn_away(county, request.target, now_ms, request.user)
    else:
        raise Refused("desk.unknown_act")
    _log.info("admission", act=request.act, device=request.target, by_device=sender.id)


def _rows(county: County) -> tuple[WaitingRow, ...]:
    with looking(county.engine) as connection:
        names = {code: unit.name for code, unit in county.directory(connection).items()}
    return tuple(
        WaitingRow(
            device=one.joining.device,
            unit=one.joining.unit,
            unit_name=names.get(one.joining.unit, one.joining.unit),
            user=one.joining.user,
            role=one.joining.role,
            ticket_name=one.ticket_name,
            asked_at=one.asked_at,
            comparison=one.comparison,
            further=one.further,
        )
        for one in waiting_devices(county)
    )
