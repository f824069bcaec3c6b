"""Whether a unit and role may make a change at all. What they may not goes to quarantine; what merely came too late
(a step that no longer fits) is no matter of authority, the workflow leaves it without effect.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync.domain.declarations import Owner, facet_of
from sync.domain.ids import UnitCode
from sync.domain.numbers import parse_number
from sync.domain.records import KINDS, KindDeclaration
from sync.domain.settlement import is_settlement, settlement_reason
from sync.domain.workflow_table import NO_CASEWORK, STEPS, Who

SIGHT_FIELDS: Mapping[str, frozenset[str]] = {
    "Case": frozenset({"nature", "secrecy"}),
    "Accused": frozenset({"unit_code"}),
}
"""Fields that decide who sees a dossier."""

HOLDER_FIELDS: Mapping[str, frozenset[str]] = {
    "Case": frozenset({"reply", "replied_at", "remark", "problem_tag", "discipline"}),
}
"""What a unit that was handed a matter enters into records of another: the answer it gave, and what it found. A unit
that only helps (协办) enters nothing there: what it found is its report."""

Sight = Callable[[str], frozenset[UnitCode] | None]
"""Units that may see a dossier by its id; None for a dossier nobody has heard of."""

Bound = Callable[["Proposal"], str | None]
"""Key of the reason why a step is not lawful for who manages the person complained about, or None."""

NUMBERED = frozenset({"Case", "Visit", "Reception", "Interview", "ReturnVisit"})
"""Kinds whose records bear a number of their unit's."""
LOG_KINDS = frozenset({"AccessEntry", "AccountEntry", "Print"})


ADMITTING_ROLES = frozenset({"COUNTY_HEAD", "COUNTY_OFFICE", "ADMIN"})
"""Who of the county's own unit lets devices in and turns them away."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who signed a change. ``roles`` are those the device and the staff table allow."""

    unit: UnitCode
    county: UnitCode
    role: str
    roles: frozenset[str]
    active: bool = True
    behalf: UnitCode | None = None
    """The county takes what another unit sent (a release from quarantine): records may be that unit's."""

    @property
    def is_county(self) -> bool:
        """True for the county itself."""
        return self.unit == self.county


@dataclass(frozen=True, slots=True)
class Proposal:
    """One operation to judge, with the fields it sets."""

    kind: str
    id: str
    dossier: str
    creates: bool
    fields: Mapping[str, Any] = field(default_factory=dict)
    held: Mapping[str, Any] = field(default_factory=dict)
    """What the county holds of a record it made itself; empty for all others."""
    of_unit: str = ""
    """The unit whose record it edits or voids; empty where there is none, or it comes along."""
    only_helps: bool = False
    """Its author's unit helps with the case and never had it in hand."""


def unbound(_: Proposal) -> None:
    """No accusation against a higher organ's cadres is among the cases."""


def judge(author: Author, proposals: Sequence[Proposal], sight: Sight, bound: Bound = unbound) -> str | None:
    """Key of the reason why a change is not lawful, or None; ``sight`` and ``bound`` answer for what its author saw.

    What the county takes on another unit's behalf is bound no more: a person there has decided.
    """
    if not author.active:
        return "authority.inactive_unit"
    if author.role not in author.roles and author.behalf is None:
        return "authority.role"
    new = {proposal.dossier for proposal in proposals if proposal.creates and proposal.id == proposal.dossier}
    reasons = (_judge_one(author, proposal, sight, proposal.dossier in new) for proposal in proposals)
    reason = next((reason for reason in reasons if reason is not None), None)
    if reason is not None or author.behalf is not None:
        return reason
    steps = (proposal for proposal in proposals if proposal.kind == "Step" and proposal.creates)
    return next((found for found in map(bound, steps) if found is not None), None)


def widens(proposal: Proposal) -> bool:
    """True for what could bring a dossier back to a unit it was taken from: such a unit may not do it, however late."""
    if proposal.kind == "Void":
        return True
    return not SIGHT_FIELDS.get(proposal.kind, frozenset()).isdisjoint(proposal.fields)


