"""The command ``liandong``: read the words, run one verb, turn trouble into one line and an exit code."""

import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from desktop.cli.speech import complain, complain_line, text
from desktop.cli.table import VERBS
from desktop.cli.verb import Verb
from sync.domain.errors import LiandongError, UsageError
from sync.shipped.spoken_parser import SpokenParser

REFUSED, USAGE, INTERRUPTED = 1, 2, 130


class OneLineParser(SpokenParser):
    """An argument parser whose errors are a line, not a page."""

    said = staticmethod(text)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and leave with exit code 2."""
        complain_line(text("cli.usage", message=self.in_words(message), program=self.prog))
        raise SystemExit(USAGE)


def main(argv: list[str] | None = None, ready: Callable[[], None] = lambda: None) -> int:
    """Run one verb; without one the window opens. Returns the exit code.

    ``ready`` is called once Ctrl+C may come.
    """
    sys.excepthook = _report_bug
    try:
        ready()
        return _run(build_parser().parse_args(sys.argv[1:] if argv is None else argv))
    except SystemExit as leaving:
        return int(leaving.code or 0)
    except LiandongError as error:
        complain(error)
        return error.exit_code
    except OSError as error:
        complain_line(text("cli.system", reason=error.strerror or type(error).__name__))
        return REFUSED
    except KeyboardInterrupt:
        complain_line(text("cli.interrupted"))
        return INTERRUPTED


def build_parser() -> ArgumentParser:
    """The parser of all verbs; the common options may stand before or behind the verb."""
    parser = OneLineParser(prog="liandong", description=text("cli.about"), allow_abbrev=False)
    _common(parser, None)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", parser_class=OneLineParser)
    for verb in VERBS:
        sub = verbs.add_parser(verb.name, help=text(verb.help_key), description=text(verb.help_key), allow_abbrev=False)
        _common(sub, SUPPRESS)
        verb.options(sub)
        sub.set_defaults(run=verb)
    return parser


def _common(parser: ArgumentParser, default: str | None) -> None:
    parser.add_argument("--profile", type=Path, metavar="DIR", default=default, help=text("cli.profile"))
    parser.add_argument("--passphrase-file", type=Path, metavar="F", default=default, help=text("cli.passphrase_file"))
    parser.add_argument("--user", metavar="NAME", default=default, help=text("cli.user"))


def _run(arguments: Namespace) -> int:
    verb: Verb | None = getattr(arguments, "run", None)
    if verb is None:
        return _open_window(arguments)
    if verb.needs_profile:
        for name in ("profile", "passphrase_file"):
            if getattr(arguments, name) is None:
                raise UsageError("cli.missing_option", option="--" + name.replace("_", "-"))
    return verb.run(arguments)


def _open_window(arguments: Namespace) -> int:
    """Without a verb the window opens: at its unlock screen, or signed in where a passphrase file is given."""
    from desktop.app import run_window
    from desktop.cli.files import read_passphrase

    passphrase = read_passphrase(arguments.passphrase_file) if arguments.passphrase_file else None
    return run_window(arguments.profile, passphrase, arguments.user)


def _report_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A bug is told without values: they may be content of a case."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "-"
    complain_line(text("cli.bug", kind=kind.__name__, place=place))
