"""The part of an office that is the county's desk: sticks, towns, devices that wait, changes held behind a gap."""

from collections.abc import Callable
from pathlib import Path

from desktop.services import county_desk, county_devices, county_held, exchanging
from desktop.services.problem_shapes import BatchRow
from desktop.services.rulekeeping import Rulekeeping
from sync.protocol.county_desk import TownsAnswer, WaitingRow
from sync.protocol.held_desk import HeldAnswer, HeldDevice


class CountyWork(Rulekeeping):
    """Use cases of the county's own unit. Every method raises subclasses of LiandongError only."""

    def take_batches(
        self,
        paths: list[Path],
        told: Callable[[BatchRow], None] = lambda _: None,
        stop: Callable[[], bool] = lambda: False,
        borrow: exchanging.Borrow = exchanging.at_once,
    ) -> list[BatchRow]:
        """The county's desk: hand carried files to the server, answers beside them."""
        return county_desk.take_batches(self._desk, paths, told, stop, borrow)

    def towns(self, borrow: exchanging.Borrow = exchanging.at_once) -> TownsAnswer:
        """The county's desk: how the towns stand at the server."""
        return county_desk.towns(self._desk, borrow)

    def waiting_devices(self, borrow: exchanging.Borrow = exchanging.at_once) -> tuple[WaitingRow, ...]:
        """The county's desk: devices that wait to be let in."""
        return county_devices.waiting_devices(self._desk, borrow)

    def admit_device(self, row: WaitingRow, borrow: exchanging.Borrow = exchanging.at_once) -> tuple[WaitingRow, ...]:
        """The county's desk: let a device in whose digits were compared; those that still wait."""
        return county_devices.admit_device(self._desk, row, borrow)

    def turn_device_away(
        self, row: WaitingRow, borrow: exchanging.Borrow = exchanging.at_once
    ) -> tuple[WaitingRow, ...]:
        """The county's desk: refuse a waiting device for good; those that still wait."""
        return county_devices.turn_device_away(self._desk, row, borrow)

    def held_changes(self, borrow: exchanging.Borrow = exchanging.at_once) -> HeldAnswer:
        """The county's desk: devices of which changes wait for earlier ones."""
        return county_held.held_changes(self._desk, borrow)

    def let_go(
        self, row: HeldDevice, reason: str, *, apart: bool = False, borrow: exchanging.Borrow = exchanging.at_once
    ) -> HeldAnswer:
        """The county's desk: judge what a lost device left behind; what is still held."""
        return county_held.let_go(self._desk, row, reason, apart=apart, borrow=borrow)
