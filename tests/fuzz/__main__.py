"""``python -m tests.fuzz --inputs N --seed S``: one line of JSON, exit 1 where something crashed or was believed."""

import argparse
import json
import sys

from tests.fuzz.run import fuzz


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    outcome = fuzz(chosen.inputs, chosen.seed)
    print(json.dumps(outcome.as_json(), ensure_ascii=False))
    return 1 if outcome.crashes else 0


if __name__ == "__main__":
    sys.exit(main())
