"""Which offset holds when a clock that was far off is set right, or falls back again."""

import pytest

from desktop.clock import LONG_MS, offset_in_force

HEARD = 1_795_000_000_000
YEARS = 7 * 365 * 86_400_000
LATER = 3 * 86_400_000


@pytest.mark.parametrize(
    ("own", "offset", "holds"),
    [
        (HEARD - YEARS + LATER, YEARS, YEARS),
        (HEARD + LATER, YEARS, 0),
        (HEARD + YEARS + LATER, -YEARS, -YEARS),
        (HEARD + LATER, -YEARS, 0),
        (HEARD - 5 * YEARS, YEARS, YEARS),
        (HEARD + LATER, 3_600_000, 3_600_000),
        (HEARD + YEARS, 3_600_000, 3_600_000),
    ],
)
def test_the_nearer_of_the_times_that_can_be(own: int, offset: int, holds: int) -> None:
    assert offset_in_force(own, offset, HEARD) == holds


def test_what_was_never_heard_and_what_is_small_stays() -> None:
    assert offset_in_force(HEARD + YEARS, YEARS, 0) == YEARS
    assert offset_in_force(HEARD, LONG_MS - 1, HEARD) == LONG_MS - 1
