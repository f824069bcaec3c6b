"""A case the county forwards to another town appears there whole with its trail, and nowhere else."""

import random
from collections.abc import Callable

from tests.e2e.county import County, Office
from tests.e2e.samples import differences, walk_in


def test_a_forwarded_case_arrives_whole_and_nowhere_else_and_its_receipt_comes_back(
    county: County, county_office: Office, new_town: Callable[[], Office], dice: random.Random
) -> None:
    first, second, third = new_town(), new_town(), new_town()
    value = walk_in(dice, nature="CLAIM", accused=[])
    saved = first.record("Reception", value)
    first.exchange()
    county_office.exchange()
    case = saved["case"]["id"]
    step = county_office.paper({"to_unit": second.unit, "method": "FORWARD", "note": "请依职权办理"})
    county_office.does("step", case, "FORWARD", "--in", step)
    county_office.exchange()
    for town in (second, third):
        town.exchange()
    shown = second.show("Case", case)
    wanted = {key: value[key] for key in ("title", "content", "claim", "nature")}
    assert differences(wanted, shown) == []
    assert [step["step"] for step in shown["trail"]] == ["REGISTER", "FORWARD"]
    assert [row["id"] for row in second.listed("Case")] == [case]
    assert third.listed("Case") == []
    assert second.verify()["digest"] == county.verify(second.unit)["digest"]
    second.does("step", case, "RECEIVE", "--in", second.paper({}))
    second.exchange()
    first.exchange()
    assert [step["step"] for step in first.show("Case", case)["trail"]] == ["REGISTER", "FORWARD", "RECEIVE"]
    row = next(row for row in first.listed("Case") if row["id"] == case)
    assert row["holder"] == second.unit
    assert first.verify()["digest"] == county.verify(first.unit)["digest"]
