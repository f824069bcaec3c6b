"""Short ways to write the steps of a case in tests."""

from typing import Any

from sync.domain.case_facts import StepFact
from sync.domain.ids import RecordId, UnitCode, new_record_id
from sync.domain.records import Step

COUNTY = UnitCode("431021")
TOWN = UnitCode("431021001")
OTHER = UnitCode("431021002")
THIRD = UnitCode("431021102")
CASE = RecordId("c" * 32)
DAY = 86_400_000
START = 1_795_000_000_000


def step(code: str, unit: UnitCode, order: int | None, **fields: Any) -> StepFact:
    """A step accepted at ``order`` (None = unsent), made ``order`` minutes after the start."""
    moment = START + (order or 900) * 60_000
    values = {"at": moment, "created_at": moment, **fields}
    return StepFact(Step(id=new_record_id(), unit=unit, case=CASE, step=code, **values), order)
