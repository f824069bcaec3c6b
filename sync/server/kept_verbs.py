"""Verbs about what is kept beside the records: changes held behind a gap, and earlier backups."""

import argparse
from collections.abc import Callable
from pathlib import Path

from sync.server.speech import print_json, print_lines, say, text

MakeVerb = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
"""Name of a verb, what runs it, the key of what its help says."""


def add_kept(verb: MakeVerb) -> None:
    """Add the verbs."""
    parser = verb("held", _held, "county_verbs.held")
    parser.add_argument("--json", action="store_true")
    parser = verb("let-go", _let_go, "county_verbs.let_go")
    parser.add_argument("device", metavar="DEVICE")
    parser.add_argument("--reason", required=True, metavar="TEXT")
    parser.add_argument("--apart", action="store_true", help=text("county_verbs.apart"))
    parser.add_argument("--json", action="store_true")
    parser = verb("backups", _backups, "county_verbs.backups")
    parser.add_argument("--destroyed", type=Path, metavar="FILE", help=text("county_verbs.destroyed"))
    parser.add_argument("--json", action="store_true")


def _backups(asked: argparse.Namespace) -> int:
    from sync.server.county import open_county
    from sync.server.kept_backups import forget_backup, kept_backups

    with open_county(asked.home) as county:
        if asked.destroyed:
            forget_backup(county.home, asked.destroyed)
        rows = [row.as_json() for row in kept_backups(county)]
    print_json(rows) if asked.json else print_lines(rows)
    return 3 if any(row["sealed_since"] for row in rows) else 0


def _held(asked: argparse.Namespace) -> int:
    from sync.server.county import open_county
    from sync.server.letting_go import list_held

    with open_county(asked.home) as county:
        rows = [row.as_json() for row in list_held(county)]
    print_json(rows) if asked.json else print_lines(rows)
    return 0


def _let_go(asked: argparse.Namespace) -> int:
    from sync.server.county import now_ms, open_county
    from sync.server.letting_go import let_go

    with open_county(asked.home) as county:
        outcomes = let_go(county, asked.device, asked.reason, now_ms(), apart=asked.apart)
    if asked.json:
        print_json({"device": asked.device, "outcomes": outcomes})
    else:
        say("held.done", device=asked.device, count=sum(outcomes.values()), apart=outcomes.get("quarantined", 0))
    return 3 if "quarantined" in outcomes else 0
