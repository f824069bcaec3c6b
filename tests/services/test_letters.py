"""Letters of the loop: what the trail holds is on the paper, numbers come from one gapless register."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from desktop.app import open_office
from desktop.paths import ProfilePaths
from desktop.security.slots import VaultSecrets
from desktop.security.vault import create_vault, fresh_data_key
from desktop.services.office import Office
from desktop.services.shapes import Printed
from desktop.settings import Settings, save_settings
from desktop.storage.store import Store
from sync.domain.errors import InvalidInput, LiandongError, NotAllowed, Refused, UsageError
from tests.services.offices import PASSPHRASE, facts_of, make_keys, make_profile, opened

CLAIM: dict[str, Any] = {
    "source_channel": "VISIT",
    "received_at": "2026-11-20T09:00",
    "nature": "CLAIM",
    "title": "请求修复灌溉水渠",
    "content": "水渠垮塌",
    "claim": "春耕前修复水渠",
    "complainant": {"identity": "REAL", "name": "周𬭎"},
}
SIGNED = {"signer": "王镇长"}
NOTICE = {**SIGNED, "how_to_ask": "0735-1234567"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    folder = make_profile(tmp_path / "town")
    save_settings(
        ProfilePaths(folder).settings, Settings(contact="0735-0000", organ="仁义镇人民政府", document_mark="仁信")
    )
    with opened(folder) as opened_office:
        yield opened_office


def text_of(printed: Printed) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(printed.pdf)).pages).split())


def accepted(office: Office) -> str:
    case = office.record("Case", CLAIM).id
    office.step(case, "ACCEPT", {"at": "2026-11-21T09:00"})
    return case


def test_a_letter_is_a_draft_until_it_is_issued_and_keeps_its_number(office: Office) -> None:
    case = accepted(office)
    draft = office.print_form("acceptance_notice", case, paper={"how_to_ask": "0735-1234567"})
    assert draft.document == ""
    assert "未签发" in text_of(draft)
    issued = office.print_form("acceptance_notice", case, paper=NOTICE, issue=True)
    assert issued.document == "仁信〔2026〕1号"
    text = text_of(issued)
    for word in ("仁信〔2026〕1号", "周𬭎", "请求修复灌溉水渠", "2027年1月20日", "仁义镇人民政府", "0735-1234567"):
        assert word in text
    assert "未签发" not in text
    assert office.print_form("acceptance_notice", case, paper={}).document == issued.document
    with pytest.raises(Refused):
        office.print_form("acceptance_notice", case, paper=SIGNED, issue=True)
    second = office.print_form("acceptance_notice", case, paper={**SIGNED, "another": True}, issue=True)
    assert second.document == "仁信〔2026〕2号"


def test_one_register_serves_all_letters_without_a_gap(office: Office) -> None:
    case = accepted(office)
    office.print_form("acceptance_notice", case, paper=SIGNED, issue=True)
    refusals: tuple[tuple[str, dict[str, Any]], ...] = (
        ("answer_letter", SIGNED),
        ("transfer_letter", {"addressee": "县水利局"}),
        ("transfer_letter", {**SIGNED, "document": "仁信〔2026〕9号"}),
        ("transfer_letter", {**SIGNED, "addressee": "县\U0010fffd局"}),
    )
    for form, paper in refusals:
        with pytest.raises(LiandongError):
            office.print_form(form, case, paper=paper, issue=True)
    sent = office.print_form("transfer_letter", case, paper={**SIGNED, "addressee": "县水利局"}, issue=True)
    assert sent.document == "仁信〔2026〕2号"
    assert "周𬭎" not in text_of(sent)
    first = office.list_page("DocumentNumber").rows[-1]
    office.void("DocumentNumber", first.id, "作废重发")
    assert "未签发" in text_of(office.print_form("acceptance_notice", case))
    assert office.print_form("acceptance_notice", case, paper=SIGNED, issue=True).document == "仁信〔2026〕3号"


def test_the_trail_fills_what_nobody_types_twice(office: Office) -> None:
    case = accepted(office)
    office.step(case, "START", {})
    office.step(case, "EXTEND", {"days": 30, "reason": "等待检测报告"})
    sheet = text_of(office.print_form("extension_approval", case, paper={}))
    for word in ("等待检测报告", "2026年11月21日", "2027年1月20日", "2027年2月19日", "30"):
        assert word in sheet
    office.step(case, "RESULT", {"result": "TRUE", "claim_outcome": "SUPPORT", "note": "垮塌两处属实"})
    office.step(case, "ANSWER", {"note": "三月十五日前完工"})
    answer = text_of(office.print_form("answer_letter", case, paper=SIGNED, issue=True))
    for word in ("春耕前修复水渠", "垮塌两处属实", "支持", "三月十五日前完工", "周𬭎"):
        assert word in answer


def test_a_sheet_tells_of_the_last_request_and_of_what_was_done_since(tmp_path: Path) -> None:
    with opened(make_profile(tmp_path / "chief", "TOWN_CDI")) as office:
        tell_of_the_last(office)


def tell_of_the_last(office: Office) -> None:
    case = accepted(office)
    office.step(case, "START", {})
    office.step(case, "EXTEND", {"days": 30, "reason": "等待检测报告"})
    office.step(case, "EXTEND_DECIDE", {"approved": False, "note": "理由不足"})
    office.step(case, "EXTEND", {"days": 10, "reason": "专家未到"})
    sheet = text_of(office.print_form("extension_approval", case, paper={}))
    assert "专家未到" in sheet and "理由不足" not in sheet and "2027年1月30日" in sheet
    office.step(case, "EXTEND_DECIDE", {"approved": True, "note": "同意延长", "told": "电话告知"})
    sheet = text_of(office.print_form("extension_approval", case, paper={}))
    for word in ("同意延长", "电话告知", "2027年1月20日", "2027年1月30日"):
        assert word in sheet
    office.step(case, "RESULT", {"result": "TRUE", "claim_outcome": "SUPPORT", "note": "垮塌两处属实"})
    office.step(case, "ANSWER", {"note": "三月十五日前完工"})
    sheet = text_of(office.print_form("extension_approval", case, paper={}))
    assert "2027年1月20日" in sheet and "2027年1月30日" in sheet, "the same dates as before the answer"
    office.step(case, "REOPEN", {"reason": "未按期完工"})
    assert "2027年1月20日" not in text_of(office.print_form("extension_approval", case, paper={}))
    office.step(case, "START", {"at": "2026-12-20T09:00"})
    sheet = text_of(office.print_form("extension_approval", case, paper={}))
    for word in ("专家未到", "同意延长", "电话告知", "2027年1月30日"):
        assert word not in sheet
    assert "2027年2月18日" in sheet, "the limit of the new round, counted from its start"
    answer = text_of(office.print_form("answer_letter", case, paper=SIGNED))
    assert "垮塌两处属实" not in answer and "三月十五日前完工" not in answer


def test_accusations_get_none_of_the_petition_letters(office: Office) -> None:
    case = office.record("Case", {**CLAIM, "nature": "ACCUSE"}).id
    office.step(case, "ACCEPT", {})
    for form in ("acceptance_notice", "rejection_notice", "answer_letter"):
        with pytest.raises(LiandongError):
            office.print_form(form, case, paper=SIGNED)
    office.step(case, "NOTICE", {"told": "电话", "note": "愿意配合"})
    contact = text_of(office.print_form("realname_contact", case, paper={"staff": ["陈立", "何俊"]}))
    assert "愿意配合" in contact
    assert "陈立" in contact
    assert "周𬭎" not in contact
    claim = office.record("Case", CLAIM).id
    office.step(claim, "CLASSIFY", {"nature": "ACCUSE"})
    with pytest.raises(LiandongError):
        office.print_form("answer_letter", claim, paper=SIGNED)


def test_only_the_device_that_keeps_the_register_issues(tmp_path: Path) -> None:
    keys = make_keys()
    paths, data_key = ProfilePaths(tmp_path / "second"), fresh_data_key()
    Store.create(paths, data_key, replace(facts_of(keys), block="B")).close()
    create_vault(paths, "张明", "CDI_STAFF", PASSPHRASE, VaultSecrets(data_key, keys.unit_identity), iterations=1)
    with opened(tmp_path / "second") as office:
        case = accepted(office)
        with pytest.raises(NotAllowed) as refused:
            office.print_form("acceptance_notice", case, paper=SIGNED, issue=True)
    assert refused.value.code == "letters.no_register"


def test_a_paper_is_checked_field_by_field(office: Office) -> None:
    case = accepted(office)
    for paper, field in (
        ({"colour": "red"}, "colour"),
        ({"due": "2026-02-30"}, "due"),
        ({"document": "1号"}, "document"),
    ):
        with pytest.raises(InvalidInput) as refused:
            office.print_form("acceptance_notice", case, paper=paper)
        assert refused.value.values["field"] == field
    with pytest.raises(UsageError):
        office.print_form("reception_register", office.record("Reception", {"received_at": "2026-11-20"}).id, paper={})
    assert {row.name for row in office.paper_template("answer_letter")} >= {"claims", "claims[].outcome", "signer"}


def test_the_letterhead_is_the_same_for_all_at_the_profile(office: Office) -> None:
    kept = office.keep_letterhead(contact="0735-7654321", document_mark="仁")
    assert kept == {"contact": "0735-7654321", "organ": "仁义镇人民政府", "document_mark": "仁"}
    case = accepted(office)
    issued = office.print_form("acceptance_notice", case, paper=SIGNED, issue=True)
    assert issued.document == "仁〔2026〕1号"
    assert "0735-7654321" in text_of(issued)
    with pytest.raises(InvalidInput):
        office.keep_letterhead(organ="长" * 201)


def test_who_is_complained_about_sees_no_letter_of_it(tmp_path: Path) -> None:
    folder = make_profile(tmp_path / "town")
    with opened(folder) as office:
        case = office.record("Case", {**CLAIM, "nature": "ACCUSE", "accused": [{"name": "钱某"}]}).id
        office.print_form("transfer_letter", case, paper={**SIGNED, "addressee": "县纪委"}, issue=True)
        assert len(office.list_page("DocumentNumber").rows) == 1
        office.add_user("钱某", "CDI_STAFF", "another passphrase")
    other = open_office(folder, "another passphrase", "钱某")
    try:
        assert other.list_page("DocumentNumber").rows == ()
    finally:
        other.close()


def test_a_letter_tells_all_it_lacks_at_once_and_prints_the_same_list(office: Office) -> None:
    case = office.record("Case", CLAIM).id
    office.step(case, "REJECT", {"reason": "属人民法院职权范围"})
    assert office.letter_missing("rejection_notice", case) == ("provision", "turn_to", "signer")
    typed = {"provision": "信访工作条例", "signer": "王镇长"}
    assert office.letter_missing("rejection_notice", case, typed) == ("turn_to",)
    assert office.print_form("rejection_notice", case, paper=typed).missing == ("turn_to",)
    whole = {**typed, "turn_to": "县人民法院"}
    assert office.print_form("rejection_notice", case, paper=whole, issue=True).missing == ()
    assert office.letter_missing("rejection_notice", case, {"provision": "信访工作条例", "turn_to": "法院"}) == ()
    wanted = ("claims[0].facts", "claims[0].basis", "claims[0].opinion", "signer")
    assert office.letter_missing("answer_letter", case)[-4:] == wanted
    claims = [{"claim": "修渠", "facts": "属实", "basis": "规定", "opinion": "支持"}]
    answer = {"claims": claims, "accepted_at": "2026-11-21", "signer": "王镇长"}
    assert office.letter_missing("answer_letter", case, answer) == ()
    assert office.letter_missing("transfer_letter", case, {"method": "ASSIGN", "addressee": "水利站"}) == (
        "demand", "due", "signer",
    )  # fmt: skip
    with pytest.raises(UsageError):
        office.letter_missing("visit_record", case)


def test_every_sheet_about_a_case_says_what_it_lacks(office: Office) -> None:
    case = office.record("Case", {**CLAIM, "nature": "ACCUSE", "accused": [{"name": "李四"}]}).id
    assert office.letter_missing("realname_contact", case) == ("at", "way", "staff", "check", "answer")
    told = {"at": "2026-11-22T10:00", "way": "电话", "staff": ["张明", "李芳"], "check": "属实", "not_reached": "关机"}
    assert set(office.letter_missing("realname_contact", case, told)) <= {"check"}
    for form in ("proposal_sheet", "extension_approval", "realname_feedback", "delivery_receipt"):
        assert office.letter_missing(form, case)
    assert office.print_form("proposal_sheet", case, paper={"proposal": "拟自办", "where_to": "自办"}).missing == ()


def test_a_package_and_an_order_hold_what_the_trail_says(office: Office) -> None:
    case = office.record("Case", CLAIM).id
    office.step(case, "PACKAGE", {"to_person": "赵镇长", "until": "2027-03-15", "note": "一周内现场勘查"})
    sheet = text_of(office.print_form("leader_package", case, paper={"post": "镇长", "team": ["李芳", "何俊"]}))
    for said in ("赵镇长", "2027年3月15日", "一周内现场勘查", "李芳、何俊"):
        assert said in sheet
    assert office.letter_missing("leader_package", case, {"post": "镇长", "team": ["李芳"]}) == ()
    assert set(office.letter_missing("supervision_order", case)) >= {"supervise_method", "demand", "due"}
    order = {"old_limit": "2026-11-20", "date": "2026-11-25", "supervise_reason": "OVERDUE", "demand": "书面报告"}
    printed = text_of(office.print_form("supervision_order", case, paper=order))
    assert "督办原因超期" in printed
    assert "已超期5日" in printed
    with pytest.raises(LiandongError):
        office.print_form("supervision_order", case, paper=order, issue=True)


def test_a_claim_of_another_legal_procedure_gets_no_letter_of_opinion_and_no_sixty_days(office: Office) -> None:
    case = accepted(office)
    assert office.show("Case", case)["due_rule"] == "acceptance_notice"
    assert "handle_claim" in {due["rule"] for due in office.show("Case", case)["clocks"]}
    office.step(case, "CLASSIFY", {"procedure": "JUDICIAL"})
    shown = office.show("Case", case)
    assert shown["procedure"] == "JUDICIAL" and {due["rule"] for due in shown["clocks"]} == {"acceptance_notice"}
    office.step(case, "ANSWER", {"told": "已告知向人民法院起诉"})
    for issue in (False, True):
        with pytest.raises(Refused, match="other_procedure"):
            office.print_form("answer_letter", case, paper=SIGNED, issue=issue)
    notice = text_of(office.print_form("acceptance_notice", case, paper=NOTICE, issue=True))
    assert "2027年1月20日" not in notice
