"""Interviews, return visits, ratings and steps: opened from a reception or a case, and what each refuses."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.services.office import Office
from sync.domain.errors import InvalidInput, LiandongError, NotAllowed
from tests.services.offices import make_profile, opened

WALK_IN: dict[str, Any] = {
    "received_at": "2026-11-20T14:05",
    "nature": "CLAIM",
    "title": "请求修渠",
    "complainant": {"identity": "REAL", "name": "周𬭎"},
}
TALK: dict[str, Any] = {
    "interview_kind": "TALK",
    "started_at": "2026-11-20T15:00",
    "interviewers": ["张明", "李芳"],
}
TOWN, OTHER = "431021102", "431021001"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(make_profile(tmp_path / "town"), None) as opened_office:
        yield opened_office


def refused_field(act: Any) -> str:
    with pytest.raises(InvalidInput) as refused:
        act()
    return str(refused.value.values["field"])


def test_records_of_the_loop_hang_on_the_case_of_the_reception(office: Office) -> None:
    saved = office.record("Reception", WALK_IN)
    assert saved.case is not None
    given: dict[str, dict[str, Any]] = {
        "Interview": TALK,
        "ReturnVisit": {"visited_at": "2026-11-21T09:00", "satisfaction": "BASIC", "staff": ["张明"]},
        "Rating": {"rated_at": "2026-11-21T09:00", "timely": True, "overall": "SATISFIED"},
    }
    for kind, values in given.items():
        made = office.record(kind, {**values, "reception": saved.id})
        assert office.show(kind, made.id)["case"] == saved.case.id
        assert refused_field(lambda kind=kind, values=values: office.record(kind, {**values, "reception": "0" * 32}))
    assert refused_field(lambda: office.record("ReturnVisit", {"visited_at": "2026-11-21"})) == "case"
    stub = office.record("Reception", {"received_at": "2026-11-20", "secrecy": "SEALED", "envelope_number": "1"})
    assert refused_field(lambda: office.record("Interview", {**TALK, "reception": stub.id})) == "reception"


def test_a_talk_has_two_interviewers_and_keeps_them(office: Office) -> None:
    assert refused_field(lambda: office.record("Interview", {**TALK, "interviewers": ["张明"]})) == "interviewers"
    alone = office.record("Interview", {**TALK, "interview_kind": "RECEPTION", "interviewers": ["张明"]})
    assert [notice.code for notice in alone.warnings] == ["record.alone"]
    assert refused_field(lambda: office.correct("Interview", alone.id, {"interview_kind": "TALK"})) == "interviewers"
    talk = office.record("Interview", TALK)
    assert refused_field(lambda: office.correct("Interview", talk.id, {"interviewers": ["张明"]})) == "interviewers"
    office.correct("Interview", talk.id, {"interviewers": ["张明", "何俊"]})
    office.void("Interview", talk.id, "重复")


def test_a_step_is_checked_whole_before_anything_is_written(office: Office) -> None:
    case = office.record("Case", {**WALK_IN, "source_channel": "VISIT"}).id
    before = len(office.show("Case", case)["trail"])
    office.step(case, "ACCEPT", {})
    wrong: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("FORWARD", {"to_unit": TOWN}, "to_unit"),
        ("FORWARD", {"to_unit": OTHER, "colour": "red"}, "colour"),
        ("CO_UNIT", {"units": ["999999999"]}, "units.0"),
        ("EXTEND", {"days": 31, "reason": "检测"}, "days"),
        ("CLASSIFY", {"note": "无"}, "route"),
        ("CLOSE", {}, "excuses"),
        ("CLOSE", {"excuses": [{"point": "RATED"}]}, "excuses.0.reason"),
        ("SUPERVISE_ANSWER", {"note": "已办", "refers": "0" * 32}, "refers"),
    )
    for step, values, field in wrong:
        with pytest.raises(LiandongError) as refused:
            office.step(case, step, values)
        assert isinstance(refused.value, NotAllowed) or refused.value.values["field"] == field, step
    assert len(office.show("Case", case)["trail"]) == before + 1


def test_points_not_done_are_excused_in_writing(office: Office) -> None:
    case = office.record("Case", {**WALK_IN, "source_channel": "VISIT"}).id
    for step, values in (("ACCEPT", {}), ("START", {}), ("RESULT", {"result": "TRUE"})):
        office.step(case, step, values)
    offered = {row.step: row for row in office.steps(case)}
    assert offered["CLOSE"].points == ("ANSWERED", "REVISITED", "RATED")
    excuses = [{"point": point, "reason": "信访人外出务工,电话不通"} for point in offered["CLOSE"].points]
    office.step(case, "CLOSE", {"excuses": excuses})
    shown = office.show("Case", case)
    assert shown["status"] == "CLOSED"
    assert shown["trail"][-1]["excuses"] == excuses
