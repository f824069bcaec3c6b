"""A ticket that is typed: code and address, digits compared, let in at the county; every refusal changes nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.opening import enrol_by_code
from desktop.services.enrolling import TypedTicket
from sync.domain.errors import LiandongError
from sync.protocol.ticket import typed_code
from tests.e2e.county import County, Office
from tests.e2e.processes import Done, free_port
from tests.protocol.keyring import keyring


def code_for(county: County, unit: str, *words: str) -> str:
    """A code, as the verb prints it on a line of its own."""
    done = county.does("ticket", "--unit", unit, "--role", "TOWN_CDI,RECEPTION", "--code", *words)
    said, code = done.out.strip().splitlines()
    assert f"https://127.0.0.1:{county.port}" in said and "--confirm" not in said
    return code


def joins(office: Office, code: str, address: str, role: str = "TOWN_CDI") -> Done:
    return office.verb("init", "--code", code, "--address", address, "--user", office.user, "--role", role)


def devices(county: County, unit: str) -> list[dict[str, Any]]:
    return [row for row in county.does("devices", "--json").json if row["unit"] == unit]


def test_code_and_address_get_a_computer_in_once_its_digits_were_compared(
    county: County, unused_towns: Iterator[str]
) -> None:
    unit = next(unused_towns)
    code, address = code_for(county, unit), f"127.0.0.1:{county.port}"
    office = county.office_to_be(unit)
    first = joins(office, code.lower().replace("-", " "), address)
    assert first.code == 3 and not (office.folder / "vault.json").exists()
    [row] = devices(county, unit)
    assert row["state"] == "waiting" and row["comparison"] in first.err
    assert joins(office, code, address).code == 3
    other = county.office_to_be(unit, "李芳")
    assert joins(other, code, address).code == 1 and not any(other.files())
    county.does("confirm", row["device"])
    done = joins(office, code, address)
    assert (done.code, done.json["unit"]) == (0, unit), str(done)
    assert office.verify()["unit"] == unit
    assert [(row["state"], row["block"]) for row in devices(county, unit)] == [("active", "A")]


def test_every_refusal_is_clear_and_changes_nothing(
    county: County, unused_towns: Iterator[str], tmp_path: Path
) -> None:
    unit, address, profile = next(unused_towns), f"https://127.0.0.1:{county.port}/", tmp_path / "profile"
    code = code_for(county, unit)
    tries = {
        "ticket.typed_wrong": (("7" if code[0] != "7" else "8") + code[1:], address),
        "ticket.typed_length": (code[:-1], address),
        "ticket.typed_foreign": (typed_code(keyring().ticket()), address),
        "exchange.unreachable": (code, f"127.0.0.1:{free_port()}"),
        "ticket.address": (code, "http://127.0.0.1"),
        "exchange_refusals.ticket_expired": (code_for(county, unit, "--expires", "0"), address),
    }
    for key, (typed, where) in tries.items():
        assert refused(profile, typed, where) == key
        assert not any(profile.rglob("*")), key
    assert refused(profile, code, address, "TOWN_SEC") == "ticket.role_not_allowed"
    assert not any(profile.rglob("*")) and devices(county, unit) == []
    assert refused(profile, code, address) == "ticket.waiting"


def refused(profile: Path, code: str, address: str, role: str = "TOWN_CDI") -> str:
    with pytest.raises(LiandongError) as caught:
        enrol_by_code(profile, TypedTicket(code, address), "张明", role, "夜雨 剪韭 春山 2026")
    return caught.value.code
