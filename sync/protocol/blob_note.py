"""Files of attachments on a stick: beside a carried file ``F`` lies the note ``F.blobs``, and each file as ciphertext.

A device's note holds its signed requests, one for each file it brings or wants; the county's is a signed receipt. The
ciphertext, ``F.HASH.blob``, needs no wrapping: its name proves it, and the records say whose it is.
"""

from typing import TypeVar

import msgspec

from sync.domain.errors import Damaged
from sync.protocol.keys import sign, verify
from sync.protocol.limits import MIB
from sync.protocol.messages import DECODE_ERRORS

RECEIPT_CONTEXT = "liandong/blob-receipt/v1"
VERSION = 1
MOST_REQUESTS = 5_000
MAX_NOTE_BYTES = 8 * MIB
NOTE_ENDING = ".blobs"
T = TypeVar("T")


class _Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    requests: list[str]


class _Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    county: str
    device: str
    have: list[str]


class _Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    receipt: bytes
    signature: bytes


def note_name(base: str) -> str:
    """The note's name beside a carried file."""
    return base + NOTE_ENDING


def blob_ending(blob: str) -> str:
    """How the name of a file's ciphertext ends."""
    return f".{blob}.blob"


def write_note(requests: list[str]) -> bytes:
    """A device's note; what does not fit travels the next time."""
    return msgspec.msgpack.encode(_Note(VERSION, requests[:MOST_REQUESTS]))


def read_note(data: bytes) -> list[str]:
    """The requests, none proven yet. Raises Damaged ``blobs.note``."""
    note = _decode(data, _Note)
    if note.version != VERSION or len(note.requests) > MOST_REQUESTS:
        raise Damaged("blobs.note")
    return note.requests


def sign_receipt(county: str, device: str, have: list[str], signing_private: bytes) -> bytes:
    """The county's word that it has these files whole."""
    receipt = msgspec.msgpack.encode(_Receipt(VERSION, county, device, have))
    return msgspec.msgpack.encode(_Signed(receipt, sign(signing_private, RECEIPT_CONTEXT, receipt)))


def open_receipt(data: bytes, county: str, device: str, signing_public: bytes) -> frozenset[str]:
    """Names the county has whole. Raises Damaged ``blobs.note`` (another county's or device's too), ``seal.*``."""
    signed = _decode(data, _Signed)
    verify(signing_public, RECEIPT_CONTEXT, signed.receipt, signed.signature)
    receipt = _decode(signed.receipt, _Receipt)
    if (receipt.version, receipt.county, receipt.device) != (VERSION, county, device):
        raise Damaged("blobs.note")
    return frozenset(receipt.have)


def _decode(data: bytes, kind: type[T]) -> T:
    if len(data) > MAX_NOTE_BYTES:
        raise Damaged("blobs.note")
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except DECODE_ERRORS as error:
        raise Damaged("blobs.note") from error
