"""What the case and its steps say for a letter, so that nobody types it twice. Pure; the typed paper goes first."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from desktop.services.shapes import ClockRow
from sync.domain.vocabularies import label

Readout = Mapping[str, Any]
Paper = dict[str, Any]

_HANDLE, _REPORT = "handle_claim", "assigned_report"
_ROUND = "REOPEN"
"""Of a case taken up again only what was done since is told."""
_OPINION_PLACE = {"TOWN_CDI": 1, "COUNTY_HEAD": 1, "COUNTY_LEADER": 2}
"""Where on the proposal sheet a role writes: handler, head (township: discipline secretary), deputy, secretary."""


def paper_of_trail(form: str, case: Readout, clocks: Sequence[ClockRow]) -> Paper:
    """The values of a form's paper as far as the trail of a case (its ``show`` map) and its clocks hold them."""
    found = _READERS[form](_Trail(case), clocks) if form in _READERS else {}
    return {name: value for name, value in found.items() if value not in (None, "", [], ())}


class _Trail:
    """The effective steps of a case."""

    def __init__(self, case: Readout) -> None:
        self.case = case
        self._steps = [step for step in case.get("trail") or () if step.get("effective", True)]

    def last(self, *codes: str, since: str = "") -> Readout:
        """The newest step of these, or nothing; ``since``: after the newest step of that code, if there is one."""
        found = ((step.get("step"), step) for step in reversed(self._steps))
        code, step = next(((code, step) for code, step in found if code in {*codes, since}), ("", {}))
        return step if code in codes else {}


def _acceptance(trail: _Trail, clocks: Sequence[ClockRow]) -> Paper:
    limit = _clock(clocks)
    return {"due": limit.due.isoformat() if limit else None}


def _rejection(trail: _Trail, _: Sequence[ClockRow]) -> Paper:
    return {"reason": trail.last("REJECT", since=_ROUND).get("reason")}


def _contact(trail: _Trail, _: Sequence[ClockRow]) -> Paper:
    step = trail.last("NOTICE")
    return {"at": step.get("at"), "way": step.get("told"), "answer": step.get("note")}


def _proposal(trail: _Trail, _: Sequence[ClockRow]) -> Paper:
    submitted, decided = trail.last("SUBMIT"), trail.last("APPROVE", since="SUBMIT")
    opinions = [""] * 4
    if decided:
        verdict = "同意。" if decided.get("approved") else "不同意。"
        opinions[_OPINION_PLACE.get(str(decided.get("role")), 1)] = str(decided.get("note") or verdict)
    return {"proposal": submitted.get("note"), "opinions": opinions if decided else None}


def _transfer(trail: _Trail, _: Sequence[ClockRow]) -> Paper:
    step = trail.last("FORWARD", "ASSIGN")
    return {"method": step.get("method") or (step and ("ASSIGN" if step["step"] == "ASSIGN" else "FORWARD"))}


def _extension(trail: _Trail, clocks: Sequence[ClockRow]) -> Paper:
    asked = trail.last("EXTEND", since=_ROUND)
    decided = trail.last("EXTEND_DECIDE", since="EXTEND") if asked else {}
    told = trail.last("EXTEND_NOTICE", since="EXTEND_DECIDE") if decided else {}
    days, limit = int(asked.get("days") or 0), _clock(clocks) or _clock(clocks, _REPORT)
    granted = bool(decided.get("approved"))
    old = limit.due - timedelta(days=days if granted else 0) if limit else None
    return {
        "accepted_at": _day(trail.last("ACCEPT").get("at")),
        "old_limit": old.isoformat() if old else None,
        "reason": asked.get("reason"),
        "days": days or None,
        "new_limit": (old + timedelta(days=days)).isoformat() if old and days else None,
        "handler_opinion": asked.get("note"),
        "head_opinion": decided.get("note"),
        "told": decided.get("told") or told.get("told"),
    }


def _answer(trail: _Trail, _: Sequence[ClockRow]) -> Paper:
    answered = trail.last("ANSWER", "REVIEW_RESULT", "REREVIEW_RESULT", since=_ROUND)
    found = trail.last("RESULT", since=_ROUND)
    outcome = answered.get("claim_outcome") or found.get("claim_outcome")
    opinion = trail.case.get("reply") or answered.get("note")
    only = {"claim": trail.case.get("claim"), "facts": found.get("note"), "outcome": outcome, "opinion": opinion}
    kept = {name: value for name, value in only.items() if value}
    return {"accepted_at": _day(trail.last("ACCEPT").get("at")), "claims": [kept] if kept else None}


def _feedback(trail: _Trail, _: Sequence[ClockRow]) -> Paper:
    step, result = trail.last("FEEDBACK", since=_ROUND), trail.last("RESULT", since=_ROUND).get("result")
    told = f"经核查，您反映的问题：{label('result', str(result))}。" if result else None
    return {"at": step.get("at"), "way": step.get("told"), "told": told, "objection": step.get("objection")}


def _supervision(trail: _Trail, clocks: Sequence[ClockRow]) -> Paper:
    order = trail.last("SUPERVISE")
    report = next((clock for clock in clocks if clock.rule in (_REPORT, _HANDLE)), None)
    answer = trail.last("SUPERVISE_ANSWER", since="SUPERVISE")
    return {
        "assigned_at": _day(trail.last("ASSIGN", "FORWARD").get("at")),
        "old_limit": report.due.isoformat() if report else None,
        "supervise_method": order.get("supervise_method"),
        "supervise_reason": order.get("supervise_reason"),
        "demand": order.get("note"),
        "due": order.get("until"),
        "date": _day(order.get("at")),
        "answer": answer.get("note") if answer.get("refers") in (None, order.get("id")) else None,
    }


def _package(trail: _Trail, _: Sequence[ClockRow]) -> Paper:
    step = trail.last("PACKAGE")
    return {
        "leader": step.get("to_person"),
        "plan": step.get("note"),
        "due": step.get("until"),
        "result_text": trail.last("RESULT").get("note"),
    }


def _clock(clocks: Sequence[ClockRow], rule: str = _HANDLE) -> ClockRow | None:
    return next((clock for clock in clocks if clock.rule == rule), None)


def _day(moment: object) -> str | None:
    return date.fromisoformat(str(moment)[:10]).isoformat() if moment else None


_READERS: Mapping[str, Callable[[_Trail, Sequence[ClockRow]], Paper]] = {
    "acceptance_notice": _acceptance,
    "rejection_notice": _rejection,
    "realname_contact": _contact,
    "proposal_sheet": _proposal,
    "transfer_letter": _transfer,
    "extension_approval": _extension,
    "supervision_order": _supervision,
    "leader_package": _package,
    "answer_letter": _answer,
    "realname_feedback": _feedback,
}
