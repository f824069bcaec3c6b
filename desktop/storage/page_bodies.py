"""Bodies of a page read into the values of rows. It asks the store nothing: another thread may do it beforehand."""

import hashlib
from collections.abc import Iterable

import msgspec

from desktop.storage.straight_rows import Values, straight_codec
from sync.domain.records import KINDS
from sync.protocol.canonical import digest_term
from sync.protocol.messages import Entry, Mark


class Body(msgspec.Struct, frozen=True, gc=False):
    """A body whose hash is right and that holds nothing but what the declaration says."""

    entry: Entry
    row: Values
    """Id, dossier, revision, hash, and the values of the kind's :class:`StraightCodec`."""
    term: int
    """The record's share of the digest."""


class PageBodies:
    """The bodies of some entries; of any other it reads them when asked."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        read = filter(None, map(read_body, entries))
        self._read = {id(body.entry): body for body in read}

    def of(self, entries: Iterable[Entry]) -> dict[str, Body]:
        """The bodies of entries of one kind by id, without those that have to go the long way."""
        bodies: dict[str, Body] = {}
        for entry in entries:
            body = self._read.get(id(entry)) or read_body(entry)
            if body is not None:
                bodies[entry.id] = body
        return bodies


def read_body(entry: Entry) -> Body | None:
    """The body of an entry; None where it has none, or anything about it is not as declared."""
    body, kind, hash_ = entry.fields, entry.kind, entry.hash
    if body is None or entry.mark is not Mark.BODY or kind not in KINDS or hashlib.sha256(body).digest() != hash_:
        return None
    values = straight_codec(kind).read(body)
    if values is None:
        return None
    record, revision = entry.id, entry.revision
    row = (record, entry.dossier, revision, hash_, *values)
    return Body(entry, row, digest_term(kind, record, revision, hash_))
