"""``recover``, ``unit-key``, ``reenrol``: ways back in, for a forgotten passphrase, a further or a copied device."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from desktop.cli.verb import Verb
from sync.domain.errors import UsageError


def _recover_options(parser: ArgumentParser) -> None:
    parser.add_argument("act", choices=("ask", "finish"))
    parser.add_argument("--new-passphrase-file", metavar="F", type=Path, required=True)
    parser.add_argument("--out", metavar="FILE", type=Path)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--in", dest="source", metavar="ANSWER", type=Path)
    source.add_argument("--word-file", metavar="F", type=Path)


def _recover(arguments: Namespace) -> int:
    _need(arguments, "profile", "user", *(("out",) if arguments.act == "ask" else ()))
    from desktop.cli.files import read_passphrase
    from desktop.cli.speech import print_json

    fresh = read_passphrase(arguments.new_passphrase_file)
    if arguments.act == "ask":
        from desktop.app import ask_recovery
        from desktop.cli.files import check_place, write_file

        check_place(arguments.out)
        asked = ask_recovery(arguments.profile, arguments.user, fresh)
        write_file(arguments.out, asked.file)
        print_json({"file": arguments.out.name, "code": asked.code})
        return 0
    return _finish(arguments, fresh)


def _finish(arguments: Namespace, fresh: str) -> int:
    from desktop.app import recover_office
    from desktop.cli.files import read_file, read_passphrase
    from desktop.cli.speech import print_json

    if arguments.source is None and arguments.word_file is None:
        raise UsageError("cli.missing_option", option="--in")
    answer = read_file(arguments.source) if arguments.source else b""
    word = read_passphrase(arguments.word_file) if arguments.word_file else ""
    office = recover_office(arguments.profile, arguments.user, fresh, answer=answer, word=word)
    print_json({"user": arguments.user})
    office.close()
    return 0


def _unit_key_options(parser: ArgumentParser) -> None:
    parser.add_argument("act", choices=("ask", "give", "take"))
    parser.add_argument("--custodians", action="store_true")
    parser.add_argument("--in", dest="source", metavar="FILE", type=Path)
    parser.add_argument("--code", metavar="DIGITS")
    parser.add_argument("--out", metavar="FILE", type=Path)


def _unit_key(arguments: Namespace) -> int:
    needed = {"ask": ("out",), "give": ("source", "code", "out"), "take": ("source",)}
    _need(arguments, *needed[arguments.act])
    from desktop.cli.files import check_place, read_file, write_file
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    source = read_file(arguments.source) if arguments.source else b""
    if arguments.out and arguments.act != "take":
        check_place(arguments.out)
    with opened_office(arguments) as office:
        if arguments.act == "ask":
            asked = office.ask_unit_key(arguments.custodians)
            write_file(arguments.out, asked.file)
            print_json({"file": arguments.out.name, "code": asked.code})
        elif arguments.act == "give":
            given = office.give_unit_key(source, arguments.code)
            write_file(arguments.out, given.file)
            print_json({"file": arguments.out.name, "device": given.device, "user": given.user})
        else:
            office.take_unit_key(source)
            print_json({"device": office.facts.device})
    return 0


def _reenrol_options(parser: ArgumentParser) -> None:
    parser.add_argument("--ticket", metavar="FILE", type=Path)
    parser.add_argument("--code", metavar="CODE")
    parser.add_argument("--address", metavar="HOST:PORT")
    parser.add_argument("--role", metavar="ROLE")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--carry-out", metavar="F", type=Path)
    way.add_argument("--carry-in", metavar="F", type=Path)


def _reenrol(arguments: Namespace) -> int:
    from desktop.cli.files import read_file, read_ticket, write_file
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    if arguments.code and not arguments.ticket:
        return _reenrol_by_code(arguments)
    _need(arguments, "ticket")
    ticket = read_ticket(arguments.ticket)
    answer = read_file(arguments.carry_in) if arguments.carry_in else b""
    with opened_office(arguments) as office:
        if arguments.carry_out:
            request = office.reenrol_carry_out(ticket, arguments.role)
            write_file(arguments.carry_out, request)
            print_json({"bytes": len(request)})
            return 0
        carried = arguments.carry_in is not None  # an empty file is a wrong one, and no leave to ask by wire
        device = office.reenrol_carry_in(ticket, answer) if carried else office.reenrol(ticket, arguments.role)
    print_json({"device": device})
    return 0


def _reenrol_by_code(arguments: Namespace) -> int:
    """Exit code 3, with the digits to compare, until the county has let the device in; then the same again."""
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json
    from desktop.services.enrolling import TypedTicket

    _need(arguments, "address", *(("ticket",) if arguments.carry_out or arguments.carry_in else ()))
    with opened_office(arguments) as office:
        device = office.reenrol_with_code(TypedTicket(arguments.code, arguments.address), arguments.role)
    print_json({"device": device})
    return 0


def _need(arguments: Namespace, *names: str) -> None:
    for name in names:
        if not getattr(arguments, name):
            option = "in" if name == "source" else name.replace("_", "-")
            raise UsageError("cli.missing_option", option=f"--{option}")


VERBS = (
    Verb("recover", "cli.verb_recover", _recover_options, _recover, needs_profile=False),
    Verb("unit-key", "cli.verb_unit_key", _unit_key_options, _unit_key),
    Verb("reenrol", "cli.verb_reenrol", _reenrol_options, _reenrol),
)
