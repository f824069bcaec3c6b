"""Joint handling: what a co-unit may do, what the lead sees of it, and what is owed before closing."""

from sync.domain.case_facts import CaseFacts
from sync.domain.ids import UnitCode
from sync.domain.loop_records import Excuse
from sync.domain.workflow import offers, project_case, taking_refusal
from tests.domain.test_workflow_routes import CLAIM, LOOP, REGISTER, Act, act, last_refusal, play, trail_of
from tests.domain.trails import COUNTY, OTHER, THIRD, TOWN, step

ASKED = (REGISTER, act("ACCEPT"), act("START"), act("CO_UNIT", units=(str(OTHER), str(THIRD)), until="2027-01-10"))
DONE = (act("RESULT", result="TRUE"), act("ANSWER", told="当面"), *LOOP)
EXCUSE = Excuse(point="CO_ANSWERED", reason="该单位职责已并入主办单位")


def allowed(acts: tuple[Act, ...], unit: UnitCode) -> set[str]:
    state = play(CLAIM, *acts)
    return {offer.step for offer in offers(state, CLAIM, unit, "TOWN", "CDI_STAFF") if offer.allowed}


def test_a_co_unit_reports_its_part_and_nothing_else() -> None:
    assert allowed(ASKED, OTHER) == {"CO_ANSWER"}
    assert "CO_ANSWER" not in allowed(ASKED, TOWN) | allowed(ASKED, COUNTY)
    assert last_refusal(CLAIM, *ASKED, act("RESULT", OTHER, result="TRUE")) == "workflow.only_holder"
    assert last_refusal(CLAIM, *ASKED[:3], act("CO_ANSWER", OTHER, note="…")) == "workflow.only_co_unit"
    assert last_refusal(CLAIM, *ASKED, act("CO_ANSWER", OTHER)) == "workflow.field_missing"


def test_reporting_changes_neither_status_nor_holder() -> None:
    before = play(CLAIM, *ASKED)
    assert before.co_waiting == (OTHER, THIRD)
    assert "CO_WAITING" in before.flags
    first = play(CLAIM, *ASKED, act("CO_ANSWER", OTHER, note="已查渠道产权"))
    assert (first.status, first.holder, first.co_waiting) == (before.status, TOWN, (THIRD,))
    both = play(CLAIM, *ASKED, act("CO_ANSWER", OTHER, note="一"), act("CO_ANSWER", THIRD, note="二"))
    assert both.co_waiting == ()
    assert "CO_WAITING" not in both.flags
    again = play(CLAIM, *ASKED, act("CO_ANSWER", OTHER, note="一"), act("CO_UNIT", units=(str(OTHER),)))
    assert again.co_waiting == (THIRD, OTHER), "asked anew, it owes a further report"
    assert play(CLAIM, *ASKED, act("CO_ANSWER", OTHER, note="一"), act("CO_ANSWER", OTHER, note="补充")).effective


def test_closing_asks_for_reports_that_are_missing() -> None:
    state = play(CLAIM, *ASKED, *DONE, act("CO_ANSWER", OTHER, note="一"))
    offered = {offer.step: offer for offer in offers(state, CLAIM, TOWN, "TOWN", "TOWN_CDI")}
    assert offered["CLOSE"].points == ("CO_ANSWERED",)
    assert taking_refusal(state, step("CLOSE", TOWN, 90), CLAIM) == "workflow.points_open"
    assert taking_refusal(state, step("CLOSE", TOWN, 90, excuses=(EXCUSE,)), CLAIM) is None
    closed = play(CLAIM, *ASKED, *DONE, act("CLOSE", excuses=(EXCUSE,)))
    assert (closed.status, closed.co_waiting) == ("CLOSED", ())
    assert last_refusal(CLAIM, *ASKED, *DONE, act("CLOSE"), act("CO_ANSWER", OTHER, note="迟")) == (
        "workflow.wrong_status"
    )


def test_closings_from_before_co_units_could_report_stand() -> None:
    assert play(CLAIM, *ASKED, *DONE, act("CLOSE")).status == "CLOSED"


def test_a_co_unit_that_becomes_the_holder_owes_no_report() -> None:
    acts = (REGISTER, act("CO_UNIT", units=(str(OTHER),)), act("FORWARD", COUNTY, to_unit=OTHER))
    assert play(CLAIM, *acts).co_waiting == ()
    assert "CO_ANSWER" not in allowed(acts, OTHER)


def test_a_new_round_waits_for_nobody_before_it_asks() -> None:
    acts = (*ASKED, *DONE, act("REOPEN", COUNTY, reason="新证据"))
    state = play(CLAIM, *acts)
    assert state.co_waiting == ()
    assert "CO_WAITING" not in state.flags
    assert play(CLAIM, *acts, act("CO_ANSWER", OTHER, note="补充")).holder == TOWN


def test_a_unit_that_is_complained_about_is_no_co_unit() -> None:
    facts = CaseFacts(nature="ACCUSE", identity="ANON", accused_units=frozenset({str(OTHER)}))
    state = project_case(trail_of(REGISTER, act("CO_UNIT", units=(str(OTHER),))), TOWN, COUNTY, facts)
    assert state.co_units == ()


def test_only_who_never_had_it_in_hand_only_helps() -> None:
    assert play(CLAIM, *ASKED).only_helps(OTHER)
    assert not play(CLAIM, *ASKED).only_helps(TOWN)
    acts = (REGISTER, act("FORWARD", to_unit=OTHER), act("RETURN", OTHER, reason="不属本镇"))
    assert not play(CLAIM, *acts, act("CO_UNIT", units=(str(OTHER),))).only_helps(OTHER)
