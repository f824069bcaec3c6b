"""The declared fields of a record at hand."""

from typing import Any

from sync.domain.declarations import Facet, facet_of
from sync.domain.records import Record


def facets(record: Record) -> dict[str, Facet]:
    """Facets of a record's fields by name."""
    kind: Any = type(record)
    return facet_of(kind)
