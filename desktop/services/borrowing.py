"""Work on the store from another thread: lent to where the store lives."""

from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Borrow(Protocol):
    """Runs work where the store lives and gives its result back."""

    def __call__(self, work: Callable[[], T], /) -> T:
        """The result of ``work``."""
        ...


def at_once(work: Callable[[], T], /) -> T:
    """Borrow nothing: the caller is where the store lives."""
    return work()
