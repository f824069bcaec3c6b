"""Which clocks run for a case, from its facts and its trail, and which date comes next."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sync.domain.calendar import MovedDay, WorkCalendar
from sync.domain.case_facts import CaseFacts, StepFact
from sync.domain.case_state import CaseState
from sync.domain.deadlines import ONE_DAY, DueDate, Pause, due_date
from sync.domain.jurisdiction import rank_asked, rank_of
from sync.domain.records import CalendarDay
from sync.domain.rulebook import Conditions, Returned, Rule, Rulebook, RuleKind
from sync.domain.texts import Words
from sync.domain.times import local_date
from sync.domain.workflow_table import STEPS

NO_CLOCKS = frozenset({"DRAFT", "UNKNOWN", "ARCHIVED"})
ENDS_A_PAUSE = frozenset({"RESUME", "WITHDRAW"}) | {code for code, rule in STEPS.items() if rule.to}


@dataclass(frozen=True, slots=True)
class Clockwork:
    """The rules and the calendar dates are computed by."""

    rulebook: Rulebook
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of a case: started on ``start``, stopped on ``stopped`` (None = it runs)."""

    rule: Rule
    start: date
    stopped: date | None = None
    pauses: tuple[Pause, ...] = ()
    extension: int = 0
    letter: date | None = None
    step: str = ""
    """Id of the step that started it; empty for the receipt of the case."""
    ended_by: str = ""
    """Id of the step that stopped it."""
    set_by: str = ""
    """The unit that took the step that started it."""

    def due(self, calendar: WorkCalendar) -> DueDate:
        """When it runs out."""
        return due_date(self.rule, self.start, calendar, self.pauses, extension=self.extension, letter=self.letter)


@dataclass(frozen=True, slots=True)
class _Event:
    """Something a rule may start or stop at; ``granted`` are days of an extension approved here."""

    code: str
    day: date
    fact: StepFact | None = None
    granted: int = 0
    undone: str = ""
    """Id of the hand-over that is given or taken back here."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What conditions ask of a case."""

    values: tuple[str | None, ...]
    """Nature, identity, source, secrecy, clearing, procedure, role of the registrar."""
    repeated: bool


_Trodden = tuple[_Event, frozenset[str]]
"""An event, and what the body that holds the case has done by then."""


def overlay_of(days: Iterable[CalendarDay]) -> tuple[MovedDay, ...]:
    """Days of the county's calendar records, the newest record of a day last; malformed dates are passed over."""
    ordered = sorted(days, key=lambda record: (record.created_at, record.id))
    parsed = ((parse_day(record.day), record) for record in ordered)
    return tuple(
        MovedDay(day, record.working, Words(record.name or "", record.name or ""))
        for day, record in parsed
        if day is not None
    )


def case_clocks(case: CaseFacts, state: CaseState, rulebook: Rulebook) -> tuple[Clock, ...]:
    """Every clock that ran or runs for a case, by rule and start; none for a void or archived case."""
    if case.void or state.status in NO_CLOCKS:
        return ()
    events = _events(case, state)
    pauses, asked, trodden = _pauses(events), _asked(case, state), _trodden(events)
    return tuple(
        _with_pauses(clock, pauses) if pauses else clock
        for rule in rulebook.rules.values()
        if _applies(rule.applies_to, asked)
        for clock in _clocks_of(rule, trodden, state.county)
    )


def running_dues(case: CaseFacts, state: CaseState, clockwork: Clockwork) -> tuple[DueDate, ...]:
    """Dates of the clocks that run, the next first."""
    running = (clock for clock in case_clocks(case, state, clockwork.rulebook) if clock.stopped is None)
    dues = (clock.due(clockwork.calendar) for clock in running)
    return tuple(sorted(dues, key=lambda due: (due.due, due.rule.id)))


def next_due(case: CaseFacts, state: CaseState, clockwork: Clockwork) -> DueDate | None:
    """The next date by which somebody has a duty; windows and checks are left aside."""
    duties = (due for due in running_dues(case, state, clockwork) if due.rule.kind is RuleKind.DUTY)
    return next(duties, None)


