"""The six routes of a case, each over the real exchange with a real server: both sides tell the same story."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from desktop.app import enrol, open_office
from desktop.errors import NotFound
from desktop.services.office import Office
from sync.domain.errors import LiandongError, NotAllowed
from tests.e2e.county import County
from tests.e2e.county import Office as Profile

PASSPHRASE = "山高 水长 二〇二六"
Act = tuple[str, str, dict[str, Any]]
CLAIM: dict[str, Any] = {
    "source_channel": "VISIT",
    "received_at": "2026-11-20T09:00",
    "nature": "CLAIM",
    "first_repeat": "FIRST",
    "title": "请求修复三组灌溉水渠",
    "claim": "春耕前修复",
    "complainant": {"identity": "REAL", "name": "周𬭎", "phone": "13800000000"},
}
LOOP: tuple[tuple[str, dict[str, Any]], ...] = (
    ("RESULT", {"result": "TRUE", "claim_outcome": "SUPPORT", "note": "垮塌两处属实"}),
    ("ANSWER", {"told": "当面送达", "note": "三月前完工"}),
    ("REVISIT", {"told": "上门"}),
    ("RATE", {"satisfaction": "SATISFIED"}),
    ("CLOSE", {}),
)


@dataclass(slots=True)
class Parties:
    """Open offices by the part they play: ``town``, ``other``, ``third``, ``county``."""

    offices: dict[str, Office]
    last: str = ""
    trail: list[tuple[str, str]] = field(default_factory=list)

    def unit(self, part: str) -> str:
        return self.offices[part].facts.unit

    def turn(self, part: str) -> Office:
        """The office that acts next, after what was done before has reached it."""
        if self.last and self.last != part:
            self.offices[self.last].exchange()
            self.offices[part].exchange()
        self.last = part
        return self.offices[part]

    def open_case(self, part: str, **values: Any) -> str:
        """Register a case."""
        self.trail = [("REGISTER", self.unit(part))]
        return self.turn(part).record("Case", {**CLAIM, **values}).id

    def play(self, case: str, *acts: Act) -> None:
        """Take steps; a value ``@part`` names that part's unit."""
        for part, step, values in acts:
            office = self.turn(part)
            assert step in {row.step for row in office.steps(case) if row.allowed}, step
            office.step(case, step, {name: self._named(value) for name, value in values.items()})
            self.trail.append((step, self.unit(part)))

    def refuses(self, case: str, part: str, step: str, values: dict[str, Any]) -> str:
        """The reason a step is refused with; nothing is written."""
        office = self.turn(part)
        before = office.show("Case", case)["trail"]
        with pytest.raises(LiandongError) as refused:
            office.step(case, step, {name: self._named(value) for name, value in values.items()})
        assert office.show("Case", case)["trail"] == before
        return refused.value.code

    def tell(self, case: str, parts: tuple[str, ...], out: Path) -> dict[str, Any]:
        """Exchange all, hold each side's story against the other's, and leave it as a file."""
        for office in (*self.offices.values(), *self.offices.values()):
            assert office.exchange().unsent == 0
        stories = [story_of(self.offices[part].show("Case", case)) for part in parts]
        for story in stories:
            assert story == stories[0]
        assert [(line["step"], line["unit"]) for line in stories[0]["trail"]] == self.trail
        assert all(line["effective"] for line in stories[0]["trail"])
        out.write_text(json.dumps(stories[0], ensure_ascii=False, indent=1), encoding="utf-8")
        self.last = ""
        return stories[0]

    def _named(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._named(one) for one in value]
        return self.unit(value[1:]) if isinstance(value, str) and value.startswith("@") else value


def story_of(shown: dict[str, Any]) -> dict[str, Any]:
    """Who did what when, in which unit, and where the case stands."""
    names = ("step", "unit", "author", "at", "effective", "to_unit", "units")
    trail = [{name: line.get(name) for name in names} for line in shown["trail"]]
    return {"number": shown["number"], "status": shown["status"], "holder": shown["holder"], "trail": trail}


