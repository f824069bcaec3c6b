"""Serve the county's desk about changes held behind a gap: tell of them, let what a lost device left behind go."""

import structlog

from sync.domain.authority import ADMITTING_ROLES
from sync.domain.errors import Refused
from sync.protocol.county_desk import join_pieces, split_pieces
from sync.protocol.envelope import Purpose
from sync.protocol.held_desk import LET_GO, SEE, HeldAnswer, HeldDevice, HeldRequest
from sync.protocol.messages import PROTOCOL_VERSION, encode_message
from sync.server.county import County
from sync.server.desk_door import open_desk, seal_desk
from sync.server.letting_go import let_go, list_held
from sync.server.place import Sender

_log = structlog.get_logger("liandong.county")


def answer_held(county: County, body: bytes, now_ms: int) -> bytes:
    """Answer one request of a device of the county's own unit.

    Raises Damaged ``envelope.*``, Refused ``exchange_refusals.*``, ``desk.*``, ``held.*``, InvalidInput
    ``held.reason``: nothing changed then.
    """
    envelope = split_pieces(body)[0]
    sender, request = open_desk(county, envelope, Purpose.COUNTY_HELD_REQUEST, HeldRequest)
    outcomes = {} if request.act == SEE else _let_go(county, sender, request, now_ms)
    told = encode_message(HeldAnswer(PROTOCOL_VERSION, now_ms, _rows(county), outcomes))
    return join_pieces([seal_desk(county, sender, envelope, Purpose.COUNTY_HELD_ANSWER, told)])


def _let_go(county: County, sender: Sender, request: HeldRequest, now_ms: int) -> dict[str, int]:
    """The role is the person's claim; it counts no further than the device's ticket reaches."""
    if request.role not in ADMITTING_ROLES or sender.roles.isdisjoint(ADMITTING_ROLES):
        raise Refused("desk.may_not_let_go")
    if request.act != LET_GO:
        raise Refused("desk.unknown_act")
    outcomes = let_go(county, request.target, request.reason, now_ms, apart=request.apart, by=request.user)
    _log.info("let_go", device=request.target, by_device=sender.id, **outcomes)
    return outcomes


def _rows(county: County) -> tuple[HeldDevice, ...]:
    with county.engine.connect() as connection:
        names = {code: unit.name for code, unit in county.directory(connection).items()}
    return tuple(
        HeldDevice(
            device=row.device,
            unit=row.unit,
            unit_name=names.get(row.unit, row.unit),
            user=row.user,
            held=row.held,
            missing=row.missing,
            since=row.since,
            is_lost=row.state == "revoked",
        )
        for row in list_held(county)
    )
