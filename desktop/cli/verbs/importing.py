"""``import``: a spreadsheet in, what became of each row out."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from desktop.cli.verb import Verb


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.xlsx", type=Path)
    parser.add_argument("--map", dest="map_file", metavar="MAP.toml", type=Path, required=True)
    parser.add_argument("--rejects", metavar="F", type=Path, required=True)
    parser.add_argument("--json", action="store_true")


def _import(arguments: Namespace) -> int:
    from desktop.cli.files import check_place, write_file
    from desktop.cli.session import opened_office
    from desktop.cli.speech import language, print_json
    from desktop.services.importing.rejects import rejects_csv

    check_place(arguments.rejects)
    with opened_office(arguments) as office:
        done = office.import_file(arguments.file, arguments.map_file)
    write_file(arguments.rejects, rejects_csv(done.rejects, language()))
    print_json({"rows": done.rows, "imported": done.imported, "rejected": len(done.rejects)})
    return 0


VERBS = (Verb("import", "cli.verb_import", _options, _import),)
