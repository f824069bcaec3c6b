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


def _file_option(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path)


def _backup(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    with opened_office(arguments) as office:
        size = office.backup(arguments.file)
    print_json({"file": arguments.file.name, "bytes": size})
    return 0


def _restore(arguments: Namespace) -> int:
    from desktop.app import restore_office
    from desktop.cli.files import read_passphrase
    from desktop.cli.speech import print_json

    passphrase = read_passphrase(arguments.passphrase_file)
    restore_office(arguments.profile, arguments.file, passphrase, arguments.user).close()
    print_json({"file": arguments.file.name})
    return 0


VERBS = (
    Verb("user", "cli.verb_user", _user_options, _user),
    Verb("backup", "cli.verb_backup", _file_option, _backup),
    Verb("restore", "cli.verb_restore", _file_option, _restore),
)
