"""Fonts: fall-back by character, refusal by name, text that can be copied out again."""

import pytest

from desktop.forms.embedding import unicode_map
from desktop.forms.errors import FormError
from desktop.forms.fonts import Face, clean, register_font, shipped_book


def test_rare_characters_have_a_glyph_in_every_face() -> None:
    book = shipped_book()
    for face in Face:
        for character in "䶮𬭎㼆㙍〔〕“”…—①":
            assert book.glyph(face, character).font.startswith("Noto")


def test_a_character_only_the_second_font_has_comes_from_there() -> None:
    book = shipped_book()
    found = {book.glyph(Face.HEADING, character).font for character in "䶮𬭎㼆㙍陳"}
    assert found <= {"NotoSansSC-Regular", "NotoSerifSC-Regular"}


def test_a_character_no_font_has_is_named() -> None:
    with pytest.raises(FormError) as caught:
        shipped_book().glyph(Face.BODY, "🀄")
    assert caught.value.values == {"character": "🀄", "code_point": "U+1F004"}


def test_invisible_signs_are_left_out_and_line_ends_are_one_kind() -> None:
    assert clean("a\r\nb\rc\u2028d\u200be\x00f\tg\ufe0f") == "a\nb\nc\nde" + "f  g"


def test_unicode_map_writes_surrogate_pairs_in_small_blocks() -> None:
    text = unicode_map("X", [0, 0x2CB4E, *range(0x4E00, 0x4E00 + 150)])
    assert "<01> <D872DF4E>" in text
    assert "<00> <" not in text.split("endcodespacerange")[1]
    assert text.count("beginbfchar") == 2


def test_fonts_are_read_once() -> None:
    from sync.shipped.places import resources_folder

    path = resources_folder() / "fonts/NotoSerifSC-Regular.ttf"
    assert register_font(path) is register_font(path)
