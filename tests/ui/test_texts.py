"""Every visible string comes from the catalogue, in both languages; names are unique; keys differ."""

import re
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from desktop.ui.keys import KEYS
from sync.shipped.places import resources_folder
from sync.shipped.texts import load_catalogue
from tests.ui.conftest import Person

UI = Path(__file__).parents[2] / "desktop" / "ui"
TOPICS = "ui|unlock|today|visit|reception|case|cases|exchange_screen|settings|preview|help"
KEY = re.compile(rf'(?:say|put|label|key=|tell)\w*\(?[^"\n]*"((?:{TOPICS})\.[a-z_]+)"')
LINK = re.compile(r"\]\(([a-z_]+)\)")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WIDE_SIGNS = re.compile("[\u2018\u2019\u201c\u201d\u3001\u3002\uff01-\uff5e]")
INPUTS = (QLineEdit, QPlainTextEdit, QComboBox, QPushButton)


def test_every_key_said_is_in_the_catalogue() -> None:
    texts = load_catalogue().texts
    said = {key for path in UI.rglob("*.py") for key in KEY.findall(path.read_text(encoding="utf-8"))}
    named = {"notice", "stub_notice", "list", "step_form", "correct_form"}
    assert {key for key in said if key not in texts and key.split(".")[1] not in named} == set()


def test_both_languages_are_whole() -> None:
    ours = {key: pair for key, pair in load_catalogue().texts.items() if re.match(rf"({TOPICS})\.", key)}
    assert all(pair["zh"].strip() and pair["en"].strip() for pair in ours.values())
    assert [key for key, pair in ours.items() if CHINESE.search(pair["en"]) and key != "settings.chinese"] == []


def test_english_uses_no_signs_that_a_chinese_font_draws_full_width() -> None:
    texts = {key: pair["en"] for key, pair in load_catalogue().texts.items()}
    pages = {path.name: path.read_text(encoding="utf-8") for path in (resources_folder() / "help" / "en").glob("*.md")}
    assert [name for name, text in {**texts, **pages}.items() if WIDE_SIGNS.search(text)] == []


def test_no_two_commands_share_a_key() -> None:
    assert [key for key, count in Counter(KEYS.values()).items() if count > 1] == []


def test_every_screen_has_help_in_both_languages(person: Person) -> None:
    for name in person.window.screens:
        for language in ("zh", "en"):
            path = resources_folder() / "help" / language / f"{name}.md"
            assert name == "help" or path.is_file()


def test_links_of_help_lead_to_pages_of_help_and_back(person: Person) -> None:
    folder = resources_folder() / "help"
    linked = {
        path.with_name(f"{name}.md") for path in folder.rglob("*.md") for name in LINK.findall(path.read_text("utf-8"))
    }
    assert linked and all(path.is_file() for path in linked)
    person.go("help", "settings")
    screen = person.window.screen_of("help")
    screen.show_page("custodians")
    assert "保管人是谁" in screen.browser.toPlainText()
    screen.back()
    assert person.window.current == "help" and "单位身份密钥" in screen.browser.toPlainText()
    screen.back()
    assert person.window.current == "settings"


def test_inputs_have_names_that_differ(person: Person) -> None:
    inputs = [widget for kind in INPUTS for widget in person.window.findChildren(kind) if _is_ours(widget)]
    nameless = [widget.objectName() for widget in inputs if not widget.accessibleName()]
    assert nameless == []
    twice = [name for name, count in Counter(widget.accessibleName() for widget in inputs).items() if count > 1]
    assert twice == []


def test_the_language_changes_at_once_and_leaves_no_chinese(person: Person) -> None:
    person.window.place.change_settings(language="en")
    person.go("reception", "new")
    shown = [button.text() for button in person.window.findChildren(QPushButton)]
    person.window.place.change_settings(language="zh")
    assert [text for text in shown if CHINESE.search(text)] == []


@pytest.mark.parametrize("name", ["reception", "cases", "exchange"])
def test_a_page_built_before_the_language_changed_shows_none_of_the_old(person: Person, name: str) -> None:
    person.go(name)
    person.go("settings")
    person.window.place.change_settings(language="en")
    person.go(name)
    page = person.window.screen_of(name)
    shown = [label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page)]
    person.window.place.change_settings(language="zh")
    assert [text for text in shown if CHINESE.search(text)] == []


def _is_ours(widget: QWidget) -> bool:
    return "." in widget.objectName()
