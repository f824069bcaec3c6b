"""Numbers printed on paper: ``431021102-2026-A-00017-c``, final once given, never reissued.

Unit, year, block of letters given to one device by the county, serial within the block, check character.
"""

import re
from dataclasses import dataclass
from string import ascii_letters, digits

from sync.domain.ids import UnitCode

FIRST_BLOCK = "A"
"""Letters of the block a unit's first device gets; the county gives each block to one device only."""
PATTERN = re.compile(
    r"(?P<unit>[0-9A-Z]{6,16})-(?P<year>\d{4})-(?P<block>[A-Z]{1,4})-(?P<serial>\d{5,9})-(?P<check>\d)"
)


@dataclass(frozen=True, slots=True)
class Number:
    """The parts of a number; ``str()`` gives the printed form with its check digit."""

    unit: UnitCode
    year: int
    block: str
    serial: int

    def __str__(self) -> str:
        body = f"{self.unit}-{self.year}-{self.block}-{self.serial:05d}"
        return f"{body}-{check_digit(body)}"


def check_digit(body: str) -> str:
    """ISO 7064 MOD 11,10 over the digits of ``body``; a letter counts as two digits (A = 10 … Z = 35).

    Finds every single wrong digit and nearly every swap of neighbours.
    """
    product = 10
    for sign in body:
        product = _STEPS[sign][product]
    return str((11 - product) % 10)


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
    number = Number(UnitCode(match["unit"]), int(match["year"]), match["block"], int(match["serial"]))
    return number if str(number).endswith(match["check"]) else None


def block_letters(index: int) -> str:
    """Letters of the n-th block of a unit, from 0: A … Z, AA, AB …"""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
