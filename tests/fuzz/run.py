"""Run everything in proportion and count what became of the inputs."""

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from sync.domain.errors import LiandongError
from sync.server.county import now_ms
from sync.server.exchange import exchange
from sync.shipped.texts import load_catalogue
from tests.fuzz.doors import DOORS, Doors, Said
from tests.fuzz.hostile import spoil
from tests.fuzz.siege import Siege, open_siege
from tests.fuzz.sockets import Sockets, open_sockets
from tests.fuzz.targets import TARGETS

BATCH = 200
"""Spoiled changes in one request to the county; each is an input."""
SHARES = {"county": 0.12, "layer": 0.864, "door": 0.015, "socket": 0.001}
"""Of the inputs: changes the county judges, one layer at a time, routes in the process, routes on a real socket."""
SIEGE_INPUTS = 6_000
"""After so many at the county everything that must hold is recomputed, and it is put back to its first day."""
_SIZES = {"county": BATCH, "layer": 1, "door": 1, "socket": 1}
_LAYERS = list(TARGETS)
_LAYER_WEIGHTS = [weight for _, weight in TARGETS.values()]
_TAKEN = ("accepted", "merged", "conflict")


@dataclass(slots=True)
class Outcome:
    """What a run did. ``refusals``: text key or status → how often; ``outcomes``: what the county said of changes."""

    inputs: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    crashes: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What was believed that should not have been."""
    sieges: int = 0
    seconds: float = 0.0

    @property
    def resealed(self) -> int:
        """Inputs that were valid envelopes around a spoiled body."""
        return sum(count for name, count in self.inputs.items() if name.startswith("resealed"))

    def as_json(self) -> dict[str, object]:
        """For ``python -m tests.fuzz``."""
        return {
            "inputs": self.inputs.total(),
            "resealed_share": round(self.resealed / max(self.inputs.total(), 1), 3),
            "refused": self.refusals.total(),
            "quarantined": self.outcomes["quarantined"] + self.outcomes["held"],
            "accepted": self.accepted.total() + sum(self.outcomes[name] for name in _TAKEN),
            "crashes": len(self.crashes),
            "wrongly_believed": len(self.wrong),
            "peak_mb": peak_mb(),
            "seconds": round(self.seconds, 1),
            "processor_seconds": round(time.process_time(), 1),
            "sieges": self.sieges,
            "outcomes": dict(self.outcomes),
            "by_target": dict(self.inputs),
            "refusals": dict(self.refusals.most_common(12)),
            "first_crashes": self.crashes[:20],
            "first_wrong": self.wrong[:20],
        }


def peak_mb() -> int:
    """The most memory this process ever had in RAM, in MB of 10^6 bytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 // 1_000_000
    return 0


