"""The county of the schedules: a real one on PostgreSQL, put back to its first day before each schedule."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import psycopg
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError

from sync.client.enrolment import (
    Enrolled,
    PendingEnrolment,
    begin_enrolment,
    carry_enrolment,
    finish_enrolment,
    take_carried_enrolment,
)
from sync.client.refusals import refusal_error
from sync.domain.errors import LiandongError, Unreachable
from sync.protocol.canonical import decode_fields
from sync.protocol.carried import write_carried_parts
from sync.protocol.keys import exchange_public, generate_exchange_key
from sync.protocol.limits import CARRIED_PART_BYTES
from sync.protocol.messages import Change, decode_change
from sync.protocol.ticket import decode_ticket
from sync.server import accept as server_accept
from sync.server.accept import accept_files
from sync.server.admission import confirm_device
from sync.server.backup import restore_backup, write_backup
from sync.server.county import County, open_county
from sync.server.enrolment import enrol
from sync.server.exchange import exchange, seal_for_sender
from sync.server.founding import Founding, found_county
from sync.server.numbering import RENUMBERED
from sync.server.release import RELEASED
from sync.server.storage import tables
from sync.server.storage.bodies import open_state
from sync.server.storage.expunging import EXPUNGED
from sync.server.storage.ledger import read_bodies
from sync.server.tickets import TicketOrder, make_ticket
from sync.server.verifying import verify_county

COUNTY = "431021"
TOWNS = ("431021001", "431021002", "431021102")
OFFICE_ROLE, TOWN_ROLE = "COUNTY_OFFICE", "TOWN_OFFICE"
MEMBERS = {
    "office": COUNTY,
    "longtan-1": TOWNS[0],
    "longtan-2": TOWNS[0],
    "lufeng": TOWNS[1],
    "renyi": TOWNS[2],
    "newer": TOWNS[2],
}
"""Device → unit: three towns, one with two PCs, one with a device of a later version, and the county office."""
_DIVISIONS = "\n".join(
    (
        "area_code,area,town_code,town,village_code,village",
        "431021,桂阳县,431021001,龙潭街道,431021001001,城北社区",
        "431021,桂阳县,431021002,鹿峰街道,431021002001,蓉峰社区",
        "431021,桂阳县,431021102,仁义镇,431021102201,花园村",
    )
)

Clock = Callable[[], int]


@dataclass(frozen=True)
class Line:
    """What came, and what became of it. ``released``: the change came before, was set apart, and is applied now."""

    change: Change
    outcome: str
    reason: str
    released: bool = False


@dataclass
class Kill:
    """A kill of PostgreSQL to come: after how many more statements, and whether it came."""

    number: int
    happened: bool = False


@dataclass
class CountyEnd:
    """What devices and the judge of a schedule need of the county."""

    county: County
    folder: Path
    first_day: Path
    members: dict[str, Enrolled]
    clock: Clock
    _files: int = field(default=0)

    def begin(self, clock: Clock) -> dict[str, Enrolled]:
        """A county without cases and the devices that joined it."""
        self.clock = clock
        self.restore(self.first_day)
        epoch = self.epoch()
        return {name: replace(member, epoch=epoch) for name, member in self.members.items()}

    def answer(self, body: bytes) -> bytes:
        """What the server answers; a refusal to a known device is sealed.

        Raises Refused otherwise, Unreachable where its database broke.
        """
        try:
            with self._database_mended():
                return exchange(self.county, body, self.clock()).answer
        except Unreachable:
            raise
        except LiandongError as error:
            sealed = seal_for_sender(self.county, error, body)
            if sealed is None:
                values: dict[str, Any] = error.values
                raise refusal_error(error.code, values) from error
            return sealed

    def accept(self, carried: bytes, part_bytes: int = CARRIED_PART_BYTES) -> list[bytes]:
        """Take a stick; the parts of its answer. Raises Refused where the device is unknown, Unreachable."""
        in_parts = partial(write_carried_parts, part_bytes=part_bytes)
        with patch.object(server_accept, "write_carried_parts", in_parts), self._database_mended():
            [accepted] = accept_files(self.county, [self._new_stick(carried)], self._new_file("answer"))
        return [path.read_bytes() for path in accepted.answers]

    def enrol(self, unit: str, *, by_stick: bool = False, confirm: bool = False) -> Enrolled:
        """A new device of a unit. By stick: its file is taken twice. ``confirm``: a person lets it in."""
        if not by_stick:
            return enrol_at(self.county, unit, self.clock())
        pending = _begin_at(self.county, TicketOrder(unit, (role_of(unit),), 3650, confirm=confirm), self.clock())
        stick = self._new_stick(carry_enrolment(pending))
        if confirm:
            accept_files(self.county, [stick], self._new_file("answer"))
            confirm_device(self.county, pending.device, self.clock())
        for _ in range(2):
            [accepted] = accept_files(self.county, [stick], self._new_file("answer"))
        return take_carried_enrolment(pending, accepted.answers[0].read_bytes())

    @contextmanager
    def killed_at(self, number: int) -> Iterator["Kill"]:
        """PostgreSQL is killed at the so-manyth statement sent to it while this is open."""
        kill = Kill(number)

        def on_statement(*_: object) -> None:
            kill.number -= 1
            if kill.number == 0:
                kill.happened = True
                stop_at_once(self.county)

        event.listen(self.county.engine, "before_cursor_execute", on_statement)
        try:
            yield kill
        finally:
            event.remove(self.county.engine, "before_cursor_execute", on_statement)

    @contextmanager
    def _database_mended(self) -> Iterator[None]:
        """What ``serve`` does where the database breaks under it. Raises Unreachable."""
        try:
            yield
        except (DBAPIError, psycopg.Error) as error:
            assert self.county.cluster is not None
            self.county.cluster.ensure_running()
            raise Unreachable("county.database_unreachable") from error

    def back_up(self) -> Path:
        """A backup as of now."""
        path = self._new_file("backup")
        write_backup(self.county, path)
        return path

    def restore(self, backup: Path) -> None:
        """Put a backup in place of what is there: a new epoch begins."""
        restore_backup(self.county, backup)

    def epoch(self) -> str:
        """The epoch that stands."""
        with self.county.engine.connect() as connection:
            return str(connection.execute(select(tables.county.c.epoch)).scalar_one())

    def verify(self) -> dict[str, dict[str, Any]]:
        """Unit → what ``verify`` says of it, recomputed."""
        return {unit["unit"]: unit for unit in verify_county(self.county, None)}

    def log(self) -> list[Line]:
        """Every line of the change log with the change it keeps, in order."""
        return read_log(self.county)

    def records(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Fields of every record by kind and id."""
        return read_records(self.county)

    def held(self) -> list[tuple[str, str]]:
        """Changes that wait for a gap to close, each with the device that brought it."""
        held = tables.held.c
        with self.county.engine.connect() as connection:
            return [(row[0], row[1]) for row in connection.execute(select(held.change, held.device))]

    def _new_stick(self, data: bytes) -> Path:
        path = self._new_file("request")
        path.write_bytes(data)
        return path

    def _new_file(self, name: str) -> Path:
        self._files += 1
        return self.folder / f"{name}-{self._files}"


