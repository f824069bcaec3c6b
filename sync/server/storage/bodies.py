"""Rows of the table ``record`` to record states and back. Body = sealed MessagePack [fields, writer, writers]."""

from collections.abc import Mapping
from typing import Any

import msgspec

from sync.server.merge import RecordState, Writer
from sync.server.storage.sealing import StoreKey

WriterRow = tuple[int, str, int, bool, str]
"""Revision, device, sequence, county, author."""


class _Body(msgspec.Struct, frozen=True, array_like=True):
    canonical: bytes
    writer: WriterRow
    writers: dict[str, WriterRow]


_NO_WRITERS: dict[str, WriterRow] = {}
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Body)


def _row(writer: Writer) -> WriterRow:
    return writer.revision, writer.device, writer.sequence, writer.county, writer.author


def label(kind: str, record_id: str) -> str:
    """What a record's sealed body is bound to."""
    return f"record/{kind}/{record_id}"


def seal_state(key: StoreKey, state: RecordState) -> bytes:
    """The sealed body of a record."""
    writers = {name: _row(writer) for name, writer in state.writers.items()} if state.writers else {}
    body = _encoder.encode(_Body(state.canonical, _row(state.writer), writers))
    return key.seal(label(state.kind, state.id), body)


def seal_new(key: StoreKey, kind: str, record_id: str, canonical: bytes, writer: WriterRow) -> bytes:
    """The sealed body of a record with one writer."""
    return key.seal(label(kind, record_id), _encoder.encode((canonical, writer, _NO_WRITERS)))


def open_canonical(key: StoreKey, kind: str, record_id: str, sealed: bytes) -> bytes:
    """The canonical fields alone."""
    return _decoder.decode(key.open(label(kind, record_id), sealed)).canonical


def open_row(key: StoreKey, kind: str, record_id: str, sealed: bytes) -> _Body:
    """All that is sealed of a record."""
    return _decoder.decode(key.open(label(kind, record_id), sealed))


def open_state(key: StoreKey, row: Mapping[Any, Any]) -> RecordState:
    """The state of a row of ``record`` (a mapping by column name)."""
    body = _decoder.decode(key.open(label(row["kind"], row["id"]), row["body"]))
    return RecordState(
        kind=row["kind"],
        id=row["id"],
        dossier=row["dossier"],
        owner=row["owner"],
        unit=row["unit"],
        revision=row["revision"],
        canonical=body.canonical,
        hash=row["hash"],
        writer=Writer(*body.writer),
        writers={name: Writer(*writer) for name, writer in body.writers.items()},
    )
