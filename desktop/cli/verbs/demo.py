"""``demo``: a made-up county with two towns, from the empty folder to the open window."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from desktop.cli.verb import Verb


def _options(parser: ArgumentParser) -> None:
    from desktop.cli.speech import text

    parser.add_argument("--headless", action="store_true", help=text("demo.headless"))
    parser.add_argument("--out", metavar="DIR", type=Path, help=text("demo.out"))


def _demo(arguments: Namespace) -> int:
    from desktop.cli.demo.running import run_demo
    from desktop.cli.speech import print_line, text

    summary = run_demo(arguments.out, headless=arguments.headless)
    print_line(text("demo.done", folder=summary["folder"], seconds=summary["seconds"]["total"]))
    return 0


VERBS = (Verb("demo", "demo.about", _options, _demo, needs_profile=False),)
