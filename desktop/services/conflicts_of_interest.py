"""Who may be complained about himself: refused as a handler where it is certain, otherwise said and left to people."""

from collections.abc import Iterable, Mapping
from typing import Any

from desktop.security.vault import vault_users
from desktop.services.desk import Desk
from desktop.services.persons import is_known_elsewhere, may_be_same, may_mean, means, same_person
from desktop.services.shapes import Notice
from sync.domain.case_facts import may_accuse
from sync.domain.errors import InvalidInput
from sync.domain.records import Accused, Step

HEADS = frozenset({"TOWN_CDI", "COUNTY_LEADER"})
"""Roles of a unit's own discipline head: a matter about one is sealed and handed on."""
NO_HEADS = frozenset({"VILLAGE", "NOT_OVERSEEN"})
"""Who manages a person that only bears the name of a head."""


def of_accused(desk: Desk, people: Iterable[Mapping[str, Any]]) -> tuple[Notice, ...]:
    """What the registrar should look at: users and colleagues of this unit who are, or may be, complained about."""
    named = [(index, person) for index, person in enumerate(people) if person.get("name")]
    colleagues = _colleagues(desk) if named else {}
    found: list[Notice] = []
    for index, person in named:
        name, field = person.get("name"), f"accused.{index}.name"
        for user, roles in colleagues.items():
            code = _reason(desk, person, name, user, roles)
            if code:
                found.append(Notice(code, field, {"user": user}))
    return tuple(found)


def belongs_above(desk: Desk, nature: str | None, people: Iterable[Mapping[str, Any]]) -> Notice | None:
    """Why an accusation is the upper level's, whatever was said of who manages whom: it is about the county's own unit,
    or about this unit's own discipline head. Of such a matter only the sealed stub is kept."""
    if not may_accuse(nature):
        return None
    kept = list(people)
    for index, person in enumerate(kept):
        if person.get("unit_code") == desk.store.facts.county:
            return Notice("record.county_is_sealed", f"accused.{index}.unit_code")
    heads = (one for one in of_accused(desk, kept) if one.code == "record.accused_is_head")
    for head in heads:
        if kept[int(head.field.split(".")[1])].get("managed_by") not in NO_HEADS:
            return Notice("record.head_is_sealed", head.field, head.values)
    return None


def require_other_handler(desk: Desk, step: Step) -> tuple[Notice, ...]:
    """Refuse to give a case to somebody it complains about (``record.handler_accused``); notices where it may be one,
    and where the unit it goes to is named as the accused's without a code."""
    accused = [one.record for one in desk.store.reading.children("Accused", "case", step.case)]
    void = desk.store.reading.voided([one.id for one in accused])
    people = [one for one in accused if isinstance(one, Accused) and one.id not in void]
    here = [one for one in people if not _elsewhere(desk, step.to_person or "", one.unit_code)]
    if any(same_person(step.to_person, one.name) for one in here):
        raise InvalidInput("record.handler_accused", field="to_person")
    maybe = any(may_be_same(step.to_person, one.name) for one in here)
    named = step.to_unit is not None and any(_names(desk, one, step.to_unit) for one in people)
    notices = (maybe and Notice("record.handler_may_be_accused", "to_person"),
               named and Notice("record.accused_unit_named", "to_unit"))  # fmt: skip
    return tuple(notice for notice in notices if notice)


def _reason(desk: Desk, person: Mapping[str, Any], name: str | None, user: str, roles: frozenset[str]) -> str:
    if means(user, name):
        if _elsewhere(desk, user, person.get("unit_code")):
            return ""
        return "record.accused_is_head" if roles & HEADS else "record.accused_is_user"
    return "record.accused_may_be_user" if may_mean(user, name) else ""


def _elsewhere(desk: Desk, name: str, unit: str | None) -> bool:
    there = [one.name for one in desk.store.directory.staff(unit)] if unit else []
    return is_known_elsewhere(name, desk.store.facts.unit, unit, there)


def _names(desk: Desk, accused: Accused, unit: str) -> bool:
    """Whether the workplace as typed names the unit, where no code says which it is."""
    name = desk.place_name(unit)
    return accused.unit_code is None and len(name) > 1 and name in (accused.workplace or "")


def _colleagues(desk: Desk) -> dict[str, frozenset[str]]:
    """Users of this profile and staff of the unit, with their roles."""
    found = {one.user: frozenset({one.role}) for one in vault_users(desk.paths)}
    for one in desk.store.directory.staff(desk.store.facts.unit):
        found[one.name] = found.get(one.name, frozenset()) | frozenset(one.roles)
    return found
