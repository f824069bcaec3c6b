"""``letterhead`` and ``register``: what every letter of this office bears, and where its numbers come from."""

from argparse import ArgumentParser, Namespace

from desktop.cli.verb import Verb
from sync.domain.errors import UsageError

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


def _register_options(parser: ArgumentParser) -> None:
    parser.add_argument("--take", action="store_true")
    parser.add_argument("--last", type=int, metavar="N", default=None)
    parser.add_argument("--json", action="store_true")


def _register(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    if arguments.take != (arguments.last is not None):
        raise UsageError("cli.register_usage")
    with opened_office(arguments) as office:
        print_json(office.take_register(arguments.last) if arguments.take else office.register_state())
    return 0


VERBS = (
    Verb("letterhead", "cli.verb_letterhead", _options, _letterhead),
    Verb("register", "cli.verb_register", _register_options, _register),
)
