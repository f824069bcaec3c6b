"""``python -m tests.fuzz --inputs N --seed S``: one line of JSON, exit 1 where something crashed or was believed."""

import argparse
import json
import sys

from tests.fuzz.run import Outcome, fuzz

MOST_MB = 200


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--progress", action="store_true", help="a line on stderr every 10 000 inputs")
    chosen = parser.parse_args()
    outcome = fuzz(chosen.inputs, chosen.seed, _say if chosen.progress else lambda _: None)
    said = outcome.as_json()
    print(json.dumps(said, ensure_ascii=False))
    return 1 if outcome.crashes or outcome.wrong or int(str(said["peak_mb"])) > MOST_MB else 0


def _say(outcome: Outcome) -> None:
    said = outcome.as_json()
    names = ("inputs", "seconds", "peak_mb", "sieges", "crashes", "wrongly_believed")
    print(*(f"{name}={said[name]}" for name in names), file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
