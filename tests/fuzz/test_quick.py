"""A short run of the fuzzer; the long one is ``python -m tests.fuzz``."""

from tests.fuzz.run import fuzz
from tests.fuzz.targets import TARGETS


def test_nothing_crashes_and_nothing_false_is_believed() -> None:
    outcome = fuzz(1_500, seed=20261128)
    assert outcome.crashes == []
    assert set(outcome.inputs) == set(TARGETS)
    resealed = sum(count for name, count in outcome.inputs.items() if name.startswith("resealed"))
    assert resealed >= 0.6 * outcome.inputs.total()
    assert outcome.refusals.total() > 0.3 * outcome.inputs.total()
