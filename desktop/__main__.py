"""Start the desktop or one of its verbs."""

import sys

from sync.shipped.first_second import hold_interrupts


def main() -> int:
    """The command ``liandong``: its exit code."""
    ready = hold_interrupts()
    from desktop.cli.main import main as run

    return run(ready=ready)


if __name__ == "__main__":
    sys.exit(main())
