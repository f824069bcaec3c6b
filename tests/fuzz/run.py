"""Run the targets in proportion and count what became of the inputs."""

import random
import resource
from collections import Counter
from dataclasses import dataclass, field

from sync.domain.errors import LiandongError
from tests.fuzz.targets import TARGETS


@dataclass(slots=True)
class Outcome:
    """What a run did. ``refusals``: text key → how often."""

    inputs: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    crashes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """For ``python -m tests.fuzz``."""
        return {
            "inputs": self.inputs.total(),
            "resealed": sum(count for name, count in self.inputs.items() if name.startswith("resealed")),
            "accepted": dict(self.accepted),
            "refusals": dict(self.refusals.most_common()),
            "crashes": self.crashes[:20],
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


def fuzz(inputs: int, seed: int) -> Outcome:
    """``inputs`` spoiled inputs; the same seed makes the same inputs for the same keys."""
    outcome = Outcome()
    names = list(TARGETS)
    weights = [weight for _, weight in TARGETS.values()]
    order = random.Random(seed)
    for number in range(inputs):
        name = order.choices(names, weights)[0]
        outcome.inputs[name] += 1
        _try_one(outcome, name, random.Random(f"{seed}/{number}"), f"{name} seed {seed}/{number}")
    return outcome


def _try_one(outcome: Outcome, name: str, chance: random.Random, place: str) -> None:
    target, _ = TARGETS[name]
    try:
        if target(chance):
            outcome.accepted[name] += 1
    except LiandongError as error:
        outcome.refusals[error.code] += 1
    except Exception as crash:  # noqa: BLE001 - a crash is what fuzzing looks for
        outcome.crashes.append(f"{place}: {type(crash).__name__} {crash}")
