"""``steps`` and ``step``: what the workflow allows on a case, and doing it."""

from argparse import ArgumentParser, Namespace

from desktop.cli.verb import Verb


def _steps_options(parser: ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE")
    parser.add_argument("--json", action="store_true")


def _steps(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import language, print_json, print_line, text
    from sync.domain.vocabularies import label

    with opened_office(arguments) as office:
        rows = office.steps(arguments.case)
    shown = [
        {
            "step": row.step,
            "label": label("step", row.step, language()),
            "allowed": row.allowed,
            "reason": text(row.reason_key) if row.reason_key else None,
            "reason_key": row.reason_key or None,
            "needs": row.needs,
            "takes": row.takes,
            "points": row.points,
        }
        for row in rows
    ]
    if arguments.json:
        print_json(shown)
    else:
        for line in shown:
            print_line(f"{line['step']}\t{line['label']}\t{'+' if line['allowed'] else line['reason']}")
    return 0


def _step_options(parser: ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE")
    parser.add_argument("step", metavar="STEP")
    parser.add_argument("--in", dest="source", metavar="FILE.json")


def _step(arguments: Namespace) -> int:
    from desktop.cli.files import read_json
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json, told

    data = read_json(arguments.source) if arguments.source else {}
    with opened_office(arguments) as office:
        saved = office.step(arguments.case, arguments.step, data)
    print_json({"id": saved.id, "case": saved.case, "warnings": told(saved.warnings)})
    return 0


VERBS = (
    Verb("steps", "cli.verb_steps", _steps_options, _steps),
    Verb("step", "cli.verb_step", _step_options, _step),
)
