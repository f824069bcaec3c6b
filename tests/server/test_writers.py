"""Several devices at once: one writer at a time, readers never skip a row."""

from concurrent.futures import ThreadPoolExecutor

from sync.protocol.messages import Outcome
from sync.server.county import County
from sync.server.verifying import verify_county
from tests.server.devices import Device, enrolled

CHANGES = 6


def write(device: Device) -> set[str]:
    outcomes: set[str] = set()
    for _ in range(CHANGES):
        outcomes |= {result.outcome for result in device.send(device.register()[1]).results}
    return outcomes


def test_four_devices_write_and_read_at_once(county: County) -> None:
    devices = [enrolled(county, "431021104") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(write, devices))
    assert outcomes == [{Outcome.ACCEPTED}] * 4
    for device in devices:
        device.send()
        assert device.agrees()
        assert len([key for key in device.records if key[0] == "Case"]) == 4 * CHANGES
    assert verify_county(county, "431021104")[0]["store"] == "ok"
