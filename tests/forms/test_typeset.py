"""Line breaking: 避头尾, whole words, boxes with their words."""

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.forms.fonts import shipped_book
from desktop.forms.typeset import NO_START, Line, TextStyle, set_text

STYLE = TextStyle(size=10, leading=15)


def lines_of(text: str, width: float) -> list[str]:
    return [said(line) for line in set_text(shipped_book(), text, STYLE, width)]


def said(line: Line) -> str:
    return "".join(run.text for run in line.runs)


def test_no_line_begins_with_a_closing_sign() -> None:
    assert lines_of("一二三四五，六七八九十。", 50) == ["一二三四", "五，六七八", "九十。"]


def test_no_line_ends_with_an_opening_sign() -> None:
    assert lines_of("一二三四（五六）七", 50) == ["一二三四", "（五六）七"]


def test_words_and_numbers_stay_whole() -> None:
    assert lines_of("电话13800000000请记", 68) == ["电话", "13800000000", "请记"]


def test_a_box_stays_with_its_words() -> None:
    assert lines_of("☐登门走访  ☑包村排查", 80) == ["☐登门走访", "☑包村排查"]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="一二三，。（）“”《》ab1 、", min_size=1, max_size=80), st.integers(30, 200))
def test_nothing_is_lost_and_lines_fit(text: str, width: int) -> None:
    lines = set_text(shipped_book(), text, STYLE, width)
    assert "".join(map(said, lines)).replace(" ", "") == text.replace(" ", "")
    assert all(line.width <= width + 0.1 for line in lines)
    starts = [line[0] for line in map(said, lines[1:]) if line]
    assert not set(starts) & NO_START or width < 60 or _hopeless(text)


def _hopeless(text: str) -> bool:
    """Closing signs in rows longer than a line cannot all be kept from its start."""
    run = longest = 0
    for sign in text:
        run = run + 1 if sign in NO_START or sign == " " else 0
        longest = max(longest, run)
    return longest > 2


def test_a_number_too_long_for_its_column_is_cut_behind_a_hyphen() -> None:
    assert lines_of("431021102-2026-A-00031-4", 68) == ["431021102-", "2026-A-00031-", "4"]
