"""Who may see a dossier: a pure function of its records, computed once per dossier."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sync.domain.case_facts import CaseFacts, StepFact, case_facts, may_accuse, step_facts
from sync.domain.case_state import CaseState
from sync.domain.ids import COMMON_FEED, UnitCode
from sync.domain.records import KINDS, Accused, Case, Stored, Void, kind_of
from sync.domain.workflow import project_case


@dataclass(frozen=True, slots=True)
class DossierFacts:
    """What decides who sees a dossier. ``unit`` made its head; ``head_kind`` is empty while the head has not come."""

    head_kind: str
    unit: UnitCode
    county: UnitCode
    case: CaseFacts = field(default_factory=CaseFacts)
    steps: tuple[StepFact, ...] = ()


def dossier_facts(records: Iterable[Stored], county: UnitCode, units: Mapping[str, bool] | None = None) -> DossierFacts:
    """The facts of all records of one dossier (at least one). Raises ValueError for none."""
    kept = list(records)
    if not kept:
        raise ValueError("a dossier has at least one record")
    head = next((stored for stored in kept if stored.record.id == stored.dossier), None)
    if head is None:
        return DossierFacts("", kept[0].record.unit, county)
    if not isinstance(head.record, Case):
        return DossierFacts(kind_of(head.record), head.record.unit, county)
    void = any(isinstance(stored.record, Void) and stored.record.target == head.record.id for stored in kept)
    accused = [stored.record for stored in kept if isinstance(stored.record, Accused)]
    facts = case_facts(head.record, accused, units, void=void)
    return DossierFacts("Case", head.record.unit, county, facts, step_facts(kept))


def may_see(dossier: DossierFacts, projected: CaseState | None = None) -> frozenset[UnitCode]:
    """Codes of the units whose feed carries the dossier; a common kind is everyone's (``COMMON_FEED``).

    A case: the unit that registered it, the county, and every unit that was handed it and did not return it; the unit
    complained about only if it registered the case itself, be it an accusation by its registration or by a classifying
    step, or a matter nobody has classified; a sealed case none but the first two. ``projected`` is the case's state
    where the caller has it already.
    """
    declaration = KINDS.get(dossier.head_kind)
    if declaration is not None and declaration.common:
        return frozenset({COMMON_FEED})
    makers = frozenset({dossier.unit, dossier.county})
    if dossier.head_kind != "Case" or dossier.case.secrecy == "SEALED":
        return makers
    state = projected or project_case(dossier.steps, dossier.unit, dossier.county, dossier.case)
    kept_out = dossier.case.accused_units if may_accuse(dossier.case.nature, state.nature) else frozenset()
    return makers | (state.sight - kept_out)
