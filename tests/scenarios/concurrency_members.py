"""A process of the concurrency run: some writers or readers, each a thread with a county and connections of its own.

It takes its job from standard input (pickle), says ``r``, waits for ``g``, and gives its stories to standard output.
Writers end by the clock; readers go on until standard input closes, then read to the head.
"""

import pickle
import random
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError

from sync.client.enrolment import Enrolled
from sync.domain.ids import UnitCode
from sync.protocol.messages import Result, decode_change
from sync.server.county import County, now_ms, open_county
from sync.server.exchange import exchange
from tests.scenarios.concurrency_bugs import BUGS
from tests.server.devices import Device

DEADLOCK, SERIALIZATION = "40P01", "40001"
_FIELDS = ("title", "content", "claim", "reply", "remark")
_REPEATED = 0.2
"""Share of requests that a second connection brings at the same moment."""

_PAUSE = 0.01
"""Seconds a reader waits at the head."""


@dataclass(frozen=True)
class Job:
    """What a process does. ``units``: towns a case may go to. ``members``: (name, device, role) of each."""

    home: Path
    writes: bool
    members: tuple[tuple[str, Enrolled, str], ...]
    units: tuple[str, ...]
    seconds: float
    seed: int
    bug: str


@dataclass
class Story:
    """What a member did and saw."""

    name: str
    unit: str
    requests: int = 0
    deadlocks: int = 0
    serialization: int = 0
    given: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Change → the outcome and position its writer was told."""
    told_otherwise: list[str] = field(default_factory=list)
    """Changes of which the same request brought twice was told two things."""
    positions: list[int] = field(default_factory=list)
    """Positions of all entries a reader got, as they came."""
    records: dict[tuple[str, str], tuple[int, bytes]] = field(default_factory=dict)
    """Kind and id → revision and hash, as the pages left them."""
    disagreed: int = 0
    trouble: str = ""


class Writer:
    """Registers, edits and hands over; some requests are brought twice at once."""

    def __init__(self, device: Device, units: tuple[str, ...], rng: random.Random, story: Story) -> None:
        self._device, self._units, self._rng, self._story = device, units, rng, story
        self._texts = 0

    def run(self, deadline: float) -> None:
        """Until the deadline."""
        with ThreadPoolExecutor(2) as pool:
            while time.monotonic() < deadline:
                self._send([self._change() for _ in range(self._rng.choice((1, 1, 1, 2, 4)))], pool)

    def _change(self) -> bytes:
        cases = sorted(record for kind, record in self._device.records if kind == "Case")
        what = self._rng.random()
        if not cases or what < 0.4:
            return self._device.register(title=self._text())[1]
        case = cases[0] if self._rng.random() < 0.5 else self._rng.choice(cases)
        if what < 0.8:
            fields: dict[str, Any] = {name: self._text() for name in self._rng.sample(_FIELDS, 2)}
            return self._device.change(self._device.edit("Case", case, case, **fields))
        to = self._rng.choice([unit for unit in self._units if unit != self._device.unit])
        return self._device.act(case, "FORWARD", to_unit=UnitCode(to))

    def _text(self) -> str:
        self._texts += 1
        return f"{self._story.name}第{self._texts}稿"

    def _send(self, changes: list[bytes], pool: ThreadPoolExecutor) -> None:
        envelope = self._device.request(*changes, want=200)
        times = 2 if self._rng.random() < _REPEATED else 1
        answers = list(pool.map(lambda _: until_taken(self._device.county, envelope, self._story), range(times)))
        mine = {decode_change(body).id for body in changes}
        for sealed in answers:
            self._note([r for r in self._device.take(envelope, sealed).results if r.change in mine])
        self._story.requests += times

    def _note(self, results: list[Result]) -> None:
        for result in results:
            told = (str(result.outcome), result.position)
            if self._story.given.setdefault(result.change, told) != told:
                self._story.told_otherwise.append(result.change)


class Reader:
    """Pulls pages of all sizes."""

    def __init__(self, device: Device, rng: random.Random, story: Story) -> None:
        self._device, self._rng, self._story = device, rng, story

    def run(self, finish: threading.Event) -> None:
        """Until told to finish; then to the head."""
        while not finish.is_set():
            if self._read(self._rng.choice((3, 20, 200))):
                finish.wait(_PAUSE)
        while not self._read(2000):
            pass
        self._story.disagreed += not self._device.agrees()
        self._story.records = {key: (held.revision, held.hash) for key, held in self._device.records.items()}

    def _read(self, want: int) -> bool:
        envelope = self._device.request(want=want)
        answer = self._device.take(envelope, until_taken(self._device.county, envelope, self._story))
        self._story.requests += 1
        self._story.positions += [entry.position for entry in answer.entries]
        at_head = answer.to_position >= answer.head
        if at_head and self._rng.random() < 0.1:
            self._story.disagreed += not self._device.agrees()
        return at_head


def until_taken(county: County, envelope: bytes, story: Story) -> bytes:
    """The county's answer; a device whose request broke sends it again."""
    while True:
        try:
            return exchange(county, envelope, now_ms()).answer
        except (DBAPIError, psycopg.Error) as error:
            state = getattr(getattr(error, "orig", error), "sqlstate", "")
            story.deadlocks += state == DEADLOCK
            story.serialization += state == SERIALIZATION
            if state not in (DEADLOCK, SERIALIZATION):
                raise


def main() -> None:
    """One job."""
    given: Any = sys.stdin.buffer
    job: Job = pickle.load(given)
    finish = threading.Event()
    with ExitStack() as stack:
        if job.bug:
            stack.enter_context(BUGS[job.bug]())
        runs = [_member(job, number, stack, finish) for number in range(len(job.members))]
        _say(b"r")
        assert given.read(1) == b"g"
        with ThreadPoolExecutor(len(runs)) as pool:
            stories = [pool.submit(run) for run in runs]
            if not job.writes:
                given.read()
                finish.set()
            told = [story.result() for story in stories]
    _say(pickle.dumps(told))


def _member(job: Job, number: int, stack: ExitStack, finish: threading.Event) -> Callable[[], Story]:
    name, enrolled, role = job.members[number]
    device = Device(stack.enter_context(open_county(job.home)), enrolled, role)
    rng = random.Random(f"{job.seed} {name}")
    story = Story(name, enrolled.unit)

    def run() -> Story:
        try:
            if job.writes:
                Writer(device, job.units, rng, story).run(time.monotonic() + job.seconds)
            else:
                Reader(device, rng, story).run(finish)
        except Exception as error:  # noqa: BLE001 - whatever breaks a member is told and fails the run
            story.trouble = f"{name}: {type(error).__name__}: {error}"
        return story

    return run


def _say(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
