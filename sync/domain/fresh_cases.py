"""Cases that were only registered: what follows from them is the same for all that are alike.

Status, holder and sight of such a case depend on its deciding facts and on who registered it, its due dates on the
days it was received and registered besides; so they are worked out once for all that share a key.
"""

import dataclasses
from collections.abc import Hashable, Mapping
from typing import Any

from sync.domain.case_facts import CaseFacts
from sync.domain.times import local_day

_OTHERWISE_MADE = frozenset({"received_at", "accused_units", "managed_by", "void", "units"})
FACTS = tuple(field.name for field in dataclasses.fields(CaseFacts) if field.name not in _OTHERWISE_MADE)
"""Fields of a case that decide, besides its unit and the day it was received."""
OF_A_REGISTRATION = frozenset({"unit", "created_at", "author", "case", "step", "at", "role", "note"})
"""Fields of a registering step; one with more is no mere registration."""


def fresh_key(case: Mapping[str, Any], step: Mapping[str, Any]) -> Hashable | None:
    """What a case with this one deciding record beside it has in common with others; None where it has more to it.

    ``case`` and ``step`` are field maps of known types: a case and the only step, accused or void of its dossier.
    """
    if step.get("step") != "REGISTER" or not OF_A_REGISTRATION.issuperset(step):
        return None
    return case.get("unit"), tuple(map(case.get, FACTS)), step.get("unit"), step.get("role")


def fresh_days(case: Mapping[str, Any], step: Mapping[str, Any]) -> Hashable:
    """The days its clocks count from: with :func:`fresh_key` they decide its due dates."""
    received, at = case.get("received_at"), step.get("at")
    return local_day(received) if received else None, local_day(at) if at else None
