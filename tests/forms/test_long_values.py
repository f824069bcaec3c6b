"""Whatever is written into a form, all of it comes out on paper: long texts in every field, many items, odd signs."""

import itertools
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest
from reportlab.lib.units import mm

from desktop.forms.form import PrintStamp
from desktop.forms.registry import FORMS
from desktop.forms.sample_readouts import CONTEXT, READOUTS
from desktop.forms.samples import sample_data, sample_print
from desktop.forms.sheet import LEDGER
from tests.forms.reading import pages_of, squeezed, text_of

STAMP = PrintStamp(record="ab" * 16, number="N-1")


def lengthened(value: Any, marks: Iterator[int]) -> Any:
    """The readout with every Chinese text made long, its end marked."""
    if isinstance(value, dict):
        return {name: lengthened(part, marks) for name, part in value.items()}
    if isinstance(value, list):
        return [lengthened(part, marks) for part in value] * 2
    if isinstance(value, str) and any("\u4e00" <= sign <= "\u9fff" for sign in value):
        return value * 8 + f"末{next(marks):04d}尾"
    return value


def marks_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {mark for part in value.values() for mark in marks_in(part)}
    if isinstance(value, list | tuple):
        return {mark for part in value for mark in marks_in(part)}
    if not isinstance(value, str):
        return set()
    return {part[:4] for part in value.split("末")[1:] if part[4:5] == "尾"}


@pytest.mark.parametrize("name", FORMS)
def test_long_values_reach_the_paper_whole(name: str) -> None:
    form = FORMS[name]
    data = form.from_readout(lengthened(dict(READOUTS[name]), itertools.count()), CONTEXT)
    pdf = form.render(data, PrintStamp(record="ab" * 16, number="N-1"))
    expected = marks_in(asdict(data))
    assert expected <= marks_in(text_of(pdf))
    for page in pages_of(pdf):
        positions: list[tuple[float, float]] = []

        def keep(text: str, _c: Any, matrix: list[float], _f: Any, _s: Any, kept: Any = positions) -> None:
            if text.strip():
                kept.append((matrix[4], matrix[5]))

        page.extract_text(visitor_text=keep)
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        assert all(0 <= x <= width and 30 <= y <= height for x, y in positions if (x, y) != (0, 0))


def test_a_void_record_says_so_on_each_page() -> None:
    form, data = FORMS["visit_record"], sample_data("visit_record")
    long = replace(data, problems="水渠失修。" * 600)
    pdf = form.render(long, PrintStamp(number="N-1", mark="作废"))
    assert all("作废" in page.extract_text() for page in pages_of(pdf))
    assert len(pages_of(pdf)) > 1


@pytest.mark.parametrize("more", range(0, 60, 3))
def test_nobody_signs_a_page_that_says_nothing(more: int) -> None:
    """However long the text is, the register's signature stands under the proposal, not alone on a page."""
    data = replace(sample_data("reception_register"), content="水渠失修,款项去向不明。" * more * 2)
    pages = [squeezed(page.extract_text()) for page in pages_of(FORMS["reception_register"].render(data, STAMP))]
    assert "签名确认" in pages[-1] and "拟办意见" in pages[-1]


def test_the_closing_of_an_interview_stands_under_what_was_said() -> None:
    pages = [squeezed(page.extract_text()) for page in pages_of(sample_print("interview_record"))]
    assert "以上记录我看过" in pages[-1] and "答：没有了" in pages[-1]


def test_a_slip_has_no_page_of_its_own_where_gaps_can_give_way() -> None:
    assert len(pages_of(sample_print("rejection_notice"))) == 1


def test_a_full_ledger_keeps_clear_of_the_stamp() -> None:
    """The lowest rule of the table stands above the first line of the stamp."""
    assert LEDGER.bottom >= 22 * mm
