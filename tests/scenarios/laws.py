"""What must hold: while a schedule runs, and when all devices have exchanged until nothing moves any more."""

import json
from collections import Counter
from typing import Any

import msgspec

from desktop.storage.outbox import unpack_body
from desktop.storage.rows import load
from desktop.storage.verify import recount
from sync.domain.records import KINDS
from sync.protocol.canonical import decode_fields
from sync.protocol.collisions import WHOLE
from sync.protocol.messages import decode_change
from tests.scenarios.county_end import Line
from tests.scenarios.device import Device
from tests.scenarios.world import World

MOST_HEALING_ROUNDS = 12
OUT_OF_SIGHT = {"authority.out_of_sight"}
NOT_YET_SENT_AGAIN = {"authority.unknown_dossier", "exchange_refusals.unknown_record"}
"""After a restore one device may send again what builds on what another has not sent again yet."""
FINAL = {"accepted", "merged", "conflict", "quarantined"}
_OPEN = "state IN ('waiting', 'held') OR (state = 'acknowledged' AND effect_position > ?)"


class LawBroken(AssertionError):
    """Something that must hold does not."""


def hold(condition: object, law: str) -> None:
    """Raises LawBroken with the law's words."""
    if not condition:
        raise LawBroken(law)


# All the time --------------------------------------------------------------------------------------------------------


