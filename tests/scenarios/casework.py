"""What a case is made of: heads of records, registration, steps."""

from typing import Any

from desktop.storage.unit_of_work import UnitOfWork
from sync.domain.ids import RecordId, UnitCode, new_record_id
from sync.domain.records import Case, Step
from tests.scenarios.county_end import TOWNS
from tests.scenarios.device import Device
from tests.scenarios.world import World


def new_head(world: World, device: Device) -> dict[str, Any]:
    return {"id": new_record_id(), "unit": device.unit, "created_at": world.now(), "author": "张明"}


def register(world: World, device: Device, work: UnitOfWork) -> Case:
    head: Any = new_head(world, device)
    case = Case(
        **head,
        number=work.draw_number(2026),
        source_channel="VISIT",
        received_at=head["created_at"],
        nature=world.rng.choice(("CLAIM", "ACCUSE")),
        title=world.text(),
        content=world.text(),
    )
    work.add(case)
    work.add(Step(**new_head(world, device), case=case.id, step="REGISTER", at=head["created_at"]))
    return case


def take_step(world: World, device: Device, case: str, code: str, to: str = "") -> str:
    given: dict[str, Any] = {}
    if code in ("FORWARD", "ASSIGN"):
        given["to_unit"] = UnitCode(to or world.rng.choice([unit for unit in TOWNS if unit != device.unit]))
    if code in ("RETURN", "RECALL"):
        given["reason"] = world.text()
    if code == "CLASSIFY":
        given["route"] = "FIRST"
    head = new_head(world, device)
    with device.work() as work:
        work.add(Step(**head, case=RecordId(case), step=code, at=head["created_at"], **given))
    return f"{device.name} {code} {given.get('to_unit', '')}".strip()
