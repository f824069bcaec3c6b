"""Random walks over the workflow: whatever happens, the rules that protect people hold."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.domain.case_facts import CaseFacts, StepFact, may_accuse
from sync.domain.case_state import CaseState
from sync.domain.clocks import running_dues
from sync.domain.ids import UnitCode
from sync.domain.jurisdiction import leaves_county, rank_asked, rank_of, step_reason
from sync.domain.loop_records import Excuse
from sync.domain.vocabularies import VOCABULARIES
from sync.domain.workflow import Offer, offers, project_case
from sync.domain.workflow_table import STEPS
from sync.shipped.rules import load_clockwork
from tests.domain.trails import COUNTY, OTHER, START, THIRD, TOWN, step

CLAIM_ONLY = frozenset(
    ("REJECT", "ACCEPT_NOTICE", "EXTEND_NOTICE", "ANSWER", "REVIEW", "REVIEW_RESULT", "REREVIEW", "REREVIEW_RESULT")
)
ACCUSATION_ONLY = frozenset({"NOTICE", "FEEDBACK", "DISPOSE", "CLARIFY"})
UNITS = {str(COUNTY): True, str(TOWN): True, str(OTHER): True, str(THIRD): False}
ACTORS = tuple(
    (unit, kind, role)
    for unit, kind, roles in (
        (COUNTY, "COUNTY", ("COUNTY_OFFICE", "COUNTY_LEADER")),
        (TOWN, "TOWN", ("CDI_STAFF", "TOWN_CDI")),
        (OTHER, "TOWN", ("TOWN_CDI",)),
        (THIRD, "TOWN", ("TOWN_CDI",)),
    )
    for role in roles
)
CODES = tuple(STEPS)
FACTS = st.builds(
    CaseFacts,
    nature=st.sampled_from((None, "ACCUSE", "CLAIM", "ADVICE", "APPEAL")),
    identity=st.sampled_from((None, "REAL", "ANON", "JOINT")),
    first_repeat=st.sampled_from((None, "FIRST", "REPEAT")),
    received_at=st.just(START),
    secrecy=st.sampled_from(("NORMAL", "SEALED")),
    accused_units=st.sampled_from((frozenset(), *(frozenset({str(unit)}) for unit in (OTHER, COUNTY, TOWN)))),
    managed_by=st.sampled_from((frozenset(), frozenset({"VILLAGE"}), frozenset({"COUNTY"}), frozenset({"CITY"}))),
    units=st.just(UNITS),
)
SHORTEST = 15
"""Steps of a walk after its registration: nothing is archived before."""
WALKS = int(os.environ.get("LIANDONG_WALKS", "500"))
"""How many walks; 5 000 for the long run."""
pytestmark = pytest.mark.no_cover  # what it repeats others cover; the tracer would take longer than the test
DICE = st.lists(st.integers(0, 10_000), min_size=SHORTEST, max_size=22)
CLOCKWORK = load_clockwork()
CLAIM_CLOCKS = frozenset({"petition_transfer", "acceptance_notice", "handle_claim", "review", "rereview", "objection"})
LONGEST_CLOCK = 92
"""Days: a claim with its extension, or a whole quarter."""
BEGUN = frozenset({"start_handling", "received_check", "objection", "petition_transfer"})
ANSWERED = BEGUN | {"acceptance_notice", "handle_claim", "assigned_report", "review", "rereview"}
OVER = {
    **dict.fromkeys(("HANDLING", "NOT_ACCEPTED", "RESULT"), BEGUN),
    **dict.fromkeys(("REGISTERED", "REOPENED"), frozenset({"start_handling", "received_check", "assigned_report"})),
    **dict.fromkeys(("REPLIED", "RETURN_VISIT", "RATED"), ANSWERED),
    "CLOSED": frozenset(CLOCKWORK.rulebook.rules) - {"realname_feedback", "review_request", "rereview_request"},
}
"""Clocks that must not run where a case stands."""
PROCEDURES = (None, "PETITION", "JUDICIAL")
BY_PROCEDURE = frozenset({"handle_claim", "review_request", "review", "rereview_request", "rereview"})
"""Clocks of the petition procedure alone."""
NATURES = (None, "ACCUSE", "CLAIM", "ADVICE")


def choices(state: CaseState, facts: CaseFacts) -> list[tuple[UnitCode, str, Offer]]:
    return [
        (unit, role, offer)
        for unit, kind, role in ACTORS
        for offer in offers(state, facts, unit, kind, role)
        if offer.allowed
    ]


def values(offer: Offer, dice: int) -> dict[str, Any]:
    every = {
        "to_unit": (COUNTY, TOWN, OTHER, THIRD)[dice % 4],
        "units": (str(OTHER),),
        "approved": dice % 3 > 0,
        "nature": NATURES[dice % 4],
        "route": "FIRST",
        "procedure": PROCEDURES[dice % 3],
        "days": dice % 30 + 1,
        "excuses": tuple(Excuse(point=point, reason="另附说明") for point in offer.points),
    }
    wanted = set(offer.needs) | ({"nature", "route", "procedure", "excuses"} & set(offer.takes))
    return {name: every[name] if name in every else coded(name, dice) for name in wanted}


def coded(name: str, dice: int) -> str:
    vocabulary = VOCABULARIES.get(name)
    return "说明" if vocabulary is None else vocabulary.codes[dice % len(vocabulary.codes)]


def walk(facts: CaseFacts, dice: list[int]) -> tuple[list[StepFact], list[CaseState]]:
    trail = [step("REGISTER", TOWN, 1)]
    states = [project_case(trail, TOWN, COUNTY, facts)]
    for count, throw in enumerate(dice, 2):
        ways = choices(states[-1], facts)
        early = [way for way in ways if way[2].step != "ARCHIVE"] if count <= SHORTEST + 1 else []
        open_ways = early or ways
        if not open_ways:
            assert states[-1].status == "ARCHIVED", f"no way out of {states[-1].status}"
            break
        taken = next(lawful(states[-1], facts, open_ways, count, throw), None)
        assert taken is not None, f"nothing that is offered in {states[-1].status} can be taken"
        trail.append(taken)
        states.append(project_case(trail, TOWN, COUNTY, facts))
    return trail, states


def lawful(
    state: CaseState, facts: CaseFacts, ways: list[tuple[UnitCode, str, Offer]], count: int, throw: int
) -> Iterator[StepFact]:
    """Steps that may be taken whoever manages the people complained about, the one that was thrown first."""
    for unit, role, offer in (*ways[throw % len(ways) :], *ways[: throw % len(ways)]):
        for spot in range(4):
            made = step(offer.step, unit, count, role=role, **values(offer, throw + spot))
            if step_reason(state, made, facts) is None:
                yield made
                break


def check_way(facts: CaseFacts, fact: StepFact, before: CaseState, after: CaseState) -> None:
    """An accusation is given to nobody it is about, and struck off with a disposition or a reason, or sent on up."""
    if not may_accuse(before.nature):
        return
    if after.holder != before.holder:
        assert after.holder not in facts.accused_units
    if fact.step in ("START", "DISPOSE", "RESULT"):
        assert rank_of(fact.unit, COUNTY) >= rank_asked(before, facts)
    if fact.step in ("START", "DISPOSE", "RESULT", "CLOSE") and "REPORT_UP" not in before.done:
        assert fact.unit not in facts.accused_units, "nobody works on what is said about himself"
    if fact.step == "CLOSE" and before.nature == "ACCUSE" and "REPORT_UP" not in before.done:
        excused = {excuse.point for excuse in fact.record.excuses}
        assert before.disposition is not None or "DISPOSED" in excused
        assert "REPORTED_UP" in excused or not leaves_county(before, facts)


def check_clocks(facts: CaseFacts, state: CaseState) -> None:
    """No date is later than a rule allows, and no clock of a claim runs for an accusation."""
    for due in running_dues(facts, state, CLOCKWORK):
        assert due.start <= due.counted <= due.due
        if not due.rule.by_letter:
            assert (due.due - due.start).days <= LONGEST_CLOCK
        assert not (state.nature == "ACCUSE" and due.rule.id in CLAIM_CLOCKS)
        assert not (state.procedure != "PETITION" and due.rule.id in BY_PROCEDURE)
        assert due.rule.id not in OVER.get(state.status, frozenset()), "what is done is owed no more"


def check_walk(facts: CaseFacts, dice: list[int]) -> None:
    trail, states = walk(facts, dice)
    assert len(trail) > SHORTEST
    for state in states:
        assert UNITS.get(state.holder), "the holder is an active unit of the directory"
        assert state.holder in state.sight
        assert state.extended_days <= 30
    for fact, before, after in zip(trail[1:], states, states[1:], strict=False):
        if fact.id in after.effective:
            barred = CLAIM_ONLY if before.nature == "ACCUSE" else ACCUSATION_ONLY if before.nature else frozenset()
            assert fact.step not in barred
            check_way(facts, fact, before, after)
    for state in states:
        check_clocks(facts, state)
    if facts.secrecy == "SEALED":
        assert states[-1].sight == {TOWN, COUNTY}


def test_whatever_happens_the_rules_hold() -> None:
    walked = 0

    @settings(max_examples=WALKS, deadline=None, derandomize=True)
    @given(FACTS, DICE)
    def check(facts: CaseFacts, dice: list[int]) -> None:
        nonlocal walked
        check_walk(facts, dice)
        walked += 1

    check()
    assert walked >= WALKS, "each of them longer than SHORTEST"


@settings(max_examples=WALKS // 10, deadline=None, derandomize=True)
@given(FACTS, DICE, st.randoms(use_true_random=False))
def test_any_set_of_steps_in_any_order_has_one_state(facts: CaseFacts, dice: list[int], chance: Any) -> None:
    trail, _ = walk(facts, dice)
    mixed = [*trail, *(step(CODES[throw % len(CODES)], ACTORS[throw % 6][0], throw) for throw in dice)]
    expected = project_case(mixed, TOWN, COUNTY, facts)
    chance.shuffle(mixed)
    assert project_case([*mixed, *mixed[:3]], TOWN, COUNTY, facts) == expected
    assert len(expected.effective) + len(expected.ineffective) == len(mixed)
    assert UNITS.get(expected.holder)
