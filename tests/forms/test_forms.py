"""Every form: its order, its paper, its fonts, the same bytes for the same data."""

import shutil
import subprocess
from dataclasses import asdict, replace
from typing import Any

import pytest

from desktop.forms.errors import FormError
from desktop.forms.form import PrintStamp
from desktop.forms.order import official_orders
from desktop.forms.registry import FORMS, find_blank_form, find_form
from desktop.forms.samples import BLANK_NUMBERS, SAMPLE_FORMS, sample_blank, sample_data, sample_print
from tests.forms.reading import fonts_of, pages_of, squeezed, stands_in_order, text_of

TWO_SIDED = {"interview_record": 2}
BLANKS = [name for name, form in FORMS.items() if form.has_blank]


def test_every_form_has_a_sample_and_an_order() -> None:
    assert set(SAMPLE_FORMS) == set(FORMS) == set(official_orders())
    for name, order in official_orders().items():
        form = FORMS[name]
        assert (order.code, order.title, order.about) == (form.code, form.title, form.about_kind)
    assert len({form.code for form in FORMS.values()}) == len(FORMS)


@pytest.mark.parametrize("name", FORMS)
def test_words_of_the_form_stand_in_official_order(name: str) -> None:
    words = [field.words for field in official_orders()[name].fields]
    once = [word for index, word in enumerate(words) if word not in words[:index]]
    assert stands_in_order(text_of(sample_print(name)), once) is None


@pytest.mark.parametrize("name", FORMS)
def test_every_value_is_on_the_paper(name: str) -> None:
    text = text_of(sample_print(name))
    for value in _leaves(asdict(sample_data(name))):
        for line in value.splitlines():
            assert squeezed(line).translate(_NO_BOXES) in text, line


_NO_BOXES = str.maketrans({"☐": "", "☑": "√"})


def _leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in _leaves(part)]
    if isinstance(value, list | tuple):
        return [leaf for part in value for leaf in _leaves(part)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("name", FORMS)
def test_paper_is_a4_and_fonts_are_embedded_subsets(name: str) -> None:
    pdf = sample_print(name)
    for page in pages_of(pdf):
        size = sorted((float(page.mediabox.width), float(page.mediabox.height)))
        assert size == pytest.approx([595.28, 841.89], abs=0.1)
    fonts = fonts_of(pdf)
    assert fonts
    for font in fonts:
        assert font["/BaseFont"][7] == "+", font["/BaseFont"]
        assert "/FontFile2" in font["/FontDescriptor"].get_object()
        assert "/ToUnicode" in font
    assert b"Helvetica" not in pdf


@pytest.mark.parametrize("name", FORMS)
def test_the_same_data_gives_the_same_bytes(name: str) -> None:
    assert sample_print(name) == sample_print(name)


@pytest.mark.parametrize("name", BLANKS)
def test_blank_sheets_carry_their_own_numbers_and_fit_their_paper(name: str) -> None:
    texts = [squeezed(page.extract_text()) for page in pages_of(sample_blank(name))]
    pages = TWO_SIDED.get(name, 1)
    assert len(texts) == pages * len(BLANK_NUMBERS)
    for index, text in enumerate(texts):
        assert (BLANK_NUMBERS[index // pages] in text) is FORMS[name].marked
        assert f"第{index % pages + 1}页共{pages}页" in text


@pytest.mark.parametrize("name", [name for name, form in FORMS.items() if form.marked])
def test_a_print_says_which_one_it_is(name: str) -> None:
    form, data = FORMS[name], sample_data(name)
    text = text_of(form.render(data, PrintStamp(record="ab" * 16, number="N-1", times=3, printed_at=1_795_500_000_000)))
    for part in (f"表号{form.code}第1版", "编号N-1", "第3次打印", "2026-11-24", form.digest(data)[:12]):
        assert part in text


def test_a_changed_value_changes_the_digest() -> None:
    data = sample_data("visit_record")
    assert FORMS["visit_record"].digest(data) != FORMS["visit_record"].digest(replace(data, group="四组"))


def test_unknown_forms_and_missing_blanks_are_refused() -> None:
    with pytest.raises(FormError):
        find_form("no_such_form")
    for name, form in FORMS.items():
        if not form.has_blank:
            with pytest.raises(FormError):
                find_blank_form(name)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_rare_characters_are_extracted_by_another_reader_too() -> None:
    pdf = sample_print("reception_register") + b""
    run = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, timeout=20)
    text = run.stdout.decode()
    assert "周𬭎" in text
    assert "雷㙍生" in text


@pytest.mark.parametrize("name", FORMS)
def test_no_box_stands_for_a_missing_glyph(name: str) -> None:
    """Every character drawn is mapped back to itself, and none to the font's glyph 0."""
    text = text_of(sample_print(name))
    assert "\x00" not in text
    assert "\ufffd" not in text
