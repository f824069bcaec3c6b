"""Whether a name on paper means the user: by his account's name however it is written, and by the staff table."""

import re
from collections.abc import Iterable

_OF_ACCOUNT = re.compile(r"[\s\-_]*(?:[0-9]+|[((].*[))])$")
"""What tells accounts of one person apart: 张明2, 张明(信访办)."""


def spellings(account: str) -> frozenset[str]:
    """The name behind an account as people write it: as it is, closed up, and spaced out (张明, 张 明, 张　明)."""
    names = {account, _OF_ACCOUNT.sub("", account) or account}
    return frozenset(written for name in names for written in _written(name))


def is_known_elsewhere(account: str, unit: str, named_unit: str | None, staff_there: Iterable[str]) -> bool:
    """True where the person meant is a colleague of the same name in another unit, by the staff named there.

    A name without a unit, or of a unit where nobody of the name is known, may be the user's: he is kept out.
    """
    if not named_unit or named_unit == unit:
        return False
    own = spellings(account)
    return any(not own.isdisjoint(spellings(name)) for name in staff_there)


def _written(name: str) -> frozenset[str]:
    closed = "".join(name.split())
    return frozenset({name, closed, *(space.join(closed) for space in (" ", "\u3000"))})
