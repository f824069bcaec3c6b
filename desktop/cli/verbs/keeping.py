"""``user``, ``backup``, ``restore``: who may open the profile, and copies of it."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from desktop.cli.verb import Verb
from sync.domain.errors import UsageError


def _user_options(parser: ArgumentParser) -> None:
    parser.add_argument("act", choices=("add", "disable", "passphrase", "list"))
    parser.add_argument("name", metavar="NAME", nargs="?")
    parser.add_argument("--role", metavar="R")
    parser.add_argument("--new-passphrase-file", metavar="F", type=Path)


def _user(arguments: Namespace) -> int:
    _check(arguments)
    from desktop.cli.files import read_passphrase
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    fresh = read_passphrase(arguments.new_passphrase_file) if arguments.new_passphrase_file else ""
    with opened_office(arguments) as office:
        if arguments.act == "add":
            office.add_user(arguments.name, arguments.role, fresh)
        elif arguments.act == "disable":
            office.disable_user(arguments.name)
        elif arguments.act == "passphrase":
            office.change_passphrase(arguments.name, fresh)
        print_json({"users": office.users()})
    return 0


def _check(arguments: Namespace) -> None:
    needed = {
        "add": ("name", "role", "new_passphrase_file"),
        "disable": ("name",),
        "passphrase": ("new_passphrase_file",),
        "list": (),
    }
    for name in needed[arguments.act]:
        if getattr(arguments, name) is None:
            raise UsageError("cli.missing_option", option=name if name == "name" else "--" + name.replace("_", "-"))


VERBS = (Verb("user", "cli.verb_user", _user_options, _user),)
