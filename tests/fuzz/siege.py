"""A real county on PostgreSQL that hostile devices of one town send to, and what must hold of it all the while.

The oracle: whatever the county says it took is a change any reader may rely on (decodes, is signed by the unit it
names, fits its declarations, names no dossier of another unit); no record of another unit ever changes; the county's
recomputed digests, chain and feeds hold; a fresh computer of the town reads the whole feed into its store and agrees.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from sync.client.asking import open_answer, seal_request
from sync.client.enrolment import Enrolled, begin_enrolment, finish_enrolment
from sync.client.port import StandingPoint
from sync.domain.errors import Damaged
from sync.domain.records import KINDS
from sync.protocol.codec import decode_bounded_change, read_fields
from sync.protocol.keys import exchange_public, generate_exchange_key
from sync.protocol.messages import Answer, Change, Outcome, change_hash
from sync.protocol.ticket import decode_ticket
from sync.server.backup import restore_backup, write_backup
from sync.server.county import County, open_county
from sync.server.enrolment import enrol
from sync.server.exchange import exchange
from sync.server.founding import Founding, found_county
from sync.server.soundness import is_sound
from sync.server.storage import tables
from sync.server.tickets import TicketOrder, make_ticket
from tests.fuzz.corpus import NOW, Known, Plain, new_id, plain_operations
from tests.fuzz.judging import judged_apart
from tests.server.devices import Device

COUNTY, TOWN, VICTIM = "431021", "431021001", "431021002"
NOBODY = "431021102"
HOSTILE_DEVICES = 12
_TAKEN = (Outcome.ACCEPTED, Outcome.MERGED, Outcome.CONFLICT)


@dataclass(slots=True)
class Hostile:
    """An enrolled device of the town: its keys, and its place in its own chain as the county sees it."""

    enrolled: Enrolled
    epoch: str
    known: Known
    ids: set[str]
    """Ids of all changes sent so far, by whichever device."""
    sequence: int = 0
    previous: bytes = bytes(32)
    new_ids: set[str] = field(default_factory=set)
    """Ids that the request under way names for the first time."""
    expected: int = 1
    """Sequence the county gives to the next body it cannot read."""

    def plain(self, chance: random.Random) -> Plain:
        """The next change, honest so far."""
        enrolled = self.enrolled
        return [
            new_id(chance), enrolled.device, self.sequence + 1, self.previous, enrolled.unit, "张明", "TOWN_OFFICE",
            NOW, 0, 1 << 40, plain_operations(chance, self.known, enrolled.unit),
        ]  # fmt: skip

    def note(self, body: bytes) -> None:
        """The chain goes on behind what the county will take a place in it for."""
        try:
            change = decode_bounded_change(body)
        except Damaged:
            follows = self.expected == self.sequence + 1
            self.expected += 1
        else:
            self.expected = change.sequence + 1
            mine = change.device == self.enrolled.device and change.id not in self.new_ids
            follows = mine and (change.sequence, change.previous) == (self.sequence + 1, self.previous)
            if change.id not in self.ids:
                self.new_ids.add(change.id)
                self.known.sent = [*self.known.sent[-20:], change.id]
        if follows:
            self.sequence, self.previous = self.sequence + 1, change_hash(body)

    def forget_request(self) -> set[str]:
        """The request is over: ids it named for the first time."""
        new, self.new_ids = self.new_ids, set()
        self.ids |= new
        return new

    def envelope(self, bodies: Sequence[bytes], first: int, want: int = 0, position: int = 0) -> bytes:
        """A request, sealed and signed as ever."""
        enrolled = self.enrolled
        point = StandingPoint(enrolled.device, enrolled.unit, self.epoch, position, first)
        return seal_request(enrolled.link(), point, tuple(bodies), NOW, want)

    def open(self, answer: bytes, envelope: bytes) -> Answer:
        """The county's word, by which the chain goes on. Raises Refused."""
        opened = open_answer(self.enrolled.link(), answer, envelope)
        self.sequence, self.previous, self.expected = opened.unbroken, opened.last_hash, opened.unbroken + 1
        return opened


