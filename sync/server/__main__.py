"""``python -m sync.server``: the county's verbs."""

import sys

from sync.shipped.first_second import hold_interrupts


def main() -> int:
    """The command ``liandong-county``: its exit code."""
    ready = hold_interrupts()
    from sync.server.cli import main as run

    return run(ready=ready)


if __name__ == "__main__":
    sys.exit(main())
