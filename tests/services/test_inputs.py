"""Input of records: what is taken, what is refused and by which name."""

from datetime import date, time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.services.inputs import notices
from desktop.services.inputs.friendly_dates import friendly_day, friendly_time
from desktop.services.inputs.kinds import SHAPES
from desktop.services.inputs.reading import MatterInput, SealedInput, read_case, read_reception, read_visit
from desktop.services.inputs.template import template
from desktop.services.inputs.values import Directory
from sync.domain.errors import InvalidInput
from sync.domain.times import local_text
from sync.shipped.texts import load_catalogue

VILLAGE = "431021102200"
DIRECTORY = Directory(lambda code: code == VILLAGE, lambda code: code == "431021102")
NOW = 1_800_000_000_000
VISIT: dict[str, Any] = {
    "contact_mode": "SCREEN",
    "village": VILLAGE,
    "started_at": "2026-11-20T09:10",
    "ended_at": "2026-11-20T11:40",
    "visitors": ["张明", "李芳"],
    "unannounced": True,
    "households": [{"name": "王建国", "age": 56}],
    "findings": [{"text": "村务未公开", "outcome": "FOLLOW", "due": "2026-12-01"}],
}
WALK_IN: dict[str, Any] = {
    "contact_mode": "RECEIVE",
    "received_at": "2026-11-20T14:05",
    "people": 1,
    "nature": "ACCUSE",
    "title": "反映账目",
    "content": "  第一行\n\t第二行 ",
    "complainant": {"identity": "REAL", "name": "李小龙", "phone": "１３８００００", "age": 61},
    "accused": [{"name": "甲", "unit": "某村", "post": "会计", "managed_by": "VILLAGE"}],
}


def refused_field(read: Any, *args: Any) -> str:
    with pytest.raises(InvalidInput) as trouble:
        read(*args)
    assert load_catalogue().say_error(trouble.value, "en")
    return str(trouble.value.values["field"])


def test_a_visit_keeps_every_value() -> None:
    parts = read_visit(VISIT, DIRECTORY)
    assert local_text(parts.visit["started_at"]) == "2026-11-20T09:10"
    assert parts.visit["households"][0].age == 56
    assert parts.findings == ({"text": "村务未公开", "outcome": "FOLLOW", "due": "2026-12-01"},)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"village": "431021102999"}, "village"),
        ({"visitors": "张明"}, "visitors"),
        ({"visitors": ["张明", 3]}, "visitors.1"),
        ({"started_at": "2026-02-30T09:10"}, "started_at"),
        ({"ended_at": "2026-11-20T08:00"}, "ended_at"),
        ({"unannounced": "yes"}, "unannounced"),
        ({"households": [{"name": "甲"}, {"age": "56"}]}, "households.1.age"),
        ({"households": [{"age": 151}]}, "households.0.age"),
        ({"findings": [{"text": "甲", "outcome": "LATER"}]}, "findings.0.outcome"),
        ({"findings": [{"outcome": "FOLLOW"}]}, "findings.0.text"),
        ({"findings": [{"text": "甲", "due": "2026-11-31"}]}, "findings.0.due"),
        ({"findings": [{"text": "甲", "case": "1"}]}, "findings.0.case"),
        ({"weather": "fine"}, "weather"),
        ({"summary": "a\0b"}, "summary"),
        ({"summary": "\ud800"}, "summary"),
        ({"contact_mode": None}, "contact_mode"),
    ],
)
def test_what_is_wrong_is_refused_by_its_name(change: dict[str, Any], name: str) -> None:
    assert refused_field(read_visit, {**VISIT, **change}, DIRECTORY) == name


def test_a_walk_in_gives_reception_case_identity_and_accused() -> None:
    parts = read_reception(WALK_IN, DIRECTORY, "TOWN")
    assert isinstance(parts, MatterInput)
    assert parts.reception is not None
    assert parts.reception["people"] == 1
    assert parts.case["source_channel"] == "VISIT"
    assert parts.case["content"] == "  第一行\n\t第二行 "
    assert parts.case["identity"] == "REAL"
    assert parts.identity is not None
    assert parts.identity.phone == "1380000"
    assert parts.accused == ({"name": "甲", "workplace": "某村", "post": "会计", "managed_by": "VILLAGE"},)


