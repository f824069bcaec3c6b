"""From the bytes of a new record straight to its values, where they are canonical and nothing but what is declared.

What it does not read is not wrong: it takes the long way, which knows reasons.
"""

from functools import cache
from operator import attrgetter
from typing import Annotated, Any

import msgspec

from sync.domain.declarations import FieldType, facet_of
from sync.domain.records import KINDS
from sync.server.soundness import FIRST_INSTANT, LAST_INSTANT, MOST

_TYPES: dict[FieldType, Any] = {
    FieldType.INSTANT: Annotated[int, msgspec.Meta(ge=FIRST_INSTANT, lt=LAST_INSTANT)],
    FieldType.INTEGER: Annotated[int, msgspec.Meta(gt=-MOST, lt=MOST)],
    FieldType.BOOLEAN: bool,
    FieldType.BYTES: bytes,
    FieldType.TEXTS: list[str],
    FieldType.DATE: Annotated[str, msgspec.Meta(pattern="^[0-8]")],
}
_LONG_MAP, _SMALL_MAP, _SMALL = 0xDE, 0x80, 16
_encode = msgspec.msgpack.Encoder().encode


class FreshCodec:
    """One kind; records with lists of items take the long way too.

    The fields stand in the order of their names, so that encoding them again gives the canonical bytes.
    """

    def __init__(self, kind: str) -> None:
        record: Any = KINDS[kind].record
        facets = [pair for pair in sorted(facet_of(record).items()) if pair[1].type is not FieldType.ITEMS]
        fields = [(name, _TYPES.get(facet.type, str), None) for name, facet in facets]
        shape = msgspec.defstruct(kind, fields, forbid_unknown_fields=True, omit_defaults=True, gc=False)
        self._decode = msgspec.msgpack.Decoder(shape).decode
        self._needed = attrgetter(*(name for name, facet in facets if facet.required))

    def read(self, body: msgspec.Raw) -> Any:
        """An object with the fields as attributes; None where the bytes are anything else."""
        try:
            read = self._decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        return read if None not in self._needed(read) and _shortest(_encode(read)) == bytes(body) else None


def _shortest(encoded: bytes) -> bytes:
    """With the head of a small map where a longer one was left room for."""
    small = encoded[0] == _LONG_MAP and encoded[1] == 0 and encoded[2] < _SMALL
    return bytes((_SMALL_MAP | encoded[2],)) + encoded[3:] if small else encoded


@cache
def fresh_codec(kind: str) -> FreshCodec | None:
    """The codec of a kind; None where the kind is unknown."""
    return FreshCodec(kind) if kind in KINDS else None
