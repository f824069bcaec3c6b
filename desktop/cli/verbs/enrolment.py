"""``init``: a device joins its county with a ticket, by wire or by carried files, or with a typed code by wire."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from desktop.cli.verb import Verb
from sync.domain.errors import UsageError


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("--ticket", metavar="FILE", type=Path)
    parser.add_argument("--code", metavar="CODE")
    parser.add_argument("--address", metavar="HOST:PORT")
    parser.add_argument("--role", metavar="ROLE", required=True)
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--carry-out", metavar="F", type=Path)
    way.add_argument("--carry-in", metavar="F", type=Path)


def _init(arguments: Namespace) -> int:
    from desktop.app import enrol, enrol_carry_in, enrol_carry_out
    from desktop.cli.files import read_file, read_passphrase, read_ticket, write_file
    from desktop.cli.speech import print_json

    _check_way(arguments)
    if arguments.code:
        return _init_by_code(arguments)
    passphrase = read_passphrase(arguments.passphrase_file)
    ticket = read_ticket(arguments.ticket)
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


def _init_by_code(arguments: Namespace) -> int:
    """Exit code 3, with the digits to compare, until the county has let the device in; then the same again."""
    from desktop.app import enrol_by_code
    from desktop.cli.files import read_passphrase
    from desktop.cli.speech import print_json
    from desktop.services.enrolling import TypedTicket

    passphrase = read_passphrase(arguments.passphrase_file)
    told = TypedTicket(arguments.code, arguments.address)
    office = enrol_by_code(arguments.profile, told, arguments.user, arguments.role, passphrase)
    print_json(office.facts)
    office.close()
    return 0


def _check_way(arguments: Namespace) -> None:
    if not (arguments.user or "").strip():
        raise UsageError("cli.missing_option", option="--user")
    if arguments.code is None and arguments.ticket is None:
        raise UsageError("cli.missing_option", option="--ticket")
    if arguments.code is None:
        return
    if arguments.address is None:
        raise UsageError("cli.missing_option", option="--address")
    if arguments.ticket or arguments.carry_out or arguments.carry_in:
        raise UsageError("cli.code_alone")


VERBS = (Verb("init", "cli.verb_init", _options, _init),)