@dataclass(slots=True)
class Siege:
    """The county, its devices, and what is watched."""

    county: County
    folder: Path
    first_day: Path
    members: list[Enrolled]
    reader: Enrolled
    office: Enrolled
    hostile: list[Hostile] = field(default_factory=list)
    foreign: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """Kind and id of every record the town may not touch → its hash."""
    dossiers: frozenset[str] = frozenset()
    wrong: list[str] = field(default_factory=list)
    """What broke the oracle."""

    def begin(self) -> None:
        """Put the county back to its first day."""
        restore_backup(self.county, self.first_day)
        with self.county.engine.connect() as connection:
            epoch = str(connection.execute(select(tables.county.c.epoch)).scalar_one())
        rows = self._rows()
        own = [(row.kind, row.id, row.dossier, row.revision) for row in rows if row.unit == TOWN]
        others = [row for row in rows if row.unit != TOWN]
        foreign = [(row.kind, row.id, row.dossier, row.revision) for row in others]
        self.foreign = {(row.kind, row.id): bytes(row.hash) for row in others}
        self.dossiers = frozenset(row.dossier for row in others)
        ids: set[str] = set()
        units = (COUNTY, TOWN, VICTIM, NOBODY, "431099999", "*", "")
        self.hostile = [
            Hostile(member, epoch, Known([one for one in own if one[0] in KINDS], foreign, units), ids)
            for member in self.members
        ]

    def resume(self, sender: Hostile) -> None:
        """Ask where the county stands with a device, after it said nothing of it."""
        envelope = sender.envelope([], 1 << 40)
        sender.open(exchange(self.county, envelope, NOW).answer, envelope)
        sender.forget_request()

    def judge(self, sender: Hostile, bodies: Sequence[bytes], answer: Answer) -> Counter[str]:
        """Outcomes of a request; what was taken must deserve it."""
        outcomes = Counter(str(result.outcome) for result in answer.results)
        taken = {result.change for result in answer.results if result.outcome in _TAKEN} & sender.new_ids
        echoed = range(0)
        if answer.echo is not None:
            echoed = range(answer.echo.first, answer.echo.last + 1)
            outcomes["accepted"] += len(echoed)
        new = sender.forget_request()
        if bodies and len(answer.results) > len(bodies):  # who sends nothing is told what became of earlier changes
            self.wrong.append(f"{len(answer.results)} results for {len(bodies)} changes")
        for body in bodies if taken or echoed else ():
            try:
                change = decode_bounded_change(body)
            except Damaged:
                continue
            if change.id in taken or (change.sequence in echoed and change.id in new):
                taken.discard(change.id)  # of changes with one id the first counts
                new.discard(change.id)
                self._check_taken(change)
        return outcomes

    def _check_taken(self, change: Change) -> None:
        if change.unit != TOWN or change.role.startswith("COUNTY_"):
            self.wrong.append(f"taken from {change.unit} as {change.role}: {change.id}")
        for operation in change.operations:
            fields = read_fields(operation.fields)
            if not is_sound(operation.kind, fields, operation.creates):
                self.wrong.append(f"taken unsound {operation.kind} {operation.id}")
            if operation.dossier in self.dossiers:
                self.wrong.append(f"taken into a foreign dossier: {operation.kind} {operation.id}")

    def end(self) -> None:
        """Everything that must hold after a siege; what takes much memory is judged by a process of its own."""
        rows = self._rows()
        now = {(row.kind, row.id): bytes(row.hash) for row in rows if row.unit != TOWN}
        changed = [key for key, digest in self.foreign.items() if now.get(key) != digest]
        self.wrong += [f"changed record of another unit: {key}" for key in changed]
        self.wrong += [f"new record under another unit: {key}" for key in now.keys() - self.foreign.keys()]
        self._check_positions()
        self.wrong += judged_apart(self.county.home.folder, self.reader)

    def _check_positions(self) -> None:
        feed, record = tables.feed.c, tables.record.c
        somewhere = select(feed.id).where(feed.kind == record.kind, feed.id == record.id, feed.mark == 0).exists()
        nowhere = ~record.in_unit_feed & ~record.in_county_feed & ~somewhere
        with self.county.engine.connect() as connection:
            last = connection.execute(select(tables.county.c.position)).scalar_one()
            reached = connection.execute(select(func.max(record.revision))).scalar_one()
            lost = connection.execute(select(func.count()).select_from(tables.record).where(nowhere)).scalar_one()
        if reached > last or lost:
            self.wrong.append(f"records reach {reached} of {last}, {lost} are in no feed")

    def _rows(self) -> Sequence[Any]:
        columns = tables.record.c
        query = select(columns.kind, columns.id, columns.dossier, columns.unit, columns.revision, columns.hash)
        common = [name for name, kind in KINDS.items() if kind.common]
        with self.county.engine.connect() as connection:
            return connection.execute(query.where(columns.kind.not_in(common))).all()


@contextmanager
def open_siege(folder: Path) -> Iterator[Siege]:
    """A county with a victim's cases and some of the town's; PostgreSQL runs while this is open."""
    found_county(Founding(folder / "home", COUNTY, "https://127.0.0.1:9443", folder / "office.ticket"))
    with open_county(folder / "home") as county:
        members = [_enrol(county, TOWN) for _ in range(HOSTILE_DEVICES)]
        reader = _enrol(county, TOWN)
        office = _enrol(county, COUNTY, "COUNTY_OFFICE")
        for unit in (VICTIM, TOWN):
            _live(Device(county, _enrol(county, unit), "TOWN_OFFICE"), to=COUNTY)
        _live(Device(county, office, "COUNTY_OFFICE"), to=VICTIM)
        write_backup(county, folder / "first-day")
        siege = Siege(county, folder, folder / "first-day", members, reader, office)
        siege.begin()
        yield siege


def _live(device: Device, to: str) -> None:
    """A few cases of a unit, some of them sent on."""
    for number in range(10):
        case, change = device.register(title=f"村道{number}")
        device.send(change)
        if number % 3 == 0 and device.unit != TOWN:
            device.send(device.act(case.id, "FORWARD", to_unit=to))
    device.send()


def _enrol(county: County, unit: str, role: str = "TOWN_OFFICE") -> Enrolled:
    roles = (role,) if role.startswith("COUNTY_") else ("TOWN_OFFICE", "RECEPTION")
    ticket = decode_ticket(make_ticket(county, TicketOrder(unit, roles), NOW))
    pending = begin_enrolment(ticket, "张明", role, exchange_public(generate_exchange_key()), NOW)
    return finish_enrolment(pending, enrol(county, pending.request, NOW).answer, NOW)
