"""The first moments of a verb: Ctrl+C while its programs are still being read must end it with a line, no traceback.

Needs nothing but ``signal``, so that there is hardly a moment before it.
"""

import signal
from collections.abc import Callable
from types import FrameType


def hold_interrupts() -> Callable[[], None]:
    """Hold Ctrl+C back until what is returned is called, which raises KeyboardInterrupt where it came meanwhile.

    Where somebody ignores or handles it already (``nohup``), that stays so.
    """
    came: list[int] = []
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return lambda: None

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    def ready() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if came:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, note)
    return ready
