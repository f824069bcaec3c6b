"""What people and sticks do. Each act takes the world and says what it did, or None where it could not be done now."""

from collections.abc import Callable
from typing import Any

from sync.domain.errors import LiandongError
from sync.domain.ids import RecordId, UnitCode, new_record_id
from sync.domain.records import Accused, Complainant, Finding, Reception, Visit, Void
from tests.scenarios import desk_acts
from tests.scenarios.casework import new_head, register, take_step
from tests.scenarios.county_end import COUNTY, TOWNS
from tests.scenarios.device import Device
from tests.scenarios.world import Stick, World

Act = Callable[[World], str | None]
EDITED = {
    "Case": ("title", "content", "claim", "reply", "remark"),
    "Visit": ("summary", "problems"),
    "Reception": ("proposal", "remark"),
    "Finding": ("text",),
}
CASE_FIELDS = EDITED["Case"]
HELD = ("reply", "remark")
"""What a unit that was handed a case changes of another's."""


# Recording -----------------------------------------------------------------------------------------------------------


def record_visit(world: World) -> str:
    device = world.some_device()
    with device.work() as work:
        head: Any = new_head(world, device)
        visit = Visit(**head, contact_mode="SCREEN", started_at=head["created_at"], visitors=("张明",))
        work.add(visit)
        for _ in range(world.rng.randint(0, 2)):
            work.add(Finding(**new_head(world, device), visit=visit.id, text=world.text()))
    return device.name


def record_case(world: World) -> str:
    return record_case_at(world, world.some_device())


def record_case_at(world: World, device: Device) -> str:
    with device.work() as work:
        register(world, device, work)
    return device.name


def record_walk_in(world: World) -> str:
    device = world.some_device()
    with device.work() as work:
        case = register(world, device, work)
        head: Any = new_head(world, device)
        work.add(Reception(**head, case=case.id, received_at=head["created_at"], contact_mode="RECEIVE", people=1))
        sealed: Any = {"key": new_record_id(), "suite": "x", "cipher": world.text().encode()}
        work.add(Complainant(**new_head(world, device), case=case.id, **sealed))
        if world.rng.random() < 0.3:
            accused = UnitCode(world.rng.choice([unit for unit in TOWNS if unit != device.unit]))
            work.add(Accused(**new_head(world, device), case=case.id, name="某某", unit_code=accused))
    return device.name


def record_then_edit(world: World) -> str:
    """A new case and an edit of it before anything was sent; the first round may take only one of the two."""
    device = world.some_device()
    edited = record_then_edit_offline(world, device)
    return f"{edited} {device.exchange(world.wire(), rounds=1)}"


def record_then_edit_offline(world: World, device: Device) -> str:
    with device.work() as work:
        case = register(world, device, work)
    return edit_record(world, device, "Case", case.id)


# Changing ------------------------------------------------------------------------------------------------------------


def edit(world: World) -> str | None:
    """One or two text fields of any record the device sees."""
    device = world.some_device()
    found = _some_record(world, device, world.rng.choice(("Case", "Case", "Case", "Visit", "Reception", "Finding")))
    return None if found is None else edit_record(world, device, *found)


def answer(world: World) -> str | None:
    """What a unit that was handed a case enters into it, whoever recorded it."""
    device = world.some_device()
    ids = sorted(row[0] for row in device.store.database.run("SELECT id FROM record_case"))
    if not ids:
        return None
    with device.work() as work:
        work.edit("Case", world.rng.choice(ids), reply=world.text())
    return device.name


def edit_record(world: World, device: Device, kind: str, record: str) -> str:
    known = device.fields(kind, record) or {}
    names = EDITED[kind] if device.unit in (known.get("unit"), COUNTY) else HELD
    fields = world.rng.sample(names, world.rng.choice((1, 1, 2)) if len(names) > 1 else 1)
    with device.work() as work:
        work.edit(kind, record, **{name: world.text() for name in fields})
    return f"{device.name} {kind}.{'+'.join(fields)}"


def edit_twice_offline(world: World) -> str | None:
    """Two changes of one record in a row."""
    device = world.some_device()
    found = _some_record(world, device, "Case")
    if found is None:
        return None
    return f"{edit_record(world, device, *found)}, {edit_record(world, device, *found)}"


def replace_complainant(world: World) -> str | None:
    device = world.some_device()
    found = _some_record(world, device, "Complainant")
    if found is None:
        return None
    with device.work() as work:
        work.edit("Complainant", found[1], key=new_record_id(), cipher=world.text().encode())
    return device.name


def void_record(world: World) -> str | None:
    device = world.some_device()
    found = _some_record(world, device, world.rng.choice(("Case", "Visit", "Reception")))
    if found is None:
        return None
    with device.work() as work:
        work.add(Void(**new_head(world, device), target_kind=found[0], target=RecordId(found[1]), reason=world.text()))
    return f"{device.name} {found[0]}"


def accuse(world: World) -> str | None:
    """A unit turns out to be complained about: it must no longer see the case."""
    device = world.some_device()
    found = _some_record(world, device, "Case")
    if found is None:
        return None
    head = device.store.reading.get("Case", found[1])
    registrar = "" if head is None else head.record.unit  # nobody would give the case back to it
    unit = UnitCode(world.rng.choice([unit for unit in TOWNS if unit != registrar]))
    with device.work() as work:
        work.add(Accused(**new_head(world, device), case=RecordId(found[1]), name=world.text(), unit_code=unit))
    return f"{device.name} accuses {unit}"


