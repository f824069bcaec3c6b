"""``due``, ``publish`` and ``report``: dates that explain themselves, and figures that come out right."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from desktop.cli.verb import Verb
from sync.domain.errors import UsageError


def _due_options(parser: ArgumentParser) -> None:
    parser.add_argument("rule", metavar="RULE")
    parser.add_argument("date", metavar="DATE")
    parser.add_argument("--paused", metavar="FROM,TO", action="append", default=[])
    parser.add_argument("--json", action="store_true")


def _due(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import language, print_json
    from desktop.services.clocks import explain_due

    if arguments.profile is not None and arguments.passphrase_file is None:
        raise UsageError("cli.missing_option", option="--passphrase-file")

    pauses = []
    for pair in arguments.paused:
        first, comma, last = pair.partition(",")
        if not comma:
            raise UsageError("cli.paused_usage")
        pauses.append((first, last))
    asked = arguments.rule, arguments.date, tuple(pauses), language()
    if arguments.profile is None:
        print_json(explain_due(*asked))
        return 0
    with opened_office(arguments) as office:
        print_json(office.explain_due(*asked))
    return 0


def _report_options(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--json", action="store_true")


def _report(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    with opened_office(arguments) as office:
        print_json(office.report(arguments.name))
    return 0


def _publish_options(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=("calendar", "rules"))
    parser.add_argument("file", type=Path, metavar="FILE.toml")
    parser.add_argument("--json", action="store_true")


def _publish(arguments: Namespace) -> int:
    from desktop.cli.files import read_text
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    text = read_text(arguments.file)
    with opened_office(arguments) as office:
        publish = office.publish_calendar if arguments.what == "calendar" else office.publish_rulebook
        print_json(publish(text))
    return 0


VERBS = (
    Verb("due", "cli.verb_due", _due_options, _due, needs_profile=False),
    Verb("publish", "cli.verb_publish", _publish_options, _publish),
    Verb("report", "cli.verb_report", _report_options, _report),
)
