"""``python -m tests.scenarios concurrency [--seconds S] [--writers W] [--readers R] [--mutant NAME|list]``.

Writers and readers in processes of their own work on one county on PostgreSQL at once. In the end no reader has
skipped a position, every reader holds what a fresh one reads, and every change stands in the log once. The last line
is one line of JSON; exit 1 where something was skipped, lost, doubled or locked up.
"""

import argparse
import json
import pickle
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from sync.client.enrolment import Enrolled
from sync.server.county import County
from sync.server.storage import tables
from sync.server.verifying import verify_county
from tests.scenarios.concurrency_bugs import BUGS
from tests.scenarios.concurrency_members import Job, Story
from tests.scenarios.county_end import COUNTY, TOWNS, enrol_at, found_small_county, read_log, read_records, role_of
from tests.scenarios.laws import FINAL, LawBroken, no_value_lost
from tests.scenarios.places import folder_in_memory
from tests.server.devices import Device

UNITS = (*TOWNS, COUNTY)
_WAIT = 120.0
_WORKER = (sys.executable, "-c", "from tests.scenarios.concurrency_members import main; main()")
_START = 1_790_000_000_000


@dataclass(frozen=True)
class Run:
    """What was asked. ``together``: members that share a process."""

    seconds: float = 60.0
    writers: int = 8
    readers: int = 8
    together: int = 1
    seed: int = 1
    bug: str = ""