class Watch:
    """Looks at every device after every operation."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[str, str, int]] = {}

    def look(self, world: World) -> None:
        """All devices, quickly. Raises LawBroken."""
        for device in world.devices.values():
            hold(not device.disagreed, f"digests differ at the head: {device.disagreed}")
            own_work_lies_over(device)
            own_work_is_seen(device)
            self._place(device)

    def forget(self) -> None:
        """A disk was set back: its position may be an earlier one."""
        self._places.clear()

    def _place(self, device: Device) -> None:
        books = device.store.books
        place = (device.enrolled.device, books.epoch, books.position)
        former = self._places.get(device.name)
        self._places[device.name] = place
        if former == place:
            return
        if former is not None and former[:2] == place[:2]:
            hold(place[2] >= former[2], f"{device.name} went back from position {former[2]} to {place[2]}")
        counted = recount(device.store.database)
        hold(not counted.wrong, f"{device.name}: {counted.wrong} rows are not what their hash says")
        hold(counted.digest == books.digest, f"{device.name}: the running digest is not that of the rows")


def own_work_lies_over(device: Device) -> None:
    """What the county has not taken lies over its state, sent or not."""
    dropped = device.store.database.count(
        "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'held') "
        "AND sequence NOT IN (SELECT sequence FROM pending)"
    )
    hold(not dropped, f"{device.name}: {dropped} waiting changes no longer lie over the county's state")


def own_work_is_seen(device: Device) -> None:
    """Whoever saved something sees it, until the county's answer to it is in the feed he has read.

    A record that a restored county has not shown again keeps the newest value the former one had, be it another's.
    """
    rows = device.store.database.run(
        f"SELECT body, packed FROM outbox WHERE body IS NOT NULL AND ({_OPEN}) ORDER BY sequence", (device.position,)
    )
    wanted: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        for operation in decode_change(unpack_body(*row)).operations:
            wanted.setdefault((operation.kind, operation.id), {}).update(decode_fields(bytes(operation.fields)))
    for (kind, record), fields in wanted.items():
        seen = device.fields(kind, record)
        if seen is None and KINDS[kind].made_by_county and device.store.books.number("county_restores"):
            continue  # a note of a county that was set back is gone, whatever was asked of it
        hold(seen is not None, f"{device.name} lost its own {kind} {record} from sight")
        if _waits_for_restored_county(device, kind, record):
            continue
        for name, value in fields.items():
            shown = (seen or {}).get(name)
            hold(shown == value, f"{device.name} does not see its own {kind}.{name} of {record}")


def _waits_for_restored_county(device: Device, kind: str, record: str) -> bool:
    if not device.store.books.number("county_restores"):
        return False
    row = load(device.store.database, kind, record)
    asked = "SELECT count(*) FROM unconfirmed WHERE kind = ? AND id = ?"
    return row is None or not row.revision or device.store.database.count(asked, (kind, record)) > 0


# Healing -------------------------------------------------------------------------------------------------------------


def heal(world: World, watch: Watch) -> None:
    """Every device exchanges until nothing moves any more. Raises LawBroken where that does not end."""
    moved = True
    for _ in range(MOST_HEALING_ROUNDS):
        moved = False
        for device in world.devices.values():
            moved = _heal_one(world, device) or moved
        moved = _heal_newer(world) or moved
        watch.look(world)
        if not moved:
            return
    hold(not moved, "the devices never come to rest")


def _heal_one(world: World, device: Device) -> bool:
    before = (device.enrolled.device, device.position, device.store.sync.count_waiting())
    if device.lost_place:
        device.enrol_again()
    told = device.exchange(world.wire())
    hold(told == "done" or device.lost_place, f"{device.name}: {told}")
    return before != (device.enrolled.device, device.position, device.store.sync.count_waiting()) or device.lost_place


def _heal_newer(world: World) -> bool:
    before = world.newer.position
    told = world.newer.sync(world.wire())
    hold(told == "done", f"newer: {told}")
    return before != world.newer.position


# In the end ----------------------------------------------------------------------------------------------------------


def judge(world: World) -> None:
    """All laws of a world at rest. Raises LawBroken."""
    county = world.county.verify()
    for name, said in county.items():
        hold(said["store"] == "ok", f"county, unit {name}: {said['store']}")
    nothing_held(world)
    for device in world.devices.values():
        agree(device, county[device.unit])
        nothing_left_over(world, device)
    hold(world.newer.agrees(), "the newer device does not agree")
    lines = world.county.log()
    each_change_once(world, lines)
    set_apart_for_cause(world, lines)
    no_value_lost(world.county.records(), lines)
    released_where_applied(world.county.records(), lines)
    numbers_stand_once(world.county.records())


def nothing_held(world: World) -> None:
    """Nothing waits for a gap to close but what no device has any more: it went down with a disk or was withdrawn."""
    for change, device in world.county.held():
        lawful = change in world.excused
        hold(lawful, f"the county holds change {change} of device {device} back")


def agree(device: Device, county: dict[str, Any]) -> None:
    """Recomputed on both sides."""
    own = device.store.verify()
    hold(own["store"] == "ok", f"{device.name}: {own['store']}")
    hold(own["unsent"] == own["held"] == 0, f"{device.name}: unsent {own['unsent']}, held {own['held']}")
    for what in ("records", "digest", "epoch", "conflicts", "quarantined"):
        hold(own[what] == county[what], f"{device.name}: {what} {own[what]}, county {county[what]}")


def nothing_left_over(world: World, device: Device) -> None:
    """No operation lies over the county's state but those in quarantine; no dossier waits to be deleted."""
    database = device.store.database
    lying = database.count("SELECT count(*) FROM pending JOIN outbox USING(sequence) WHERE state != 'quarantined'")
    hold(not lying, f"{device.name}: {lying} operations still lie over the county's state")
    shadows = database.count(
        "SELECT count(*) FROM record_case WHERE county_state IS NOT NULL AND id NOT IN (SELECT id FROM pending)"
    )
    hold(not shadows, f"{device.name}: {shadows} cases shown otherwise than the county has them")
    waiting = database.count("SELECT count(*) FROM outbox WHERE state NOT IN ('settled', 'quarantined')")
    hold(not waiting, f"{device.name}: {waiting} changes are not settled")


def each_change_once(world: World, lines: list[Line]) -> None:
    """What a user was told is saved is at the county exactly once, with a final word."""
    times = Counter(line.change.id for line in lines if not line.released)
    releases = Counter(line.change.id for line in lines if line.released)
    words = {line.change.id: line.outcome for line in lines}
    for change, device in world.promised().items():
        hold(times[change] or change in world.excused, f"change {change} of {device} is not at the county")
        hold(times[change] <= 1, f"change {change} of {device} is at the county {times[change]} times")
        hold(releases[change] <= 1, f"change {change} of {device} was released {releases[change]} times")
        hold(not times[change] or words[change] in FINAL, f"change {change} of {device}: {words.get(change)}")


def set_apart_for_cause(world: World, lines: list[Line]) -> None:
    """Honest devices are set apart only for what they no longer see; two histories only where a disk was copied."""
    if world.forked or world.excused:
        return
    lawful = OUT_OF_SIGHT | (NOT_YET_SENT_AGAIN if world.restores else set())
    for line in lines:
        honest = line.outcome != "quarantined" or line.reason in lawful or line.change.id in world.overstepped
        hold(honest, f"change {line.change.id} was set apart: {line.reason}")


