"""Sealed envelopes as a file on a stick, in one part or several. The wrapping is in clear and proves nothing.

Layout: magic 4 | version 1 | kind 1 | part 2 | parts 2 | set 16 | length of county 1 | county | envelopes 4 | for each:
length 4, bytes | SHA-256 of all before, 32.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from sync.domain.errors import Damaged
from sync.protocol import limits

MAGIC = b"LDCF"
VERSION = 1
_FIXED_BYTES = 27
_CHECKSUM_BYTES = 32
_MAX_COUNTY_BYTES = 16
_LENGTH_BYTES = 4


class CarriedKind(IntEnum):
    """What the envelopes in a file are."""

    EXCHANGE_REQUEST = 1
    EXCHANGE_ANSWER = 2
    ENROL_REQUEST = 3
    ENROL_ANSWER = 4


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """A file read, or all parts of a set joined (then ``part`` = ``parts`` = 1)."""

    kind: CarriedKind
    county: str
    envelopes: tuple[bytes, ...]
    part: int
    parts: int
    set_id: str
    """32 hex digits, the same in all parts of one set."""


def write_carried(kind: CarriedKind, county: str, envelopes: Sequence[bytes]) -> bytes:
    """One file with all envelopes in order; ``county`` is the county's code, 1 to 16 ASCII characters."""
    return _write_part(CarriedFile(kind, county, tuple(envelopes), 1, 1, _set_id(envelopes)))


def write_carried_parts(
    kind: CarriedKind, county: str, envelopes: Sequence[bytes], part_bytes: int = limits.CARRIED_PART_BYTES
) -> list[bytes]:
    """The same in files of about ``part_bytes``; an envelope is never cut, so one larger than that has its own."""
    groups = _split(envelopes, part_bytes)
    set_id = _set_id(envelopes)
    parts = (CarriedFile(kind, county, tuple(group), at, len(groups), set_id) for at, group in enumerate(groups, 1))
    return [_write_part(part) for part in parts]


def read_carried(data: bytes) -> CarriedFile:
    """What a file holds.

    Raises Damaged ``carried.none`` (something else), ``.newer``, ``.too_large``, ``.damaged`` (changed or cut short).
    """
    if data[: len(MAGIC)] != MAGIC:
        raise Damaged("carried.none")
    if len(data) > limits.MAX_CARRIED_BYTES:
        raise Damaged("carried.too_large", limit=limits.MAX_CARRIED_BYTES)
    if len(data) < _FIXED_BYTES + _CHECKSUM_BYTES:
        raise Damaged("carried.damaged")
    view = memoryview(data)
    if hashlib.sha256(view[:-_CHECKSUM_BYTES]).digest() != data[-_CHECKSUM_BYTES:]:
        raise Damaged("carried.damaged")
    if data[4] != VERSION:
        raise Damaged("carried.newer", version=data[4])
    return _read_body(view[:-_CHECKSUM_BYTES])


def join_parts(files: Iterable[CarriedFile]) -> CarriedFile:
    """All parts of one set as one, whatever order they come in; the same part twice is taken once.

    Raises Damaged ``carried.part_missing`` (``missing``: the numbers, ``parts``: how many there are) and
    ``carried.mixed`` where parts of different sets, kinds or counties lie together.
    """
    found = {file.part: file for file in files}
    if not found:
        raise Damaged("carried.none")
    first = next(iter(found.values()))
    if any(_set_of(file) != _set_of(first) for file in found.values()):
        raise Damaged("carried.mixed")
    missing = [number for number in range(1, first.parts + 1) if number not in found]
    if missing:
        raise Damaged("carried.part_missing", missing=", ".join(map(str, missing)), parts=first.parts)
    envelopes = tuple(envelope for number in sorted(found) for envelope in found[number].envelopes)
    return CarriedFile(first.kind, first.county, envelopes, 1, 1, first.set_id)


