"""``python -m tests.benchmarks [--only NAME] [--json] [--scale F] [--runs N]``,
``… load --devices N [--servers N] [--json]``, and ``… slow-line [--cases N] [--seed S] [--virtual]``.

The product against the floor of the same run. ``ratios`` first, then the figures behind them.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.devices import Ground, ground

CASES, MANY_CASES, STORED_CASES = 10_000, 50_000, 100_000
NAMES = ("exchange", "growth", "local", "screens")


def main(argv: Sequence[str] | None = None) -> int:
    """Run what was asked; 1 where a load lost something."""
    words = _parser().parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="liandong-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with ground(folder) as running:
            if words.what == "load":
                return _load(running, words)
            if words.what == "slow-line":
                return _slow_line(running, words)
            found = _benchmarks(running, folder, words)
    _say(found, words.json)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("all", "load", "slow-line"), default="all")
    parser.add_argument("--only", choices=NAMES)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--scale", type=float, default=1.0, help="part of the cases, for a quick look")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--servers", type=int, default=1, help="processes that share the county's PostgreSQL")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--cases", type=int, default=500, help="over the slow line")
    parser.add_argument("--seed", type=int, default=1, help="of what the slow line loses")
    parser.add_argument("--virtual", action="store_true", help="count the slow line's time instead of waiting for it")
    return parser


def _slow_line(running: Ground, words: argparse.Namespace) -> int:
    from tests.benchmarks.slow_line import slow_line_figures, within_bounds

    figures = slow_line_figures(running, words.cases, words.seed, real=not words.virtual)
    _say(figures, as_json=True)
    return 0 if within_bounds(figures) else 1


def _load(running: Ground, words: argparse.Namespace) -> int:
    from tests.benchmarks.load import load_figures

    figures = load_figures(running, words.devices, words.seconds, words.servers)
    _say(figures, words.json)
    return 1 if figures["lost"] else 0


def _benchmarks(running: Ground, folder: Path, words: argparse.Namespace) -> dict[str, Any]:
    ratios: dict[str, float] = {}
    figures: dict[str, Any] = {"load_average": os.getloadavg()[0], "processors": os.cpu_count()}
    wanted = (words.only,) if words.only else NAMES
    if "exchange" in wanted or "growth" in wanted:
        from tests.benchmarks.exchanging import exchange_figures

        large = int(MANY_CASES * words.scale) if "growth" in wanted else 0
        found, figures["exchange"] = exchange_figures(running, int(CASES * words.scale), large, words.runs)
        ratios |= found
    profile = None
    if "local" in wanted or "screens" in wanted:
        from tests.benchmarks.local import local_figures

        device = running.device()
        found, figures["local"] = local_figures(device, int(STORED_CASES * words.scale))
        ratios |= found
        profile = device.desk.paths.folder
        device.office.close()
    if "screens" in wanted:
        from tests.benchmarks.screens import screen_figures

        found, figures["screens"] = screen_figures(folder, profile)
        ratios |= found
    return {"ratios": {name: round(value, 3) for name, value in ratios.items()}, "figures": figures}


def _say(found: dict[str, Any], as_json: bool) -> None:
    print(json.dumps(found, ensure_ascii=False, indent=None if as_json else 2))


if __name__ == "__main__":
    sys.exit(main())