@pytest.fixture(scope="module")
def parties(
    county: County,
    county_office: Profile,
    unused_towns: Iterator[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Parties]:
    """Three towns and the county office, opened in this process."""
    folder = tmp_path_factory.mktemp("routes")
    with ExitStack() as undo:
        offices = {"county": open_office(county_office.folder, county_office.passphrase.read_text("utf-8").strip())}
        undo.callback(offices["county"].close)
        for part in ("town", "other", "third"):
            ticket = county.ticket(next(unused_towns)).read_bytes()
            offices[part] = enrol(folder / part, ticket, f"{part}张明", "TOWN_CDI", PASSPHRASE)
            undo.callback(offices[part].close)
        offices["county"].exchange()
        yield Parties(offices)


@pytest.fixture
def tell(parties: Parties, tmp_path: Path) -> Callable[[int, str, tuple[str, ...]], dict[str, Any]]:
    """Ends a route: ``route-N.json`` in the test's folder."""
    return lambda number, case, parts: parties.tell(case, parts, tmp_path / f"route-{number}.json")


Tell = Callable[[int, str, tuple[str, ...]], dict[str, Any]]


def loop(part: str, without: str = "") -> tuple[Act, ...]:
    return tuple((part, step, values) for step, values in LOOP if step != without)


def test_route_1_first_handler(parties: Parties, tell: Tell, county: County) -> None:
    case = parties.open_case("town")
    parties.play(
        case,
        ("town", "CLASSIFY", {"route": "FIRST", "clearing": "TIMELY"}),
        ("town", "ACCEPT", {}),
        ("town", "ACCEPT_NOTICE", {"told": "当面送达"}),
        ("town", "START", {"to_person": "李芳"}),
        *loop("town"),
        ("town", "ARCHIVE", {}),
    )
    story = tell(1, case, ("town", "county"))
    assert story["status"] == "ARCHIVED"
    assert story_of(county.show("Case", case)) == story


def test_route_2_priority_of_a_matter_from_above(parties: Parties, tell: Tell) -> None:
    case = parties.open_case("county", source_channel="UPPER", nature="ACCUSE", complainant={"identity": "ANON"})
    parties.play(
        case,
        ("county", "CLASSIFY", {"route": "UPPER", "clearing": "LIMITED"}),
        ("county", "ASSIGN", {"to_unit": "@other", "method": "ASSIGN", "until": "2027-02-20"}),
        ("other", "RECEIVE", {"to_person": "何俊"}),
    )
    helper = parties.offices["other"]
    with pytest.raises(NotAllowed):
        helper.correct("Case", case, {"title": "改写"})
    with pytest.raises(NotAllowed):
        helper.void("Case", case, "误登")
    helper.correct("Case", case, {"reply": "已向群众说明"})
    parties.play(
        case,
        ("other", "START", {}),
        ("other", "DISPOSE", {"disposition": "PRELIM"}),
    )
    assert parties.refuses(case, "other", "ANSWER", {}) == "workflow.wrong_nature"
    assert parties.refuses(case, "other", "RESULT", {"result": "TRUE", "claim_outcome": "SUPPORT"}) == (
        "workflow.wrong_nature"
    )
    parties.play(
        case,
        ("other", "RESULT", {"result": "UNTRUE"}),
        ("other", "CLARIFY", {"told": "村务会"}),
        ("other", "CLOSE", {}),
        ("county", "ARCHIVE", {}),
    )
    assert tell(2, case, ("other", "county"))["holder"] == parties.unit("other")
    with pytest.raises(NotFound):
        parties.offices["third"].show("Case", case)


def test_route_3_taken_up_by_the_county(parties: Parties, tell: Tell) -> None:
    case = parties.open_case("town")
    parties.play(
        case,
        ("town", "ACCEPT", {}),
        ("town", "START", {}),
        ("county", "SUPERVISE", {"supervise_reason": "OVERDUE", "supervise_method": "CALL"}),
    )
    order = parties.offices["county"].show("Case", case)["trail"][-1]["id"]
    parties.play(
        case,
        ("town", "SUPERVISE_ANSWER", {"note": "正在检测", "refers": order}),
        ("county", "ESCALATE", {"reason": "久拖不决"}),
    )
    assert parties.refuses(case, "town", "RESULT", {"result": "TRUE"}) in (
        "workflow.only_holder",
        "workflow.wrong_status",
    )
    parties.play(case, ("county", "START", {}), *loop("county"))
    assert tell(3, case, ("town", "county"))["holder"] == parties.unit("county")


def test_route_4_a_package_with_extension_pause_and_reviews(parties: Parties, tell: Tell) -> None:
    case = parties.open_case("town")
    parties.play(
        case,
        ("town", "ACCEPT", {}),
        ("town", "START", {}),
        ("county", "PACKAGE", {"to_person": "王书记", "until": "2027-03-01"}),
        ("town", "EXTEND", {"days": 30, "reason": "等待检测报告"}),
        ("town", "EXTEND_DECIDE", {"approved": True, "told": "书面告知"}),
        ("town", "PAUSE", {"reason": "听证"}),
        ("town", "RESUME", {}),
    )
    assert parties.refuses(case, "town", "EXTEND", {"days": 5, "reason": "再延"}) == "workflow.extended_once"
    parties.play(
        case,
        *loop("town")[:2],
        ("town", "REVIEW", {}),
        ("county", "REVIEW_RESULT", {"claim_outcome": "SUPPORT", "told": "邮寄"}),
        ("county", "REREVIEW", {}),
        ("county", "REREVIEW_RESULT", {"claim_outcome": "EXPLAIN", "told": "邮寄"}),
    )
    assert parties.refuses(case, "county", "CLOSE", {}) == "casework.points_open"
    excuses = [{"point": point, "reason": "信访人外出,多次联系不上"} for point in ("REVISITED", "RATED")]
    parties.play(case, ("county", "CLOSE", {"excuses": excuses}))
    assert tell(4, case, ("town", "county"))["status"] == "CLOSED"


def test_route_5_joint_handling_is_seen_by_the_helpers(parties: Parties, tell: Tell) -> None:
    case = parties.open_case("town")
    parties.play(
        case,
        ("town", "ACCEPT", {}),
        ("town", "START", {}),
        ("town", "CO_UNIT", {"units": ["@other", "@third"], "until": "2027-01-10"}),
    )
    helper = parties.turn("third")
    assert helper.show("Case", case)["holder"] == parties.unit("town")
    assert parties.refuses(case, "third", "RESULT", {"result": "TRUE"}) == "workflow.only_holder"
    parties.play(case, ("third", "CO_ANSWER", {"note": "渠道属本镇管护段,愿出工出料"}))
    lead = parties.turn("town").show("Case", case)
    assert (lead["co_waiting"], lead["holder"]) == ([parties.unit("other")], parties.unit("town"))
    assert parties.refuses(case, "town", "CO_ANSWER", {"note": "…"}) == "workflow.only_co_unit"
    *most, close = loop("town")
    parties.play(case, *most)
    assert parties.refuses(case, "town", "CLOSE", {}) == "casework.points_open"
    excuses = [{"point": "CO_ANSWERED", "reason": "该镇书面说明不涉及本镇"}]
    parties.play(case, (close[0], close[1], {**close[2], "excuses": excuses}))
    tell(5, case, ("town", "other", "third", "county"))


def test_route_6_designated_away_from_the_accused_unit(parties: Parties, tell: Tell) -> None:
    accused = [{"name": "钱某", "unit": "另一镇", "managed_by": "TOWN", "unit_code": parties.unit("other")}]
    case = parties.open_case("town", nature="ACCUSE", accused=accused)
    parties.play(
        case,
        ("town", "FORWARD", {"to_unit": "@county", "method": "REPORT"}),
        ("county", "RECEIVE", {}),
        ("county", "CLASSIFY", {"route": "SENSITIVE"}),
        ("county", "NOTICE", {"told": "电话"}),
    )
    assert parties.refuses(case, "county", "ASSIGN", {"to_unit": "@other"}) == "workflow.accused_unit"
    parties.play(
        case,
        ("county", "ASSIGN", {"to_unit": "@third", "method": "ASSIGN"}),
        ("third", "RETURN", {"reason": "承办人须回避"}),
    )
    parties.offices["third"].exchange()
    with pytest.raises(NotFound):
        parties.offices["third"].show("Case", case)
    parties.play(
        case,
        ("county", "ASSIGN", {"to_unit": "@third", "method": "ASSIGN"}),
        ("third", "RECEIVE", {}),
        ("third", "DISPOSE", {"disposition": "TALK_INQUIRY"}),
        ("third", "RESULT", {"result": "PARTLY"}),
        ("third", "CLOSE", {}),
        ("county", "FEEDBACK", {"told": "当面", "objection": "NONE"}),
        ("third", "ARCHIVE", {}),
    )
    tell(6, case, ("town", "third", "county"))
    with pytest.raises(NotFound):
        parties.offices["other"].show("Case", case)
