"""Cases with the same key stand alike; what has more to it has no key."""

from typing import Any

from sync.domain.case_facts import CaseFacts
from sync.domain.fresh_cases import FACTS, fresh_days, fresh_key

CASE: dict[str, Any] = {"unit": "431021102", "nature": "CLAIM", "received_at": 1_795_000_000_000, "title": "水渠"}
STEP: dict[str, Any] = {"unit": "431021102", "step": "REGISTER", "at": 1_795_000_000_000, "role": "TOWN_CDI"}


def test_every_deciding_fact_is_in_the_key() -> None:
    made_otherwise = {"received_at", "accused_units", "managed_by", "void", "units"}
    assert set(FACTS) | made_otherwise == set(CaseFacts.__dataclass_fields__)
    for name in FACTS:
        assert fresh_key({**CASE, name: "another"}, STEP) != fresh_key(CASE, STEP)


def test_texts_and_the_hour_do_not_matter_the_day_does() -> None:
    other = {**CASE, "title": "道路", "received_at": CASE["received_at"] + 1}
    assert fresh_key(other, STEP) == fresh_key(CASE, STEP)
    assert fresh_days(other, STEP) == fresh_days(CASE, STEP)
    assert fresh_days({**CASE, "received_at": CASE["received_at"] + 86_400_000}, STEP) != fresh_days(CASE, STEP)


def test_a_step_with_more_to_it_has_no_key() -> None:
    assert fresh_key(CASE, {**STEP, "until": "2026-12-01"}) is None
    assert fresh_key(CASE, {**STEP, "step": "FORWARD"}) is None
    assert fresh_key(CASE, {**STEP, "unit": "431021001"}) != fresh_key(CASE, STEP)
