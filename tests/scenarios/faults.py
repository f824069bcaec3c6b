"""What goes wrong. Same shape as the acts."""

from contextlib import suppress

from sync.domain.errors import Refused
from tests.scenarios import acts, casework, county_faults, desk_acts
from tests.scenarios.acts import Act
from tests.scenarios.device import Device, copy_disk
from tests.scenarios.world import World

MOST_RESTORES = 2
MOST_CLONES = 2


def request_lost(world: World) -> str:
    return _with_trouble(world, "request lost")


def answer_lost(world: World) -> str:
    """After the county's commit."""
    return _with_trouble(world, "answer lost")


def request_repeated(world: World) -> str:
    return _with_trouble(world, "request repeated")


def _with_trouble(world: World, trouble: str) -> str:
    device = world.some_device()
    before = [""] * world.rng.choice((0, 0, 1))
    return f"{device.name} {device.exchange(world.wire(*before, trouble))}"


def old_request_again(world: World) -> str | None:
    """A request from earlier reaches the county once more; nobody waits for its answer."""
    if not world.old_requests:
        return None
    world.county.answer(world.rng.choice(world.old_requests))
    return ""


def answers_twice(world: World) -> str | None:
    """All answers under way arrive, the newest first, each twice."""
    told = []
    for stick in list(reversed(world.answers)):
        for device in [d for d in world.devices.values() if d.enrolled.device == stick.device]:
            told += [device.carry_in(stick.parts), device.carry_in(stick.parts)]
    return " ".join(told) if told else None


def stale_answer(world: World) -> str | None:
    """A stick goes to the county, the wire overtakes it, and the answer comes after all."""
    device = world.some_device()
    stick = device.brought(device.carry_out()) if not device.lost_place else []
    if not stick:
        return None
    acts.exchange(world)
    device.exchange(world.wire())
    told = device.carry_in(stick)
    return f"{device.name} {told}"


def killed_while_saving(world: World) -> str:
    device = world.some_device()

    def save() -> None:
        with device.work() as work:
            casework.register(world, device, work)

    return f"{device.name} {device.kill_during(save, world.rng.randint(1, 12))}"


def killed_while_exchanging(world: World) -> str:
    device = world.some_device()
    wire = world.wire()
    tick = int(world.rng.triangular(1, 400, 20))
    return f"{device.name} {device.kill_during(lambda: device.exchange(wire), tick)}"


def killed_while_carrying_in(world: World) -> str | None:
    sticks = [(s, d) for s in world.answers for d in world.devices.values() if d.enrolled.device == s.device]
    if not sticks:
        return None
    stick, device = world.rng.choice(sticks)
    tick = int(world.rng.triangular(1, 200, 10))
    return f"{device.name} {device.kill_during(lambda: device.carry_in(stick.parts), tick)}"


def county_backed_up_or_restored(world: World) -> str | None:
    """First a backup; later, with luck, all the county did since is gone."""
    if not world.backups:
        world.backups.append(world.county.back_up())
        return "backed up"
    if world.restores >= MOST_RESTORES:
        return None
    kept = world.kept_bodies()
    world.county.restore(world.rng.choice(world.backups))
    world.restores += 1
    still = {line.change.id for line in world.county.log()}
    world.excused |= set(world.promised()) - still - kept
    return f"restored, {len(world.excused)} excused"


def restored_county_meets_old_requests(world: World) -> str | None:
    """What was under way when the county was set back comes to it before its devices know."""
    if not world.backups or world.restores >= MOST_RESTORES:
        return None
    told = county_backed_up_or_restored(world)
    late = sorted(world.old_requests[-40:], key=len)[-8:]
    for request in world.rng.sample(late, min(3, len(late))):
        with suppress(Refused):
            world.county.answer(request)
    return told


def stick_meets_restored_county(world: World) -> str | None:
    """A stick is under way while the county loses what came before it: a gap, until its device sends that again."""
    device = world.some_device()
    if not world.backups or world.restores >= MOST_RESTORES or device.lost_place:
        return None
    acts.record_case_at(world, device)
    device.exchange(world.wire())
    acts.record_case_at(world, device)
    request = device.carry_out()
    told = county_backed_up_or_restored(world)
    with suppress(Refused):
        world.county.accept(request)
    return f"{device.name} {told}"


def disk_cloned(world: World) -> str | None:
    """A profile is copied to another PC, and both are used."""
    if sum("copy" in name for name in world.devices) >= MOST_CLONES:
        return None
    origin = world.some_device()
    name = f"{origin.name}-copy"
    if "copy" in origin.name or name in world.devices:
        return None
    copy = Device(name, world.county, origin.enrolled, world.folder / name, world.now)
    copy_disk(origin.folder, copy.folder)
    copy.lost_place = origin.lost_place
    copy.open()
    world.forked = True
    world.devices[name] = copy
    return name


