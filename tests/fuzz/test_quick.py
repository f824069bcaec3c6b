"""A short run of the fuzzer; the long one is ``python -m tests.fuzz``."""

import pytest

from tests.fuzz.run import fuzz
from tests.fuzz.targets import TARGETS

pytestmark = pytest.mark.no_cover  # what it repeats others cover; the tracer would take longer than the test


def test_nothing_crashes_and_nothing_false_is_believed() -> None:
    outcome = fuzz(1_200, seed=20261128)
    assert outcome.crashes == []
    assert outcome.wrong == []
    assert set(outcome.inputs) > {*TARGETS, "resealed change at the county", "garbage"}
    assert outcome.resealed >= 0.6 * outcome.inputs.total()
    assert outcome.refusals.total() > 0.3 * outcome.inputs.total()
    assert outcome.outcomes["quarantined"] > outcome.outcomes["accepted"] > 0
