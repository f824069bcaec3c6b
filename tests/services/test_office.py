"""Use cases on a real encrypted store: what is recorded reads back; what must not be kept is not."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from desktop.errors import NotFound
from desktop.services.office import Office
from desktop.services.recording import DraftKey
from sync.domain.errors import InvalidInput, NotAllowed, Refused
from tests.services.offices import VILLAGE, Clock, make_profile, opened

VISIT: dict[str, Any] = {
    "contact_mode": "SCREEN",
    "started_at": "2026-11-20T09:10",
    "ended_at": "2026-11-20T11:40",
    "village": VILLAGE,
    "group": "三组",
    "visitors": ["张明", "李芳"],
    "company": "村支书",
    "unannounced": False,
    "households": [
        {
            "name": "䶮𬭎",
            "sex": "F",
            "age": 56,
            "family": "四口人",
            "address": "下湾",
            "phone": "13800000000",
            "note": "低保",
        },
        {"name": "王二"},
    ],
    "background": "背景",
    "problems": "道路未修",
    "suggestions": "尽快修路",
    "solved": "已当场答复",
    "findings": [
        {
            "text": "村务未公开",
            "outcome": "FOLLOW",
            "problem_tag": "VILLAGE_AFFAIRS",
            "responsible": "张明",
            "due": "2026-12-01",
        },
        {"text": "补贴问题", "outcome": "SOLVED"},
        {"text": "线索一条", "outcome": "CLUE"},
    ],
    "summary": "小结",
    "reflection": "体会",
    "signature_declined": True,
}
WALK_IN: dict[str, Any] = {
    "contact_mode": "RECEIVE",
    "received_at": "2026-11-20T14:05",
    "place": "接访室",
    "people": 6,
    "representatives": 2,
    "first_repeat": "REPEAT",
    "skip_level": True,
    "told_before": "村委会",
    "told_result": "未答复",
    "nature": "ACCUSE",
    "problem_tag": "SANZI",
    "title": "反映集体账目不清",
    "content": "村集体鱼塘承包款去向不明\n\t请求核查",
    "claim": "公开账目",
    "materials": "复印件两份",
    "receiver": "张明",
    "proposal": "拟转办",
    "leader_note": "请核",
    "went_to": "纪委",
    "agent": "赵六",
    "agent_authority": "一般代理",
    "remark": "无",
    "village": VILLAGE,
    "urgency": "URGENT",
    "secrecy": "NORMAL",
    "complainant": {
        "identity": "REAL",
        "complainant_type": "VILLAGER",
        "name": "李小龙",
        "sex": "M",
        "age": 61,
        "ethnicity": "汉",
        "political_status": "群众",
        "id_number": "11010519491231002X",
        "phone": "13912345678",
        "address": "桂阳县下湾村",
        "workplace": "务农",
    },
    "accused": [
        {"name": "钱某", "unit": "下湾村", "post": "会计", "level": "VILLAGE_CADRE", "managed_by": "VILLAGE"},
        {"name": "孙某", "unit": "下湾村", "post": "主任", "organisation": False},
    ],
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    with opened(make_profile(tmp_path / "town"), clock) as opened_office:
        yield opened_office


def holds(shown: Any, given: Any) -> bool:
    """Whether everything given is in what is shown."""
    if isinstance(given, dict):
        return all(name in shown and holds(shown[name], value) for name, value in given.items())
    if isinstance(given, list):
        return len(shown) == len(given) and all(holds(one, other) for one, other in zip(shown, given, strict=True))
    return bool(shown == given)


def store_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_a_visit_reads_back_whole_and_in_order(office: Office) -> None:
    saved = office.record("Visit", VISIT)
    assert (saved.number or "").startswith("431021102-2026-A-00001-")
    assert saved.warnings == ()
    assert holds(office.show("Visit", saved.id), VISIT)
    assert [row.title for row in office.list_page("Finding").rows] == ["线索一条", "补贴问题", "村务未公开"]


def test_a_walk_in_reads_back_whole_and_masks_who_complained(office: Office) -> None:
    saved = office.record("Reception", WALK_IN)
    assert saved.case is not None
    assert saved.case.number == saved.number
    shown = office.show("Reception", saved.id)
    without = {name: value for name, value in WALK_IN.items() if name != "complainant"}
    assert holds(shown, without)
    assert "李小龙" not in str(shown)
    assert shown["visit_form"] == ["GROUP", "REPEAT", "SKIP"]
    opened_one = office.show("Reception", saved.id, identity=True, reason="核实情况")
    assert opened_one["complainant"] == WALK_IN["complainant"]
    case = office.show("Case", saved.case.id)
    assert (case["status"], case["holder"]) == ("REGISTERED", "431021102")
    assert [row.columns["case"] for row in office.list_page("AccessEntry").rows] == [saved.case.id]


def test_an_identity_needs_a_reason_after_the_day(office: Office, clock: Clock) -> None:
    saved = office.record("Reception", WALK_IN)
    assert office.show("Reception", saved.id, identity=True)["complainant"]["name"] == "李小龙"
    clock.now += 86_400_000
    with pytest.raises(InvalidInput):
        office.show("Reception", saved.id, identity=True)
    assert office.list_page("AccessEntry").rows == ()


def test_a_protected_identity_cannot_be_read_by_the_town(office: Office) -> None:
    saved = office.record("Reception", {**WALK_IN, "secrecy": "PROTECTED"})
    with pytest.raises(NotAllowed) as refused:
        office.show("Reception", saved.id, identity=True, reason="核实")
    assert refused.value.code == "identity.not_for_you"
    assert office.list_page("AccessEntry").rows == ()
    pdf = office.print_form("reception_register", saved.id).pdf
    assert "李小龙" not in text_of(pdf)


def test_a_sealed_matter_leaves_only_its_stub(office: Office) -> None:
    office.save_draft("reception", "k1", {"content": "绝密内容"})
    stub = {"received_at": "2026-11-20T14:05", "envelope_number": "密001", "handed_to": "县纪委"}
    with pytest.raises(InvalidInput) as refused:
        office.record("Reception", {**stub, "managed_by": "COUNTY", "content": "绝密内容"})
    assert refused.value.values["field"] == "content"
    assert office.list_page("Reception").rows == ()
    saved = office.record("Reception", {**stub, "managed_by": "COUNTY"}, draft=DraftKey("reception", "k1"))
    assert saved.case is None
    assert office.drafts() == []
    assert office.list_page("Case").rows == ()
    assert office.search("绝密") == []
    shown = office.show("Reception", saved.id)
    assert holds(shown, stub)
    assert "managed_by" not in str(shown)
    assert "密001" in text_of(office.print_form("sealed_handover", saved.id).pdf)
    with pytest.raises(InvalidInput):
        office.print_form("reception_register", saved.id)


def test_nothing_of_a_case_lies_in_clear_on_the_disk(tmp_path: Path) -> None:
    folder = make_profile(tmp_path / "town")
    with opened(folder) as office:
        office.record("Reception", WALK_IN)
        office.save_draft("reception", "k", {"content": "草稿文字"})
        assert not any(word.encode() in store_bytes(folder) for word in ("李小龙", "鱼塘", "草稿", "13912345678"))
    assert not any(word.encode() in store_bytes(folder) for word in ("李小龙", "鱼塘", "草稿", "13912345678"))


def test_a_correction_keeps_the_old_value(office: Office) -> None:
    saved = office.record("Reception", WALK_IN)
    office.correct("Reception", saved.id, {"title": "改正的标题", "remark": None, "accused": [{"post": "出纳"}]})
    shown = office.show("Reception", saved.id)
    assert shown["title"] == "改正的标题"
    assert "remark" not in shown
    assert [person["post"] for person in shown["accused"]] == ["出纳", "主任"]
    assert [(one["field"], one["old"]) for one in shown["corrections"]] == [("remark", '"无"')]
    assert saved.case is not None
    assert office.show("Case", saved.case.id)["corrections"][0]["old"] == '"反映集体账目不清"'
    with pytest.raises(Refused):
        office.correct("Reception", saved.id, {"title": "改正的标题"})


def test_a_corrected_identity_is_sealed_anew(office: Office) -> None:
    saved = office.record("Reception", WALK_IN)
    office.correct("Reception", saved.id, {"complainant": {"identity": "REAL", "name": "李大龙"}})
    assert office.show("Reception", saved.id, identity=True, reason="核对")["complainant"]["name"] == "李大龙"
    office.correct("Reception", saved.id, {"secrecy": "PROTECTED"})
    with pytest.raises(NotAllowed):
        office.show("Reception", saved.id, identity=True, reason="核对")


def test_a_void_record_stays_with_its_reason(office: Office) -> None:
    saved = office.record("Visit", VISIT)
    office.void("Visit", saved.id, "重复登记")
    assert office.show("Visit", saved.id)["voided"]["reason"] == "重复登记"
    assert [row.void for row in office.list_page("Visit").rows] == [True]
    with pytest.raises(Refused):
        office.correct("Visit", saved.id, {"summary": "甲"})


def test_a_case_takes_its_steps(office: Office) -> None:
    saved = office.record("Case", {"source_channel": "LETTER", "received_at": "2026-11-20", "title": "来信"})
    allowed = {row.step for row in office.steps(saved.id) if row.allowed}
    assert "FORWARD" in allowed
    assert "REGISTER" not in allowed
    with pytest.raises(InvalidInput) as refused:
        office.step(saved.id, "FORWARD", {})
    assert refused.value.values["field"] == "to_unit"
    office.step(saved.id, "FORWARD", {"to_unit": "431021001", "method": "FORWARD", "note": "请办"})
    assert office.list_page("Case").rows[0].status == "TRANSFERRED"
    with pytest.raises(NotAllowed):
        office.step(saved.id, "FORWARD", {"to_unit": "431021001"})


def test_search_finds_any_piece_and_no_person(office: Office) -> None:
    saved = office.record("Reception", WALK_IN)
    assert {hit.kind for hit in office.search("鱼塘")} == {"Case"}
    assert office.search("李小龙") == []
    assert office.search(saved.number or "")
    similar = office.similar("有人反映鱼塘承包款去向不明的事")
    assert [hit.title for hit in similar] == ["反映集体账目不清"]


def test_places_are_found_before_the_directory_came(office: Office) -> None:
    assert [place.name for place in office.find_places("ltj")][:1] == ["龙潭街道"]
    assert office.find_places("431021102")[0].code == "431021102"
    assert {place.town for place in office.villages()} == {"仁义镇"}


def test_today_tells_of_drafts_unsent_and_villages(office: Office) -> None:
    office.record("Visit", {**VISIT, "started_at": "2026-11-24T09:10", "ended_at": None})
    office.save_draft("visit", "k", {"summary": "未完"})
    view = office.today()
    assert view.counts["Visit"] == 1
    assert view.exchange.unsent == 1
    assert [draft.body for draft in view.drafts] == [{"summary": "未完"}]
    assert VILLAGE not in {row.place.code for row in view.villages}
    assert view.villages_waiting == len(office.villages()) - 1


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_prints_carry_the_values_and_count_themselves(office: Office) -> None:
    visit = office.record("Visit", VISIT)
    first, second = office.print_form("visit_record", visit.id), office.print_form("visit_record", visit.id)
    assert (first.times, second.times) == (1, 2)
    for word in ("村务未公开", "道路未修", "体会"):
        assert word in text_of(first.pdf)
    walk_in = office.record("Reception", WALK_IN)
    register = text_of(office.print_form("reception_register", walk_in.id).pdf)
    assert "李小龙" in register
    receipt = text_of(office.print_form("reception_receipt", walk_in.id).pdf)
    assert "李小龙" not in receipt
    assert "鱼塘" not in receipt
    office.print_form("stay_summary", visit.id)
    assert len(office.list_page("Print").rows) == 5


def test_blank_sheets_use_up_numbers(office: Office) -> None:
    printed = office.print_blank("visit_record", 2)
    saved = office.record("Visit", VISIT)
    assert len({*printed.numbers, saved.number}) == 3


def test_a_cadre_in_charge_of_a_village_sees_own_records_only(tmp_path: Path) -> None:
    folder = make_profile(tmp_path / "town")
    with opened(folder) as office:
        saved = office.record("Visit", VISIT)
        office.add_user("李芳", "VILLAGE_COVER", "another passphrase")
    from desktop.app import open_office

    other = open_office(folder, "another passphrase", "李芳")
    try:
        assert other.list_page("Visit").rows == ()
        with pytest.raises(NotFound):
            other.show("Visit", saved.id)
    finally:
        other.close()


def test_who_is_complained_about_sees_nothing_of_it(office: Office) -> None:
    accused = [{"name": "张明", "managed_by": "VILLAGE"}]
    saved = office.record("Reception", {**WALK_IN, "accused": accused})
    with pytest.raises(NotFound):
        office.show("Reception", saved.id)
    assert office.list_page("Case").rows == ()
    assert office.search("鱼塘") == []


INTERVIEW: dict[str, Any] = {
    "interview_kind": "TALK",
    "started_at": "2026-11-21T09:00",
    "ended_at": "2026-11-21T10:00",
    "place": "谈话室",
    "interviewers": ["张明", "李芳"],
    "recorder": "李芳",
    "interpreter": "周译",
    "person": "钱某",
    "person_facts": "下湾村会计",
    "notices": ["IDENTITY", "RIGHTS"],
    "questions": [{"question": "账目在哪", "answer": "在村部"}],
    "recorded": True,
    "remark": "已核对",
}
RETURN_VISIT: dict[str, Any] = {
    "visited_at": "2026-11-25T09:00",
    "contact_mode": "RETURN",
    "staff": ["张明", "李芳"],
    "answer_received": True,
    "promise_kept": False,
    "manner": "SATISFIED",
    "opinion": "希望再看账本",
    "satisfaction": "BASIC",
    "rework": True,
}


def test_an_interview_prints_the_facts_of_the_complainant_with_the_name_or_not_at_all(office: Office) -> None:
    told = {name: value for name, value in INTERVIEW.items() if name not in ("person", "interview_kind")}
    for secrecy, seen in (("NORMAL", True), ("PROTECTED", False)):
        case = office.record("Reception", {**WALK_IN, "secrecy": secrecy}).case
        assert case is not None
        told |= {"interview_kind": "RECEPTION", "case": case.id, "person_facts": "三组原会计"}
        printed = text_of(office.print_form("interview_record", office.record("Interview", told).id).pdf)
        assert ("三组原会计" in printed) is seen
    letter = {"source_channel": "LETTER", "received_at": "2026-11-20T10:00", "title": "水渠"}
    told |= {"case": office.record("Case", letter).id}
    assert "三组原会计" in text_of(office.print_form("interview_record", office.record("Interview", told).id).pdf)


def test_interviews_and_return_visits_read_back_and_print(office: Office) -> None:
    case = office.record("Reception", WALK_IN).case
    assert case is not None
    interview = office.record("Interview", {**INTERVIEW, "case": case.id})
    assert holds(office.show("Interview", interview.id), INTERVIEW)
    printed = text_of(office.print_form("interview_record", interview.id).pdf)
    assert [word for word in ("账目在哪", "在村部", "周译", "下湾村会计", "谈话室") if word not in printed] == []
    revisit = office.record("ReturnVisit", {**RETURN_VISIT, "case": case.id})
    assert holds(office.show("ReturnVisit", revisit.id), RETURN_VISIT)
    printed = text_of(office.print_form("revisit_record", revisit.id).pdf)
    assert [word for word in ("希望再看账本", "2026年11月25日") if word not in printed] == []
    assert "鱼塘" not in printed
    rating = office.record("Rating", {"rated_at": "2026-11-26", "timely": True, "overall": "BASIC"})
    assert office.print_form("satisfaction_form", rating.id).times == 1
    with pytest.raises(InvalidInput):
        office.record("Interview", {**INTERVIEW, "interviewers": ["张明"]})
