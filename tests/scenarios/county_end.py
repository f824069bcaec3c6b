"""The county of the schedules: a real one on PostgreSQL, put back to its first day before each schedule."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from sync.client.enrolment import Enrolled, begin_enrolment, finish_enrolment
from sync.client.refusals import refusal_error
from sync.domain.errors import LiandongError, Unreachable
from sync.protocol.canonical import decode_fields
from sync.protocol.keys import exchange_public, generate_exchange_key
from sync.protocol.messages import Change, decode_change
from sync.protocol.ticket import decode_ticket
from sync.server.accept import accept_files
from sync.server.backup import restore_backup, write_backup
from sync.server.county import County, open_county
from sync.server.enrolment import enrol
from sync.server.exchange import exchange, seal_for_sender
from sync.server.founding import Founding, found_county
from sync.server.storage import tables
from sync.server.storage.bodies import open_state
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
    """What came, and what became of it."""

    change: Change
    outcome: str
    reason: str


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
        """What the server answers; a refusal to a known device is sealed. Raises Refused otherwise."""
        try:
            return exchange(self.county, body, self.clock()).answer
        except LiandongError as error:
            sealed = seal_for_sender(self.county, error, body)
            if sealed is None:
                raise refusal_error(error.code, {}) from error
            return sealed

    def accept(self, carried: bytes) -> list[bytes]:
        """Take a stick; the parts of its answer. Raises Refused where the device is unknown."""
        request = self._new_file("request")
        request.write_bytes(carried)
        [accepted] = accept_files(self.county, [request], self._new_file("answer"))
        return [path.read_bytes() for path in accepted.answers]

    def enrol(self, unit: str) -> Enrolled:
        """A new device of a unit."""
        return enrol_at(self.county, unit, self.clock())

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
    """Every line of the change log with the change it keeps, in order."""
    log = tables.change_log.c
    query = select(log.number, log.change, log.outcome, log.reason).order_by(log.number)
    with county.engine.connect() as connection:
        rows = connection.execute(query).all()
        bodies = read_bodies(connection, county.store_key, county.code, {row.number: row.change for row in rows})
    return [Line(decode_change(bodies[row.number]), row.outcome, row.reason) for row in rows]


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
    role = role_of(unit)
    ticket = decode_ticket(make_ticket(county, TicketOrder(unit, (role,)), now))
    pending = begin_enrolment(ticket, "张明", role, exchange_public(generate_exchange_key()), now)
    return finish_enrolment(pending, enrol(county, pending.request, now).answer, now)
