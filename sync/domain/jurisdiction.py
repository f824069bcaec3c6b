"""Who may handle an accusation, by who manages the person complained about (干部管理权限).

Such a matter goes up, never down, and nobody below that organ works on it; one against the county's own unit belongs to
the organ above the county. Nobody gives it to the unit it is about, and that unit neither works on it nor strikes it
off. Where no unit of this county may handle it, it
leaves by letter to the organ that may (``REPORT_UP``). The rule is asked before a step is taken and when one comes in
at the county; a trail is replayed without it, so that what was done before anybody knew stays done.
"""

from types import MappingProxyType

from sync.domain.case_facts import CaseFacts, StepFact, may_accuse
from sync.domain.case_state import CaseState
from sync.domain.ids import UnitCode

TOWN, COUNTY, CITY, PROVINCE, CENTRE = range(1, 6)
"""Ranks of the organs that manage cadres."""
RANKS = MappingProxyType(
    {"VILLAGE": TOWN, "TOWN": TOWN, "COUNTY": COUNTY, "CITY": CITY, "PROV": PROVINCE, "CENTRE": CENTRE}
)
"""Rank of who manages a person; others (not overseen, not known) bind nobody."""
HANDLING = frozenset({"ACCEPT", "START", "DISPOSE", "PACKAGE", "RESULT"})
"""Steps by which a unit works on the matter itself."""
OWN_BARRED = HANDLING | {"CLOSE"}
"""Steps the unit complained about takes on no matter about itself, though it was the one to register it."""
SENDING = frozenset({"FORWARD", "ASSIGN"})
GIVING_BACK = frozenset({"RETURN", "RECALL"})
HELPING = "CO_UNIT"
REVIEWING = frozenset({"REVIEW", "REREVIEW"})
TAKING_UP = "ESCALATE"
REPORTING_UP = "REPORT_UP"
BOUND_STEPS = OWN_BARRED | SENDING | GIVING_BACK | REVIEWING | {HELPING, TAKING_UP, REPORTING_UP}
"""Steps this rule has a word in."""
NOT_OURS = "workflow.managed_above"
OURS = "workflow.not_managed_above"
ACCUSED = "workflow.accused_unit"
NOT_DOWN = "workflow.not_down"
OWN_MATTER = "workflow.own_matter"


def rank_of(unit: str, county: str) -> int:
    """Rank of a unit by its code: the county's own, six digits that end in zeros above it, all others below."""
    if unit == county:
        return COUNTY
    if len(unit) == len(county) and unit.endswith("00"):
        return PROVINCE if unit.endswith("0000") else CITY
    return TOWN


def rank_asked(state: CaseState, case: CaseFacts) -> int:
    """Rank an organ must have to handle the case; 0 where none is asked."""
    if not may_accuse(state.nature):
        return 0
    above = CITY if state.county in case.accused_units else 0
    return max((above, *(RANKS.get(manager, 0) for manager in case.managed_by)))


def leaves_county(state: CaseState, case: CaseFacts) -> bool:
    """Whether only an organ above the county may handle the case."""
    return rank_asked(state, case) > COUNTY


def offer_reason(state: CaseState, step: str, unit: str, case: CaseFacts) -> str | None:
    """Key of the reason why a unit is not even offered a step, whatever it would enter; None = it may be."""
    if step not in BOUND_STEPS:
        return None
    asked = rank_asked(state, case)
    if step == REPORTING_UP:
        return None if leaves_county(state, case) else OURS
    if step in OWN_BARRED:
        if step in HANDLING and rank_of(unit, state.county) < asked:
            return NOT_OURS
        return None if REPORTING_UP in state.done else _own(state, unit, case)
    if step == TAKING_UP:
        return _to_accused(state, (state.county,), case)
    if step in GIVING_BACK:
        return _going(state, (state.hand_overs[-1].sender,), case, step) if state.hand_overs else None
    if asked == 0 or step in REVIEWING:
        return None
    ways = (target for target in _targets(state, case) if _going(state, (target,), case, step) is None)
    return None if next(ways, None) is not None else NOT_DOWN


def step_reason(state: CaseState, fact: StepFact, case: CaseFacts) -> str | None:
    """Key of the reason why a step with its values may not be taken; None = it may."""
    reason = offer_reason(state, fact.step, fact.unit, case)
    if reason is not None or fact.step not in SENDING | REVIEWING | {HELPING}:
        return reason
    if fact.step in REVIEWING:
        return _to_accused(state, (fact.record.to_unit or state.county,), case)
    named = fact.record.units if fact.step == HELPING else (fact.record.to_unit or state.county,)
    return _going(state, named, case, fact.step)


def _targets(state: CaseState, case: CaseFacts) -> tuple[UnitCode, ...]:
    """Units a case could go to."""
    known = case.units if case.units is not None else {state.county: True, state.registering_unit: True}
    return tuple(UnitCode(unit) for unit, active in known.items() if active and unit != state.holder)


def _going(state: CaseState, targets: tuple[str, ...], case: CaseFacts, step: str) -> str | None:
    """The matter may go to a unit that may handle it, or at least up, and to none it is about; its helpers must be such
    that may handle it."""
    own, asked = rank_of(state.holder, state.county), rank_asked(state, case)
    ranks = [rank_of(target, state.county) for target in targets]
    lawful = all(rank >= asked or (rank > own and step != HELPING) for rank in ranks)
    return _to_accused(state, targets, case) if lawful else NOT_DOWN


def _own(state: CaseState, unit: str, case: CaseFacts) -> str | None:
    return OWN_MATTER if may_accuse(state.nature) and unit in case.accused_units else None


def _to_accused(state: CaseState, targets: tuple[str, ...], case: CaseFacts) -> str | None:
    return ACCUSED if may_accuse(state.nature) and not case.accused_units.isdisjoint(targets) else None
