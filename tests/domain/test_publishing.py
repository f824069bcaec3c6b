"""Rulebooks and calendars as files: read strictly, never back a version, only what is new is published."""

from datetime import date

import pytest

from sync.domain.calendar_text import read_days
from sync.domain.clocks import overlay_of
from sync.domain.deadlines import due_date, explain
from sync.domain.errors import InvalidInput, LiandongError, Refused
from sync.domain.ids import UnitCode
from sync.domain.publishing import calendar_records, rulebook_record
from sync.domain.rulebook_text import LATER, NEEDED, newest_rulebook, parse_rulebook, version_key
from sync.shipped.places import resources_folder
from sync.shipped.rules import load_calendar, load_rulebook
from sync.shipped.texts import load_catalogue

COUNTY = UnitCode("431021")
SHIPPED = (resources_folder() / "rules" / "clocks.toml").read_text(encoding="utf-8")
NEXT_YEAR = """
[years.2027]
off = [[2027-01-01, 2027-01-03, "元旦"], [2027-02-05, 2027-02-11, "春节"], [2027-10-01, 2027-10-07, "国庆节"]]
work = [[2027-01-30, "春节"]]
"""


def with_version(version: str) -> str:
    return SHIPPED.replace(f'version = "{load_rulebook().version}"', f'version = "{version}"')


def test_the_shipped_book_has_just_the_clocks_every_book_needs() -> None:
    assert set(load_rulebook().rules) == NEEDED | LATER


def test_a_book_published_before_a_clock_came_stands_with_the_shipped_clock() -> None:
    first, last = SHIPPED.index("[rules.handle_appeal]"), SHIPPED.index("[rules.visit_interval]")
    older = (SHIPPED[:first] + SHIPPED[last:]).replace("days = 60", "days = 45", 1)
    older = older.replace(f'version = "{load_rulebook().version}"', 'version = "2027-01-05"')
    standing = newest_rulebook(load_rulebook(), (older,))
    assert (standing.version, standing.rules["handle_claim"].days) == ("2027-01-05", 45)
    assert standing.rules["handle_appeal"] == load_rulebook().rules["handle_appeal"]


def test_a_book_published_before_procedures_were_told_apart_means_the_petition_procedure() -> None:
    older = with_version("2027-01-05").replace(', procedures = ["PETITION"]', "")
    assert older.count("procedures") == 0
    assert parse_rulebook(older).rules["handle_claim"].applies_to == load_rulebook().rules["handle_claim"].applies_to


SPOILED = """
[rules.urgent] | [rules.urgnt] | rule_missing | rules
version = | version = 3 # | bad_version | version
days = 60 | days = -1 | bad_value | rules.handle_claim.days
days = 60 | days = true | bad_value | rules.handle_claim.days
extension = 30 | extension = 31 | bad_value | rules.handle_claim.extension
unit = "month" | unit = "moon" | bad_value | rules.assigned_report.unit
starts = ["RECEIVE"] | starts = ["RECIEVE"] | bad_value | rules.objection.starts
{ natures = ["CLAIM"], procedures = ["PETITION"] } | {} | claim_only | rules.handle_claim.applies_to
down_only = true } | down = true } | bad_value | rules.start_handling.applies_to.down
identities = ["REAL"] | identities = ["REEL"] | bad_value | rules.realname_notice.applies_to.identities
duty_of = "holder" | duty_of = "somebody" | bad_value | rules.urgent.duty_of
en = "At once" } | en = "" } | bad_value | rules.urgent.name
[rules.urgent] | [rules.urgent]%weight = 3 | bad_value | rules.urgent.weight
returned = "anew" | returned = "new" | bad_value | rules.start_handling.returned
procedures = ["PETITION"] | procedures = ["DUTY"] | bad_value | rules.handle_claim.applies_to
natures = ["APPEAL"] | natures = ["ACCUSE"] | bad_value | rules.handle_appeal.applies_to
[rules.urgent] | [rules.urgent | not_toml | rules
"""
"""What is replaced, by what, the text key, the place."""


