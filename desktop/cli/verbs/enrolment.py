"""``init``: a device joins its county with a ticket, by wire or by carried files."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from desktop.cli.verb import Verb
from sync.domain.errors import UsageError


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("--ticket", metavar="FILE", type=Path, required=True)
    parser.add_argument("--role", metavar="ROLE", required=True)
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--carry-out", metavar="F", type=Path)
    way.add_argument("--carry-in", metavar="F", type=Path)


def _init(arguments: Namespace) -> int:
    from desktop.app import enrol, enrol_carry_in, enrol_carry_out
    from desktop.cli.files import read_file, read_passphrase, write_file
    from desktop.cli.speech import print_json

    if not (arguments.user or "").strip():
        raise UsageError("cli.missing_option", option="--user")
    passphrase = read_passphrase(arguments.passphrase_file)
    ticket = read_file(arguments.ticket)
    if arguments.carry_out:
        request = enrol_carry_out(arguments.profile, ticket, arguments.user, arguments.role, passphrase)
        write_file(arguments.carry_out, request)
        print_json({"bytes": len(request)})
        return 0
    if arguments.carry_in:
        office = enrol_carry_in(arguments.profile, ticket, read_file(arguments.carry_in), passphrase)
    else:
        office = enrol(arguments.profile, ticket, arguments.user, arguments.role, passphrase)
    print_json(office.facts)
    office.close()
    return 0


VERBS = (Verb("init", "cli.verb_init", _options, _init),)
