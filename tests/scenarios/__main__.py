"""``python -m tests.scenarios --minutes M --seed N [--mutant NAME|list]``: schedules until the time is over.

The last line is one line of JSON; exit 1 where a schedule failed. ``--schedules K`` runs exactly K; a failed schedule
prints its seed, and ``--seed S --schedules 1`` runs it again; ``--workers N`` spreads them over N processes.
``python -m tests.scenarios concurrency`` lets writers and readers work at once instead.
"""

import argparse
import json
import sys

from tests.scenarios import concurrency
from tests.scenarios.mutants import MUTANTS
from tests.scenarios.run import Order
from tests.scenarios.workers import spread


def main() -> int:
    """Run and report."""
    if sys.argv[1:2] == ["concurrency"]:
        return concurrency.main(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="python -m tests.scenarios", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--schedules", type=int, default=0, help="exactly so many, whatever the time")
    parser.add_argument("--mutant", default="", help="plant a bug; list names them")
    parser.add_argument("--keep-going", action="store_true", help="do not end at the first failed schedule of a mutant")
    parser.add_argument("--workers", type=int, default=1, choices=range(1, 17), metavar="N", help="processes at once")
    chosen = parser.parse_args()
    if chosen.mutant == "list":
        for name, mutant in MUTANTS.items():
            print(f"{name:32} {(mutant.__doc__ or '').splitlines()[0]}")
        return 0
    if chosen.mutant and chosen.mutant not in MUTANTS:
        parser.error(f"unknown mutant {chosen.mutant}")
    order = Order(chosen.minutes, chosen.seed, chosen.schedules, chosen.mutant, chosen.keep_going)
    tally = spread(order, chosen.workers)
    print(json.dumps(tally.as_json(), ensure_ascii=False))
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
