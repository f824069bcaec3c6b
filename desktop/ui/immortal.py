"""Keep None, True and False alive under Python 3.11.

PySide6 6.12 takes these three for immortal, as they are since Python 3.12 (PEP 683), and gives away a reference to them
at each ``emit`` and each ``processEvents``; under 3.11 the interpreter ends with "deallocating None" after some hundred
signals. Giving them so many references that they cannot run out is what later versions do themselves.
"""

import ctypes
import sys

ENOUGH_REFERENCES = 1 << 40


def keep_constants_alive() -> None:
    """Once before the first widget; does nothing where the constants are immortal already, or were made so here."""
    if sys.version_info >= (3, 12):
        return
    for constant in (None, True, False):
        if sys.getrefcount(constant) < ENOUGH_REFERENCES // 2:
            ctypes.c_ssize_t.from_address(id(constant)).value += ENOUGH_REFERENCES
