"""``exchange`` (by wire or by carried file) and ``verify``."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli.verb import Verb
from sync.domain.errors import UsageError

if TYPE_CHECKING:
    from desktop.services.office import Office

NEEDS_PERSON = 3


def _exchange_options(parser: ArgumentParser) -> None:
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--carry-out", metavar="F", type=Path)
    way.add_argument("--carry-in", metavar="F|DIR", type=Path, nargs="+")
    parser.add_argument("--slip", metavar="F.pdf", type=Path)
    parser.add_argument("--blobs", action="store_true")
    parser.add_argument("--json", action="store_true")


def _exchange(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import complain_line, print_json, text

    if arguments.slip and not arguments.carry_out:
        raise UsageError("cli.slip_usage")
    files, folder = _carried(arguments.carry_in) if arguments.carry_in else ({}, False)
    with opened_office(arguments) as office:
        if arguments.carry_out:
            told = _carry_out(office, arguments.carry_out, arguments.slip)
            if arguments.blobs:
                told["blobs"] = office.carry_blobs_out(arguments.carry_out)
            print_json(told)
            return 0
        done = office.carry_in_files(files, folder=folder) if arguments.carry_in else office.exchange()
        if arguments.carry_in:
            beside = {path if path.is_dir() else path.absolute().parent for path in arguments.carry_in}
            done = replace(done, blobs_waiting=office.carry_blobs_in(sorted(beside)))
    print_json(done)
    if done.repeat:
        complain_line(text("carried.repeat"))
    return NEEDS_PERSON if done.needs_person else 0


def _carry_out(office: "Office", target: Path, slip: Path | None) -> dict[str, Any]:
    """Write the request, and its slip on paper where one is wanted."""
    from desktop.cli.files import write_file

    data = office.carry_out()
    write_file(target, data)
    told = office.carried_manifest(data, target.name)
    if slip is not None:
        write_file(slip, office.print_slip(told))
    return {"bytes": len(data), "file": target.name, "code": told.code, "changes": told.changes,
            "kinds": told.kinds, "digest": told.digest}  # fmt: skip


def _carried(paths: list[Path]) -> tuple[dict[str, bytes], bool]:
    """Bytes by name of the files named, and of the carried files in a folder named."""
    from desktop.cli.files import read_file
    from desktop.services.sticks import carried_files

    files: dict[str, bytes] = {}
    for path in paths:
        found = carried_files(path) if path.is_dir() else [path]
        files.update((str(one), read_file(one)) for one in found)
    return files, any(path.is_dir() for path in paths)


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
