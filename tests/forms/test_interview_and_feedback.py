"""接谈记录, 回访记录, 满意度评价: what each must bear, and what it must not."""

from typing import Any

from desktop.forms.form import PrintStamp
from desktop.forms.registry import FORMS
from desktop.forms.sample_readouts import CONTEXT, INTERVIEW, RATING
from desktop.forms.samples import sample_print
from tests.forms.reading import pages_of, squeezed, text_of

STAMP = PrintStamp(record="ab" * 16, number="N-1")


def printed(form: str, readout: dict[str, Any]) -> bytes:
    return FORMS[form].render(FORMS[form].from_readout(readout, CONTEXT), STAMP)


def test_each_page_of_a_long_interview_is_signed_and_nothing_is_lost() -> None:
    exchanges = [{"question": f"问题{index:03d}？", "answer": f"回答{index:03d}。" * 12} for index in range(40)]
    pages = pages_of(printed("interview_record", INTERVIEW | {"exchanges": exchanges}))
    texts = [squeezed(page.extract_text()) for page in pages]
    assert len(pages) > 3
    for number, text in enumerate(texts, 1):
        assert "来访人签名" in text
        assert "接谈人签名" in text
        assert f"第{number}页共{len(pages)}页" in text
    whole = "".join(texts)
    assert all(f"问题{index:03d}" in whole and f"回答{index:03d}" in whole for index in range(40))
    assert whole.count("和我说的相符") == 1


def test_only_a_formal_talk_asks_for_fingerprints() -> None:
    assert "捺指印" not in text_of(sample_print("interview_record"))
    formal = text_of(printed("interview_record", INTERVIEW | {"formal": True}))
    assert "谈话笔录" in formal
    assert "捺指印" in formal


def test_the_rating_sheet_leads_nowhere() -> None:
    form = FORMS["satisfaction_form"]
    first = form.render(form.from_readout(RATING, CONTEXT), PrintStamp(record="ab" * 16, number="N-1", times=7))
    second = form.render(form.from_readout(RATING, CONTEXT), PrintStamp(record="cd" * 16, number="N-2"))
    assert first == second, "nothing of record, number or print enters the sheet"
    assert "校验码" not in text_of(first)
    assert b"/Subtype /Form" not in first, "no QR code"


def test_the_revisit_names_the_case_by_number_only() -> None:
    text = text_of(sample_print("revisit_record"))
    assert "431021102-2026-A-00031-4" in text
    assert "水渠" not in text
