"""The short way of corrections and the long way leave the same county behind and say the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from msgspec import msgpack
from sqlalchemy import Connection, select

from sync.domain.ids import RecordId, new_record_id
from sync.domain.loop_records import Rating
from sync.domain.records import Correction, Visit
from sync.protocol.messages import NO_HASH, Operation, Outcome
from sync.server.applying import Applying, Care, Done
from sync.server.county import County, now_ms
from sync.server.incoming import Incoming, read_incoming
from sync.server.place import read_place
from sync.server.storage import tables
from sync.server.storage.bodies import open_state
from sync.server.storage.loading import lock_county
from sync.server.verifying import verify_county
from tests.server.devices import Device, enrolled

TOWN, OTHER = "431021003", "431021102"
_FIELDS = ("remark", "claim", "title", "content", "nature", "external_number")


@dataclass
class Ground:
    """A town's dossiers of every sort, and who writes to them."""

    town: Device
    dossiers: list[tuple[str, str]]
    """Kind and id of heads."""

    def operation(self, act: tuple[int, str, int, int]) -> list[Operation]:
        """One or two operations; an edit may be of an older revision."""
        which, name, value, lag = act
        kind, head = self.dossiers[which % len(self.dossiers)]
        held = self.town.records.get((kind, head))
        if name == "new" or held is None:
            case = self.town.case()
            step = self.town.step(case.id, "REGISTER")
            return [self.town.create(case, case.id), self.town.create(step, case.id)]
        if name == "rate":
            rating = Rating(
                id=new_record_id(), unit=self.town.unit, created_at=now_ms(), rated_at=now_ms(), case=RecordId(head)
            )
            return [self.town.create(rating, head)]
        if kind == "Visit":
            name = "background"
        edit = self.town.edit(kind, head, head, base=held.revision - lag, **{name: f"值{value}" if value else None})
        return [edit, self.town.create(self.correction(kind, head, name), head)]

    def correction(self, kind: str, head: str, name: str) -> Correction:
        return Correction(
            id=new_record_id(), unit=self.town.unit, created_at=now_ms(), target_kind=kind, target=RecordId(head),
            field=name,
        )  # fmt: skip

    def incoming(self, connection: Connection, changes: list[list[Operation]]) -> tuple[list[Incoming], Any]:
        place = read_place(connection, self.town.county, self.town.enrolled.device)
        writer = replace(self.town, sent={}, touched=set(), made={}, sequence=0, previous=NO_HASH)
        bodies = [writer.change(*operations) for operations in changes]
        return read_incoming(bodies, 1, place.sender), place


@pytest.fixture(scope="module")
def ground(county: County) -> Ground:
    """Registered cases, one that another unit sees, one that was handed over, one in conflict, a visit."""
    town, second, other = enrolled(county, TOWN), enrolled(county, TOWN), enrolled(county, OTHER)
    office = enrolled(county, "431021", "COUNTY_OFFICE")
    town.send()
    made = [town.register() for _ in range(5)]
    visit = Visit(
        id=new_record_id(), unit=town.unit, created_at=now_ms(), started_at=now_ms(), contact_mode="HOME", author="张明"
    )
    town.send(*(change for _, change in made), town.change(town.create(visit, visit.id)))
    cases = [case.id for case, _ in made]
    town.send(town.act(cases[1], "FORWARD", to_unit=OTHER), town.act(cases[2], "ACCEPT"))
    for device in (second, other, office):
        device.send()
    second.send(second.change(second.edit("Case", cases[3], cases[3], remark="别人改的")))
    town.send(town.change(town.edit("Case", cases[3], cases[3], base=1, remark="我改的")))
    office.send(office.change(office.edit("Case", cases[4], cases[4], remark="县里改的")))
    foreign, change = other.register()
    other.send(change)
    town.send()
    heads: list[tuple[str, str]] = [("Case", case) for case in [*cases, foreign.id]]
    return Ground(town, [*heads, ("Visit", visit.id)])


_acts = st.tuples(
    st.integers(0, 6),
    st.sampled_from((*_FIELDS, *_FIELDS[:4], "new", "rate", "rate")),
    st.sampled_from((1, 2, 3, 1, 2, 3, 0)),
    st.sampled_from((0, 0, 0, 0, 0, 0, 0, 1)),
)
_changes = st.lists(_acts, min_size=1, max_size=5, unique_by=lambda act: act[0]).map(
    lambda acts: [[act] for act in acts[:2]] + [acts[2:]] * (len(acts) > 2)
)


