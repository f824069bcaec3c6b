"""Clocks of matters that are not ours to handle, and of work that began without an acceptance."""

from dataclasses import replace
from datetime import date

from sync.domain.case_facts import CaseFacts
from sync.domain.clocks import running_dues
from sync.shipped.rules import load_clockwork
from tests.domain.test_workflow_routes import CLAIM, REGISTER, act, play
from tests.domain.trails import COUNTY, START

CLOCKWORK = load_clockwork()
HIGH = CaseFacts(nature="ACCUSE", identity="ANON", received_at=START, managed_by=frozenset({"COUNTY"}))


def rules_of(facts: CaseFacts, *acts: object) -> set[str]:
    state = play(facts, *acts)  # type: ignore[arg-type]
    return {due.rule.id for due in running_dues(facts, state, CLOCKWORK)}


def test_a_matter_of_a_higher_organ_is_sent_on_in_five_working_days() -> None:
    assert "upper_direct" in rules_of(HIGH, REGISTER)
    assert "upper_direct" not in rules_of(HIGH, REGISTER, act("FORWARD", to_unit=COUNTY))
    for ours in ({"TOWN"}, {"UNKNOWN"}, set()):
        assert "upper_direct" not in rules_of(replace(HIGH, managed_by=frozenset(ours)), REGISTER)
    assert "upper_direct" not in rules_of(replace(HIGH, nature="CLAIM"), REGISTER)


def test_work_that_begins_without_an_acceptance_is_limited_too() -> None:
    claim = replace(CLAIM, received_at=START)
    assert "handle_claim" in rules_of(claim, REGISTER, act("START"))
    accepted = play(claim, REGISTER, act("ACCEPT"), act("START"))
    dues = [due for due in running_dues(claim, accepted, CLOCKWORK) if due.rule.id == "handle_claim"]
    assert [due.start for due in dues] == [date(2026, 11, 18)], "counted from the acceptance, once"
    accusation = CaseFacts(nature="ACCUSE", identity="ANON", received_at=START)
    assert "disposition_opinion" in rules_of(accusation, REGISTER, act("START"))
    assert "disposition_opinion" not in rules_of(accusation, REGISTER, act("DISPOSE", disposition="PRELIM"))
