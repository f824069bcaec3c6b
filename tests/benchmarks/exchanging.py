"""Push and pull against the floor: median of several runs, each by new devices of the same county."""

from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any

from tests.benchmarks.devices import CountingTransport, Device, Ground
from tests.benchmarks.floor import COLUMNS, Floor, FloorTimes, Row, run_floor

CHANGED = 100
IDLE_ROUNDS = 20
TOWNS = ("431021001", "431021002", "431021102", "431021003", "431021101")


@dataclass(frozen=True, slots=True)
class Leg:
    """Seconds on the clock, of this process's processor, and of all processors with server and PostgreSQL."""

    wall: float
    client: float
    all: float


@dataclass(frozen=True, slots=True)
class Run:
    """One push and pull of everything, then of some changes, beside the floor's."""

    push: Leg
    pull: Leg
    push_changed: Leg
    pull_changed: Leg
    idle_ms: float
    wire_bytes: int
    floor: FloorTimes


def measure(ground: Ground, exchange: Any) -> Leg:
    """Time one exchange."""
    everyone, own, start = ground.processor_seconds(), process_time(), perf_counter()
    report = exchange()
    wall = perf_counter() - start
    leg = Leg(wall, process_time() - own, ground.processor_seconds() - everyone)
    assert report.agreed and report.unsent == 0, report
    return leg


def one_run(ground: Ground, count: int, seed: int) -> Run:
    """A device pushes ``count`` cases, another of its unit pulls them."""
    town = TOWNS[seed % len(TOWNS)]
    first, second = ground.device(town), ground.device(town)
    cases = first.fill(count, seed)
    out, back = CountingTransport(first), CountingTransport(second)
    second.exchange(back)
    push = measure(ground, lambda: first.exchange(out))
    wire = out.sent
    pull = measure(ground, lambda: second.exchange(back))
    first.change(cases[:CHANGED])
    push_changed = measure(ground, lambda: first.exchange(out))
    pull_changed = measure(ground, lambda: second.exchange(back))
    idle = median(_seconds(lambda: second.exchange(back)) for _ in range(IDLE_ROUNDS))
    floor = _floor(ground, _rows(first))
    for end in (out, back, first.office, second.office):
        end.close()
    return Run(push, pull, push_changed, pull_changed, idle * 1000, wire, floor)


def _seconds(exchange: Any) -> float:
    start = perf_counter()
    exchange()
    return perf_counter() - start


def _rows(device: Device) -> list[Row]:
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    return device.desk.store.database.run(f"SELECT {names} FROM record_case")


def _floor(ground: Ground, rows: list[Row]) -> FloorTimes:
    floor = Floor(ground.folder, ground.database_url())
    times = run_floor(floor, rows, CHANGED)
    floor.close()
    return times


def exchange_figures(ground: Ground, count: int, large: int, runs: int) -> tuple[dict[str, float], dict[str, Any]]:
    """The ratios of the exchange, and the figures behind them. ``large`` = 0 leaves growth out."""
    done = [one_run(ground, count, seed) for seed in range(runs)]
    ratios = {
        "push_10k_vs_floor": median(run.floor.push / run.push.wall for run in done),
        "pull_10k_vs_floor": median(run.floor.pull / run.pull.wall for run in done),
        "push_100_vs_floor_time": median(run.push_changed.wall / run.floor.push_changed for run in done),
        "pull_100_vs_floor_time": median(run.pull_changed.wall / run.floor.pull_changed for run in done),
        "idle_ms": median(run.idle_ms for run in done),
        "wire_vs_floor": median(run.wire_bytes / run.floor.wire_bytes for run in done),
    }
    figures: dict[str, Any] = {
        "cases": count,
        "runs": runs,
        "push_per_s": _each(done, lambda run: count / run.push.wall),
        "floor_push_per_s": _each(done, lambda run: count / run.floor.push),
        "pull_per_s": _each(done, lambda run: count / run.pull.wall),
        "floor_pull_per_s": _each(done, lambda run: count / run.floor.pull),
        "push_client_us_per_case": _each(done, lambda run: run.push.client / count * 1e6),
        "push_all_us_per_case": _each(done, lambda run: run.push.all / count * 1e6),
        "pull_client_us_per_case": _each(done, lambda run: run.pull.client / count * 1e6),
        "pull_all_us_per_case": _each(done, lambda run: run.pull.all / count * 1e6),
        "push_100_ms": _each(done, lambda run: run.push_changed.wall * 1000),
        "floor_push_100_ms": _each(done, lambda run: run.floor.push_changed * 1000),
        "pull_100_ms": _each(done, lambda run: run.pull_changed.wall * 1000),
        "floor_pull_100_ms": _each(done, lambda run: run.floor.pull_changed * 1000),
        "wire_bytes_per_case": _each(done, lambda run: run.wire_bytes / count),
    }
    if large:
        grown = one_run(ground, large, runs)
        ratios["push_50k_vs_push_10k"] = (large / grown.push.wall) / median(count / run.push.wall for run in done)
        figures["push_50k_per_s"] = round(large / grown.push.wall, 1)
        figures["pull_50k_per_s"] = round(large / grown.pull.wall, 1)
        figures["push_50k_all_us_per_case"] = round(grown.push.all / large * 1e6, 1)
    return ratios, figures


def _each(done: list[Run], figure: Any) -> list[float]:
    return [round(figure(run), 1) for run in done]