class Fuzzer:
    """Everything that is fuzzed, and the chances of it."""

    def __init__(self, siege: Siege, doors: Doors, sockets: Sockets, seed: int) -> None:
        self.outcome = Outcome()
        self._siege = siege
        self._doors = doors
        self._sockets = sockets
        self._seed = seed
        self._order = random.Random(seed)
        self._acts: dict[str, Callable[[random.Random, str], None]] = {
            "county": self._county, "layer": self._layer, "door": self._door, "socket": self._socket,
        }  # fmt: skip
        self._at_county = 0
        self._texts = load_catalogue()

    def run(self, inputs: int, told: Callable[[Outcome], None]) -> None:
        """So many inputs, and the oracle at the end."""
        names = list(SHARES)
        weights = [SHARES[name] / _SIZES[name] for name in names]
        number, begun, next_word = 0, time.monotonic(), 10_000
        while self.outcome.inputs.total() < inputs:
            number += 1
            name = self._order.choices(names, weights)[0]
            place = f"{name} seed {self._seed}/{number}"
            self._try(self._acts[name], random.Random(f"{self._seed}/{number}"), place)
            self.outcome.seconds = time.monotonic() - begun
            if self.outcome.inputs.total() >= next_word:
                next_word += 10_000
                told(self.outcome)
        self._end_siege()
        self._check_sockets()
        self.outcome.seconds = time.monotonic() - begun

    def _try(self, act: Callable[[random.Random, str], None], chance: random.Random, place: str) -> None:
        try:
            act(chance, place)
        except LiandongError as error:
            self.outcome.refusals[error.code] += 1
            self._say(error, place)
        except Exception as crash:  # noqa: BLE001 - a crash is what fuzzing looks for
            self.outcome.crashes.append(f"{place}: {type(crash).__name__} {str(crash)[:300]}")
            sys.stderr.write(f"{self.outcome.crashes[-1]}\n")

    def _say(self, error: LiandongError, place: str) -> None:
        """What is refused can be said in both languages."""
        try:
            for language in ("zh", "en"):
                self._texts.say_error(error, language)
        except (KeyError, IndexError, TypeError, ValueError) as crash:
            self.outcome.crashes.append(f"{place}: nothing to say for {error.code}: {crash!r}")

    def _layer(self, chance: random.Random, place: str) -> None:
        name = chance.choices(_LAYERS, _LAYER_WEIGHTS)[0]
        self.outcome.inputs[name] += 1
        target, _ = TARGETS[name]
        if target(chance):
            self.outcome.accepted[name] += 1

    def _county(self, chance: random.Random, place: str) -> None:
        """One request with many spoiled changes."""
        sender = chance.choice(self._siege.hostile)
        self.outcome.inputs["resealed change at the county"] += BATCH
        first, bodies = sender.sequence + 1, []
        for _ in range(BATCH):
            bodies.append(spoil(chance, sender.plain(chance), sender.known))
            sender.note(bodies[-1])
        envelope = sender.envelope(bodies, first)
        answer = sender.open(exchange(self._siege.county, envelope, now_ms()).answer, envelope)
        self.outcome.outcomes += self._siege.judge(sender, bodies, answer)
        self._at_county += BATCH
        if self._at_county >= SIEGE_INPUTS:
            self._end_siege()

    def _door(self, chance: random.Random, place: str) -> None:
        name, door, _ = chance.choices(DOORS, [weight for _, _, weight in DOORS])[0]
        self.outcome.inputs[name] += 1
        self._note(door(self._doors, chance))

    def _socket(self, chance: random.Random, place: str) -> None:
        self.outcome.inputs["socket"] += 1
        self.outcome.refusals[f"socket {self._sockets.attack(chance)[:20]}"] += 1

    def _note(self, said: Said) -> None:
        self.outcome.outcomes.update(said.outcomes)
        if said.status != 200:
            self.outcome.refusals[said.code or f"http {said.status}"] += 1

    def _end_siege(self) -> None:
        """Judge what is there, and begin anew."""
        self._at_county = 0
        self.outcome.sieges += 1
        self._siege.end()
        for wrong in self._siege.wrong:
            self.outcome.wrong.append(f"siege {self.outcome.sieges} of seed {self._seed}: {wrong}")
            sys.stderr.write(f"{self.outcome.wrong[-1]}\n")
        self._siege.wrong = []
        self._siege.begin()
        self._doors.forget()

    def _check_sockets(self) -> None:
        if not self._sockets.is_well():
            self.outcome.crashes.append("the server on the socket does not answer")
        self.outcome.crashes += [f"server log: {line}" for line in self._sockets.alarms.heard]


def fuzz(inputs: int, seed: int, told: Callable[[Outcome], None] = lambda _: None) -> Outcome:
    """``inputs`` spoiled inputs; the same seed spoils in the same ways for the same keys."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory(prefix="liandong-fuzz-", ignore_cleanup_errors=True) as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        siege = stack.enter_context(open_siege(folder))
        doors = stack.enter_context(Doors(siege))
        sockets = stack.enter_context(open_sockets(siege))
        fuzzer = Fuzzer(siege, doors, sockets, seed)
        fuzzer.run(inputs, told)
        return fuzzer.outcome
