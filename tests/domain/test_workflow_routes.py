"""Whole cases: the six routes, and what an accusation and a claim may and may not do."""

from typing import Any

from sync.domain.case_facts import CaseFacts, StepFact
from sync.domain.case_state import CaseState
from sync.domain.ids import UnitCode
from sync.domain.loop_records import Excuse
from sync.domain.workflow import offers, project_case, taking_refusal
from sync.domain.workflow_guards import open_points
from tests.domain.trails import COUNTY, OTHER, THIRD, TOWN, step

ACCUSATION = CaseFacts(nature="ACCUSE", identity="REAL", first_repeat="FIRST")
CLAIM = CaseFacts(nature="CLAIM", identity="REAL", first_repeat="FIRST")

Act = tuple[str, UnitCode, dict[str, Any]]


def act(code: str, unit: UnitCode = TOWN, **fields: Any) -> Act:
    return code, unit, fields


def play(facts: CaseFacts, *acts: Act) -> CaseState:
    """The state after these acts, none of them refused."""
    state = project_case(trail_of(*acts), TOWN, COUNTY, facts)
    assert state.ineffective == ()
    return state


def trail_of(*acts: Act) -> list[StepFact]:
    return [step(code, unit, count, **fields) for count, (code, unit, fields) in enumerate(acts, 1)]


def last_refusal(facts: CaseFacts, *acts: Act) -> str:
    """Why the last act has no effect; those before it have."""
    trail = trail_of(*acts)
    state = project_case(trail, TOWN, COUNTY, facts)
    assert [step_id for step_id, _ in state.ineffective] == [trail[-1].id]
    return state.ineffective[0][1]


REGISTER = act("REGISTER")
UP = (REGISTER, act("FORWARD", to_unit=COUNTY), act("RECEIVE", COUNTY))
ANSWERED = (REGISTER, act("ACCEPT"), act("START"), act("RESULT", result="TRUE"), act("ANSWER", told="当面送达"))
LOOP = (act("REVISIT", told="电话"), act("RATE", satisfaction="SATISFIED"))


def test_a_claim_goes_the_whole_loop() -> None:
    state = play(CLAIM, *ANSWERED, *LOOP, act("CLOSE"), act("ARCHIVE"))
    assert (state.status, state.holder, state.satisfaction) == ("ARCHIVED", TOWN, "SATISFIED")


def test_a_real_name_accusation_is_told_twice() -> None:
    state = play(
        ACCUSATION,
        *UP,
        act("NOTICE", COUNTY, told="电话"),
        act("ASSIGN", COUNTY, to_unit=OTHER),
        act("RECEIVE", OTHER),
        act("START", OTHER, to_person="李芳"),
        act("DISPOSE", OTHER, disposition="PRELIM"),
        act("RESULT", OTHER, result="UNTRUE"),
        act("CLARIFY", OTHER, told="村务会"),
        act("CLOSE", OTHER),
        act("FEEDBACK", OTHER, told="当面", objection="NONE"),
        act("ARCHIVE", OTHER),
    )
    assert (state.status, state.disposition) == ("ARCHIVED", "PRELIM")
    assert state.sight == {TOWN, COUNTY, OTHER}


def test_first_handler_route() -> None:
    state = play(CLAIM, REGISTER, act("CLASSIFY", route="FIRST", clearing="TIMELY"), act("START"))
    assert (state.status, state.route, state.clearing, state.holder) == ("HANDLING", "FIRST", "TIMELY", TOWN)


def test_priority_route_of_a_matter_from_above() -> None:
    facts = CaseFacts(nature="ACCUSE", identity="ANON", source_channel="UPPER")
    state = play(
        facts, *UP, act("CLASSIFY", COUNTY, route="UPPER"), act("ASSIGN", COUNTY, to_unit=OTHER), act("RECEIVE", OTHER)
    )
    assert (state.status, state.route, state.holder) == ("RECEIVED", "UPPER", OTHER)


def test_escalated_route_takes_the_case_up() -> None:
    state = play(CLAIM, REGISTER, act("START"), act("ESCALATE", COUNTY, reason="久拖不决"))
    assert (state.status, state.route, state.holder) == ("RECEIVED", "ESCALATE", COUNTY)


def test_package_route_has_a_leader() -> None:
    state = play(CLAIM, REGISTER, act("START"), act("PACKAGE", COUNTY, to_person="王书记"))
    assert (state.route, state.leader, state.holder) == ("BACKLOG", "王书记", TOWN)