def disk_kept_or_set_back(world: World) -> str | None:
    """First an image of a disk; later the disk is as it was then, and what was only on it is gone."""
    if not world.images:
        device = world.some_device()
        world.images[device.name] = world.folder / f"{device.name}.old", device.enrolled
        copy_disk(device.folder, world.images[device.name][0])
        return f"image of {device.name}"
    [(name, (image, enrolled))] = world.images.items()
    device = world.devices[name]
    device.set_disk_back(image)
    device.enrolled = enrolled  # its keys lie on the same disk
    world.forked = True
    at_county = {line.change.id for line in world.county.log()}
    kept = world.kept_bodies()
    world.excused |= {change for change in device.receipts if change not in at_county | kept}
    world.images.clear()
    return f"{name} set back"


def enrolled_again(world: World) -> str | None:
    """Who lost his place joins anew; the county office's tickets are at hand."""
    lost = [device for device in world.devices.values() if device.lost_place]
    for device in lost:
        device.enrol_again(by_stick=world.rng.random() < 0.5)
    return ", ".join(device.name for device in lost) or None


def grant_races_edit(world: World) -> str | None:
    """One PC of a unit sends a case away while the other, not knowing, edits it; then the receiver edits too."""
    one, two = world.devices["longtan-1"], world.devices["longtan-2"]
    one.exchange(world.wire())
    two.exchange(world.wire())
    query = "SELECT id FROM record_case WHERE status = 'REGISTERED' AND holder = ? ORDER BY id"
    shared = [row[0] for row in one.store.database.run(query, (one.unit,)) if two.fields("Case", row[0])]
    if not shared:
        return None
    case = world.rng.choice(shared)
    receiver = world.devices["lufeng"]
    casework.take_step(world, one, case, "FORWARD", receiver.unit)
    acts.edit_record(world, two, "Case", case)
    ends = [one, two]
    world.rng.shuffle(ends)
    for device in ends:
        device.exchange(world.wire())
    receiver.exchange(world.wire())
    if receiver.fields("Case", case):
        acts.edit_record(world, receiver, "Case", case)
    return f"{receiver.name} {case}"


def withdrawn_with_unsent_work(world: World) -> str | None:
    """The receiver works offline on a case that its sender calls back meanwhile."""
    sender, receiver = world.devices["longtan-1"], world.devices[world.rng.choice(("lufeng", "renyi"))]
    for device in (sender, receiver):
        device.exchange(world.wire())
    cases = _handed_over(sender, receiver)
    if not cases:
        return _send_first(world, sender, receiver)
    case = world.rng.choice(cases)
    casework.take_step(world, sender, case, "RECALL")
    sender.exchange(world.wire())
    acts.edit_record(world, receiver, "Case", case)
    receiver.exchange(world.wire(), rounds=world.rng.choice((1, 1000)))
    return f"{receiver.name} {case}"


def withdrawal_comes_by_stick(world: World) -> str | None:
    """The answer that takes a case away comes by stick, while the receiver has gone on working on it."""
    sender, receiver = world.devices["longtan-1"], world.devices[world.rng.choice(("lufeng", "renyi"))]
    for device in (sender, receiver):
        device.exchange(world.wire())
    cases = _handed_over(sender, receiver)
    if not cases:
        return _send_first(world, sender, receiver)
    if receiver.lost_place:
        return None
    case = world.rng.choice(cases)
    request = receiver.carry_out()
    casework.take_step(world, sender, case, "RECALL")
    sender.exchange(world.wire())
    acts.edit_record(world, receiver, "Case", case)
    answer = receiver.brought(request)
    return f"{receiver.name} {case} {receiver.carry_in(answer) if answer else 'unknown'}"


def _handed_over(sender: Device, receiver: Device) -> list[str]:
    query = "SELECT id FROM record_case WHERE status = 'TRANSFERRED' AND holder = ? ORDER BY id"
    cases = [row[0] for row in receiver.store.database.run(query, (receiver.unit,))]
    return [case for case in cases if sender.fields("Case", case)]


def _send_first(world: World, sender: Device, receiver: Device) -> str | None:
    query = "SELECT id FROM record_case WHERE status = 'REGISTERED' AND holder = ? ORDER BY id"
    cases = [row[0] for row in sender.store.database.run(query, (sender.unit,))]
    if not cases:
        return None
    casework.take_step(world, sender, world.rng.choice(cases), "FORWARD", receiver.unit)
    sender.exchange(world.wire())
    return "sent"


FAULTS: dict[Act, int] = {
    request_lost: 3,
    answer_lost: 5,
    request_repeated: 3,
    old_request_again: 3,
    answers_twice: 3,
    stale_answer: 4,
    killed_while_saving: 3,
    killed_while_exchanging: 5,
    killed_while_carrying_in: 3,
    county_backed_up_or_restored: 3,
    disk_cloned: 1,
    disk_kept_or_set_back: 2,
    enrolled_again: 3,
    grant_races_edit: 3,
    withdrawn_with_unsent_work: 4,
    withdrawal_comes_by_stick: 4,
    restored_county_meets_old_requests: 3,
    stick_meets_restored_county: 4,
    county_faults.database_killed: 2,
    county_faults.database_killed_over_a_stick: 1,
    county_faults.middle_change_dropped: 4,
    desk_acts.revoked: 2,
    desk_acts.oversteps_and_is_released: 3,
}
"""Fault → how often."""
