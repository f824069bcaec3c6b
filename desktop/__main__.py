"""Start the desktop or one of its verbs."""

import sys

from desktop.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
