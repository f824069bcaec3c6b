"""Which clocks run for whom."""

from datetime import date
from typing import Any

from sync.domain.case_facts import CaseFacts
from sync.domain.clocks import case_clocks, next_due, overlay_of, running_dues
from sync.domain.deadlines import DueDate
from sync.domain.ids import UnitCode, new_record_id
from sync.domain.records import CalendarDay
from sync.domain.times import local_date
from sync.domain.workflow import project_case, taking_refusal
from sync.shipped.rules import load_clockwork
from tests.domain.trails import COUNTY, DAY, OTHER, START, THIRD, TOWN, step

CLOCKWORK = load_clockwork()
CLAIM_RULES = {"petition_transfer", "acceptance_notice", "handle_claim", "review", "rereview", "objection"}
Act = tuple[str, UnitCode, int, dict[str, Any]]


def act(code: str, unit: UnitCode = TOWN, after: int = 0, **fields: Any) -> Act:
    """A step ``after`` days from the start."""
    return code, unit, after, fields


def facts(nature: str | None, **values: Any) -> CaseFacts:
    return CaseFacts(**{"nature": nature, "identity": "REAL", "received_at": START, **values})


def dues(case: CaseFacts, *acts: Act) -> dict[str, DueDate]:
    trail = [
        step(code, unit, order, **{"at": START + after * DAY, **fields})
        for order, (code, unit, after, fields) in enumerate(acts, 1)
    ]
    state = project_case(trail, TOWN, COUNTY, case)
    assert state.ineffective == ()
    return {due.rule.id: due for due in running_dues(case, state, CLOCKWORK)}


REGISTER = act("REGISTER", role="RECEPTION")
DOWN = (
    REGISTER,
    act("FORWARD", to_unit=COUNTY),
    act("RECEIVE", COUNTY, 1),
    act("ASSIGN", COUNTY, 2, to_unit=OTHER),
)


def test_a_real_name_accusation_is_to_be_told() -> None:
    assert set(dues(facts("ACCUSE"), REGISTER)) == {"realname_notice"}
    assert set(dues(facts("ACCUSE"), REGISTER, act("NOTICE", after=1, told="电话"))) == set()
    assert set(dues(facts("ACCUSE", first_repeat="REPEAT"), REGISTER)) == set()
    assert set(dues(facts("ACCUSE", identity="ANON"), REGISTER)) == set()


def test_the_handling_office_of_an_accusation_has_its_clocks() -> None:
    running = dues(facts("ACCUSE", identity="ANON"), *DOWN)
    assert set(running) == {"start_handling", "assigned_report", "received_check", "disposition_check"}
    taken = dues(facts("ACCUSE", identity="ANON"), *DOWN, act("RECEIVE", OTHER, 3))
    assert {"lower_register", "disposition_opinion", "start_handling"} <= set(taken)
    begun = dues(facts("ACCUSE", identity="ANON"), *DOWN, act("RECEIVE", OTHER, 3), act("START", OTHER, 4))
    assert "start_handling" not in begun
    assert "quarterly_result" in begun
    assert not CLAIM_RULES & set(begun)


def test_a_claim_is_accepted_handled_and_extended() -> None:
    case = facts("CLAIM")
    accepted = (REGISTER, act("ACCEPT", after=3))
    running = dues(case, *accepted)
    assert set(running) == {"acceptance_notice", "handle_claim"}
    assert running["handle_claim"].due == date.fromordinal(local_date(START).toordinal() + 63)
    granted = dues(
        case,
        *accepted,
        act("EXTEND", after=9, days=20, reason="鉴定"),
        act("EXTEND_DECIDE", after=10, role="TOWN_CDI", approved=True),
    )
    assert (granted["handle_claim"].due - running["handle_claim"].due).days == 20
    assert set(dues(case, *accepted, act("ANSWER", after=20))) == {"review_request"}


def test_what_was_sent_by_mistake_and_taken_back_leaves_no_clock_of_the_other_body() -> None:
    sent = (REGISTER, act("ASSIGN", after=2, to_unit=OTHER))
    assert {"start_handling", "received_check", "assigned_report"} <= set(dues(facts("CLAIM"), *sent))
    back = dues(facts("CLAIM"), *sent, act("RECALL", after=4, reason="转错单位"))
    assert set(back) == {"acceptance_notice"}
    assert (back["acceptance_notice"].start - local_date(START)).days == 4


