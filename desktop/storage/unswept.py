"""Much made at once: meanwhile the collector does not look through all there is again and again.

Of a page's rows nothing refers to itself, so that the collector finds nothing among them, however often it looks.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class _Sweeping:
    """Counts the blocks that are open, on whatever threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._blocks = 0
        self._was_on = False

    def stop(self) -> None:
        with self._lock:
            if not self._blocks:
                self._was_on = gc.isenabled()
                gc.disable()
            self._blocks += 1

    def go_on(self) -> None:
        with self._lock:
            self._blocks -= 1
            if not self._blocks and self._was_on:
                gc.enable()


_sweeping = _Sweeping()


@contextmanager
def unswept() -> Iterator[None]:
    """Within the block what refers to itself waits to be found. Blocks may overlap; after the last one the collector
    goes on, if it was on before the first."""
    _sweeping.stop()
    try:
        yield
    finally:
        _sweeping.go_on()
