"""The world of one schedule: its county, its devices, the sticks under way, and what was promised to whom."""

import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.storage.outbox import unpack_body
from sync.client.enrolment import Enrolled
from sync.protocol.messages import Change, decode_change
from tests.scenarios.county_end import MEMBERS, CountyEnd, Wire
from tests.scenarios.device import Device
from tests.scenarios.newer import NewerDevice

START_MS = 1_795_000_000_000
MINUTE_MS = 60_000


@dataclass
class Stick:
    """A carried file under way: a request of a device, or an answer to it."""

    device: str
    parts: list[bytes]


@dataclass
class World:
    """Everything of one schedule."""

    rng: random.Random
    county: CountyEnd
    folder: Path
    devices: dict[str, Device] = field(default_factory=dict)
    newer: NewerDevice = field(init=False)
    requests: list[Stick] = field(default_factory=list)
    answers: list[Stick] = field(default_factory=list)
    old_requests: list[bytes] = field(default_factory=list)
    """Requests by wire that a line may bring once more."""
    backups: list[Path] = field(default_factory=list)
    images: dict[str, tuple[Path, Enrolled]] = field(default_factory=dict)
    """Images of disks taken earlier, by device, and as what it was enrolled then."""
    excused: set[str] = field(default_factory=set)
    """Changes that went down with a disk and may or may not be at the county."""
    overstepped: set[str] = field(default_factory=set)
    """Changes their authors had no authority for."""
    restores: int = 0
    forked: bool = False
    """Some disk was copied or set back: the county may have met two histories of a device."""
    _now: int = START_MS
    _texts: int = 0

    def begin(self) -> None:
        """Devices with empty stores and a county without cases."""
        members = self.county.begin(self.now)
        for name in MEMBERS:
            if name == "newer":
                self.newer = NewerDevice(self.county.county, members[name], "TOWN_OFFICE")
                continue
            device = Device(name, self.county, members[name], self.folder / name, self.now)
            device.create_from(self.county.folder / f"store-{name}")
            self.devices[name] = device

    def close(self) -> None:
        """Close and remove what the schedule used."""
        for device in self.devices.values():
            device.close()
        shutil.rmtree(self.folder)

    def now(self) -> int:
        """Each look at the clock is a minute later."""
        self._now += MINUTE_MS
        return self._now

    def text(self) -> str:
        """A text that was never used before."""
        self._texts += 1
        return f"第{self._texts}稿"

    def some_device(self) -> Device:
        """Any device with a store."""
        return self.devices[self.rng.choice(sorted(self.devices))]

    def wire(self, *troubles: str) -> Wire:
        """A line with troubles; its requests are remembered."""
        return Wire(self.county, list(troubles), self.old_requests)

    def changes(self, device: Device, where: str = "1") -> list[Change]:
        """Changes of an outbox whose bodies are kept, in order."""
        sql = f"SELECT body, packed FROM outbox WHERE body IS NOT NULL AND {where} ORDER BY sequence"
        return [decode_change(unpack_body(*row)) for row in device.store.database.run(sql)]

    def promised(self) -> dict[str, Any]:
        """Every change any user was told is saved."""
        found = {change: device.name for device in self.devices.values() for change in device.receipts}
        return found | dict.fromkeys(self.newer.receipts, "newer")

    def kept_bodies(self) -> set[str]:
        """Changes some device can still send."""
        kept = {change.id for device in self.devices.values() for change in self.changes(device)}
        return kept | set(self.newer.receipts)
