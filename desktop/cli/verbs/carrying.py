"""``exchange`` (by wire or by carried file) and ``verify``."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from desktop.cli.verb import Verb

NEEDS_PERSON = 3


def _exchange_options(parser: ArgumentParser) -> None:
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--carry-out", metavar="F", type=Path)
    way.add_argument("--carry-in", metavar="F", type=Path)
    parser.add_argument("--json", action="store_true")


def _exchange(arguments: Namespace) -> int:
    from desktop.cli.files import read_file, write_file
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    carried = read_file(arguments.carry_in) if arguments.carry_in else b""
    with opened_office(arguments) as office:
        if arguments.carry_out:
            data = office.carry_out()
            write_file(arguments.carry_out, data)
            print_json({"bytes": len(data)})
            return 0
        done = office.carry_in(carried) if arguments.carry_in else office.exchange()
    print_json(done)
    return NEEDS_PERSON if done.needs_person else 0


def _verify_options(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true")


def _verify(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    with opened_office(arguments) as office:
        found = office.verify()
    print_json(found)
    return NEEDS_PERSON if _needs_person(found) else 0


def _needs_person(found: dict[str, Any]) -> bool:
    return found["store"] != "ok" or any(found[name] for name in ("held", "conflicts", "quarantined"))


VERBS = (
    Verb("exchange", "cli.verb_exchange", _exchange_options, _exchange),
    Verb("verify", "cli.verb_verify", _verify_options, _verify),
)
