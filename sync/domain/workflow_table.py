"""The one table of allowed steps: who may take each, where, with which fields, and where it leads."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Who(StrEnum):
    """Which unit may take a step."""

    REGISTRAR = "registrar"
    HOLDER = "holder"
    SENDER = "sender"
    """The unit that sent the case on last."""
    COUNTY = "county"
    HOLDER_OR_COUNTY = "holder_or_county"
    PARTY = "party"
    """The unit that registered the case, the holder, or the county."""
    CO_UNIT = "co_unit"
    """A unit that helps the holder (协办)."""


@dataclass(frozen=True, slots=True)
class StepRule:
    """One row of the table. Empty sets mean "any"; ``to`` empty leaves the status as it is, or to the effect."""

    code: str
    who: Who
    froms: frozenset[str]
    to: str = ""
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    natures: frozenset[str] = frozenset()


def _states(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _row(code: str, who: Who, froms: frozenset[str], to: str = "", fields: str = "/") -> StepRule:
    """A row; ``fields`` names those a step needs, then after the stroke those it may carry."""
    needs, takes = fields.split("/")
    return StepRule(code, who, froms, to, tuple(needs.split()), tuple(takes.split()))


def _only(natures: frozenset[str], rule: StepRule) -> StepRule:
    return StepRule(rule.code, rule.who, rule.froms, rule.to, rule.needs, rule.takes, rule.roles, natures)


def _by(roles: frozenset[str], rule: StepRule) -> StepRule:
    return StepRule(rule.code, rule.who, rule.froms, rule.to, rule.needs, rule.takes, roles, rule.natures)


NO_CASEWORK = frozenset({"AUDITOR", "ADMIN"})
"""Roles that never touch a case."""
LEADERS = frozenset({"TOWN_CDI", "TOWN_SEC", "PACKAGE_LEADER", "COUNTY_HEAD", "COUNTY_LEADER"})
"""Roles that decide for a unit."""

ACCUSATION = frozenset({"ACCUSE"})
CLAIM = frozenset({"CLAIM"})
NO_ACCUSATION = frozenset({"CLAIM", "ADVICE", "APPEAL"})

FRESH = _states("REGISTERED CLASSIFIED RECEIVED REOPENED")
IN_WORK = FRESH | _states("ACCEPTED HANDLING")
ANSWERED = _states("REPLIED RETURN_VISIT RATED")
IN_HAND = IN_WORK | ANSWERED | _states("RESULT NOT_ACCEPTED")
OPEN = IN_HAND | _states("SUBMITTED TRANSFERRED REVIEW REREVIEW")
STANDING = _states("HANDLING REVIEW REREVIEW")
HOLDER, COUNTY, EITHER = Who.HOLDER, Who.COUNTY, Who.HOLDER_OR_COUNTY
SENDING = FRESH | _states("ACCEPTED NOT_ACCEPTED")

_ROWS = (
    _row("REGISTER", Who.REGISTRAR, _states("DRAFT"), "REGISTERED", fields="/ note"),
    _row("CLASSIFY", HOLDER, IN_WORK, fields="/ nature scope procedure route clearing note"),
    _row("SUBMIT", HOLDER, FRESH, "SUBMITTED", fields="/ to_person note"),
    _by(LEADERS, _row("APPROVE", EITHER, _states("SUBMITTED"), "CLASSIFIED", "approved / note")),
    _row("ACCEPT", HOLDER, FRESH, "ACCEPTED", fields="/ document note"),
    _only(NO_ACCUSATION, _row("REJECT", HOLDER, FRESH, "NOT_ACCEPTED", "reason / document told note")),
    _only(CLAIM, _row("ACCEPT_NOTICE", HOLDER, _states("ACCEPTED HANDLING"), "", "told / document note")),
    _only(ACCUSATION, _row("NOTICE", Who.PARTY, OPEN, "", "told / note")),
    _row("FORWARD", EITHER, SENDING, "TRANSFERRED", "to_unit / method until document note"),
    _row("ASSIGN", EITHER, SENDING, "TRANSFERRED", "to_unit / method until document note"),
    _row("RECEIVE", HOLDER, _states("TRANSFERRED"), "RECEIVED", fields="/ to_person note"),
    _row("RETURN", HOLDER, _states("TRANSFERRED RECEIVED CLASSIFIED"), "", "reason / note"),
    _row("RECALL", Who.SENDER, _states("TRANSFERRED"), "", "reason / note"),
    _row("ESCALATE", COUNTY, IN_WORK | _states("TRANSFERRED SUBMITTED RESULT"), "RECEIVED", "reason / document note"),
    _only(ACCUSATION, _row("REPORT_UP", HOLDER, IN_WORK | _states("RESULT"), "RESULT", "document note / method until")),
    _row("START", HOLDER, FRESH | _states("ACCEPTED"), "HANDLING", fields="/ to_person until note"),
    _only(ACCUSATION, _row("DISPOSE", HOLDER, IN_WORK, "HANDLING", "disposition / note")),
    _row("CO_UNIT", EITHER, IN_WORK, "", "units / until note"),
    _row("CO_ANSWER", Who.CO_UNIT, OPEN, "", "note / document"),
    _row("PACKAGE", EITHER, IN_WORK, "", "to_person / until note"),
    _row("EXTEND", HOLDER, _states("ACCEPTED HANDLING"), "", "days reason / note"),
    _by(LEADERS, _row("EXTEND_DECIDE", EITHER, _states("ACCEPTED HANDLING"), "", "approved / refers told note")),
    _only(NO_ACCUSATION, _row("EXTEND_NOTICE", HOLDER, OPEN, "", "told / document note")),
    _row("PAUSE", HOLDER, STANDING, "", "reason / until note"),
    _row("RESUME", HOLDER, STANDING, "", fields="/ reason note"),
    _row("WITHDRAW", HOLDER, IN_WORK, "", "reason / told note"),
    _row("RESULT", HOLDER, _states("HANDLING"), "RESULT", "result / claim_outcome document note"),
    _only(
        NO_ACCUSATION,
        _row("ANSWER", HOLDER, IN_WORK | _states("RESULT"), "REPLIED", fields="/ claim_outcome document told note"),
    ),
    _only(ACCUSATION, _row("FEEDBACK", Who.PARTY, _states("RESULT REPLIED CLOSED"), "", "told / objection note")),
    _only(ACCUSATION, _row("CLARIFY", HOLDER, ANSWERED | _states("RESULT CLOSED"), "", "told / document note")),
    _row("REVISIT", EITHER, ANSWERED, fields="/ satisfaction told note"),
    _row("RATE", EITHER, ANSWERED, "RATED", "satisfaction / note"),
    _row("SUPERVISE", COUNTY, OPEN, "", "supervise_reason / supervise_method until document note"),
    _row("SUPERVISE_ANSWER", HOLDER, OPEN, "", "note / refers document"),
    _only(CLAIM, _row("REVIEW", EITHER, ANSWERED | _states("CLOSED"), "REVIEW", fields="/ to_unit note")),
    _only(
        CLAIM, _row("REVIEW_RESULT", HOLDER, _states("REVIEW"), "REPLIED", fields="/ claim_outcome document told note")
    ),
    _only(CLAIM, _row("REREVIEW", EITHER, ANSWERED | _states("CLOSED"), "REREVIEW", fields="/ to_unit note")),
    _only(
        CLAIM,
        _row("REREVIEW_RESULT", HOLDER, _states("REREVIEW"), "REPLIED", fields="/ claim_outcome document told note"),
    ),
    _row("CLOSE", HOLDER, IN_HAND, "CLOSED", fields="/ excuses document note"),
    _row("REOPEN", EITHER, ANSWERED | _states("RESULT NOT_ACCEPTED CLOSED"), "REOPENED", "reason / note"),
    _row("ARCHIVE", EITHER, _states("CLOSED"), "ARCHIVED", fields="/ excuses note"),
)

STEPS = MappingProxyType({row.code: row for row in _ROWS})
"""Every step this version knows, by code, in the order a case usually takes them."""
