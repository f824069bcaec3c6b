"""``letterhead``: show or set what every letter of this office bears."""

from argparse import ArgumentParser, Namespace

from desktop.cli.verb import Verb

OPTIONS = ("organ", "document_mark", "contact")


def _options(parser: ArgumentParser) -> None:
    for name in OPTIONS:
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="TEXT")
    parser.add_argument("--json", action="store_true")


def _letterhead(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    changes = {name: value for name in OPTIONS if (value := getattr(arguments, name)) is not None}
    with opened_office(arguments) as office:
        print_json(office.keep_letterhead(**changes) if changes else office.letterhead())
    return 0


VERBS = (Verb("letterhead", "cli.verb_letterhead", _options, _letterhead),)
