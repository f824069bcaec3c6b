"""The county desk's talk with its server: carried files handed over unopened, how towns stand, devices let in."""

from dataclasses import dataclass

from sync.client.link import CountyLink
from sync.client.transport import Transport
from sync.domain.errors import Damaged
from sync.protocol.county_desk import (
    LIST,
    BatchAnswer,
    DeskRequest,
    DevicesAnswer,
    DevicesRequest,
    TownsAnswer,
    decode_desk,
    file_hash,
    join_pieces,
    split_pieces,
)
from sync.protocol.envelope import Purpose
from sync.protocol.held_desk import SEE, HeldAnswer, HeldRequest
from sync.protocol.limits import MAX_POSTED_CARRIED
from sync.protocol.messages import PROTOCOL_VERSION, encode_message

DESK_PATH = "/v1/county"
DEVICES_PATH = "/v1/county/devices"
HELD_PATH = "/v1/county/held"


@dataclass(frozen=True, slots=True)
class DeviceAct:
    """Somebody lets a waiting device in or turns it away; without a target: which ones wait?"""

    user: str
    role: str
    act: str = LIST
    target: str = ""
    comparison: str = ""
    """The digits a person has compared."""


@dataclass(frozen=True, slots=True)
class HeldAct:
    """Somebody lets go what a lost device left behind; without a target: what is held?"""

    user: str
    role: str
    act: str = SEE
    target: str = ""
    reason: str = ""
    apart: bool = False


def hand_over(link: CountyLink, transport: Transport, data: bytes, now_ms: int) -> tuple[BatchAnswer, list[bytes]]:
    """Hand a carried file to the server; what became of it and the answer files for that stick.

    Raises Unreachable, Refused, Damaged ``carried.too_large`` or ``envelope.*``.
    """
    if len(data) > MAX_POSTED_CARRIED:
        raise Damaged("carried.too_large", limit=MAX_POSTED_CARRIED)
    envelope = _request(link, now_ms, file_hash(data))
    answer, *parts = split_pieces(transport.post(DESK_PATH, join_pieces([envelope, data])))
    payload, _ = link.open(answer, envelope, Purpose.COUNTY_DESK_ANSWER)
    return decode_desk(payload, BatchAnswer), parts


def ask_towns(link: CountyLink, transport: Transport, now_ms: int) -> TownsAnswer:
    """How the towns stand. Raises as :func:`hand_over`."""
    envelope = _request(link, now_ms, b"")
    answer, *_ = split_pieces(transport.post(DESK_PATH, join_pieces([envelope])))
    payload, _binding = link.open(answer, envelope, Purpose.COUNTY_DESK_ANSWER)
    return decode_desk(payload, TownsAnswer)


def ask_devices(link: CountyLink, transport: Transport, act: DeviceAct, now_ms: int) -> DevicesAnswer:
    """The devices that wait, once the act was done. Raises as :func:`hand_over`, Refused ``desk.*``, ``county.*``."""
    request = DevicesRequest(
        PROTOCOL_VERSION, link.device, now_ms, act.user, act.role, act.act, act.target, act.comparison
    )
    envelope = link.seal(encode_message(request), Purpose.COUNTY_DEVICES_REQUEST)
    answer, *_ = split_pieces(transport.post(DEVICES_PATH, join_pieces([envelope])))
    payload, _binding = link.open(answer, envelope, Purpose.COUNTY_DEVICES_ANSWER)
    return decode_desk(payload, DevicesAnswer)


def ask_held(link: CountyLink, transport: Transport, act: HeldAct, now_ms: int) -> HeldAnswer:
    """What is held, once the act was done. Raises as :func:`hand_over`, Refused ``desk.*``, ``held.*``."""
    who = (PROTOCOL_VERSION, link.device, now_ms, act.user, act.role)
    request = HeldRequest(*who, act.act, act.target, act.reason, act.apart)
    envelope = link.seal(encode_message(request), Purpose.COUNTY_HELD_REQUEST)
    answer, *_ = split_pieces(transport.post(HELD_PATH, join_pieces([envelope])))
    payload, _binding = link.open(answer, envelope, Purpose.COUNTY_HELD_ANSWER)
    return decode_desk(payload, HeldAnswer)


def _request(link: CountyLink, now_ms: int, digest: bytes) -> bytes:
    request = DeskRequest(PROTOCOL_VERSION, link.device, now_ms, digest)
    return link.seal(encode_message(request), Purpose.COUNTY_DESK_REQUEST)