@dataclass
class Wire:
    """A line to the county; ``troubles`` happen to the next requests, one each. Also a Transport."""

    county: CountyEnd
    troubles: list[str] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=list)
    """Requests the line may bring once more."""

    def post(self, path: str, body: bytes) -> bytes:
        assert path == "/v1/exchange"
        trouble = self.troubles.pop(0) if self.troubles else ""
        self.kept.append(body)
        if trouble == "request lost":
            raise Unreachable("exchange.unreachable")
        answer = self.county.answer(body)
        if trouble == "request repeated":
            answer = self.county.answer(body)
        if trouble == "answer lost":
            raise Unreachable("exchange.broken")
        return answer


@contextmanager
def open_county_end(folder: Path) -> Iterator[CountyEnd]:
    """Found a small county and take its first devices in; PostgreSQL runs while this is open."""
    with found_small_county(folder) as county:
        members = {name: enrol_at(county, unit, 1_790_000_000_000) for name, unit in MEMBERS.items()}
        write_backup(county, folder / "first-day")
        yield CountyEnd(county, folder, folder / "first-day", members, lambda: 0)


@contextmanager
def found_small_county(folder: Path) -> Iterator[County]:
    """A county of three towns; its home is ``folder / "home"``."""
    divisions = folder / "divisions.csv"
    divisions.write_text(_DIVISIONS, encoding="utf-8")
    found_county(Founding(folder / "home", COUNTY, "https://127.0.0.1:9443", folder / "office.ticket", divisions))
    with open_county(folder / "home") as county:
        yield county


def read_log(county: County) -> list[Line]:
    """Every line of the change log that is a change or the release of one, in order."""
    log = tables.change_log.c
    query = (
        select(log.number, log.change, log.outcome, log.reason)
        .where(log.reason.not_in((EXPUNGED, RENUMBERED)))
        .order_by(log.number)
    )
    with county.engine.connect() as connection:
        rows = connection.execute(query).all()
        bodies = read_bodies(connection, county.store_key, county.code, {row.number: row.change for row in rows})
    changes: dict[str, Change] = {}
    lines = []
    for row in rows:
        released = row.reason == RELEASED
        content = bodies[row.number]
        change = changes[msgspec.msgpack.decode(content)["release"]] if released else decode_change(content)
        changes[change.id] = change
        lines.append(Line(change, row.outcome, row.reason, released))
    return lines


def read_records(county: County) -> dict[tuple[str, str], dict[str, Any]]:
    """Fields of every record by kind and id."""
    with county.engine.connect() as connection:
        rows = connection.execute(select(tables.record)).mappings().all()
    states = [open_state(county.store_key, row) for row in rows]
    return {(state.kind, state.id): decode_fields(state.canonical) for state in states}


def role_of(unit: str) -> str:
    """The role devices of a unit work in."""
    return OFFICE_ROLE if unit == COUNTY else TOWN_ROLE


def enrol_at(county: County, unit: str, now: int) -> Enrolled:
    """A new device of a unit, by a ticket of its own."""
    pending = _begin_at(county, TicketOrder(unit, (role_of(unit),)), now)
    return finish_enrolment(pending, enrol(county, pending.request, now).answer, now)


def _begin_at(county: County, order: TicketOrder, now: int) -> PendingEnrolment:
    ticket = decode_ticket(make_ticket(county, order, now))
    return begin_enrolment(ticket, "张明", order.roles[0], exchange_public(generate_exchange_key()), now)


def stop_at_once(county: County) -> None:
    """PostgreSQL as after a crash: no connection lives, nothing was written that was not committed."""
    assert county.cluster is not None
    process = county.cluster._postmaster()
    assert process is not None
    county.cluster._ask_to_stop(process, "immediate")
    assert county.cluster._gone(process, 10.0)
