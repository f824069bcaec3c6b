"""Numbers printed on paper: ``431021102-2026-A-00017-c``, final once given, never reissued.

Unit, year, block of letters given to one device by the county, serial within the block, check character.
"""

import re
from functools import lru_cache
from string import ascii_letters, digits
from typing import NamedTuple

from sync.domain.ids import UnitCode

FIRST_BLOCK = "A"
"""Letters of the block a unit's first device gets; the county gives each block to one device only."""
PATTERN = re.compile(
    r"(?P<series>(?P<unit>[0-9A-Z]{6,16})-(?P<year>[0-9]{4})-(?P<block>[A-Z]{1,4}))"
    r"-(?P<serial>[0-9]{5,9})-(?P<check>[0-9])"
)


class Number(NamedTuple):
    """The parts of a number; ``str()`` gives the printed form with its check digit."""

    unit: UnitCode
    year: int
    block: str
    serial: int

    def __str__(self) -> str:
        series, serial = f"{self.unit}-{self.year}-{self.block}", f"{self.serial:05d}"
        return f"{series}-{serial}-{_check_digit(series, serial)}"


def check_digit(body: str) -> str:
    """ISO 7064 MOD 11,10 over the digits of ``body``; a letter counts as two digits (A = 10 … Z = 35).

    Finds every single wrong digit and nearly every swap of neighbours.
    """
    return str((11 - _product(10, body)) % 10)


def _check_digit(series: str, serial: str) -> str:
    """That of ``series-serial``, without counting the series again."""
    return str((11 - _product(_of_series(series), serial)) % 10)


@lru_cache(maxsize=1024)
def _of_series(series: str) -> int:
    return _product(10, series)


def _product(product: int, signs: str) -> int:
    for sign in signs:
        product = _STEPS[sign][product]
    return product


def _step(product: int, worth: str) -> int:
    for digit in worth:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return product


_STEPS = {sign: tuple(_step(product, str(int(sign, 36))) for product in range(11)) for sign in digits + ascii_letters}
_STEPS["-"] = tuple(range(11))
"""What a sign makes of the product so far."""


def parse_number(text: str) -> Number | None:
    """The number, or None where the form or the check digit is wrong."""
    match = PATTERN.fullmatch(text.strip().upper())
    if match is None:
        return None
    series, unit, year, block, serial, check = match.groups()
    if _check_digit(series, f"{int(serial):05d}") != check:
        return None
    return Number(UnitCode(unit), int(year), block, int(serial))


def is_number(text: str) -> bool:
    """Whether :func:`parse_number` reads a text that stands as it is printed."""
    match = PATTERN.fullmatch(text)
    return match is not None and _check_digit(match["series"], f"{int(match['serial']):05d}") == match["check"]


def block_letters(index: int) -> str:
    """Letters of the n-th block of a unit, from 0: A … Z, AA, AB …"""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
