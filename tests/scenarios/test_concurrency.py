"""Writers and readers at once, briefly; and a county that hands out positions too early is noticed."""

import pytest

from tests.scenarios.concurrency import Run, run

pytestmark = pytest.mark.no_cover  # what it repeats others cover; the tracer would take longer than the test


def test_no_reader_skips_what_writers_write_at_once() -> None:
    found = run(Run(seconds=3.0, writers=3, readers=3, together=3))
    assert not found.bad, "\n".join((str(found.as_json()), *found.told))
    assert found.changes >= 20
    assert found.reads >= 20


def test_positions_handed_out_before_the_lock_are_noticed() -> None:
    bugged = Run(seconds=3.0, writers=3, readers=3, together=3, bug="positions-before-lock")
    assert any(run(bugged).skipped for _ in range(8))  # on a busy machine three seconds may pass without a race