def test_the_window_to_object_opens_with_the_receipt() -> None:
    sent = (REGISTER, act("FORWARD", after=2, to_unit=OTHER))
    assert "objection" not in dues(facts("CLAIM"), *sent)
    taken = dues(facts("CLAIM"), *sent, act("RECEIVE", OTHER, 5))
    assert (taken["objection"].start - local_date(START)).days == 5
    assert "objection" not in dues(facts("ACCUSE"), *sent, act("RECEIVE", OTHER, 5))


def test_acceptance_is_told_by_each_body_that_takes_the_claim_and_once_by_each() -> None:
    told = (REGISTER, act("ACCEPT", after=1), act("ACCEPT_NOTICE", after=2, told="书面"))
    on = (*told, act("FORWARD", after=3, to_unit=OTHER))
    assert "acceptance_notice" not in dues(facts("CLAIM"), *told)
    assert "acceptance_notice" in dues(facts("CLAIM"), *on, act("RECEIVE", OTHER, 4))
    back = dues(facts("CLAIM"), *on, act("RECEIVE", OTHER, 4), act("RETURN", OTHER, 5, reason="不属本单位"))
    assert "acceptance_notice" not in back
    assert "acceptance_notice" in dues(facts("CLAIM"), *told, act("ESCALATE", COUNTY, 6, reason="重大"))


def test_a_result_told_before_closing_is_not_owed_after_it() -> None:
    work = (REGISTER, act("NOTICE", told="电话"), act("START", after=1), act("RESULT", after=2, result="TRUE"))
    close = act("CLOSE", after=5)
    assert set(dues(facts("ACCUSE"), *work, close)) == {"realname_feedback"}
    assert set(dues(facts("ACCUSE"), *work, act("FEEDBACK", after=4, told="面谈"), close)) == set()


def test_a_disposition_is_a_start_and_a_wish_to_withdraw_stops_no_clock_of_an_accusation() -> None:
    taken = (*DOWN, act("RECEIVE", OTHER, 3))
    disposed = dues(facts("ACCUSE", identity="ANON"), *taken, act("DISPOSE", OTHER, 4, disposition="PRELIM"))
    assert not {"start_handling", "received_check", "disposition_check", "disposition_opinion"} & set(disposed)
    wished = dues(facts("ACCUSE", identity="ANON"), *taken, act("WITHDRAW", OTHER, 4, reason="不再反映"))
    assert set(wished) == set(dues(facts("ACCUSE", identity="ANON"), *taken))
    assert "start_handling" not in dues(facts("CLAIM"), *taken, act("WITHDRAW", OTHER, 4, reason="已和解"))


def test_a_petition_office_has_its_own_clock() -> None:
    assert "petition_transfer" in dues(facts("CLAIM"), act("REGISTER", role="TOWN_OFFICE"))
    assert "petition_transfer" not in dues(facts("ACCUSE"), act("REGISTER", role="TOWN_OFFICE"))


def test_a_letter_sets_the_date_and_an_order_waits_for_its_answer() -> None:
    order = act("SUPERVISE", COUNTY, 5, supervise_reason="OVERDUE", until="2026-12-01")
    assert dues(facts("ADVICE"), REGISTER, order)["supervision"].due == date(2026, 12, 1)
    assert "supervision" not in dues(facts("ADVICE"), REGISTER, order, act("SUPERVISE_ANSWER", after=6, note="已办"))


def test_a_hearing_pauses_the_re_review() -> None:
    acts = (
        REGISTER,
        act("ANSWER", after=1),
        act("REVIEW", after=2),
        act("REVIEW_RESULT", COUNTY, 3),
        act("REREVIEW", COUNTY, 4),
    )
    plain = dues(facts("CLAIM"), *acts)["rereview"]
    held = dues(facts("CLAIM"), *acts, act("PAUSE", COUNTY, 5, reason="听证"), act("RESUME", COUNTY, 9))["rereview"]
    assert (held.due - plain.due).days == 4


def test_the_next_duty_comes_first_and_nothing_runs_for_a_void_case() -> None:
    case = facts("CLAIM")
    state = project_case([step("REGISTER", TOWN, 1)], TOWN, COUNTY, case)
    due = next_due(case, state, CLOCKWORK)
    assert due is not None
    assert due.rule.id == "acceptance_notice"
    assert case_clocks(facts("CLAIM", void=True), state, CLOCKWORK.rulebook) == ()