@dataclass
class Findings:
    """The last line. All from ``skipped`` on must be 0 but ``serialization``: what was tried again for that."""

    seconds: float
    writers: int
    readers: int
    changes: int = 0
    reads: int = 0
    skipped: int = 0
    deadlocks: int = 0
    lost: int = 0
    doubled: int = 0
    disagreed: int = 0
    broken: int = 0
    serialization: int = 0
    told: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The line without the words."""
        values = asdict(self)
        del values["told"]
        return values

    @property
    def bad(self) -> bool:
        """True where something went wrong."""
        return any((self.skipped, self.deadlocks, self.lost, self.doubled, self.disagreed, self.broken))


def run(order: Run) -> Findings:
    """Found a county, let all work, judge."""
    with folder_in_memory() as folder, found_small_county(folder) as county:
        names = [f"writer-{n}" for n in range(order.writers)], [f"reader-{n}" for n in range(order.readers)]
        members = {
            name: enrol_at(county, UNITS[number % len(UNITS)], _START)
            for group in names
            for number, name in enumerate(group)
        }
        stories, seconds = _work(
            order, folder / "home", *([(name, members[name]) for name in group] for group in names)
        )
        found = Findings(round(seconds, 1), order.writers, order.readers)
        for story in stories:
            _count(found, story)
        _judge(found, county, stories, members)
    return found


def _work(
    order: Run, home: Path, writers: list[tuple[str, Enrolled]], readers: list[tuple[str, Enrolled]]
) -> tuple[list[Story], float]:
    """Start all processes, let them go at one moment; readers end after the last writer. Stories and seconds."""
    with ExitStack() as stack:
        writing = [_start(stack, order, home, part, writes=True) for part in _parts(writers, order.together)]
        reading = [_start(stack, order, home, part, writes=False) for part in _parts(readers, order.together)]
        for process in (*writing, *reading):
            _expect_ready(process)
        started = time.monotonic()
        for process in (*writing, *reading):
            _give(process, b"g")
        stories = [story for process in (*writing, *reading) for story in _stories(process, order.seconds + _WAIT)]
        return stories, time.monotonic() - started


def _parts(members: list[tuple[str, Enrolled]], size: int) -> list[list[tuple[str, Enrolled]]]:
    return [members[start : start + size] for start in range(0, len(members), size)]


def _start(
    stack: ExitStack, order: Run, home: Path, members: Sequence[tuple[str, Enrolled]], *, writes: bool
) -> "subprocess.Popen[bytes]":
    process = stack.enter_context(subprocess.Popen(_WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
    stack.callback(process.kill)
    named = tuple((name, enrolled, role_of(enrolled.unit)) for name, enrolled in members)
    _give(process, pickle.dumps(Job(home, writes, named, UNITS, order.seconds, order.seed, order.bug)))
    return process


def _give(process: "subprocess.Popen[bytes]", data: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(data)
    process.stdin.flush()


def _expect_ready(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdout is not None
    if process.stdout.read(1) != b"r":
        raise RuntimeError("a member of the run did not start")


def _stories(process: "subprocess.Popen[bytes]", seconds: float) -> list[Story]:
    told, _ = process.communicate(timeout=seconds)
    stories: list[Story] = pickle.loads(told)
    return stories


# Judging -------------------------------------------------------------------------------------------------------------


def _count(found: Findings, story: Story) -> None:
    found.changes += len(story.given)
    found.reads += story.requests if not story.given else 0
    found.deadlocks += story.deadlocks
    found.serialization += story.serialization
    found.disagreed += story.disagreed
    found.doubled += len(story.told_otherwise)
    if story.trouble:
        found.broken += 1
        found.told.append(story.trouble)


def _judge(found: Findings, county: County, stories: Sequence[Story], members: dict[str, Enrolled]) -> None:
    for unit in verify_county(county, None):
        if unit["store"] != "ok" or unit["held"]:
            found.broken += 1
            found.told.append(f"county, unit {unit['unit']}: {unit['store']}, held {unit['held']}")
    _judge_changes(found, county, stories)
    for story in stories:
        if story.name.startswith("reader") and not story.trouble:
            _judge_reader(found, county, story, members[story.name])


def _judge_changes(found: Findings, county: County, stories: Sequence[Story]) -> None:
    lines = read_log(county)
    times = Counter(line.change.id for line in lines)
    places = Counter((line.change.device, line.change.sequence) for line in lines)
    given = {change: told for story in stories for change, told in story.given.items()}
    missing = [change for change, (outcome, _) in given.items() if not times[change] or outcome not in FINAL]
    found.lost += len(missing)
    found.doubled += sum(count - 1 for count in (*times.values(), *places.values()))
    found.doubled += _rows_twice(county)
    found.told += [f"change {change} of a writer is lost: {given[change]}" for change in missing[:5]]
    try:
        no_value_lost(read_records(county), lines)
    except LawBroken as law:
        found.lost += 1
        found.told.append(str(law))


def _rows_twice(county: County) -> int:
    """Records that stand twice in one feed."""
    feed = tables.feed.c
    query = select(feed.unit, feed.kind, feed.id).where(feed.county == county.code, feed.mark == 0)
    twice = query.group_by(feed.unit, feed.kind, feed.id).having(func.count() > 1)
    with county.engine.connect() as connection:
        return len(connection.execute(twice).all())


def _judge_reader(found: Findings, county: County, story: Story, enrolled: Enrolled) -> None:
    feed = tables.feed.c
    query = select(feed.position).where(feed.county == county.code, feed.unit.in_((story.unit, "*")))
    with county.engine.connect() as connection:
        final = set(connection.execute(query).scalars())
    skipped = final - set(story.positions)
    backwards = sum(later <= former for former, later in zip(story.positions, story.positions[1:], strict=False))
    if skipped or backwards:
        found.told.append(f"{story.name} of {story.unit} skipped {sorted(skipped)[:5]}, went back {backwards} times")
    found.skipped += len(skipped) + backwards
    fresh = Device(county, enrolled, role_of(story.unit))
    while (answer := fresh.send()).to_position < answer.head:
        pass
    if {key: (held.revision, held.hash) for key, held in fresh.records.items()} != story.records:
        found.disagreed += 1
        found.told.append(f"{story.name} of {story.unit} holds something else than a fresh reader")


def main(arguments: Sequence[str]) -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(prog="python -m tests.scenarios concurrency", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mutant", default="", choices=("", "list", *BUGS), help="plant a bug; list names them")
    chosen = parser.parse_args(arguments)
    if chosen.mutant == "list":
        for name, bug in BUGS.items():
            print(f"{name:32} {(bug.__doc__ or '').splitlines()[0]}")
        return 0
    found = run(Run(chosen.seconds, chosen.writers, chosen.readers, seed=chosen.seed, bug=chosen.mutant))
    for line in found.told:
        print(line)
    print(json.dumps(found.as_json(), ensure_ascii=False))
    return 1 if found.bad else 0
