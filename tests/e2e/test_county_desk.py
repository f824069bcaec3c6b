"""The county office's desk over the real wire: sticks go to the server unopened, answers lie beside them."""

from collections.abc import Callable
from pathlib import Path

from desktop.app import open_office
from tests.e2e.county import Office

VISIT = {"contact_mode": "SCREEN", "started_at": "2026-11-20T09:10", "visitors": ["张明", "李芳"], "summary": "巡查"}


def test_sticks_are_taken_and_answered_beside_themselves(
    county_office: Office, new_town: Callable[[], Office], tmp_path: Path
) -> None:
    town = new_town()
    town.record("Visit", VISIT)
    stick, broken = tmp_path / "stick.ldc", tmp_path / "broken.ldc"
    town.does("exchange", "--carry-out", stick)
    broken.write_bytes(stick.read_bytes()[:-9])
    passphrase = county_office.passphrase.read_text(encoding="utf-8").splitlines()[0]
    desk = open_office(county_office.folder, passphrase)
    try:
        first = desk.take_batches([stick, broken])
        again = desk.take_batches([stick])
        stands = {row.unit: row for row in desk.towns().towns}
    finally:
        desk.close()
    assert [(row.state, row.answers) for row in first] == [("accepted", ("stick.ldc.answer",)), ("damaged", ())]
    assert [(row.state, row.answers) for row in again] == [("repeat", ("stick.ldc.answer-2",))]
    assert (first[0].unit, first[1].problem) == (town.unit, "carried.damaged")
    assert stands[town.unit].agreed
    done = town.does("exchange", "--carry-in", tmp_path / "stick.ldc.answer").json
    assert (done["agreed"], done["unsent"]) == (True, 0)
