"""What the county's own desk and its server say to each other about towns and their carried files.

A request is a sealed envelope, followed by a carried file where one is handed over; the file is passed on as it came
and never opened at the desk. An answer is a sealed envelope followed by the answer files to carry back. Each piece
has its length (4 bytes, big-endian) before it.
"""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from sync.domain.errors import Damaged
from sync.protocol import limits
from sync.protocol.messages import DECODE_ERRORS

_LENGTH_BYTES = 4
T = TypeVar("T", bound=msgspec.Struct)


class DeskRequest(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """``file_hash``: SHA-256 of the carried file handed over; empty: how do the towns stand?"""

    version: int
    device: str
    local_time: int
    file_hash: bytes


class BatchAnswer(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What became of a carried file. ``state``: accepted, repeat, quarantined, damaged; ``problem``: a text key."""

    version: int
    state: str
    kind: str
    unit: str
    unit_name: str
    code: str
    outcomes: dict[str, int]
    problem: str
    values: dict[str, str | int]


class TownRow(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """How a unit stands at the server. ``last_exchange``: ms, 0 = never; ``missing``: changes known to be under way
    (a later one came, held until they do); ``behind``: feed positions not answered yet; ``agreed``: nothing is."""

    unit: str
    name: str
    devices: int
    last_exchange: int
    missing: int
    held: int
    conflicts: int
    quarantined: int
    behind: int
    agreed: bool


class TownsAnswer(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """All units that have a device or records, by code."""

    version: int
    county_time: int
    towns: tuple[TownRow, ...]


class DevicesRequest(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Which devices wait? Or one of them (``target``) is let in (ADMIT) or turned away by ``user`` in his ``role``;
    ``comparison``: the digits he compared."""

    version: int
    device: str
    local_time: int
    user: str
    role: str
    act: str
    """``LIST``, ``ADMIT`` or ``TURN_AWAY``."""
    target: str = ""
    comparison: str = ""


class WaitingRow(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A device that waits to be let in. ``asked_at``: ms UTC; ``further``: its unit has a device already."""

    device: str
    unit: str
    unit_name: str
    user: str
    role: str
    ticket_name: str
    asked_at: int
    comparison: str
    further: bool


class DevicesAnswer(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The devices that wait now, the first that came first."""

    version: int
    county_time: int
    waiting: tuple[WaitingRow, ...]


LIST, ADMIT, TURN_AWAY = "LIST", "ADMIT", "TURN_AWAY"


def join_pieces(pieces: Sequence[bytes]) -> bytes:
    """Pieces with their lengths."""
    return b"".join(part for piece in pieces for part in (len(piece).to_bytes(_LENGTH_BYTES, "big"), piece))


def split_pieces(data: bytes) -> list[bytes]:
    """The pieces. Raises Damaged ``envelope.content`` for anything else."""
    pieces: list[bytes] = []
    at = 0
    while at < len(data):
        begin = at + _LENGTH_BYTES
        at = begin + int.from_bytes(data[at:begin], "big")
        if at > len(data) or len(pieces) > limits.MAX_CARRIED_PARTS:
            raise Damaged("envelope.content")
        pieces.append(data[begin:at])
    if not pieces:
        raise Damaged("envelope.content")
    return pieces


def file_hash(data: bytes) -> bytes:
    """SHA-256 of a carried file: the sealed request names the file it hands over."""
    return hashlib.sha256(data).digest()


def decode_desk(body: bytes, kind: type[T]) -> T:
    """One of the messages above. Raises Damaged ``envelope.content``."""
    try:
        return msgspec.msgpack.decode(body, type=kind)
    except DECODE_ERRORS as error:
        raise Damaged("envelope.content") from error
