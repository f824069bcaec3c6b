"""What is missing, rare or too long for its page leaves paper that can still be read, filled in and signed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.forms.errors import FormError
from desktop.forms.fonts import Face, FontBook, shipped_book
from desktop.forms.form import PrintStamp
from desktop.forms.handover_list import HandoverItem
from desktop.forms.registry import FORMS
from desktop.forms.sample_readouts import CONTEXT
from desktop.forms.samples import BLANK_NUMBERS, sample_blank, sample_data
from desktop.forms.typeset import TextStyle, set_text
from desktop.forms.values import BY_HAND
from sync.shipped.places import resources_folder
from tests.forms.reading import pages_of, squeezed, text_of

STAMP = PrintStamp(record="ab" * 16, number="N-1")
LETTERS = ("acceptance_notice", "rejection_notice", "answer_letter", "transfer_letter")
TIMED = (
    "visit_record",
    "stay_summary",
    "interview_record",
    "reception_register",
    "reception_receipt",
    "revisit_record",
)
ABOUT_A_CASE = ("extension_approval", "leader_package", "supervision_order", "realname_contact", "realname_feedback")


def pages_as_text(name: str, data: Any) -> list[str]:
    return [squeezed(page.extract_text()) for page in pages_of(FORMS[name].render(data, STAMP))]


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_leaves_room_for_what_it_lacks(name: str) -> None:
    """No empty quotation marks, no sentence that begins with a comma."""
    said = text_of(FORMS[name].render(FORMS[name].from_readout({}, CONTEXT), STAMP))
    assert BY_HAND in said
    assert not any(hole in said for hole in ("“”", "\uff1a\uff09", "\uff0c。", "于以", "以方式"))


@pytest.mark.parametrize("name", TIMED)
def test_a_time_that_is_not_known_can_be_written_in(name: str) -> None:
    assert "年月日时分" in text_of(FORMS[name].render(FORMS[name].from_readout({}, CONTEXT), STAMP))


@pytest.mark.parametrize("name", ABOUT_A_CASE)
def test_a_blank_sheet_about_a_case_does_not_name_one(name: str) -> None:
    """Its own number heads it and stands at its foot; whose case it is, a hand writes."""
    said = text_of(sample_blank(name))
    assert f"信访件编号{BLANK_NUMBERS[0]}" not in said


@pytest.mark.parametrize("names", [1, 3])
@pytest.mark.parametrize("more", range(0, 14))
def test_a_letter_is_signed_under_its_text_whatever_is_attached(more: int, names: int) -> None:
    data = replace(sample_data("transfer_letter"), summary="水渠失修。" * more * 4, attachments=("收据复印件",) * names)
    pages = pages_as_text("transfer_letter", data)
    signed = next(page for page in pages if "联系方式" in page)
    assert "应予回避" in signed


@pytest.mark.parametrize("items", range(1, 15))
def test_empty_rows_never_push_signatures_to_a_page_of_their_own(items: int) -> None:
    long = HandoverItem(number="N", name="信访材料复印件" * 4, copies="1", pages="2", remark="原件随后移交")
    pages = pages_as_text("handover_list", replace(sample_data("handover_list"), items=(long,) * items))
    assert "移交人" in pages[-1] and "信访材料复印件" in pages[-1]


@pytest.mark.parametrize("lines", range(20, 60, 4))
def test_the_end_of_a_tall_row_comes_along_to_the_signature(lines: int) -> None:
    data = replace(sample_data("leader_package"), progress="已开工，进度正常。" * lines * 3, result="")
    pages = pages_as_text("leader_package", data)
    assert "验收人" in pages[-1] and "进度正常" in pages[-1]


def test_no_line_begins_with_the_space_at_which_it_was_broken() -> None:
    lines = set_text(shipped_book(), "村务监督委员会主任 邓田生 ", TextStyle(size=10, leading=15), 92)
    assert ["".join(run.text for run in line.runs) for line in lines] == ["村务监督委员会主任", "邓田生 "]
    assert len(set_text(shipped_book(), "一二三  ", TextStyle(size=10, leading=15), 30)) == 1


def test_a_system_font_helps_out_with_a_character_the_others_lack(tmp_path: Path) -> None:
    folder = resources_folder() / "fonts"
    serif, sans = folder / "NotoSerifSC-Regular.ttf", folder / "NotoSansSC-Regular.ttf"
    chains = dict.fromkeys(Face, (serif,))
    lacking = next(sign for sign in map(chr, range(0x3400, 0x30000)) if _has(sans, sign) and not _has(serif, sign))
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    book = FontBook(chains, (tmp_path / "broken.ttf", sans))
    assert book.glyph(Face.BODY, lacking).font == "NotoSansSC-Regular"
    with pytest.raises(FormError) as caught:
        book.glyph(Face.BODY, "🀄")
    assert caught.value.code == "forms.no_glyph"


def _has(path: Path, sign: str) -> bool:
    try:
        FontBook(dict.fromkeys(Face, (path,))).glyph(Face.BODY, sign)
    except FormError:
        return False
    return True


def test_signs_that_turn_or_hide_text_do_not_reach_the_paper() -> None:
    """What is read on paper stands in the order in which it was written."""
    hidden = "".join(map(chr, (0x202E, 0x202D, 0x2066, 0x2069, 0x200F, 0x200B, 0x200D, 0xFEFF, 0xAD, 0x1B, 0x7F)))
    data = replace(sample_data("reception_register"), content=hidden.join("甲乙丙丁"))
    pdf = FORMS["reception_register"].render(data, STAMP)
    assert "甲乙丙丁" in text_of(pdf)
    assert not set(hidden) & {sign for page in pages_of(pdf) for sign in page.extract_text()}


@pytest.mark.parametrize(
    ("name", "values", "title"),
    [
        ("interview_record", {"formal": True}, "谈话笔录"),
        ("transfer_letter", {"title": "移送函"}, "移送函"),
        ("acceptance_notice", {"sent_on": True}, "转送告知书"),
    ],
)
def test_the_stamp_calls_a_sheet_what_its_head_calls_it(name: str, values: dict[str, Any], title: str) -> None:
    said = text_of(FORMS[name].render(replace(sample_data(name), **values), STAMP))
    assert f"第1版{title}编号" in said


def test_a_row_that_goes_on_says_whose_it_is() -> None:
    data = sample_data("visit_record")
    long = replace(data.people[0], note="愿意配合回访。" * 200)
    pages = pages_as_text("visit_record", replace(data, people=(data.people[1], long)))
    assert len(pages) > 2
    assert "2续" in pages[1]