@pytest.mark.parametrize("line", SPOILED.strip().splitlines())
def test_a_book_that_is_not_wholly_understood_is_refused_with_its_place(line: str) -> None:
    old, new, code, place = line.split(" | ")
    text = SHIPPED.replace(old, new.replace("%", "\n"), 1)
    assert text != SHIPPED
    with pytest.raises(InvalidInput) as found:
        parse_rulebook(text)
    assert (found.value.code, found.value.values["field"]) == (f"rules.{code}", place)
    for language in ("zh", "en"):
        assert place in load_catalogue().say_error(found.value, language)


def test_a_version_never_goes_back_and_a_book_of_another_day_is_passed_over() -> None:
    shipped = load_rulebook()
    for version in (shipped.version, "2020-01-01"):
        with pytest.raises(Refused, match="older_version"):
            rulebook_record(with_version(version), shipped, COUNTY, 1, "何主任")
    newer = rulebook_record(with_version("2027-01-05.2"), shipped, COUNTY, 1, "何主任")
    assert newest_rulebook(shipped, (newer.text, with_version("2027-01-05"))).version == "2027-01-05.2"
    assert newest_rulebook(shipped, ("spoiled", with_version("2020-01-01"))) is shipped
    assert version_key("2027-01-05.10") > version_key("2027-01-05.9") > version_key("2027-01-05")


def test_an_explanation_says_which_book_it_is_by() -> None:
    book = parse_rulebook(with_version("2027-01-05").replace("days = 60", "days = 45", 1))
    due = due_date(book.rules["handle_claim"], date(2027, 1, 10), load_calendar())
    assert due.due == date(2027, 2, 24)
    assert "2027-01-05" in explain(due, load_catalogue(), "zh")


@pytest.mark.parametrize(
    "text",
    [
        "years = 3",
        "[years.2027]",
        "[years.2027]\nfree = []",
        "[years.soon]\noff = []",
        '[years.2027]\noff = [[2027-01-03, 2027-01-01, "元旦"]]',
        '[years.2027]\noff = [[2026-12-31, 2027-01-01, "元旦"]]',
        '[years.2027]\noff = [[2027-01-01, "元旦"]]',
        '[years.2027]\nwork = [["2027-01-01", "元旦"]]',
        "[years.2027]\nwork = [[2027-01-01T00:00:00, 3]]",
        '[years.2027]\noff = [[2027-01-01, 2027-01-01, "元旦"]]\nwork = [[2027-01-01, "元旦"]]',
        "[years.2027",
    ],
)
def test_a_calendar_that_is_not_wholly_understood_is_refused(text: str) -> None:
    with pytest.raises(LiandongError) as found:
        read_days(text)
    assert found.value.code.startswith("rules.")
    assert load_catalogue().say_error(found.value, "en")


def test_only_days_that_are_new_are_published_and_the_year_is_known_then() -> None:
    shipped = load_calendar()
    records = calendar_records(NEXT_YEAR, shipped, COUNTY, 1, "何主任")
    assert len(records) == 3 + 7 + 7 + 1
    laid = shipped.with_overlay(overlay_of(records))
    assert laid.knows(date(2027, 1, 1), date(2027, 12, 31))
    assert laid.is_working(date(2027, 1, 30))
    assert not laid.is_working(date(2027, 2, 5))
    assert laid.moved[date(2027, 2, 5)].name.en == "Spring Festival"
    assert calendar_records(NEXT_YEAR, laid, COUNTY, 2, "何主任") == ()
    moved = NEXT_YEAR.replace('work = [[2027-01-30, "春节"]]', 'work = [[2027-01-31, "春节"]]')
    assert [record.day for record in calendar_records(moved, laid, COUNTY, 2, "何主任")] == ["2027-01-31"]
