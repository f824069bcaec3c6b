"""What no clock tells: a number given anew, until it is noted; a report owed as a helping unit."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.services.office import Office
from sync.domain.errors import Refused
from sync.domain.ids import RecordId, UnitCode, new_record_id
from sync.domain.records import Correction, Record, Step, Void
from tests.services.offices import COUNTY, NOW, TOWN, make_profile, opened

LETTER = {"source_channel": "LETTER", "received_at": "2026-11-20T14:05", "nature": "CLAIM", "title": "请求修渠"}
NEW = "431021102-2026-XIAN-00400-1"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(make_profile(tmp_path / "town")) as made:
        yield made


def put(office: Office, dossier: str, *records: Record) -> None:
    """Records as the county's feed would bring them."""
    with office._desk.work(NOW + 5) as work:
        for record in records:
            work.add(record, RecordId(dossier))


def renumber(office: Office, case: str, former: str) -> None:
    common: dict[str, Any] = {"unit": TOWN, "created_at": NOW + 3}
    old, new = json.dumps(former), json.dumps(NEW)
    put(
        office, case,
        Correction(
            id=new_record_id(), **common, target_kind="Case", target=RecordId(case), field="number", old=old, new=new
        ),
        Void(id=new_record_id(), **common, target_kind="Number", target=new_record_id(), number=former, reason="重号"),
    )  # fmt: skip


def test_a_new_number_is_told_until_it_is_noted(office: Office) -> None:
    saved = office.record("Case", LETTER)
    renumber(office, saved.id, saved.number or "")
    (told,) = office.today().reminders
    assert (told.code, told.record, told.former, told.number) == ("renumbered", saved.id, saved.number, NEW)
    assert office.note_reminder(told.id) == told
    assert office.today().reminders == ()
    with pytest.raises(Refused):
        office.note_reminder(told.id)
    (line,) = [one for one in office.account_log(20) if one.act == "RENUMBERED"]
    assert line.subject == saved.number


def test_another_units_new_number_is_not_told_here(office: Office) -> None:
    saved = office.record("Case", LETTER)
    void = Void(
        id=new_record_id(), unit=COUNTY, created_at=NOW, target_kind="Number", target=new_record_id(), number="1",
        reason="重号",
    )  # fmt: skip
    put(office, saved.id, void)
    assert office.today().reminders == ()


def test_a_helping_unit_is_told_what_it_owes(office: Office) -> None:
    saved = office.record("Case", LETTER)
    acts: tuple[tuple[str, UnitCode, dict[str, Any]], ...] = (
        ("FORWARD", TOWN, {"to_unit": COUNTY}), ("RECEIVE", COUNTY, {}), ("START", COUNTY, {}),
        ("CO_UNIT", COUNTY, {"units": (TOWN,), "until": "2026-12-10"}),
    )  # fmt: skip
    for moment, (code, unit, values) in enumerate(acts, NOW):
        step = Step(
            id=new_record_id(), unit=unit, created_at=moment, at=moment, case=RecordId(saved.id), step=code, **values
        )
        put(office, saved.id, step)
    (told,) = office.today().reminders
    assert (told.code, told.record, told.until) == ("co_answer", saved.id, "2026-12-10")
    with pytest.raises(Refused):
        office.note_reminder(told.id)
    office.step(saved.id, "CO_ANSWER", {"note": "渠道产权属本镇"})
    assert office.today().reminders == ()
    assert office.show("Case", saved.id)["holder"] == COUNTY


def test_an_envelope_that_was_not_handed_on_is_told_with_its_day(office: Office) -> None:
    stub = office.record("Reception", {"received_at": "2026-11-20", "secrecy": "SEALED", "envelope_number": "密7"})
    (told,) = office.today().reminders
    assert (told.code, told.record, told.title, told.until) == ("hand_on", stub.id, "密7", "2026-11-27")
    office.correct("Reception", stub.id, {"handed_to": "县纪委信访室"})
    assert office.today().reminders == ()