def numbers_stand_once(records: dict[tuple[str, str], dict[str, Any]]) -> None:
    """No two cases bear one number, whoever drew it."""
    numbers = Counter(fields.get("number") for (kind, _), fields in records.items() if kind == "Case")
    twice = [number for number, times in numbers.items() if number and times > 1]
    hold(not twice, f"numbers {twice} stand twice")


def _renumbered(records: dict[tuple[str, str], dict[str, Any]]) -> dict[tuple[str, str, str], list[Any]]:
    """Values the county gave up, as its corrections keep them."""
    kept: dict[tuple[str, str, str], list[Any]] = {}
    for (kind, _), fields in records.items():
        if kind == "Correction" and fields.get("old") is not None:
            key = fields["target_kind"], fields["target"], fields["field"]
            kept.setdefault(key, []).append(json.loads(fields["old"]))
    return kept


def no_value_lost(records: dict[tuple[str, str], dict[str, Any]], lines: list[Line]) -> None:
    """The last value written to a field stands, or lies beside it in a conflict; so does each of a conflict."""
    beside, given_up = _conflicts(records), _renumbered(records)
    last: dict[tuple[str, str, str], Any] = {}
    for number, line in enumerate(lines):
        if line.outcome == "quarantined":
            continue
        collided = False
        for operation in line.change.operations:
            fields = decode_fields(bytes(operation.fields))
            if operation.kind == "Conflict" and _overtaken(records.get((operation.kind, operation.id)), lines, number):
                continue
            last.update({(operation.kind, operation.id, name): value for name, value in fields.items()})
            collided = collided or any((operation.kind, operation.id, name) in beside for name in (WHOLE, *fields))
        hold(line.outcome != "conflict" or collided, f"change {line.change.id}: no conflict tells of its collision")
    for (kind, record, name), value in last.items():
        if kind == "Quarantine":
            continue  # a request for release; what became of it is told below
        here = records.get((kind, record))
        hold(here is not None, f"{kind} {record} was accepted and is not there")
        kept = [(here or {}).get(name), *beside.get((kind, record, name), ()), *given_up.get((kind, record, name), ())]
        whole = [part.get(name) for part in beside.get((kind, record, WHOLE), ()) if isinstance(part, dict)]
        hold(value in kept or value in whole, f"{kind}.{name} of {record}: {value!r} is lost, there is {kept!r}")


def _overtaken(conflict: dict[str, Any] | None, lines: list[Line], number: int) -> bool:
    """Whether a settlement came after another device had written the field in dispute: the conflict took that value
    before the settler could see it, and stays open."""
    if conflict is None:
        return False
    target, settler = (conflict["target_kind"], conflict["target"]), lines[number].change.device
    writers = [line for line in lines[:number] if _writes(line, target, conflict["field"])]
    opened = next((place for place, line in enumerate(writers) if line.outcome == "conflict"), len(writers))
    return any(line.change.device != settler for line in writers[opened + 1 :])


def _writes(line: Line, target: tuple[str, str], field: str) -> bool:
    return line.outcome != "quarantined" and any(
        (operation.kind, operation.id) == target and (field == WHOLE or field in decode_fields(bytes(operation.fields)))
        for operation in line.change.operations
    )


def released_where_applied(records: dict[tuple[str, str], dict[str, Any]], lines: list[Line]) -> None:
    """A change set apart counts as released exactly where it was applied after all, whoever asked for that."""
    applied = {line.change.id for line in lines if line.released}
    for (kind, record), fields in records.items():
        if kind == "Quarantine":
            told = fields.get("released") is True
            hold(told == (fields["change"] in applied), f"Quarantine {record}: released {told}, applied {not told}")


def _conflicts(records: dict[tuple[str, str], dict[str, Any]]) -> dict[tuple[str, str, str], list[Any]]:
    found: dict[tuple[str, str, str], list[Any]] = {}
    for (kind, _), fields in records.items():
        if kind == "Conflict":
            values = [msgspec.msgpack.decode(fields["standing"]), msgspec.msgpack.decode(fields["other"])]
            found.setdefault((fields["target_kind"], fields["target"], fields["field"]), []).extend(values)
    return found
