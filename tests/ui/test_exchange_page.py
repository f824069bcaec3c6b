"""The exchange page tells every problem with both values and what to do, and proves this device's records."""

import re

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.services.past_exchanges import PastExchange
from desktop.services.problem_shapes import ApartRow, ConflictRow, Problems, ToldRow
from desktop.ui.exchange.view import ExchangeScreen
from tests.ui.conftest import Person

NOW = 1_795_500_000_000
CASE, UNIT = "a" * 32, "431021102"
CODES = re.compile(r"[A-Z]{3,}|[a-z]+_[a-z]+")
PROBLEMS = Problems(
    (
        ConflictRow(
            "1",
            "Case",
            CASE,
            CASE,
            "N-1",
            "路灯不亮",
            "431021102",
            "仁义镇",
            "problem_tag",
            "SANZI",
            None,
            "张明",
            "",
            NOW,
        ),
    ),
    (ApartRow("2", "c", UNIT, "仁义镇", "张明", "authority.county_only", ("Visit", "Finding"), NOW),),
    (ToldRow("3", "Case", CASE, "路灯不亮", "received_at", "2026-11-20T09:10", {"masked": True}, "何主任", NOW),),
)


def page(person: Person) -> ExchangeScreen:
    person.go("exchange")
    screen = person.window.screens["exchange"]
    assert isinstance(screen, ExchangeScreen)
    return screen


@pytest.mark.parametrize("language", ["zh", "en"])
def test_problems_are_told_in_words(person: Person, language: str) -> None:
    person.window.place.change_settings(language=language)
    screen = page(person)
    screen.problems.show_problems(PROBLEMS, held=2)
    said = [label.text() for label in screen.problems.findChildren(QLabel)]
    place = person.window.place
    assert any(place.voice.label("problem_tag", "SANZI") in text for text in said)
    assert any("2026-11-20 09:10" in text for text in said)
    assert [text for text in said if CODES.search(text)] == []
    screen.problems.findChildren(QPushButton)[0].click()
    assert person.window.current == "case"
    person.settle()
    place.change_settings(language="zh")


def test_past_exchanges_are_listed(person: Person) -> None:
    screen = page(person)
    screen.past.show_history((PastExchange(NOW, True, 3, 5, 0, True, False),))
    said = " ".join(label.text() for label in screen.past.findChildren(QLabel))
    place = person.window.place
    assert place.say("exchange_screen.by_file") in said and place.say("today.agreed") in said


def test_this_devices_records_are_checked(person: Person) -> None:
    screen = page(person)
    screen.verify_button.click()
    person.settle()
    assert screen.notice.property("notice") == "good", screen.notice.text()
