"""The schedules, lean: a few seeds, a state machine that Hypothesis drives, and a planted bug that must be noticed."""

import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.scenarios.acts import ACTS, Act
from tests.scenarios.county_end import CountyEnd, open_county_end
from tests.scenarios.faults import FAULTS
from tests.scenarios.laws import Watch, heal, judge
from tests.scenarios.mutants import MUTANTS
from tests.scenarios.run import Order
from tests.scenarios.schedule import run_schedule, seeded_ids, small_pages
from tests.scenarios.workers import shares_of
from tests.scenarios.world import World

_worlds = count()
pytestmark = pytest.mark.no_cover  # what it repeats others cover; the tracer would take longer than the test


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CountyEnd]:
    folder = tmp_path_factory.mktemp("schedules")
    with seeded_ids(0), open_county_end(folder) as opened:
        yield opened


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_all_agree_whatever_breaks_on_the_way(county: CountyEnd, tmp_path: Path, seed: int) -> None:
    outcome = run_schedule(county, tmp_path / "world", seed)
    assert not outcome.trouble, "\n".join((outcome.trouble, *outcome.told))
    assert outcome.operations >= 30
    assert outcome.faults >= 3


def test_workers_share_the_seeds_among_them() -> None:
    shares = list(shares_of(Order(minutes=1, seed=7, schedules=5), 2))
    seeds = [share.seed + number * share.stride for share in shares for number in range(share.schedules)]
    assert sorted(seeds) == [7, 8, 9, 10, 11]
    assert [share.schedules for share in shares_of(Order(minutes=1, seed=7), 2)] == [0, 0]


def test_the_laws_notice_a_planted_bug(county: CountyEnd, tmp_path: Path) -> None:
    with MUTANTS["repeats-applied-twice"]():
        assert any(run_schedule(county, tmp_path / str(seed), seed).trouble for seed in (1, 2, 3))


def test_a_machine_of_devices_and_a_county_comes_to_rest(county: CountyEnd, tmp_path: Path) -> None:
    class Machine(RuleBasedStateMachine):
        """Acts and faults in any order; at the end all heal and are judged."""

        def __init__(self) -> None:
            super().__init__()
            number = next(_worlds)
            self.world = World(random.Random(number), county, tmp_path / f"world-{number}")
            self.world.folder.mkdir()
            self.watch = Watch()
            with seeded_ids(number):
                self.world.begin()

        @rule(act=st.sampled_from(list(ACTS)))
        def somebody_acts(self, act: Act) -> None:
            self._perform(act)

        @rule(fault=st.sampled_from(list(FAULTS)))
        def something_goes_wrong(self, fault: Act) -> None:
            self._perform(fault)

        def _perform(self, act: Act) -> None:
            with small_pages(self.world.rng):
                said = act(self.world)
            if said and "set back" in said:
                self.watch.forget()
            self.watch.look(self.world)

        def teardown(self) -> None:
            try:
                with small_pages(self.world.rng):
                    heal(self.world, self.watch)
                judge(self.world)
            finally:
                self.world.close()

    quick = settings(
        max_examples=2, stateful_step_count=25, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Machine, settings=quick)