def _judge_one(author: Author, proposal: Proposal, sight: Sight, head_comes_along: bool) -> str | None:
    declaration = KINDS.get(proposal.kind)
    if declaration is None:
        return _judge_sight(author, proposal, sight, head_comes_along)
    return (
        _judge_kind(author, proposal, declaration)
        or _judge_content(author, proposal, declaration)
        or _judge_sight(author, proposal, sight, head_comes_along)
        or _judge_owner(author, proposal, declaration)
        or (_judge_step(author, proposal) if proposal.kind == "Step" else None)
    )


def _judge_kind(author: Author, proposal: Proposal, declaration: KindDeclaration) -> str | None:
    settles = proposal.kind == "Conflict" and not proposal.creates and is_settlement(proposal.fields)
    if settles and author.role not in NO_CASEWORK:
        return settlement_reason(author.unit, author.county, proposal.held)
    if (declaration.common or declaration.made_by_county) and not author.is_county:
        return "authority.county_only"
    if (
        author.role in NO_CASEWORK
        and author.behalf is None
        and not declaration.common
        and proposal.kind not in LOG_KINDS
    ):
        return "authority.no_casework"
    return None


def _judge_content(author: Author, proposal: Proposal, declaration: KindDeclaration) -> str | None:
    if not proposal.creates:
        record: Any = declaration.record
        facets = facet_of(record)
        owned = (facets[name].owner for name in proposal.fields if name in facets)
        return "authority.append_only" if Owner.APPEND in owned else None
    if not declaration.common and proposal.fields.get("unit") not in (author.unit, author.behalf):
        return "authority.other_unit"
    if _is_numbered_elsewhere(proposal):
        return "authority.other_number"
    named = proposal.fields.get(declaration.dossier_field or declaration.follows)
    if named and proposal.id == proposal.dossier:
        return "authority.wrong_dossier"  # it would stand under the id of the head it hangs on
    if declaration.dossier_field:
        return None if (named or proposal.id) == proposal.dossier else "authority.wrong_dossier"
    alone = not declaration.follows and proposal.id != proposal.dossier
    return "authority.wrong_dossier" if alone else None


def _is_numbered_elsewhere(proposal: Proposal) -> bool:
    """True for a number of another unit's, which would stand twice when that unit gives it, and for one that is spelt
    otherwise than it is printed."""
    given = proposal.fields.get("number")
    number = parse_number(given) if proposal.kind in NUMBERED and isinstance(given, str) else None
    return number is not None and (number.unit != proposal.fields.get("unit") or str(number) != given)


def _judge_sight(author: Author, proposal: Proposal, sight: Sight, head_comes_along: bool) -> str | None:
    seen_by = sight(proposal.dossier)
    if seen_by is None:
        return None if head_comes_along else "authority.unknown_dossier"
    declaration = KINDS.get(proposal.kind)
    if author.unit in seen_by or (declaration is not None and declaration.common):
        return None
    return "authority.out_of_sight"


def owner_reason(
    unit: str, county: str, of_unit: str, kind: str, fields: Iterable[str], *, only_helps: bool = False
) -> str | None:
    """Key of the reason why a unit may not change these fields of a record of ``of_unit``, or None.

    ``only_helps``: it helps with the case and never had it in hand.
    """
    if unit in (county, of_unit):
        return None
    if only_helps and kind in HOLDER_FIELDS:
        return "authority.only_helps"
    return None if HOLDER_FIELDS.get(kind, frozenset()).issuperset(fields) else "authority.not_own"


def _judge_owner(author: Author, proposal: Proposal, declaration: KindDeclaration) -> str | None:
    adds = proposal.creates and proposal.kind != "Void"
    if adds or declaration.made_by_county or not proposal.of_unit:
        return None
    return owner_reason(
        author.unit,
        author.county,
        proposal.of_unit,
        proposal.kind,
        proposal.fields,
        only_helps=proposal.only_helps,
    )


def _judge_step(author: Author, proposal: Proposal) -> str | None:
    rule = STEPS.get(str(proposal.fields.get("step")))
    if proposal.fields.get("role") not in (None, author.role) and author.behalf is None:
        return "authority.role"
    if rule is not None and rule.who is Who.COUNTY and not author.is_county:
        return "authority.county_step"
    return None
