"""Misfortunes of the county's end and gaps on the way to it. Same shape as the acts."""

from contextlib import suppress
from dataclasses import replace

from sync.client.asking import seal_request
from sync.domain.errors import LiandongError
from tests.scenarios import acts
from tests.scenarios.device import Device
from tests.scenarios.world import World


def database_killed(world: World) -> str:
    """PostgreSQL stops at once at some statement of an exchange; the device tries again later."""
    device = world.some_device()
    acts.record_case_at(world, device)
    with world.county.killed_at(world.rng.randint(1, 40)) as killed:
        told = device.exchange(world.wire())
    return f"{device.name} {told}, {'inside' if killed.happened else 'behind'}"


def database_killed_over_a_stick(world: World) -> str | None:
    """PostgreSQL stops while a stick is read; whoever sits at the county reads it again, or not."""
    device = world.some_device()
    if device.lost_place:
        return None
    acts.record_case_at(world, device)
    request = device.carry_out()
    with world.county.killed_at(world.rng.randint(1, 40)) as killed, suppress(LiandongError):
        world.county.accept(request)
    if world.rng.random() < 0.5:
        answer = device.brought(request)
        if answer:
            device.carry_in(answer)
    return f"{device.name} {'inside' if killed.happened else 'behind'}"


def middle_change_dropped(world: World) -> str | None:
    """A request that lacks a change in the middle reaches the county; later the device sends all of them."""
    device = world.some_device()
    if device.lost_place:
        return None
    for _ in range(2):
        acts.record_case_at(world, device)
    acts.record_then_edit_offline(world, device)
    _send_with_hole(world, device)
    if world.rng.random() < 0.5:
        return device.name
    return f"{device.name} {device.exchange(world.wire(), rounds=world.rng.choice((1, 1000)))}"


def _send_with_hole(world: World, device: Device) -> None:
    """The answer is lost; the hole is anywhere but at the end."""
    point = device.store.sync.standing_point()
    waiting = device.store.sync.waiting_changes(point.first_unacknowledged - 1, 100, 1 << 20)
    del waiting[world.rng.randrange(len(waiting) - 1)]
    first = replace(point, first_unacknowledged=waiting[0][0])
    bodies = tuple(body for _, body in waiting)
    with suppress(LiandongError):
        world.county.answer(seal_request(device.enrolled.link(), first, bodies, world.now(), 0))