def test_joint_route_lets_the_helpers_see() -> None:
    state = play(CLAIM, REGISTER, act("START"), act("CO_UNIT", units=(str(OTHER), str(THIRD))))
    assert (state.route, state.co_units, state.holder) == ("MIXED", (OTHER, THIRD), TOWN)
    assert {OTHER, THIRD} <= state.sight


def test_designated_route_keeps_the_accused_unit_out() -> None:
    facts = CaseFacts(nature="ACCUSE", identity="ANON", accused_units=frozenset({str(OTHER)}))
    acts = (*UP, act("CLASSIFY", COUNTY, route="SENSITIVE"))
    assert last_refusal(facts, *acts, act("ASSIGN", COUNTY, to_unit=OTHER)) == "workflow.accused_unit"
    assert play(facts, *acts, act("ASSIGN", COUNTY, to_unit=THIRD)).holder == THIRD


def test_approval_is_a_leaders() -> None:
    acts = (REGISTER, act("SUBMIT", note="拟受理"))
    assert last_refusal(CLAIM, *acts, act("APPROVE", role="RECEPTION", approved=True)) == "workflow.wrong_role"
    assert play(CLAIM, *acts, act("APPROVE", role="TOWN_CDI", approved=True)).status == "CLASSIFIED"


def test_an_accusation_takes_no_step_of_a_claim() -> None:
    acts = (REGISTER, act("ACCEPT"))
    for barred in (act("ACCEPT_NOTICE", told="信"), act("REJECT", reason="…"), act("ANSWER")):
        refused = last_refusal(ACCUSATION, *acts, barred)
        assert refused in ("workflow.wrong_nature", "workflow.wrong_status")
    assert last_refusal(CLAIM, *acts, act("DISPOSE", disposition="PRELIM")) == "workflow.wrong_nature"
    assert last_refusal(CLAIM, *acts, act("NOTICE", told="信")) == "workflow.wrong_nature"


def test_nobody_anonymous_or_repeated_is_told() -> None:
    repeat = CaseFacts(nature="ACCUSE", identity="REAL", first_repeat="REPEAT")
    assert last_refusal(repeat, REGISTER, act("NOTICE", told="信")) == "workflow.only_real_name"
    anonymous = CaseFacts(nature="ADVICE", identity="ANON")
    assert last_refusal(anonymous, REGISTER, act("ANSWER")) == "workflow.anonymous"


def test_an_extension_is_asked_and_granted_once() -> None:
    ask = act("EXTEND", days=20, reason="需鉴定")
    grant = act("EXTEND_DECIDE", role="TOWN_CDI", approved=True, told="已告知")
    acts = (REGISTER, act("ACCEPT"), act("START"), ask)
    assert last_refusal(CLAIM, *acts, ask) == "workflow.extension_waits"
    granted = play(CLAIM, *acts, grant)
    assert granted.extended_days == 20
    assert "EXTENDED" in granted.flags
    assert last_refusal(CLAIM, *acts, grant, ask) == "workflow.extended_once"
    assert last_refusal(CLAIM, *acts[:3], act("EXTEND", days=31, reason="…")) == "workflow.extension_too_long"


def test_who_was_not_told_of_an_extension_is_told_or_it_is_said_why_not() -> None:
    granted = (
        *(REGISTER, act("ACCEPT"), act("START"), act("EXTEND", days=20, reason="需鉴定")),
        act("EXTEND_DECIDE", role="TOWN_CDI", approved=True),
    )
    notice = act("EXTEND_NOTICE", told="电话告知延期理由")
    assert "EXTENSION_TOLD" in open_points(play(CLAIM, *granted), CLAIM)
    told = play(CLAIM, *granted, notice)
    assert "EXTENSION_TOLD" not in open_points(told, CLAIM)
    assert last_refusal(CLAIM, *granted, notice, notice) == "workflow.no_extension_to_tell"
    assert last_refusal(CLAIM, REGISTER, act("ACCEPT"), notice) == "workflow.no_extension_to_tell"
    at_once = (*granted[:-1], act("EXTEND_DECIDE", role="TOWN_CDI", approved=True, told="书面告知"))
    assert "EXTENSION_TOLD" not in open_points(play(CLAIM, *at_once), CLAIM)
    done = (*granted, act("RESULT", result="TRUE"), act("ANSWER"), act("REVISIT", satisfaction="SATISFIED"))
    state = play(CLAIM, *done)
    assert open_points(state, CLAIM) == ("EXTENSION_TOLD",)
    assert taking_refusal(state, step("CLOSE", TOWN, 90), CLAIM) == "workflow.points_open"
    assert play(CLAIM, *done, act("CLOSE")).status == "CLOSED", "closings older than the question stand"
    refused = (*granted[:-1], act("EXTEND_DECIDE", role="TOWN_CDI", approved=False))
    assert "EXTENSION_TOLD" not in open_points(play(CLAIM, *refused), CLAIM)


