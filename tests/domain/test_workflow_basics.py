"""The first steps of a case: register, forward, receive, return."""

import itertools

from sync.domain.case_facts import CaseFacts, in_order
from sync.domain.visibility import DossierFacts, may_see
from sync.domain.workflow import offers, project_case
from tests.domain.trails import COUNTY, OTHER, THIRD, TOWN, step

REGISTER = step("REGISTER", TOWN, 1)
UP = step("FORWARD", TOWN, 2, to_unit=COUNTY)
TAKE = step("RECEIVE", COUNTY, 3)
DOWN = step("FORWARD", COUNTY, 4, to_unit=OTHER)
BACK = step("RETURN", OTHER, 5, reason="非本单位管辖")
TRAIL = (REGISTER, UP, TAKE, DOWN, BACK)


def test_a_case_goes_up_down_and_back() -> None:
    walked = [project_case(TRAIL[:count], TOWN, COUNTY) for count in range(6)]
    assert [state.status for state in walked] == [
        "DRAFT",
        "REGISTERED",
        "TRANSFERRED",
        "RECEIVED",
        "TRANSFERRED",
        "RECEIVED",
    ]
    assert [state.holder for state in walked] == [TOWN, TOWN, COUNTY, COUNTY, OTHER, COUNTY]
    assert not walked[-1].ineffective


def test_order_of_arrival_does_not_matter() -> None:
    expected = project_case(TRAIL, TOWN, COUNTY)
    for shuffled in itertools.permutations(TRAIL):
        assert project_case(shuffled, TOWN, COUNTY) == expected


def test_steps_of_one_change_follow_what_was_seen() -> None:
    first = step("REGISTER", TOWN, 1)
    second = step("FORWARD", TOWN, 1, to_unit=COUNTY, seen=first.id)
    assert in_order([second, first]) == (first, second)


def test_a_step_at_the_wrong_place_has_no_effect_and_a_reason() -> None:
    stray = step("RECEIVE", THIRD, 6)
    late = step("FORWARD", OTHER, 7, to_unit=THIRD)
    bare = step("FORWARD", COUNTY, 8)
    state = project_case((*TRAIL, stray, late, bare), TOWN, COUNTY)
    reasons = dict(state.ineffective)
    assert reasons == {
        stray.id: "workflow.wrong_status",
        late.id: "workflow.only_holder_or_county",
        bare.id: "workflow.field_missing",
    }
    assert state.last_step == bare.id


def test_an_unknown_step_needs_a_newer_version() -> None:
    state = project_case((*TRAIL, step("TELEPORT", COUNTY, 9)), TOWN, COUNTY)
    assert state.status == "UNKNOWN"
    assert offers(state, CaseFacts(), COUNTY, "COUNTY", "COUNTY_OFFICE") == ()


def test_offers_say_why_not() -> None:
    state = project_case(TRAIL[:1], TOWN, COUNTY)
    offered = {offer.step: offer for offer in offers(state, CaseFacts(), TOWN, "TOWN", "RECEPTION")}
    assert offered["FORWARD"].allowed
    assert offered["FORWARD"].needs == ("to_unit",)
    assert offered["RECEIVE"].reason_key == "workflow.wrong_status"
    barred = {offer.step: offer for offer in offers(state, CaseFacts(), OTHER, "TOWN", "RECEPTION")}
    assert barred["FORWARD"].reason_key == "workflow.only_holder_or_county"


def test_who_sees_a_case_follows_the_hand_overs() -> None:
    seen = [may_see(DossierFacts("Case", TOWN, COUNTY, CaseFacts(), TRAIL[:count])) for count in range(6)]
    assert seen[1] == seen[3] == seen[5] == {TOWN, COUNTY}
    assert seen[4] == {TOWN, COUNTY, OTHER}


def test_the_unit_complained_about_is_kept_out() -> None:
    facts = CaseFacts(nature="ACCUSE", accused_units=frozenset({OTHER}))
    state = project_case(TRAIL[:4], TOWN, COUNTY, facts)
    assert state.holder == COUNTY
    assert state.ineffective == ((DOWN.id, "workflow.accused_unit"),)
    assert may_see(DossierFacts("Case", TOWN, COUNTY, facts, TRAIL[:4])) == {TOWN, COUNTY}


def test_a_sealed_case_stays_with_two_units() -> None:
    facts = CaseFacts(secrecy="SEALED")
    assert may_see(DossierFacts("Case", TOWN, COUNTY, facts, TRAIL[:4])) == {TOWN, COUNTY}


def test_a_dissolved_unit_holds_nothing() -> None:
    units = {str(COUNTY): True, str(TOWN): True, str(OTHER): False}
    state = project_case(TRAIL[:4], TOWN, COUNTY, CaseFacts(units=units))
    assert state.holder == COUNTY
    assert state.flags == {"HOLDER_GONE"}


def test_the_county_forwards_what_a_town_registered() -> None:
    trail = (step("REGISTER", TOWN, 1), step("FORWARD", COUNTY, 2, to_unit=OTHER))
    state = project_case(trail, TOWN, COUNTY)
    assert (state.status, state.holder, state.ineffective) == ("TRANSFERRED", OTHER, ())
    assert OTHER in may_see(DossierFacts("Case", TOWN, COUNTY, CaseFacts(), trail))