def test_the_county_lays_days_over_the_calendar() -> None:
    made: dict[str, Any] = {"unit": COUNTY, "author": ""}
    older = CalendarDay(id=new_record_id(), created_at=1, day="2027-01-04", working=False, name="元旦", **made)
    newer = CalendarDay(id=new_record_id(), created_at=2, day="2027-01-04", working=True, **made)
    wrong = CalendarDay(id=new_record_id(), created_at=3, day="?", working=True, **made)
    calendar = CLOCKWORK.calendar.with_overlay(overlay_of([newer, wrong, older]))
    assert calendar.is_working(date(2027, 1, 4))


def test_a_claim_that_comes_back_is_owed_from_its_first_acceptance() -> None:
    accepted = (REGISTER, act("ACCEPT", after=3))
    owed = dues(facts("CLAIM"), *accepted)["handle_claim"].due
    sent = (*accepted, act("FORWARD", after=10, to_unit=OTHER))
    assert "handle_claim" not in dues(facts("CLAIM"), *sent)
    back = (*sent, act("RECEIVE", OTHER, 11), act("RETURN", OTHER, 30, reason="不属本单位"))
    assert dues(facts("CLAIM"), *back)["handle_claim"].due == owed
    assert dues(facts("CLAIM"), *sent, act("RECALL", after=30, reason="转错单位"))["handle_claim"].due == owed
    assert dues(facts("CLAIM"), *back, act("START", after=31))["handle_claim"].due == owed, "a start wins no time"


def test_who_gets_an_assigned_matter_back_still_owes_the_report_and_the_start() -> None:
    letter = (REGISTER, act("FORWARD", to_unit=COUNTY), act("RECEIVE", COUNTY, 1))
    given = (*letter, act("ASSIGN", COUNTY, 2, to_unit=OTHER, until="2026-12-25"), act("RECEIVE", OTHER, 3))
    on = (*given, act("FORWARD", OTHER, 4, to_unit=THIRD))
    assert not {"assigned_report", "disposition_opinion"} & set(dues(facts("ACCUSE"), *on))
    back = dues(facts("ACCUSE"), *on, act("RETURN", THIRD, 9, reason="不属本单位"))
    assert back["assigned_report"].due == date(2026, 12, 25)
    assert (back["disposition_opinion"].start - local_date(START)).days == 3
    assert (back["start_handling"].start - local_date(START)).days == 9, "three days from when it is in hand again"
    assert (back["lower_register"].start - local_date(START)).days == 9
    assert (back["received_check"].start - local_date(START)).days == 9
    all_back = dues(facts("ACCUSE"), *given, act("RETURN", OTHER, 9, reason="不属本单位"))
    assert set(all_back) == {"realname_notice", "disposition_opinion"}, "the county has its own month again"


def test_the_county_looks_for_each_hand_over_from_its_own_day() -> None:
    up = (REGISTER, act("FORWARD", to_unit=COUNTY), act("RECEIVE", COUNTY, 1))
    checks = {"received_check", "disposition_check"}
    assert not checks & set(dues(facts("ACCUSE"), *up)), "nobody checks himself"
    given = (*up, act("ASSIGN", COUNTY, 30, to_unit=OTHER))
    down = dues(facts("ACCUSE"), *given)
    assert {(down[name].start - local_date(START)).days for name in checks} == {30}
    on = dues(facts("ACCUSE"), *given, act("RECEIVE", OTHER, 32), act("FORWARD", OTHER, 33, to_unit=THIRD))
    assert {(on[name].start - local_date(START)).days for name in checks} == {33}


def test_a_matter_from_above_that_comes_back_is_to_be_sent_on_again() -> None:
    above = facts("ACCUSE", identity="ANON", source_channel="UPPER")
    sent = (act("REGISTER", role="RECEPTION"), act("FORWARD", after=2, to_unit=OTHER))
    assert "lower_register" not in dues(above, *sent)
    back = dues(above, *sent, act("RETURN", OTHER, 20, reason="不属本单位"))
    assert (back["lower_register"].start - local_date(START)).days == 20


def test_an_appeal_has_a_clock_of_its_own_and_no_claims() -> None:
    running = dues(facts("APPEAL"), REGISTER, act("ACCEPT", after=1))
    assert set(running) == {"handle_appeal"}
    assert not running["handle_appeal"].rule.verified
    assert dues(facts("APPEAL"), REGISTER, act("START", after=1), act("ANSWER", after=2)) == {}