SEALED_BASE = {"received_at": "2026-11-20T14:05", "envelope_number": "密０１", "handed_to": "县纪委"}


@pytest.mark.parametrize(
    "trigger",
    [{"secrecy": "SEALED"}, {"managed_by": "COUNTY"}, {"accused": [{"managed_by": "CITY"}]}, {"managed_by": "CENTRE"}],
)
def test_a_sealed_matter_gives_its_stub_only(trigger: dict[str, Any]) -> None:
    parts = read_reception({**SEALED_BASE, **trigger}, DIRECTORY, "TOWN")
    assert isinstance(parts, SealedInput)
    assert parts.reception.keys() == SEALED_BASE.keys()


@given(
    name=st.sampled_from(sorted(set(SHAPES["Reception"].by_name()) - SEALED_BASE.keys() - {"secrecy", "managed_by"}))
)
def test_a_sealed_matter_takes_nothing_else(name: str) -> None:
    value: object = [{"managed_by": "COUNTY", "name": "甲"}] if name == "accused" else "x"
    refused = refused_field(read_reception, {**SEALED_BASE, "secrecy": "SEALED", name: value}, DIRECTORY, "TOWN")
    assert refused in (name, "accused.0.name")


def test_a_county_handles_county_cadres_itself() -> None:
    data = {**WALK_IN, "accused": [{"managed_by": "COUNTY", "name": "甲"}]}
    assert isinstance(read_reception(data, DIRECTORY, "COUNTY"), MatterInput)
    assert refused_field(read_reception, data, DIRECTORY, "TOWN") == "contact_mode"


def test_a_case_needs_its_channel() -> None:
    assert refused_field(read_case, {"received_at": "2026-11-20", "title": "甲"}, DIRECTORY, "TOWN") == "source_channel"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "甲", "2026-11-20", "SEALED", "\0"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "age", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(sorted(SHAPES["Reception"].by_name())), JSON_VALUES, max_size=6))
def test_no_input_whatever_breaks_the_reading(data: dict[str, Any]) -> None:
    try:
        read_reception(data, DIRECTORY, "TOWN")
    except InvalidInput as trouble:
        assert str(trouble.values["field"]).split(".")[0] in {*SHAPES["Reception"].by_name(), "-"}


def test_notices_tell_what_a_person_should_look_at() -> None:
    alone = read_visit({**VISIT, "visitors": ["张明"]}, DIRECTORY)
    assert [notice.code for notice in notices.of_visit(alone, NOW)] == ["record.alone"]
    loud = read_reception({**WALK_IN, "content": "我是李小龙", "people": 9}, DIRECTORY, "TOWN")
    assert isinstance(loud, MatterInput)
    codes = [notice.code for notice in notices.of_matter(loud, NOW)]
    assert codes == ["record.identity_in_text", "record.representatives"]


def test_the_form_of_a_visit_is_computed() -> None:
    assert notices.visit_form(5, "REPEAT", True) == ("GROUP", "REPEAT", "SKIP")
    assert notices.visit_form(None, "FIRST", None) == ("SINGLE",)


def test_an_identity_number_is_checked() -> None:
    assert notices.is_id_number("11010519491231002X")
    assert not notices.is_id_number("110105194912310021")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1121", date(2026, 11, 21)),
        ("１１２１", date(2026, 11, 21)),
        ("昨天", date(2026, 11, 27)),
        ("1201", date(2025, 12, 1)),
        ("20日", date(2026, 11, 20)),
        ("30", date(2026, 10, 30)),
        ("2026年1月5日", date(2026, 1, 5)),
        ("20260105", date(2026, 1, 5)),
        ("0229", date(2024, 2, 29)),
        ("上周五", date(2026, 11, 20)),
        ("0231", None),
        ("甲", None),
    ],
)
def test_friendly_days(text: str, day: date | None) -> None:
    assert friendly_day(text, date(2026, 11, 28)) == day


def test_friendly_times() -> None:
    assert friendly_time("0910") == friendly_time("9点10分") == time(9, 10)
    assert friendly_time("2510") is None


def test_a_template_names_every_field_in_form_order() -> None:
    names = [row.name for row in template("Visit")]
    assert names.index("village") < names.index("households[].name") < names.index("findings[].outcome")
    assert next(row for row in template("Reception") if row.name == "complainant.sex").codes == ("M", "F")