def carried_code(data: bytes) -> str:
    """What both ends of a stick's way compare by eye: 16 hex digits of the file's SHA-256, ``1A2B-3C4D-5E6F-7081``."""
    digits = hashlib.sha256(data).hexdigest()[:16].upper()
    return "-".join(digits[at : at + 4] for at in range(0, 16, 4))


def check_carried(file: CarriedFile, kind: CarriedKind, county: str) -> None:
    """Raises Damaged ``carried.foreign`` (another county's), ``carried.wrong_kind``, ``carried.part_missing``."""
    if file.county != county:
        raise Damaged("carried.foreign", county=file.county)
    if file.kind is not kind:
        raise Damaged(f"carried.wrong_kind_{kind.name.lower()}")
    if file.parts != 1:
        others = [number for number in range(1, file.parts + 1) if number != file.part]
        raise Damaged("carried.part_missing", missing=", ".join(map(str, others)), parts=file.parts)


def _set_of(file: CarriedFile) -> tuple[object, ...]:
    return (file.set_id, file.kind, file.county, file.parts)


def _set_id(envelopes: Sequence[bytes]) -> str:
    """Of the content, so that writing the same answer again gives parts that fit together."""
    digest = hashlib.sha256()
    for envelope in envelopes:
        digest.update(hashlib.sha256(envelope).digest())
    return digest.hexdigest()[:32]


def _split(envelopes: Sequence[bytes], part_bytes: int) -> list[list[bytes]]:
    groups: list[list[bytes]] = [[]]
    size = 0
    for envelope in envelopes:
        if groups[-1] and size + len(envelope) > part_bytes:
            groups.append([])
            size = 0
        groups[-1].append(envelope)
        size += len(envelope) + _LENGTH_BYTES
    return groups


def _write_part(file: CarriedFile) -> bytes:
    code = file.county.encode("ascii")
    if not 0 < len(code) <= _MAX_COUNTY_BYTES:
        raise Damaged("carried.county")
    pieces = [MAGIC, bytes((VERSION, file.kind)), file.part.to_bytes(2, "big"), file.parts.to_bytes(2, "big")]
    pieces += [bytes.fromhex(file.set_id), bytes((len(code),)), code]
    pieces.append(len(file.envelopes).to_bytes(_LENGTH_BYTES, "big"))
    for envelope in file.envelopes:
        pieces += [len(envelope).to_bytes(_LENGTH_BYTES, "big"), envelope]
    body = b"".join(pieces)
    return body + hashlib.sha256(body).digest()


def _read_body(body: memoryview) -> CarriedFile:
    part, parts = int.from_bytes(body[6:8], "big"), int.from_bytes(body[8:10], "big")
    if body[5] not in list(CarriedKind) or not 1 <= part <= parts <= limits.MAX_CARRIED_PARTS:
        raise Damaged("carried.damaged")
    start = _FIXED_BYTES + body[26]
    code = bytes(body[_FIXED_BYTES:start])
    if not (0 < len(code) <= _MAX_COUNTY_BYTES and code.isalnum()) or start + _LENGTH_BYTES > len(body):
        raise Damaged("carried.damaged")
    envelopes = tuple(_read_envelopes(body, start))
    return CarriedFile(CarriedKind(body[5]), code.decode("ascii"), envelopes, part, parts, body[10:26].hex())


def _read_envelopes(body: memoryview, start: int) -> Iterable[bytes]:
    count = int.from_bytes(body[start : start + _LENGTH_BYTES], "big")
    if count > limits.MAX_CARRIED_ENVELOPES:
        raise Damaged("carried.damaged")
    at = start + _LENGTH_BYTES
    for _ in range(count):
        begin = at + _LENGTH_BYTES
        at = begin + int.from_bytes(body[at:begin], "big")
        if begin > len(body) or at > len(body):
            raise Damaged("carried.damaged")
        yield bytes(body[begin:at])
    if at != len(body):
        raise Damaged("carried.damaged")