def parse_day(text: str | None) -> date | None:
    """The day of ``2026-11-20``; None where it is none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _events(case: CaseFacts, state: CaseState) -> tuple[_Event, ...]:
    events: list[_Event] = []
    if case.received_at:
        events.append(_Event("RECEIPT", local_date(case.received_at)))
        if case.source_channel == "UPPER":
            events.append(_Event("RECEIPT_FROM_ABOVE", local_date(case.received_at)))
    asked, nature = 0, case.nature
    handed: list[str] = []
    for fact in state.trail:
        nature = (fact.record.nature or nature) if fact.step == "CLASSIFY" else nature
        if fact.step == "WITHDRAW" and nature == "ACCUSE":
            continue  # only the wish is noted: the office goes on, and so do its clocks
        asked = (fact.record.days or 0) if fact.step == "EXTEND" else asked
        granted = asked if fact.step == "EXTEND_DECIDE" and fact.record.approved else 0
        handed, undone = _handed_after(handed, fact)
        events.append(_Event(fact.step, local_date(fact.at), fact, granted, undone))
    return tuple(events)


def _handed_after(handed: list[str], fact: StepFact) -> tuple[list[str], str]:
    """The hand-overs that stand after a step, the last one last, and the one it gives back."""
    if fact.step in ("REOPEN", "ESCALATE", "REVIEW", "REREVIEW"):
        return [], ""
    if fact.step in ("FORWARD", "ASSIGN"):
        return [*handed, fact.id], ""
    if fact.step in ("RETURN", "RECALL") and handed:
        return handed[:-1], handed[-1]
    return handed, ""


def _asked(case: CaseFacts, state: CaseState) -> _Asked:
    registrar = next((fact.record.role for fact in state.trail if fact.step == "REGISTER"), None)
    secrecy = "SEALED" if _is_upper(case, state) else case.secrecy
    values = state.nature, case.identity, case.source_channel, secrecy, state.clearing, state.procedure, registrar
    return _Asked(values, case.first_repeat == "REPEAT")


def _applies(wanted: Conditions, asked: _Asked) -> bool:
    allowed = (
        *(wanted.natures, wanted.identities, wanted.sources),
        *(wanted.secrecies, wanted.clearings, wanted.procedures, wanted.registered_by),
    )
    for among, value in zip(allowed, asked.values, strict=True):
        if among and value not in among:
            return False
    return not (wanted.only_first and asked.repeated)


def _is_upper(case: CaseFacts, state: CaseState) -> bool:
    """Whether a higher organ than the registering unit manages whom it is about: sent on like a sealed matter."""
    return rank_asked(state, case) > rank_of(state.registering_unit, state.county)


def _trodden(events: Iterable[_Event]) -> tuple[_Trodden, ...]:
    done: list[frozenset[str]] = [frozenset()]
    trodden: list[_Trodden] = []
    for event in events:
        done = _done_after(done, event.code)
        trodden.append((event, done[-1]))
    return tuple(trodden)


def _clocks_of(rule: Rule, trodden: Iterable[_Trodden], county: str) -> list[Clock]:
    clocks: list[Clock] = []
    for event, done in trodden:
        if event.granted:
            clocks = [_extended(clock, event, county) for clock in clocks]
        if event.code in rule.stops:
            clocks = [_stopped(clock, event) for clock in clocks]
        if event.undone:
            clocks = _come_back(rule, clocks, event)
        if event.code not in rule.starts:
            continue
        runs = any(clock.stopped is None for clock in clocks)
        owed = not rule.unless & done and (rule.by_letter or not runs)
        if owed and _starts(rule, event, county):
            clocks.append(_started(rule, event))
    return clocks


def _done_after(done: list[frozenset[str]], code: str) -> list[frozenset[str]]:
    """What the body that holds the case has done, last in the list; before it what those did that sent it on."""
    if code in ("REOPEN", "ESCALATE", "REVIEW", "REREVIEW"):
        return [frozenset()]
    if code in ("FORWARD", "ASSIGN"):
        return [*done, frozenset()]
    if code in ("RETURN", "RECALL"):
        return done[:-1] or [frozenset()]
    return [*done[:-1], done[-1] | {code}]


def _starts(rule: Rule, event: _Event, county: str) -> bool:
    """Whether the event went to another body than the county, where the rule asks for that."""
    if not rule.applies_to.down_only or event.fact is None:
        return True
    receiver = event.fact.unit if event.code == "RECEIVE" else event.fact.record.to_unit
    return receiver != county


def _started(rule: Rule, event: _Event) -> Clock:
    letter = parse_day(event.fact.record.until) if event.fact is not None else None
    if event.fact is None:
        return Clock(rule, event.day)
    return Clock(rule, event.day, letter=letter, step=event.fact.id, set_by=event.fact.unit)


def _extended(clock: Clock, event: _Event, county: str) -> Clock:
    """Longer by the days approved; a date that a letter sets is moved by who set it, or the county, and nobody else."""
    by = event.fact.unit if event.fact is not None else ""
    if clock.stopped is not None or (clock.rule.by_letter and by not in (clock.set_by, county)):
        return clock
    return replace(clock, extension=event.granted)


def _stopped(clock: Clock, event: _Event) -> Clock:
    """Stopped by this event, unless it answers another step than the one that started the clock."""
    named = event.fact.record.refers if event.fact is not None and event.code == "SUPERVISE_ANSWER" else None
    if clock.stopped is not None or (named is not None and named != clock.step):
        return clock
    return replace(clock, stopped=event.day, ended_by=event.fact.id if event.fact is not None else "")


def _come_back(rule: Rule, clocks: list[Clock], event: _Event) -> list[Clock]:
    """The clocks after a hand-over was undone: those it had ended run on, or run again from this day."""
    if rule.returned is Returned.ENDED:
        return clocks
    kept = [clock for clock in clocks if clock.ended_by != event.undone]
    ended = [clock for clock in clocks if clock.ended_by == event.undone]
    if rule.returned is Returned.RESUMES:
        return [*kept, *(replace(clock, stopped=None, ended_by="") for clock in ended)]
    return [*clocks, *(Clock(rule, event.day, step=clock.step) for clock in ended)]


def _pauses(events: Iterable[_Event]) -> tuple[Pause, ...]:
    pauses: list[Pause] = []
    for event in events:
        standing = bool(pauses) and pauses[-1].last is None
        if event.code == "PAUSE" and event.fact is not None:
            step = event.fact.record
            pauses.append(Pause(event.day, None, step.author, step.reason or ""))
        elif standing and event.code in ENDS_A_PAUSE:
            pauses[-1] = replace(pauses[-1], last=event.day - ONE_DAY)
    return tuple(pauses)


def _with_pauses(clock: Clock, pauses: Iterable[Pause]) -> Clock:
    """The pauses that began while the clock ran."""
    end = clock.stopped or date.max
    return replace(clock, pauses=tuple(pause for pause in pauses if clock.start <= pause.first <= end))