def test_who_reported_a_matter_to_the_organ_above_owes_no_result_of_its_own() -> None:
    case = facts("ACCUSE", managed_by=frozenset({"CITY"}))
    up = (
        REGISTER,
        act("NOTICE", told="电话"),
        act("REPORT_UP", after=1, document="仁信〔2026〕3号", note="市纪委监委"),
    )
    assert dues(case, *up, act("CLOSE", after=2)) == {}


ASSIGNED = (REGISTER, act("FORWARD", to_unit=COUNTY), act("RECEIVE", COUNTY), act("ASSIGN", COUNTY, 1, to_unit=OTHER,
            until="2026-12-20"), act("RECEIVE", OTHER, 2), act("START", OTHER, 3))  # fmt: skip
ASKED = act("EXTEND", OTHER, 5, days=20, reason="需鉴定")


def test_the_date_a_letter_sets_is_moved_by_who_set_it() -> None:
    by_head = act("EXTEND_DECIDE", OTHER, 6, role="TOWN_CDI", approved=True)
    by_county = act("EXTEND_DECIDE", COUNTY, 6, role="COUNTY_HEAD", approved=True)
    for nature in ("CLAIM", "ACCUSE", "ADVICE", "APPEAL"):
        case = facts(nature, identity="ANON")
        before, head, county = (dues(case, *ASSIGNED, ASKED, *more) for more in ((), (by_head,), (by_county,)))
        assert before["assigned_report"].due == head["assigned_report"].due == date(2026, 12, 20)
        assert county["assigned_report"].due == date(2027, 1, 9)
        if nature == "CLAIM":
            longer = {(one["handle_claim"].due - before["handle_claim"].due).days for one in (head, county)}
            assert longer == {20}, "its own sixty days a unit's head may extend"


def test_a_unit_does_not_approve_of_more_time_than_who_assigned_the_matter_gave() -> None:
    def asked(case: CaseFacts, unit: UnitCode, role: str, *, approved: bool = True) -> str | None:
        acts = (*ASSIGNED, ASKED)
        trail = [
            step(code, by, order, **{"at": START, **values}) for order, (code, by, _, values) in enumerate(acts, 1)
        ]
        state = project_case(trail, TOWN, COUNTY, case)
        return taking_refusal(state, step("EXTEND_DECIDE", unit, 99, role=role, approved=approved), case)

    for nature in ("ACCUSE", "ADVICE", "APPEAL"):
        case = facts(nature)
        assert asked(case, OTHER, "TOWN_CDI") == "workflow.assigner_extends"
        assert asked(case, OTHER, "TOWN_CDI", approved=False) is None
        assert asked(case, COUNTY, "COUNTY_HEAD") is None
    assert asked(facts("CLAIM"), OTHER, "TOWN_CDI") is None


def test_a_claim_of_another_legal_procedure_has_neither_the_sixty_days_nor_a_review() -> None:
    other = act("CLASSIFY", after=4, procedure="JUDICIAL")
    accepted = (REGISTER, act("ACCEPT", after=3))
    assert "handle_claim" in dues(facts("CLAIM"), *accepted)
    assert set(dues(facts("CLAIM"), *accepted, other)) == {"acceptance_notice"}, "the way and procedure is still told"
    assert "handle_claim" in dues(facts("CLAIM"), *accepted, other, act("CLASSIFY", after=5, procedure="PETITION"))
    answer = act("ANSWER", after=9)
    assert dues(facts("CLAIM"), *accepted, other, answer) == {}
    case = facts("CLAIM")
    acts = enumerate((*accepted, other, answer), 1)
    state = project_case([step(code, by, at, **values) for at, (code, by, _, values) in acts], TOWN, COUNTY, case)
    assert taking_refusal(state, step("REVIEW", TOWN, 99), case) == "workflow.other_procedure"


def test_only_a_claim_has_a_procedure() -> None:
    for nature, more, reason in (("ACCUSE", {}, "workflow.wrong_nature"), ("CLAIM", {}, None), (None, {}, None),
                                 ("CLAIM", {"nature": "ADVICE"}, "workflow.wrong_nature"),
                                 ("ADVICE", {"nature": "CLAIM"}, None)):  # fmt: skip
        state = project_case([step("REGISTER", TOWN, 1)], TOWN, COUNTY, facts(nature))
        made = step("CLASSIFY", TOWN, 2, procedure="DUTY", **more)
        assert taking_refusal(state, made, facts(nature)) == reason, (nature, more)
