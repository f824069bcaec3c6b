"""``attach`` and ``attachment``: files added to a record, and written back out where the user says."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from desktop.cli.verb import Verb


def _attach_options(parser: ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND")
    parser.add_argument("id", metavar="ID")
    parser.add_argument("--file", metavar="F", type=Path, required=True)
    parser.add_argument("--title", metavar="T")
    parser.add_argument("--json", action="store_true")


def _attach(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json, told

    with opened_office(arguments) as office:
        made = office.attach(arguments.kind, arguments.id, arguments.file, arguments.title)
    print_json({"id": made.id, "blob": made.blob, "size": made.size, "warnings": told(made.warnings)})
    return 0


def _export_options(parser: ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID")
    parser.add_argument("--out", metavar="F", type=Path, required=True)
    parser.add_argument("--json", action="store_true")


def _export(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    with opened_office(arguments) as office:
        size = office.export_attachment(arguments.id, arguments.out)
    print_json({"id": arguments.id, "size": size})
    return 0


VERBS = (
    Verb("attach", "cli.verb_attach", _attach_options, _attach),
    Verb("attachment", "cli.verb_attachment", _export_options, _export),
)
