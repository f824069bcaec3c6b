"""Changes as they came: decoded and looked at one by one, without locks."""

from collections.abc import Sequence

import msgspec

from sync.domain.errors import Damaged
from sync.protocol.chaining import with_chain
from sync.protocol.codec import decode_bounded_change
from sync.protocol.messages import Change
from sync.server.place import Sender
from sync.server.soundness import MALFORMED

FOREIGN_DEVICE = "exchange_refusals.foreign_device"
FORGED_UNIT = "exchange_refusals.forged_unit"


class Incoming(msgspec.Struct, frozen=True, gc=False):
    """One change as it came. ``change`` is None where it cannot be read; ``reason`` sends it to quarantine."""

    body: bytes
    id: str
    sequence: int
    hash: bytes
    change: Change | None
    reason: str = ""
    chained: bool = True
    """Takes its place in the device's sequence; a stray one does not."""


def read_incoming(bodies: Sequence[bytes], first: int, sender: Sender) -> list[Incoming]:
    """Decode and look at each change, without locks."""
    incoming: list[Incoming] = []
    expected = first
    for body, digest in with_chain(bodies):
        item = read_one(body, digest, expected, sender)
        incoming.append(item)
        expected = item.sequence + 1
    return incoming


def read_one(body: bytes, digest: bytes, expected: int, sender: Sender) -> Incoming:
    """A change with its hash; ``expected`` stands for its sequence where it cannot be read."""
    try:
        change = decode_bounded_change(body)
    except Damaged:
        return Incoming(body, digest.hex()[:32], expected, digest, None, MALFORMED)
    if change.device != sender.id:
        return Incoming(body, change.id, change.sequence, digest, change, FOREIGN_DEVICE, chained=False)
    reason = FORGED_UNIT if change.unit != sender.unit else ""
    return Incoming(body, change.id, change.sequence, digest, change, reason)


def makes_dossiers(item: Incoming) -> bool:
    """Whether a change creates everything it names, heads of dossiers included."""
    if item.change is None:
        return True
    heads: set[str] = set()
    dossiers: set[str] = set()
    for operation in item.change.operations:
        if not operation.creates:
            return False
        dossiers.add(operation.dossier)
        if operation.id == operation.dossier:
            heads.add(operation.id)
    return dossiers == heads


def once(items: Sequence[Incoming]) -> list[Incoming]:
    """The first of each id: a request that names a change twice means it once."""
    return list({item.id: item for item in reversed(items)}.values())[::-1]
