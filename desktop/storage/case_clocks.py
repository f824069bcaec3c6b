"""The next due date of a case: the earliest of the clocks that run on it now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from desktop.storage.engine import Database
from sync.domain.calendar import MovedDay, WorkCalendar
from sync.domain.case_facts import CaseFacts, StepFact
from sync.domain.case_state import CaseState
from sync.domain.deadlines import Pause, due_date
from sync.domain.ids import Instant
from sync.domain.rulebook import Conditions, Rule, RuleKind
from sync.domain.texts import Words
from sync.domain.times import local_date
from sync.shipped.rules import load_calendar, load_rulebook

RECEIPT, RECEIPT_FROM_ABOVE = "RECEIPT", "RECEIPT_FROM_ABOVE"


@dataclass(frozen=True, slots=True)
class _Start:
    """What set a clock going: when, and the step (None = receipt of the case)."""

    at: Instant
    step: StepFact | None


def next_due(state: CaseState, case: CaseFacts, calendar: tuple[MovedDay, ...]) -> tuple[str | None, str | None]:
    """The earliest due date (ISO) of a running duty and its rule's id; (None, None) where none runs."""
    if case.void:
        return None, None
    nature = state.nature or case.nature
    rules = _duties((nature, case.identity, case.source_channel, case.secrecy, case.first_repeat))
    found = [due for due in (_due(rule, state, case, calendar) for rule in rules) if due is not None]
    return min(found, default=(None, None))


def moved_days(database: Database) -> tuple[MovedDay, ...]:
    """Days the county laid over the shipped calendar."""
    rows = database.run("SELECT day, working, name FROM record_calendar_day WHERE day IS NOT NULL ORDER BY created_at")
    days = ((_day(day), working, name or "") for day, working, name in rows)
    return tuple(MovedDay(day, bool(working), Words(name, name)) for day, working, name in days if day is not None)


@lru_cache(maxsize=1000)
def _duties(plain: tuple[str | None, ...]) -> tuple[Rule, ...]:
    """Duties that can apply to a case of this nature, identity, source, secrecy and first or repeated appearance."""
    duties = (rule for rule in load_rulebook().rules.values() if rule.kind is RuleKind.DUTY)
    return tuple(rule for rule in duties if _fits(rule.applies_to, plain))


def _fits(wanted: Conditions, plain: tuple[str | None, ...]) -> bool:
    allowed = (wanted.natures, wanted.identities, wanted.sources, wanted.secrecies)
    if any(codes and value not in codes for codes, value in zip(allowed, plain, strict=False)):
        return False
    return not (wanted.only_first and plain[-1] == "REPEAT")


@lru_cache(maxsize=4)
def _calendar(overlay: tuple[MovedDay, ...]) -> WorkCalendar:
    return load_calendar().with_overlay(overlay)


@dataclass(frozen=True, slots=True)
class _Terms:
    """All that a due date depends on beside its rule."""

    start: date
    pauses: tuple[Pause, ...]
    extension: int
    letter: date | None


@lru_cache(maxsize=20_000)
def _count(rule_id: str, terms: _Terms, overlay: tuple[MovedDay, ...]) -> str:
    rule = load_rulebook().rules[rule_id]
    calendar = _calendar(overlay)
    found = due_date(rule, terms.start, calendar, terms.pauses, extension=terms.extension, letter=terms.letter)
    return found.due.isoformat()


def _due(rule: Rule, state: CaseState, case: CaseFacts, overlay: tuple[MovedDay, ...]) -> tuple[str, str] | None:
    if not _applies(rule.applies_to, state):
        return None
    start = _running_since(rule, state, case)
    if start is None:
        return None
    letter = _day(start.step.record.until) if start.step else None
    extension = state.extended_days if rule.extension else 0
    return _count(rule.id, _Terms(local_date(start.at), _pauses(state.trail), extension, letter), overlay), rule.id


def _day(text: str | None) -> date | None:
    """The day; None for what is none: a column must not fail because of a forged step."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _applies(wanted: Conditions, state: CaseState) -> bool:
    if wanted.clearings and state.clearing not in wanted.clearings:
        return False
    if not wanted.registered_by:
        return True
    return _last(fact.record.role for fact in state.trail if fact.step == "REGISTER") in wanted.registered_by


def _last(values: Iterable[str | None]) -> str | None:
    return next((value for value in reversed(list(values)) if value), None)


def _running_since(rule: Rule, state: CaseState, case: CaseFacts) -> _Start | None:
    """The newest start that no later step fulfilled or ended."""
    above = case.source_channel == "UPPER" and RECEIPT_FROM_ABOVE in rule.starts
    start = _Start(case.received_at, None) if case.received_at and (RECEIPT in rule.starts or above) else None
    for fact in state.trail:
        if fact.step in rule.stops:
            start = None
        if fact.step in rule.starts and not (rule.applies_to.down_only and _reaches_county(fact, state)):
            start = _Start(fact.at, fact)
    if rule.applies_to.down_only and start is not None and start.step is None:
        return start if state.holder != state.county else None
    return start


def _reaches_county(fact: StepFact, state: CaseState) -> bool:
    return (fact.record.to_unit or fact.unit) == state.county


def _pauses(trail: tuple[StepFact, ...]) -> tuple[Pause, ...]:
    pauses: list[Pause] = []
    first: date | None = None
    for fact in trail:
        if fact.step == "PAUSE" and first is None:
            first = local_date(fact.at)
        elif first is not None and fact.step == "RESUME":
            pauses.append(Pause(first, local_date(fact.at)))
            first = None
    return (*pauses, Pause(first)) if first is not None else tuple(pauses)
