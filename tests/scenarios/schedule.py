"""One schedule: a seed becomes operations and faults, then healing, then judgement."""

import random
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from sync.client import carried as client_carried
from sync.client import exchange as client_exchange
from sync.client import wire as client_wire
from sync.client.pace import Pace
from sync.domain import ids
from sync.protocol import limits
from sync.server import feeds
from tests.scenarios.acts import ACTS, Act
from tests.scenarios.county_end import CountyEnd
from tests.scenarios.faults import FAULTS
from tests.scenarios.laws import LawBroken, Watch, heal, judge
from tests.scenarios.world import World

LEAST_OPERATIONS, MOST_OPERATIONS = 30, 45
LEAST_FAULTS = 3
FAULT_SHARE = 0.25
_TRIES = 20


@dataclass
class Outcome:
    """What became of a schedule. ``trouble`` is empty where every law held."""

    seed: int
    operations: int = 0
    faults: int = 0
    trouble: str = ""
    told: list[str] = field(default_factory=list)


def run_schedule(county: CountyEnd, folder: Path, seed: int) -> Outcome:
    """Run the schedule of a seed in a fresh world."""
    outcome = Outcome(seed)
    folder.mkdir()
    world = World(random.Random(seed), county, folder)
    try:
        with small_pages(world.rng), seeded_ids(seed):
            world.begin()
            _run(world, outcome)
    except LawBroken as law:
        outcome.trouble = str(law)
    except Exception:  # noqa: BLE001 - whatever the product raises fails the schedule and is shown
        outcome.trouble = traceback.format_exc()
    finally:
        world.close()
    return outcome


def _run(world: World, outcome: Outcome) -> None:
    watch = Watch()
    wanted = world.rng.randint(LEAST_OPERATIONS, MOST_OPERATIONS)
    while outcome.operations < wanted or outcome.faults < LEAST_FAULTS:
        is_fault = outcome.operations > 5 and world.rng.random() < FAULT_SHARE
        said = perform(world, FAULTS if is_fault else ACTS, outcome)
        if "set back" in said:
            watch.forget()
        outcome.operations += 1
        outcome.faults += is_fault
        watch.look(world)
    outcome.told.append("heal")
    heal(world, watch)
    judge(world)


def perform(world: World, choices: dict[Act, int], outcome: Outcome) -> str:
    """Some act that can be done now."""
    for _ in range(_TRIES):
        [act] = world.rng.choices(list(choices), list(choices.values()))
        outcome.told.append(act.__name__)
        said = act(world)
        if said is not None:
            outcome.told[-1] = f"{act.__name__}: {said}"
            return said
        outcome.told.pop()
    raise RuntimeError("nothing can be done")


@contextmanager
def small_pages(rng: random.Random) -> Iterator[None]:
    """Requests and pages of a few changes and records, so that an exchange has many places to break at."""

    def pace() -> Pace:
        return Pace(
            changes=rng.choice((1, 3, 500)), change_bytes=rng.choice((600, 1 << 20)), entries=rng.choice((4, 9, 40))
        )

    small = SimpleNamespace(**{**vars(limits), "MAX_ENTRIES": rng.choice((6, 30, limits.MAX_ENTRIES))})
    portion = rng.choice((2, limits.CHANGES_PER_REQUEST))
    with (
        patch.object(client_exchange, "Pace", pace),
        patch.object(client_wire, "RETRY_WAIT_SECONDS", 0.0),
        patch.object(client_carried, "CHANGES_PER_REQUEST", portion),
        patch.object(feeds, "limits", small),
    ):
        yield


class SeededSecrets:
    """Ids that a seed decides, so that a schedule can be run again."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)

    def token_hex(self, size: int) -> str:
        """So many bytes as hex digits."""
        return self._rng.randbytes(size).hex()


@contextmanager
def seeded_ids(seed: int) -> Iterator[None]:
    """Records, changes and devices get ids by the seed while this is open."""
    with patch.object(ids, "secrets", SeededSecrets(seed)):
        yield
