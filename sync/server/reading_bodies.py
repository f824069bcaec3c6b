"""How much of a request is kept before it is known who sends it: a stranger fills nobody's memory."""

from collections.abc import AsyncIterator, Awaitable, Callable

from sync.domain.errors import Damaged, Refused
from sync.protocol.envelope import MAGIC
from sync.protocol.limits import KIB

UNPROVEN_BYTES = 256 * KIB
_DEVICE = slice(16, 32)
"""Where the header of an envelope names its device."""
_PIECE = 4
"""What stands before an envelope among pieces: its length."""

Knows = Callable[[str], Awaitable[bool]]
"""Whether the county knows a device."""


async def read_bounded(stream: AsyncIterator[bytes], limit: int, knows: Knows) -> bytes:
    """The whole body.

    A longer one is kept only where its first envelope names a device of the county; otherwise it is read to its end
    and thrown away, so that its sender hears why.

    Raises Damaged ``envelope.too_large``, Refused ``exchange_refusals.device_unknown``.
    """
    pieces: list[bytes] = []
    size, stranger = 0, ""
    async for piece in stream:
        before, size = size, size + len(piece)
        if size > limit:
            raise Damaged("envelope.too_large", limit=limit)
        if stranger:
            continue
        pieces.append(piece)
        if before <= UNPROVEN_BYTES < size:
            device = named_device(b"".join(pieces))
            if not await knows(device):
                stranger = device or "-"
                pieces.clear()
    if stranger:
        raise Refused("exchange_refusals.device_unknown", device=stranger)
    return b"".join(pieces)


def named_device(body: bytes) -> str:
    """The device that the first envelope of a body names, alone or among pieces; empty where there is none."""
    for start in (0, _PIECE):
        if body[start : start + len(MAGIC)] == MAGIC:
            return body[start:][_DEVICE].hex()
    return ""
