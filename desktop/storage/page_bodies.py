"""Bodies of a page read into the values of rows. It asks the store nothing: another thread may do it beforehand."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from desktop.storage.straight_rows import Values, straight_codec
from sync.domain.records import KINDS
from sync.protocol.canonical import digest_term
from sync.protocol.messages import Entry, Mark


class Body(NamedTuple):
    """A body whose hash is right and that holds nothing but what the declaration says."""

    values: Values
    term: int
    """The record's share of the digest."""


class PageBodies:
    """The bodies of some entries; of any other it reads them when asked."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._read = {id(entry): (entry, read_body(entry)) for entry in entries}

    def of(self, entry: Entry) -> Body | None:
        """The body; None sends the entry the long way."""
        found = self._read.get(id(entry))
        return found[1] if found is not None and found[0] is entry else read_body(entry)


def read_body(entry: Entry) -> Body | None:
    """The body of an entry; None where it has none, or anything about it is not as declared."""
    body, kind = entry.fields, entry.kind
    if entry.mark is not Mark.BODY or body is None or kind not in KINDS:
        return None
    if hashlib.sha256(body).digest() != entry.hash:
        return None
    values = straight_codec(kind).read(body)
    return None if values is None else Body(values, digest_term(kind, entry.id, entry.revision, entry.hash))
