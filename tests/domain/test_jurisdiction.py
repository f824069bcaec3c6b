"""An accusation against somebody whom a higher organ manages goes up: never down, never handled below."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.domain.case_facts import CaseFacts
from sync.domain.case_state import CaseState
from sync.domain.ids import UnitCode
from sync.domain.jurisdiction import BOUND_STEPS, HANDLING, RANKS, SENDING, rank_asked, rank_of
from sync.domain.workflow import offers, taking_refusal
from sync.domain.workflow_guards import open_points
from tests.domain.test_workflow_routes import REGISTER, act, last_refusal, play
from tests.domain.test_workflow_walks import ACTORS, DICE, FACTS, UNITS, values, walk
from tests.domain.trails import COUNTY, OTHER, TOWN, step

CITY = UnitCode("431000")
HIGH = CaseFacts(nature="ACCUSE", identity="ANON", managed_by=frozenset({"VILLAGE", "COUNTY"}), units=UNITS)
AT_TOWN = (REGISTER,)
AT_COUNTY = (REGISTER, act("FORWARD", to_unit=COUNTY), act("RECEIVE", COUNTY))


def reasons(state: CaseState, facts: CaseFacts, unit: UnitCode) -> dict[str, str]:
    kind = "COUNTY" if unit == COUNTY else "TOWN"
    found = offers(state, facts, unit, kind, "TOWN_CDI" if unit != COUNTY else "COUNTY_OFFICE")
    return {offer.step: offer.reason_key for offer in found}


def test_a_town_sends_it_up_and_does_not_work_on_it() -> None:
    found = reasons(play(HIGH, *AT_TOWN), HIGH, TOWN)
    assert {found[code] for code in ("ACCEPT", "START", "DISPOSE", "PACKAGE")} == {"workflow.managed_above"}
    assert found["FORWARD"] == found["CLOSE"] == found["CLASSIFY"] == ""
    state = play(HIGH, *AT_TOWN)
    assert taking_refusal(state, step("FORWARD", TOWN, 9, to_unit=COUNTY), HIGH) is None
    assert taking_refusal(state, step("FORWARD", TOWN, 9, to_unit=OTHER), HIGH) == "workflow.not_down"
    assert taking_refusal(state, step("START", TOWN, 9), HIGH) == "workflow.managed_above"


def test_the_county_handles_its_own_cadres_and_sends_none_of_them_down() -> None:
    state = play(HIGH, *AT_COUNTY)
    found = reasons(state, HIGH, COUNTY)
    assert found["FORWARD"] == found["ASSIGN"] == found["CO_UNIT"] == found["RETURN"] == "workflow.not_down"
    assert found["START"] == found["DISPOSE"] == found["ACCEPT"] == ""
    helped = step("CO_UNIT", COUNTY, 9, units=(str(OTHER),))
    assert taking_refusal(state, helped, HIGH) == "workflow.not_down"


def test_who_is_managed_above_the_county_is_not_handled_there() -> None:
    facts = replace(HIGH, managed_by=frozenset({"CITY"}))
    state = play(facts, *AT_COUNTY)
    found = reasons(state, facts, COUNTY)
    assert found["START"] == "workflow.managed_above"
    assert found["FORWARD"] == "workflow.not_down", "the directory knows no organ above"
    assert found["CLOSE"] == found["REPORT_UP"] == "", "by letter to the organ above it leaves all the same"
    known = replace(facts, units={**UNITS, str(CITY): True})
    assert reasons(state, known, COUNTY)["FORWARD"] == ""
    assert taking_refusal(state, step("FORWARD", COUNTY, 9, to_unit=CITY), known) is None


def test_reported_to_the_organ_above_it_is_struck_off_without_a_result() -> None:
    facts = replace(HIGH, managed_by=frozenset({"CITY"}))
    letter = act("REPORT_UP", COUNTY, document="桂纪信〔2026〕3号", note="市纪委监委信访室,机要送达", method="DIRECT")
    assert open_points(play(facts, *AT_COUNTY), facts) == ("STARTED", "RESULT", "DISPOSED", "REPORTED_UP")
    state = play(facts, *AT_COUNTY, letter)
    assert (state.status, state.holder, open_points(state, facts)) == ("RESULT", COUNTY, ())
    assert play(facts, *AT_COUNTY, letter, act("CLOSE", COUNTY)).status == "CLOSED"
    assert last_refusal(facts, *AT_COUNTY, act("REPORT_UP", COUNTY, note="市纪委")) == "workflow.field_missing"
    assert reasons(play(HIGH, *AT_COUNTY), HIGH, COUNTY)["REPORT_UP"] == "workflow.not_managed_above"


def test_a_matter_about_the_countys_own_unit_never_goes_there() -> None:
    """The town that received it sends it out of the county itself."""
    facts = replace(HIGH, managed_by=frozenset(), accused_units=frozenset({str(COUNTY)}))
    state = play(facts, *AT_TOWN)
    found = reasons(state, facts, TOWN)
    assert (found["REPORT_UP"], found["START"]) == ("", "workflow.managed_above")
    assert found["FORWARD"] == "workflow.not_down", "no unit it could go to"
    assert reasons(state, facts, COUNTY)["ESCALATE"] == "workflow.accused_unit"
    claim = replace(facts, nature="CLAIM")
    assert taking_refusal(play(claim, *AT_TOWN), step("FORWARD", TOWN, 9, to_unit=COUNTY), claim) is None


def test_it_is_not_given_back_to_the_unit_it_is_about() -> None:
    facts = replace(HIGH, managed_by=frozenset(), accused_units=frozenset({str(TOWN)}))
    assert reasons(play(facts, *AT_COUNTY), facts, COUNTY)["RETURN"] == "workflow.accused_unit"


def test_a_unit_neither_handles_nor_strikes_off_what_is_said_about_itself() -> None:
    facts = replace(HIGH, managed_by=frozenset({"TOWN"}), accused_units=frozenset({str(TOWN)}))
    found = reasons(play(facts, *AT_TOWN), facts, TOWN)
    barred = ("ACCEPT", "START", "DISPOSE", "PACKAGE", "CLOSE")
    assert {found[code] for code in barred} == {"workflow.own_matter"}
    assert found["FORWARD"] == found["CLASSIFY"] == ""
    begun = (*AT_TOWN, act("START"))
    assert play(facts, *begun).status == "HANDLING", "what was done before anybody knew stays done"
    assert reasons(play(facts, *begun), facts, TOWN)["RESULT"] == "workflow.own_matter"
    assert reasons(play(facts, *begun), facts, COUNTY)["ESCALATE"] == ""
    at_county = reasons(play(facts, *AT_COUNTY), facts, COUNTY)
    assert at_county["START"] == at_county["CLOSE"] == ""
    claim = replace(facts, nature="CLAIM")
    assert reasons(play(claim, *AT_TOWN), claim, TOWN)["START"] == ""


def test_a_unit_complained_about_may_strike_off_what_it_reported_up() -> None:
    both = replace(HIGH, managed_by=frozenset(), accused_units=frozenset({str(TOWN), str(COUNTY)}))
    letter = act("REPORT_UP", document="仁信〔2026〕3号", note="市纪委监委信访室")
    assert reasons(play(both, *AT_TOWN), both, TOWN)["CLOSE"] == "workflow.own_matter"
    assert reasons(play(both, *AT_TOWN, letter), both, TOWN)["CLOSE"] == ""


def test_closings_older_than_the_question_stand() -> None:
    facts = replace(HIGH, managed_by=frozenset({"VILLAGE"}))
    acts = (REGISTER, act("START"), act("RESULT", result="TRUE"))
    assert open_points(play(facts, *acts), facts) == ("DISPOSED",)
    assert play(facts, *acts, act("CLOSE")).status == "CLOSED"
    assert taking_refusal(play(facts, *acts), step("CLOSE", TOWN, 90), facts) == "workflow.points_open"
    disposed = play(facts, REGISTER, act("DISPOSE", disposition="CLOSE5"), act("RESULT", result="TRUE"))
    assert taking_refusal(disposed, step("CLOSE", TOWN, 90), facts) is None


@pytest.mark.parametrize("managed_by", ["TOWN", "VILLAGE", "NOT_OVERSEEN", "UNKNOWN", "HOLOGRAM"])
def test_who_is_managed_here_or_by_nobody_known_binds_nobody(managed_by: str) -> None:
    facts = replace(HIGH, managed_by=frozenset({managed_by}))
    assert not {"workflow.managed_above", "workflow.not_down"} & set(
        reasons(play(facts, *AT_TOWN), facts, TOWN).values()
    )


@pytest.mark.parametrize("nature", ["CLAIM", "ADVICE", "APPEAL"])
def test_only_accusations_are_bound(nature: str) -> None:
    facts = replace(HIGH, nature=nature)
    assert rank_asked(play(facts, *AT_TOWN), facts) == 0
    assert rank_asked(play(replace(HIGH, nature=None), *AT_TOWN), replace(HIGH, nature=None)) == RANKS["COUNTY"]


def test_what_was_done_before_anybody_knew_stays_done() -> None:
    down = (*AT_COUNTY, act("ASSIGN", COUNTY, to_unit=OTHER), act("RECEIVE", OTHER), act("START", OTHER))
    state = play(HIGH, *down)
    assert (state.status, state.holder) == ("HANDLING", OTHER)
    assert reasons(state, HIGH, OTHER)["RESULT"] == "workflow.managed_above"
    assert reasons(state, HIGH, COUNTY)["ESCALATE"] == ""


def test_a_matter_that_went_up_is_not_taken_back_down() -> None:
    state = play(HIGH, *AT_COUNTY[:2])
    assert reasons(state, HIGH, TOWN)["RECALL"] == "workflow.not_down"
    assert reasons(state, HIGH, COUNTY)["RETURN"] == "workflow.not_down"


@settings(max_examples=150, deadline=None, derandomize=True)
@given(FACTS, DICE, st.sampled_from(sorted(RANKS)))
def test_nothing_offered_moves_it_down_or_works_on_it_below(facts: CaseFacts, dice: list[int], manager: str) -> None:
    _, states = walk(facts, dice)
    bound = replace(facts, managed_by=frozenset({manager}))
    for state, throw in zip(states, dice, strict=False):
        asked = rank_asked(state, bound)
        ways = 0
        for unit, kind, role in ACTORS:
            for offer in offers(state, bound, unit, kind, role):
                ways += offer.allowed
                fact = step(offer.step, unit, 900, role=role, **values(offer, throw)) if offer.allowed else None
                if fact is None or asked == 0 or offer.step not in BOUND_STEPS:
                    continue
                if offer.step in HANDLING:
                    assert rank_of(unit, COUNTY) >= asked
                elif offer.step in SENDING and taking_refusal(state, fact, bound) is None:
                    target = rank_of(fact.record.to_unit or "", COUNTY)
                    assert target >= asked or target > rank_of(state.holder, COUNTY)
        assert ways or state.status == "ARCHIVED", "always a way out"
