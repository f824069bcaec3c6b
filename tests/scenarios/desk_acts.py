"""What people at desks do about what went wrong, how PCs join, and sticks in parts. Same shape as the acts."""

from typing import Any

import msgspec

from sync.domain.errors import Damaged, Refused
from sync.domain.ids import UnitCode
from sync.domain.settlement import settlement_reason
from sync.protocol.collisions import WHOLE
from sync.server.devices import revoke_device
from sync.server.release import release_change
from tests.scenarios.casework import register, take_step
from tests.scenarios.county_end import COUNTY, TOWNS
from tests.scenarios.device import Device
from tests.scenarios.world import Stick, World

MOST_JOINED = 1


# Conflicts and quarantine --------------------------------------------------------------------------------------------


def settle(world: World) -> str | None:
    """Somebody who may takes one of the two values."""
    device = world.some_device()
    found = []
    for record, fields in _open_ones(device, "Conflict", "settled"):
        if settlement_reason(device.unit, UnitCode(COUNTY), fields) is None:
            found.append((record, fields))
    if not found:
        return None
    record, fields = world.rng.choice(found)
    take_other = fields["field"] != WHOLE and world.rng.random() < 0.5
    with device.work() as work:
        work.edit("Conflict", record, settled=True)
        if take_other:
            value = msgspec.msgpack.decode(fields["other"])
            work.edit(fields["target_kind"], fields["target"], **{fields["field"]: value})
    return f"{device.name} {fields['target_kind']}.{fields['field']} {'other' if take_other else 'standing'}"


def release(world: World) -> str | None:
    """The county's office takes what was set apart on its own authority: at its PC, or by the server's verb."""
    office = world.devices["office"]
    found = _open_ones(office, "Quarantine", "released")
    if not found:
        return None
    record, fields = world.rng.choice(found)
    if world.rng.random() < 0.5:
        with office.work() as work:
            work.edit("Quarantine", record, released=True)
        return f"asked for {fields['reason']}"
    try:
        done = release_change(world.county.county, record, world.now())
    except Refused as refusal:
        return refusal.code
    return f"{done.outcome} with {len(done.released) - 1} more"


def oversteps_and_is_released(world: World) -> str | None:
    """A unit rewrites another's case; the office takes that on its own authority, the unit's answer once behind it."""
    sender, receiver, office = (world.devices[name] for name in ("longtan-1", "lufeng", "office"))
    with sender.work() as work:
        case = register(world, sender, work)
    take_step(world, sender, case.id, "FORWARD", receiver.unit)
    for device in (sender, receiver):
        device.exchange(world.wire())
    if receiver.fields("Case", case.id) is None:
        return None
    with receiver.work() as work:
        work.edit("Case", case.id, title=world.text())
    world.overstepped.add(receiver.receipts[-1])
    receiver.exchange(world.wire())
    office.exchange(world.wire())
    told = release(world)
    if world.rng.random() < 0.5:
        office.exchange(world.wire())
        receiver.exchange(world.wire())
    return f"{receiver.name} {case.id} {told}"


def _open_ones(device: Device, kind: str, closed: str) -> list[tuple[str, dict[str, Any]]]:
    rows = device.store.database.run(f'SELECT id FROM "record_{kind.lower()}" ORDER BY id')
    shown = [(row[0], device.fields(kind, row[0]) or {}) for row in rows]
    return [(record, fields) for record, fields in shown if not fields.get(closed)]


# Joining and being shut out ------------------------------------------------------------------------------------------


def joins_by_stick(world: World) -> str | None:
    """A further PC of a town joins without a wire; its stick is read twice."""
    name = f"joined-{len(world.devices)}"
    if sum("joined" in name for name in world.devices) >= MOST_JOINED:
        return None
    enrolled = world.county.enrol(world.rng.choice(TOWNS), by_stick=True, confirm=world.rng.random() < 0.5)
    device = Device(name, world.county, enrolled, world.folder / name, world.now)
    device.create()
    world.devices[name] = device
    return f"{name} in {device.unit}"


def revoked(world: World) -> str | None:
    """The county shuts a PC out; it hears of that at its next exchange and joins anew."""
    device = world.some_device()
    if device.lost_place or device.unit == COUNTY:
        return None
    try:
        revoke_device(world.county.county, device.enrolled.device, world.now())
    except Refused as refusal:
        if refusal.code != "county.unknown_device" or not world.restores:
            raise
        return f"{device.name} unknown to a restored county"
    return f"{device.name} hears {device.exchange(world.wire()) if world.rng.random() < 0.5 else 'later'}"


# Sticks --------------------------------------------------------------------------------------------------------------


def answer_in_parts(world: World) -> str | None:
    """An answer in several files, whose parts come in any order; first somebody forgets one."""
    device = world.some_device()
    if device.lost_place:
        return None
    parts = device.brought(device.carry_out(), part_bytes=1)
    if not parts:
        return f"{device.name} unknown"
    world.rng.shuffle(parts)
    told = "whole"
    if len(parts) > 1:
        told = _without_one(device, parts)
    if world.rng.random() < 0.5:
        world.answers.append(Stick(device.enrolled.device, parts))
        return f"{device.name} {len(parts)} parts, {told}, brought later"
    return f"{device.name} {len(parts)} parts, {told}, {device.carry_in(parts)}"


def _without_one(device: Device, parts: list[bytes]) -> str:
    before = device.position
    try:
        device.carry_in(parts[1:])
    except Damaged as error:
        assert error.code == "carried.part_missing"
        assert device.position == before
        return "one missing"
    raise AssertionError("an answer without one of its parts was taken")


def all_answers_at_once(world: World) -> str | None:
    """The folder with all answers for a PC is taken in as the window does."""
    waiting = {stick.device for stick in world.answers}
    found = [device for device in world.devices.values() if device.enrolled.device in waiting]
    if not found:
        return None
    device = world.rng.choice(found)
    files = [part for stick in world.answers if stick.device == device.enrolled.device for part in stick.parts]
    world.rng.shuffle(files)
    world.answers = [stick for stick in world.answers if stick.device != device.enrolled.device]
    try:
        told = device.carry_in_folder(files)
    except Refused as refusal:
        if refusal.code != "carried.earlier_missing" or not world.forked:
            raise
        told = "meant for the other of two disks"
    return f"{device.name} {len(files)} files {told}"