@given(_changes)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_ways_leave_the_same_county(ground: Ground, ways: list[bool], acts: list[list[Any]]) -> None:
    changes = [[one for act in change for one in ground.operation(act)] for change in acts]
    with ground.town.county.engine.connect() as connection:
        ways.clear()
        todo, place = ground.incoming(connection, changes)
        applying = Applying(ground.town.county, connection, place, now_ms())
        locked = lock_county(connection, ground.town.county.code)
        short = _outcome(connection, ground.town.county, lambda: applying.apply(todo, locked, Care.SHORT_WAYS))
        if ways == [True]:
            long = _outcome(connection, ground.town.county, lambda: applying.apply(todo, locked, Care.TOGETHER))
            assert short == long
        connection.rollback()
    event(f"short: {ways}")


def _outcome(connection: Connection, county: County, work: Callable[[], Done]) -> tuple[Any, ...]:
    """What it says and leaves; undone."""
    nested = connection.begin_nested()
    done = work()
    found = done.locked.position, done.results, done.first, done.head, _plain(done), list(_rows(connection, county))
    nested.rollback()
    return found


def _plain(done: Done) -> dict[str, Any]:
    return {unit: (digest, {k: n for k, n in counts.items() if n}) for unit, (digest, counts) in done.moved.items()}


def _rows(connection: Connection, county: County) -> Iterator[Any]:
    """All rows that changes write, in an order of their own; bodies unsealed."""
    for row in connection.execute(select(tables.record).order_by("kind", "id")).mappings():
        state = open_state(county.store_key, row)
        yield state, *(row[name] for name in ("device", "status", "holder", "in_unit_feed", "in_county_feed"))
    for table, order in ((tables.feed, "position"), (tables.change_log, "number"), (tables.unit_state, "unit")):
        yield from map(_told, connection.execute(select(table).order_by(order)).mappings())
    yield from map(_told, connection.execute(select(tables.dossier).order_by("id")).mappings())


def _told(row: Any) -> dict[str, Any]:
    """A row with its counts read, without what is zero."""
    values = dict(row)
    if "counts" in values:
        values["counts"] = {kind: n for kind, n in msgpack.decode(values["counts"]).items() if n}
    return values


def test_corrections_go_the_short_way_and_everybody_reads_them(ground: Ground, ways: list[bool]) -> None:
    town, (kind, case) = ground.town, ground.dossiers[1]
    edit = town.edit(kind, case, case, remark="转办后补记")
    answer = town.send(town.change(edit, town.create(ground.correction(kind, case, "remark"), case)))
    assert ways == [True]
    assert [result.outcome for result in answer.results] == [Outcome.ACCEPTED]
    for unit, role in ((TOWN, "TOWN_CDI"), (OTHER, "TOWN_CDI"), ("431021", "COUNTY_OFFICE")):
        reader = enrolled(town.county, unit, role)
        reader.send()
        assert reader.agrees()
        assert reader.fields(kind, case)["remark"] == "转办后补记"
    assert verify_county(town.county, TOWN)[0]["store"] == "ok"


@pytest.mark.parametrize("values", [{"nature": "ACCUSE"}, {"remark": "同前"}, {"secrecy": "SEALED"}])
def test_what_moves_a_case_or_changes_nothing_goes_the_long_way(
    ground: Ground, ways: list[bool], values: dict[str, Any]
) -> None:
    town = ground.town
    case, change = town.register(remark="同前")
    town.send(change)
    ways.clear()
    town.send(town.change(town.edit("Case", case.id, case.id, **values)))
    assert ways == [False]
    assert town.agrees()


def test_an_edit_of_an_older_revision_goes_the_long_way(ground: Ground, ways: list[bool]) -> None:
    town, (kind, case) = ground.town, ground.dossiers[0]
    seen = town.records[kind, case].revision
    town.send(town.change(town.edit(kind, case, case, base=seen, claim="一")))
    town.send(town.change(town.edit(kind, case, case, base=seen, title="二")))
    assert ways == [True, False]
    assert town.agrees()
