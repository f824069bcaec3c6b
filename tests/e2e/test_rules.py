"""Days and rules that the county publishes reach every device, and due dates move with them."""

from collections.abc import Callable

from sync.shipped.places import resources_folder
from tests.e2e.county import County, Office

SHIPPED = (resources_folder() / "rules" / "clocks.toml").read_text(encoding="utf-8")
NEXT_YEAR = """
[years.2027]
off = [[2027-01-01, 2027-01-03, "元旦"], [2027-10-01, 2027-10-07, "国庆节"]]
work = [[2027-01-09, "元旦"]]
"""
ACCUSATION = {
    "source_channel": "LETTER", "received_at": "2026-12-25T10:00", "nature": "ACCUSE", "title": "截留补贴",
    "content": "补贴未发放到户", "complainant": {"identity": "REAL", "name": "王秀英", "phone": "13800001111"},
}  # fmt: skip
ASKED = ("due", "realname_notice", "2026-12-25", "--json")


def due_of(office: Office, case: str) -> str | None:
    row = next(row for row in office.listed("Case") if row["id"] == case)
    found: str | None = row["due"]
    return found


def test_published_days_and_rules_move_due_dates_on_every_device_and_at_the_county(
    county: County, county_office: Office, new_town: Callable[[], Office]
) -> None:
    town = new_town()
    case = town.record("Case", ACCUSATION)["id"]
    town.exchange()
    before = town.does(*ASKED).json
    assert (before["due"], before["provisional"]) == ("2027-01-15", True)
    assert due_of(town, case) == "2027-01-15"

    days = county_office.scratch / "2027.toml"
    days.write_text(NEXT_YEAR, encoding="utf-8")
    refused = town.verb("publish", "calendar", days)
    assert refused.code == 1
    county_office.exchange()
    assert county_office.does("publish", "calendar", days).json == {
        "count": 11, "rulebook": before["rulebook"], "calendar_known_to": 2027,
    }  # fmt: skip
    assert due_of(county_office, case) == "2027-01-15"
    assert county_office.does("publish", "calendar", days).json["count"] == 0
    county_office.exchange()
    town.exchange()
    known = town.does(*ASKED).json
    # 2027-01-01 (Friday) is free, Saturday 2027-01-09 is worked: the date stays, and is no longer provisional.
    assert (known["due"], known["provisional"]) == ("2027-01-15", False)
    assert "2027-01-09" in known["explanation"]

    rules = county_office.scratch / "rules.toml"
    old = SHIPPED.split('version = "')[1].split('"')[0]
    section = SHIPPED.index("[rules.realname_notice]")
    shorter = SHIPPED[:section] + SHIPPED[section:].replace("days = 15", "days = 10", 1)
    rules.write_text(shorter, encoding="utf-8")
    assert "2026" in county.verb("publish", "rules", rules).err
    rules.write_text(shorter.replace(old, "2026-12-01"), encoding="utf-8")
    county.does("publish", "rules", rules)
    town.exchange()
    assert due_of(town, case) == "2027-01-09"
    assert town.verify()["rulebook"] == county.verify(town.unit)["rulebook"] == "2026-12-01"
    assert town.verify()["digest"] == county.verify(town.unit)["digest"]
    assert county.show("Case", case)["due"] == "2027-01-09"
    assert "2026-12-01" in town.does(*ASKED).json["explanation"]


def test_a_spoiled_book_is_refused_in_one_line_and_nothing_is_written(county: County, county_office: Office) -> None:
    spoiled = county_office.scratch / "spoiled.toml"
    spoiled.write_text(SHIPPED.replace("days = 60", "days = 'sixty'"), encoding="utf-8")
    for done in (county_office.verb("publish", "rules", spoiled), county.verb("publish", "rules", spoiled)):
        assert done.code == 1
        assert "rules.handle_claim.days" in done.err
        assert len(done.err.strip().splitlines()) == 1
    assert county.listed("RulebookVersion", "431021") == [] or len(county.listed("RulebookVersion", "431021")) == 1
