"""The view of a record: the county's state with this device's pending operations laid over it. Pure; cannot fail."""

import hashlib
from collections.abc import Iterable

from desktop.storage.row_codec import Fields, pack_fields


def overlay(state: Fields | None, operations: Iterable[Fields]) -> Fields | None:
    """Fields after the operations in order: a value replaces, None clears.

    ``state`` is None where the county has no such record; then the first operation is the one that makes it. The
    result is None only where there is neither state nor operation.
    """
    view = None if state is None else dict(state)
    for operation in operations:
        view = {} if view is None else view
        for name, value in operation.items():
            if value is None:
                view.pop(name, None)
            else:
                view[name] = value
    return view


def join_edits(first: Fields, then: Fields) -> Fields:
    """One operation with the effect of two, "cleared" kept."""
    return {**first, **then}


def difference(old: Fields, new: Fields) -> Fields:
    """The operation that turns one field map into the other."""
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    changed.update({name: None for name in old.keys() - new.keys() if old[name] is not None})
    return changed


def edit_hash(county: Fields, edit: Fields) -> bytes:
    """Hashes of the county's state before and after an edit, one behind the other."""
    states = county, overlay(county, [edit]) or {}
    return b"".join(hashlib.sha256(pack_fields(state)).digest() for state in states)


def split_edit(hashes: bytes) -> tuple[bytes, bytes]:
    """The two of :func:`edit_hash`."""
    return hashes[:32], hashes[32:]
