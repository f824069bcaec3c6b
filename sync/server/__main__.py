"""``python -m sync.server``: the county's verbs."""

import sys

from sync.server.cli import main

sys.exit(main(sys.argv[1:]))
