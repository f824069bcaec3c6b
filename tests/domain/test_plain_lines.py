"""What does not show is seen where texts of others stand on a line."""

import pytest

from sync.domain.plain_lines import is_plain_line, plain_line


@pytest.mark.parametrize("name", ["张明", "欧阳 秀英", "阿卜杜·热合曼", "䶮𬭎㼆", "\ue000", "O'Neil"])
def test_names_of_people_are_plain(name: str) -> None:
    assert is_plain_line(name) and plain_line(name) == name


@pytest.mark.parametrize(
    "name", ["", "  ", "张明\ncomparison=1", "\x1b[2J", "\x9b31m", "张\u202e明", "张\u2028明", "a\x00"]
)
def test_what_steers_is_not(name: str) -> None:
    assert not is_plain_line(name)
    assert plain_line(f"x{name}").isprintable()


def test_what_is_kept_stays() -> None:
    assert plain_line("a\tb\n", "\t") == "a\tb\\u{a}"
