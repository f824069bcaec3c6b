"""``liandong-county``: the county's verbs. Every expected trouble is one line on stderr and an exit code."""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from sync.domain.errors import InvalidInput, LiandongError, UsageError
from sync.server.kept_verbs import add_kept
from sync.server.speech import complain, complain_of, print_json, print_line, print_lines, report_bug, say, text
from sync.shipped.spoken_parser import SpokenParser

Verb = Callable[[argparse.Namespace], int]
REFUSED, INTERRUPTED = 1, 130
DEFAULT_URL = "https://127.0.0.1:8443"


def main(argv: Sequence[str] | None = None, ready: Callable[[], None] = lambda: None) -> int:
    """Run one verb; its exit code. ``ready`` is called once Ctrl+C may come."""
    sys.excepthook = report_bug
    try:
        ready()
        asked = _parser().parse_args(sys.argv[1:] if argv is None else list(argv))
        run: Verb = asked.run
        return run(asked)
    except LiandongError as error:
        complain(error)
        return error.exit_code
    except OSError as error:
        complain_of("county.system", reason=error.strerror or type(error).__name__)
        return REFUSED
    except KeyboardInterrupt:
        complain_of("county.interrupted")
        return INTERRUPTED


class _Parser(SpokenParser):
    """Usage errors are one line too."""

    said = staticmethod(text)

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the whole usage."""
        raise UsageError("county.usage", message=self.in_words(message), program=self.prog)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="liandong-county", description=text("county_verbs.about"))
    verbs = parser.add_subparsers(required=True, metavar="VERB", parser_class=_Parser)
    _add_init(verbs)
    _add_serve(verbs)
    _add_ticket(verbs)
    _add_accept(verbs)
    _add_looking(verbs)
    _add_keeping(verbs)
    add_kept(partial(_verb, verbs))
    return parser


def _verb(verbs: Any, name: str, run: Verb, says: str, *, needs_home: bool = True) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=text(says), description=text(says))
    parser.add_argument("--home", type=Path, required=needs_home, metavar="DIR")
    parser.set_defaults(run=run)
    return parser


def _add_init(verbs: Any) -> None:
    parser = _verb(verbs, "init", _init, "county_verbs.init")
    parser.add_argument("--org", required=True, metavar="CODE")
    parser.add_argument("--url", default=DEFAULT_URL)
    parser.add_argument("--office-ticket", type=Path, metavar="FILE")
    parser.add_argument("--divisions", type=Path, metavar="FILE.csv")
    parser.add_argument("--database-file", type=Path, metavar="F")
    parser.add_argument("--custodian-out", type=Path, metavar="DIR")
    parser.add_argument("--custodians", type=int, default=3, metavar="N")
    parser.add_argument("--need", type=int, default=2)


def _add_serve(verbs: Any) -> None:
    parser = _verb(verbs, "serve", _serve, "county_verbs.serve")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int)
    parser.add_argument("--database-file", type=Path, metavar="F")


def _add_ticket(verbs: Any) -> None:
    parser = _verb(verbs, "ticket", _ticket, "county_verbs.ticket")
    parser.add_argument("--unit", required=True, metavar="CODE")
    parser.add_argument("--role", required=True, metavar="R[,R]")
    parser.add_argument("--expires", type=int, default=14, metavar="DAYS")
    parser.add_argument("--name", default="", metavar="TEXT")
    parser.add_argument("--confirm", action="store_true")
    parser.add_argument("--code", action="store_true")
    parser.add_argument("--out", type=Path, metavar="FILE")


def _add_accept(verbs: Any) -> None:
    parser = _verb(verbs, "accept", _accept, "county_verbs.accept")
    parser.add_argument("files", type=Path, nargs="+", metavar="IN")
    parser.add_argument("--answer", type=Path, required=True, metavar="OUT|DIR")
    parser.add_argument("--json", action="store_true")


def _add_looking(verbs: Any) -> None:
    parser = _verb(verbs, "verify", _verify, "county_verbs.verify")
    parser.add_argument("--unit", metavar="CODE")
    parser.add_argument("--json", action="store_true")
    parser = _verb(verbs, "status", _status, "county_verbs.status")
    parser.add_argument("--json", action="store_true")
    parser = _verb(verbs, "devices", _devices, "county_verbs.devices")
    parser.add_argument("--json", action="store_true")
    parser = _verb(verbs, "list", _list, "county_verbs.list")
    parser.add_argument("kind", metavar="KIND")
    parser.add_argument("--unit", metavar="CODE")
    parser.add_argument("--json", action="store_true")
    parser = _verb(verbs, "show", _show, "county_verbs.show")
    parser.add_argument("kind", metavar="KIND")
    parser.add_argument("id", metavar="ID")
    parser.add_argument("--json", action="store_true")


def _add_keeping(verbs: Any) -> None:
    parser = _verb(verbs, "revoke", _revoke, "county_verbs.revoke")
    parser.add_argument("device", metavar="DEVICE")
    parser = _verb(verbs, "confirm", _confirm, "county_verbs.confirm")
    parser.add_argument("device", metavar="DEVICE")
    parser = _verb(verbs, "release", _release, "county_verbs.release")
    parser.add_argument("change", metavar="CHANGE")
    parser.add_argument("--json", action="store_true")
    parser = _verb(verbs, "register", _register, "county_verbs.register")
    parser.add_argument("device", metavar="DEVICE")
    parser = _verb(verbs, "publish", _publish, "county_verbs.publish")
    parser.add_argument("what", choices=("calendar", "rules"))
    parser.add_argument("file", type=Path, metavar="FILE.toml")
    parser = _verb(verbs, "backup", _backup, "county_verbs.backup")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser = _verb(verbs, "restore", _restore, "county_verbs.restore")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--share", type=Path, action="append", default=[], metavar="FILE")
    parser.add_argument("--database-file", type=Path, metavar="F")
    parser = _verb(verbs, "recover", _recover, "county_verbs.recover", needs_home=False)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--share", type=Path, required=True, metavar="FILE")
    parser.add_argument("--code", required=True, metavar="DIGITS")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    parser.add_argument("--say", action="store_true")


# Verbs ---------------------------------------------------------------------------------------------------------------


def _init(asked: argparse.Namespace) -> int:
    from sync.server.founding import Founding, found_county

    if asked.need != 2:
        raise InvalidInput("county.need", field="need")
    home: Path = asked.home.absolute()
    ticket = asked.office_ticket or home.with_name(f"{home.name}-office.ticket")
    founding = Founding(
        home, asked.org, asked.url, ticket.absolute(), asked.divisions, asked.database_file, asked.custodian_out,
        asked.custodians,
    )  # fmt: skip
    county, units = found_county(founding)
    say("county.made", name=county.facts.name, code=county.code, units=units, ticket=ticket)
    return 0


def _serve(asked: argparse.Namespace) -> int:
    from urllib.parse import urlsplit

    from sync.server.home import CountyHome
    from sync.server.serve import Serving, run_server

    port = asked.port
    if port is None:
        port = urlsplit(CountyHome(asked.home).read_facts().url).port or 8443
    run_server(Serving(asked.home, asked.host, port, lambda url: say("county.ready", url=url), asked.database_file))
    return 0


def _ticket(asked: argparse.Namespace) -> int:
    from sync.server.county import now_ms, open_county
    from sync.server.devices import list_devices
    from sync.server.files import write_new
    from sync.server.tickets import TicketOrder, code_of, make_ticket

    if asked.out is None and not asked.code:
        raise UsageError("county.out_or_code")
    roles = tuple(dict.fromkeys(role.strip() for role in asked.role.split(",") if role.strip()))
    order = TicketOrder(asked.unit, roles, asked.expires, asked.name, asked.confirm or asked.code)
    with open_county(asked.home) as county:
        ticket = make_ticket(county, order, now_ms())
        if asked.out is not None:
            write_new(asked.out, ticket)
        there = sum(device["unit"] == asked.unit for device in list_devices(county))
    if asked.out is not None:
        say("county.ticket_made", file=asked.out, unit=asked.unit)
    if asked.code:
        say("county.ticket_code", unit=asked.unit, address=county.card.url, days=asked.expires)
        print_line(code_of(ticket))
    elif there and not asked.confirm:
        say("county.ticket_further", unit=asked.unit, count=there)
    return 0


def _accept(asked: argparse.Namespace) -> int:
    from sync.server.accept import accept_files
    from sync.server.county import open_county

    with open_county(asked.home) as county:
        accepted = accept_files(county, asked.files, asked.answer)
    if asked.json:
        print_json({"files": [item.as_json() for item in accepted]})
    else:
        for item in accepted:
            say("county.accepted", file=item.file, answer=", ".join(map(str, item.answers)))
    return 3 if any(item.needs_person for item in accepted) else 0


def _verify(asked: argparse.Namespace) -> int:
    from sync.server.county import open_county
    from sync.server.verifying import verify_county

    with open_county(asked.home) as county:
        found = verify_county(county, asked.unit)
    if asked.json:
        print_json(found[0] if asked.unit else {"units": found})
    else:
        for unit in found:
            say("county.verified", unit=unit["unit"], records=sum(unit["records"].values()), store=unit["store"])
    return 0 if all(unit["store"] == "ok" for unit in found) else 3


def _status(asked: argparse.Namespace) -> int:
    from sync.server.county import open_county
    from sync.server.reading import read_status

    with open_county(asked.home) as county:
        status = read_status(county)
    print_json(status) if asked.json else print_lines([status])
    return 0


def _devices(asked: argparse.Namespace) -> int:
    from sync.server.county import open_county
    from sync.server.devices import list_devices

    with open_county(asked.home) as county:
        devices = list_devices(county)
    print_json(devices) if asked.json else print_lines(devices)
    return 0


def _list(asked: argparse.Namespace) -> int:
    from sync.server.county import open_county
    from sync.server.reading import list_records

    with open_county(asked.home) as county:
        rows = list_records(county, asked.kind, asked.unit or county.code)
    print_json(rows) if asked.json else print_lines(rows)
    return 0


def _show(asked: argparse.Namespace) -> int:
    from sync.server.county import open_county
    from sync.server.reading import show_record

    with open_county(asked.home) as county:
        print_json(show_record(county, asked.kind, asked.id))
    return 0


def _revoke(asked: argparse.Namespace) -> int:
    from sync.server.county import now_ms, open_county
    from sync.server.devices import revoke_device

    with open_county(asked.home) as county:
        revoke_device(county, asked.device, now_ms())
    say("county.revoked", device=asked.device)
    return 0


def _confirm(asked: argparse.Namespace) -> int:
    from sync.server.admission import confirm_device
    from sync.server.county import now_ms, open_county

    with open_county(asked.home) as county:
        confirm_device(county, asked.device, now_ms())
    say("county.confirmed", device=asked.device)
    return 0


def _release(asked: argparse.Namespace) -> int:
    from sync.server.county import now_ms, open_county
    from sync.server.release import release_change

    with open_county(asked.home) as county:
        done = release_change(county, asked.change, now_ms())
    if asked.json:
        print_json(done.as_json())
    else:
        say("release.done", change=done.change, count=len(done.released))
    return 3 if done.still_apart else 0


def _register(asked: argparse.Namespace) -> int:
    from sync.server.county import now_ms, open_county
    from sync.server.registers import name_keeper

    with open_county(asked.home) as county:
        unit = name_keeper(county, asked.device, now_ms())
    say("county.register_named", device=asked.device, unit=unit)
    return 0


def _publish(asked: argparse.Namespace) -> int:
    from sync.server.county import now_ms, open_county
    from sync.server.files import read_text
    from sync.server.publishing import publish

    text = read_text(asked.file)
    with open_county(asked.home) as county:
        records = publish(county, asked.what, text, now_ms())
    say("county.published", records=records)
    return 0


def _backup(asked: argparse.Namespace) -> int:
    from sync.server.backup import write_backup
    from sync.server.county import now_ms, open_county
    from sync.server.kept_backups import remember_backup

    with open_county(asked.home) as county:
        made_at = now_ms()
        rows = write_backup(county, asked.file)
        remember_backup(county.home, asked.file, made_at)
    say("county.backed_up", file=asked.file, rows=rows)
    return 0


def _restore(asked: argparse.Namespace) -> int:
    from sync.server.backup import restore_backup
    from sync.server.county import open_county
    from sync.server.rebuilding import Rebuilding, rebuild_county

    if asked.share:
        if len(asked.share) != 2:
            raise UsageError("county.two_shares")
        one, other = asked.share
        rows = rebuild_county(Rebuilding(asked.home, asked.file, (one, other), asked.database_file))
        say("county.restored", file=asked.file, rows=rows)
        return 0
    with open_county(asked.home) as county:
        rows = restore_backup(county, asked.file)
    say("county.restored", file=asked.file, rows=rows)
    return 0


def _recover(asked: argparse.Namespace) -> int:
    from sync.protocol.recovery import same_code
    from sync.server.recovering import do_part

    part = do_part(asked.file, asked.share, asked.out, partial(same_code, asked.code), say=asked.say)
    values = {"unit": part.request.unit, "user": part.request.user, "file": asked.out}
    say("recovery.answered" if part.last else "recovery.handed_on", **values)
    if part.word:
        print_line(part.word)
    return 0
