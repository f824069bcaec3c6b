"""What the county keeps of a device without applying it has an end; the device is told, and loses nothing."""

from dataclasses import replace

import pytest

from sync.domain.errors import Refused
from sync.protocol.messages import Outcome
from sync.server.county import now_ms
from sync.server.devices import revoke_device
from sync.server.exchange import exchange
from sync.server.storage.caps import ENVELOPES, HELD
from tests.server.devices import Device


def test_changes_behind_a_gap_are_held_up_to_a_bound(town: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.server.intake.HELD", replace(HELD, most_rows=2))
    (_, first), (_, second), (_, third), (_, fourth) = (town.register() for _ in range(4))
    assert {result.outcome for result in town.send(second, third).results} == {Outcome.HELD}
    with pytest.raises(Refused, match="too_much_held"):
        town.send(third, fourth)
    assert {result.outcome for result in town.send(second, third).results} == {Outcome.HELD}
    assert [result.outcome for result in town.send(first, second, third, fourth).results] == [Outcome.ACCEPTED] * 4
    assert town.agrees()


def test_held_bytes_are_bounded_too(town: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.server.intake.HELD", replace(HELD, most_bytes=100))
    (_, first), (_, second) = town.register(), town.register()
    with pytest.raises(Refused, match="too_much_held"):
        town.send(second)
    assert {result.outcome for result in town.send(first, second).results} == {Outcome.ACCEPTED}


def test_a_revoked_device_fills_no_disk(town: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.server.exchange.ENVELOPES", replace(ENVELOPES, most_rows=1))
    revoke_device(town.county, town.enrolled.device, now_ms())
    first, second = (town.request(town.register()[1]) for _ in range(2))
    for envelope, code in ((first, "device_revoked"), (first, "device_revoked"), (second, "quarantine_full")):
        with pytest.raises(Refused, match=code):
            exchange(town.county, envelope, now_ms())
