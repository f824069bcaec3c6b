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


def _backup_options(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, nargs="?")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--destroy", action="store_true")


def _backup(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json

    if arguments.list:
        return _list_backups(arguments)
    if arguments.file is None:
        raise UsageError("cli.missing_option", option="FILE")
    with opened_office(arguments) as office:
        if arguments.destroy:
            print_json({"file": arguments.file.name, "deleted": office.destroy_backup(arguments.file)})
            return 0
        size = office.backup(arguments.file)
    print_json({"file": arguments.file.name, "bytes": size})
    return 0


_LISTED = ("file", "made_at", "outdated", "there")


def _list_backups(arguments: Namespace) -> int:
    """Those written by hand; 3 where one should be destroyed."""
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json
    from sync.domain.times import local_text

    with opened_office(arguments) as office:
        rows = office.backups().by_hand
    listed = [
        {
            "file": str(row.path),
            "made_at": local_text(row.made_at),
            "outdated": row.outdated,
            "there": row.path.exists(),
        }
        for row in rows
    ]
    print_json({"backups": listed})
    return 3 if any(row.outdated for row in rows) else 0


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
    Verb("backup", "cli.verb_backup", _backup_options, _backup),
    Verb("restore", "cli.verb_restore", _file_option, _restore),
)