def test_a_case_closes_only_with_every_point_done_or_excused() -> None:
    assert last_refusal(CLAIM, *ANSWERED, act("CLOSE")) == "workflow.points_open"
    offered = {offer.step: offer for offer in offers(play(CLAIM, *ANSWERED), CLAIM, TOWN, "TOWN", "TOWN_CDI")}
    assert offered["CLOSE"].points == ("REVISITED", "RATED")
    blank = tuple(Excuse(point=point, reason=" ") for point in offered["CLOSE"].points)
    assert last_refusal(CLAIM, *ANSWERED, act("CLOSE", excuses=blank)) == "workflow.points_open"
    excused = tuple(Excuse(point=point, reason="本人外出") for point in offered["CLOSE"].points)
    assert play(CLAIM, *ANSWERED, act("CLOSE", excuses=excused)).status == "CLOSED"


def test_supervision_stands_open_until_it_is_answered() -> None:
    order = act("SUPERVISE", COUNTY, supervise_reason="NOT_STARTED", supervise_method="CALL")
    state = play(CLAIM, REGISTER, order)
    assert "SUPERVISED" in state.flags
    assert last_refusal(CLAIM, *ANSWERED, *LOOP, order, act("CLOSE")) == "workflow.points_open"
    assert play(CLAIM, *ANSWERED, *LOOP, order, act("SUPERVISE_ANSWER", note="已办"), act("CLOSE")).status == "CLOSED"


def test_a_claim_is_reviewed_and_re_reviewed_and_then_final() -> None:
    reviewed = (*ANSWERED, act("REVIEW"), act("REVIEW_RESULT", COUNTY))
    assert last_refusal(CLAIM, *ANSWERED, act("REREVIEW")) == "workflow.not_reviewed"
    assert play(CLAIM, *reviewed).holder == COUNTY
    final = play(CLAIM, *reviewed, act("REREVIEW", COUNTY), act("REREVIEW_RESULT", COUNTY))
    assert "FINAL" in final.flags
    assert final.status == "REPLIED"


def test_a_withdrawn_claim_ends_and_a_withdrawn_accusation_does_not() -> None:
    wish = act("WITHDRAW", reason="本人申请")
    assert play(CLAIM, REGISTER, act("START"), wish, act("CLOSE")).status == "CLOSED"
    assert play(ACCUSATION, REGISTER, act("START"), wish).status == "HANDLING"


def test_reopening_begins_a_new_round() -> None:
    state = play(CLAIM, *ANSWERED, *LOOP, act("CLOSE"), act("REOPEN", COUNTY, reason="不实"), act("START"))
    assert (state.status, state.result, state.satisfaction) == ("HANDLING", None, None)


def test_bounced_twice_is_seen_and_a_sender_takes_back() -> None:
    there = act("FORWARD", COUNTY, to_unit=OTHER)
    back = act("RETURN", OTHER, reason="不属本单位")
    assert "BOUNCED" in play(CLAIM, *UP, there, back, there, back).flags
    recalled = play(CLAIM, *UP, there, act("RECALL", COUNTY, reason="误转"))
    assert (recalled.status, recalled.holder) == ("RECEIVED", COUNTY)
    assert recalled.sight == {TOWN, COUNTY}
    assert last_refusal(CLAIM, REGISTER, act("RETURN", reason="…")) == "workflow.wrong_status"


def test_a_pause_is_marked_and_lifted() -> None:
    acts = (REGISTER, act("START"), act("PAUSE", reason="听证"))
    assert "PAUSED" in play(CLAIM, *acts).flags
    assert "PAUSED" not in play(CLAIM, *acts, act("RESUME")).flags
    assert last_refusal(CLAIM, *acts, act("PAUSE", reason="…")) == "workflow.paused"
