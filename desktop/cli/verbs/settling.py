"""``settle``, ``release`` and ``reminders``: what the exchange left for a person."""

from argparse import ArgumentParser, Namespace

from desktop.cli.verb import Verb


def _settle_options(parser: ArgumentParser) -> None:
    parser.add_argument("conflict", metavar="CONFLICT")
    parser.add_argument("--take", choices=("standing", "other"), required=True)
    parser.add_argument("--json", action="store_true")


def _settle(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    with opened_office(arguments) as office:
        print_json(office.settle(arguments.conflict, arguments.take))
    return 0


def _release_options(parser: ArgumentParser) -> None:
    parser.add_argument("quarantine", metavar="QUARANTINE")
    parser.add_argument("--json", action="store_true")


def _release(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    with opened_office(arguments) as office:
        asked = office.release(arguments.quarantine)
    print_json({"id": asked.id, "change": asked.change, "unit": asked.unit})
    return 0


def _reminders_options(parser: ArgumentParser) -> None:
    parser.add_argument("--noted", metavar="ID")
    parser.add_argument("--json", action="store_true")


def _reminders(arguments: Namespace) -> int:
    import dataclasses

    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    with opened_office(arguments) as office:
        if arguments.noted is None:
            print_json([dataclasses.asdict(row) for row in office.today().reminders])
        else:
            print_json(dataclasses.asdict(office.note_reminder(arguments.noted)))
    return 0


VERBS = (
    Verb("settle", "cli.verb_settle", _settle_options, _settle),
    Verb("release", "cli.verb_release", _release_options, _release),
    Verb("reminders", "cli.verb_reminders", _reminders_options, _reminders),
)
