"""``record``, ``correct``, ``void``: records in, with their numbers out."""

from argparse import ArgumentParser, Namespace
from typing import Any

from desktop.cli.verb import Verb


def _record_options(parser: ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--in", dest="source", metavar="FILE.json")
    source.add_argument("--template", action="store_true")


def _record(arguments: Namespace) -> int:
    if arguments.template:
        return _template(arguments.kind)
    from desktop.cli.files import read_json
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    data = read_json(arguments.source)
    with opened_office(arguments) as office:
        print_json(_saved(office.record(arguments.kind, data)))
    return 0


def _template(kind: str) -> int:
    from desktop.cli.speech import print_json
    from desktop.services.inputs.template import template

    print_json(template(kind))
    return 0


def _correct_options(parser: ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND")
    parser.add_argument("id", metavar="ID")
    parser.add_argument("--in", dest="source", metavar="FILE.json", required=True)


def _correct(arguments: Namespace) -> int:
    from desktop.cli.files import read_json
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    data = read_json(arguments.source)
    with opened_office(arguments) as office:
        print_json(_saved(office.correct(arguments.kind, arguments.id, data)))
    return 0


def _void_options(parser: ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND")
    parser.add_argument("id", metavar="ID")
    parser.add_argument("--reason", metavar="TEXT", required=True)


def _void(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    with opened_office(arguments) as office:
        print_json(_saved(office.void(arguments.kind, arguments.id, arguments.reason)))
    return 0


def _saved(saved: Any) -> dict[str, Any]:
    from desktop.cli.speech import told

    shown = {"id": saved.id, "number": saved.number, "warnings": told(saved.warnings), "kind": saved.kind}
    return shown if saved.case is None else {**shown, "case": saved.case}


VERBS = (
    Verb("record", "cli.verb_record", _record_options, _record, needs_profile=False),
    Verb("correct", "cli.verb_correct", _correct_options, _correct),
    Verb("void", "cli.verb_void", _void_options, _void),
)
