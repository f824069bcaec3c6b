"""``print``: a form about a record, blank sheets with numbers, or every form as a sample."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from desktop.cli.verb import Verb
from sync.domain.errors import UsageError


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("form", metavar="FORM", nargs="?")
    parser.add_argument("id", metavar="ID", nargs="?")
    parser.add_argument("--blank", action="store_true")
    parser.add_argument("--count", type=int, metavar="N")
    parser.add_argument("--all-samples", action="store_true")
    parser.add_argument("--reason", metavar="TEXT")
    parser.add_argument("--in", dest="source", metavar="PAPER.json")
    parser.add_argument("--issue", action="store_true")
    parser.add_argument("--template", action="store_true")
    parser.add_argument("--out", metavar="F.pdf|DIR", type=Path)


def _print(arguments: Namespace) -> int:
    _check(arguments)
    if arguments.all_samples:
        return _samples(arguments.out)
    if arguments.template:
        return _template(arguments.form)
    from desktop.cli.files import read_json, write_file
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    paper = read_json(arguments.source) if arguments.source else None
    with opened_office(arguments) as office:
        if arguments.blank:
            printed = office.print_blank(arguments.form, arguments.count or 1)
        else:
            printed = office.print_form(
                arguments.form, arguments.id, reason=arguments.reason, paper=paper, issue=arguments.issue
            )
    write_file(arguments.out, printed.pdf)
    print_json({"form": printed.form, "times": printed.times, "print": printed.ledger_id,
                "missing": printed.missing, "numbers": printed.numbers,
                "document": printed.document or None})  # fmt: skip
    return 0


def _template(form: str) -> int:
    from desktop.cli.speech import print_json
    from desktop.services.inputs.papers import paper_shape
    from desktop.services.inputs.template import rows_of

    print_json(rows_of(paper_shape(form)))
    return 0


def _check(arguments: Namespace) -> None:
    if arguments.template and arguments.form is not None:
        return
    if arguments.out is None:
        raise UsageError("cli.missing_option", option="--out")
    if arguments.all_samples:
        return
    for name in ("profile", "passphrase_file"):
        if getattr(arguments, name) is None:
            raise UsageError("cli.missing_option", option="--" + name.replace("_", "-"))
    if arguments.form is None or (arguments.id is None) != arguments.blank:
        raise UsageError("cli.print_usage")


def _samples(out: Path) -> int:
    from desktop.cli.files import write_file
    from desktop.cli.speech import print_json
    from desktop.services.printing import sample_pdfs

    pdfs = sample_pdfs()
    for name, pdf in pdfs.items():
        write_file(out / f"{name}.pdf", pdf)
    print_json({"files": [f"{name}.pdf" for name in pdfs]})
    return 0


VERBS = (Verb("print", "cli.verb_print", _options, _print, needs_profile=False),)
