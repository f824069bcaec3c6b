"""The hash chain off the wire: a change that follows another in the same request need not name its hash.

Encoded changes begin alike (array, id, device, sequence, hash of the change before), so that the hash is cut out of
the bytes, and put back, without decoding them. What does not look so is left as it is.
"""

from collections.abc import Iterable, Iterator

from sync.protocol.messages import change_hash

_AT_SEQUENCE = 1 + 34 + 34
"""An array's first byte, then two texts of 32 characters with two bytes before each."""
_SEQUENCE_BYTES = {0xCC: 2, 0xCD: 3, 0xCE: 5, 0xCF: 9}
_HASH, _NONE = b"\xc4\x20", b"\xc4\x00"
"""What stands before 32 bytes, and the whole of none."""


def without_chain(bodies: Iterable[bytes]) -> Iterator[bytes]:
    """Encoded changes in order, each without the hash of the one right before it."""
    former = b""
    for body in bodies:
        at = _at_hash(body)
        named = _HASH + change_hash(former) if former else b""
        former = body
        yield body[:at] + _NONE + body[at + len(named) :] if named and body.startswith(named, at) else body


def with_chain(bodies: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Each change as its device made it, and its hash."""
    former = b""
    for body in bodies:
        at = _at_hash(body)
        cut = bool(former) and body.startswith(_NONE, at)
        whole = body[:at] + _HASH + former + body[at + len(_NONE) :] if cut else body
        former = change_hash(whole)
        yield whole, former


def _at_hash(body: bytes) -> int:
    first = body[_AT_SEQUENCE] if len(body) > _AT_SEQUENCE else 0
    return _AT_SEQUENCE + _SEQUENCE_BYTES.get(first, 1)