def seal(world: World) -> str | None:
    """A case becomes secret: everyone but its unit and the county loses it."""
    device = world.some_device()
    found = _some_record(world, device, "Case")
    if found is None:
        return None
    with device.work() as work:
        work.edit("Case", found[1], secrecy="SEALED")
    return device.name


def _some_record(world: World, device: Device, kind: str) -> tuple[str, str] | None:
    """One that the device's unit may change: its own; for the county any."""
    rows = device.store.database.run(f'SELECT id, unit FROM "record_{_table(kind)}"')
    ids = sorted(name for name, unit in rows if device.unit in (unit, COUNTY))
    return (kind, world.rng.choice(ids)) if ids else None


def _table(kind: str) -> str:
    return kind.lower()


# Steps ---------------------------------------------------------------------------------------------------------------


def forward(world: World) -> str | None:
    return step(world, ("FORWARD", "ASSIGN"), ("REGISTERED", "CLASSIFIED", "RECEIVED", "REOPENED", "ACCEPTED"))


def receive(world: World) -> str | None:
    return step(world, ("RECEIVE",), ("TRANSFERRED",))


def give_back(world: World) -> str | None:
    return step(world, ("RETURN",), ("TRANSFERRED", "RECEIVED"))


def recall(world: World) -> str | None:
    return step(world, ("RECALL",), ("TRANSFERRED",), holders_only=False)


def work_on(world: World) -> str | None:
    return step(world, ("ACCEPT", "START", "CLASSIFY"), ("REGISTERED", "RECEIVED", "ACCEPTED"))


def step(world: World, steps: tuple[str, ...], froms: tuple[str, ...], *, holders_only: bool = True) -> str | None:
    """A step on a case that stands in one of these states where the device looks."""
    device = world.some_device()
    cases = [
        row[0]
        for row in device.store.database.run("SELECT id, status, holder FROM record_case ORDER BY id")
        if row[1] in froms and (not holders_only or row[2] == device.unit or device.unit == COUNTY)
    ]
    return take_step(world, device, world.rng.choice(cases), world.rng.choice(steps)) if cases else None


# Bringing it to the county -------------------------------------------------------------------------------------------


def exchange(world: World) -> str:
    device = world.some_device()
    return f"{device.name} {device.exchange(world.wire())}"


def exchange_in_part(world: World) -> str:
    """Stopped after one or two rounds: results may come before their effect."""
    device = world.some_device()
    return f"{device.name} {device.exchange(world.wire(), rounds=world.rng.choice((1, 1, 2)))}"


def carry_out(world: World) -> str:
    device = world.some_device()
    world.requests.append(Stick(device.enrolled.device, [device.carry_out()]))
    return device.name


def accept(world: World) -> str | None:
    """Any stick at the county's table, not the oldest first; a third of them stay in the drawer for another time."""
    if not world.requests:
        return None
    stick = world.rng.choice(world.requests)
    if world.rng.random() < 0.7:
        world.requests.remove(stick)
    try:
        answer = world.county.accept(stick.parts[0])
    except LiandongError as error:
        if error.code != "exchange_refusals.device_unknown":
            raise
        return error.code
    world.answers.append(Stick(stick.device, answer))
    return "accepted"


def carry_in(world: World) -> str | None:
    """Any answer back at its device, late or again."""
    if not world.answers:
        return None
    stick = world.rng.choice(world.answers)
    if world.rng.random() < 0.6:
        world.answers.remove(stick)
    owners = [d for d in world.devices.values() if d.enrolled.device == stick.device]
    if not owners:
        return "nobody's any more"
    device = world.rng.choice(owners)
    return f"{device.name} {device.carry_in(stick.parts)}"


def newer_works(world: World) -> str:
    """A later version records, enriches a case it knows, and exchanges."""
    cases = world.newer.cases()
    if cases and world.rng.random() < 0.5:
        world.newer.enrich(world.rng.choice(cases), world.text())
    else:
        world.newer.mediate(world.text())
    return world.newer.sync(world.wire()) if world.rng.random() < 0.6 else "recorded"


def newer_syncs(world: World) -> str:
    return world.newer.sync(world.wire(*world.rng.choice(((), ("answer lost",), ("request repeated",)))))


ACTS: dict[Act, int] = {
    desk_acts.settle: 5,
    desk_acts.release: 4,
    desk_acts.joins_by_stick: 2,
    desk_acts.answer_in_parts: 4,
    desk_acts.all_answers_at_once: 3,
    record_visit: 4,
    record_case: 8,
    record_walk_in: 5,
    record_then_edit: 5,
    edit: 14,
    edit_twice_offline: 3,
    answer: 4,
    replace_complainant: 3,
    void_record: 1,
    accuse: 1,
    seal: 1,
    forward: 8,
    receive: 6,
    give_back: 5,
    recall: 4,
    work_on: 4,
    exchange: 16,
    exchange_in_part: 6,
    carry_out: 7,
    accept: 8,
    carry_in: 9,
    newer_works: 3,
    newer_syncs: 2,
}
"""Act → how often."""
