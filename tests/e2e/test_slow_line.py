"""A line of 32 kbit/s that loses three requests of ten: everything arrives, in time, and is not sent again and again.

Time is the line's own: bytes that passed over bandwidth, and the waits between tries.
"""

from pathlib import Path

from tests.benchmarks.devices import Ground
from tests.benchmarks.slow_line import slow_line_figures
from tests.e2e.county import County


def test_cases_cross_a_slow_line_that_loses_requests(county: County, tmp_path: Path) -> None:
    figures = slow_line_figures(Ground(county, tmp_path), 80, seed=7, real=False)
    assert set(figures["requests"]) > {"whole"}
    assert figures["arrived"] == 80
    assert figures["agreed"]
    assert figures["seconds"] <= figures["bound_seconds"]
    assert figures["most_times_sent"] <= 2
