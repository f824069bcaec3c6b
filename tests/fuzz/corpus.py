"""Changes a device would send, as plain lists: of every kind, with every field filled now and then."""

import random
from dataclasses import dataclass, field
from typing import Any

from sync.domain.declarations import Facet, FieldType, declared_fields
from sync.domain.records import KINDS
from sync.domain.vocabularies import VOCABULARIES

NOW = 1_790_000_000_000
HEADS = ("Case", "Visit", "Reception")
TOWN_KINDS = tuple(name for name, kind in KINDS.items() if not kind.made_by_county and not kind.common)
OPERATION_FIELDS = 6
"""Place of the fields in an operation: kind, id, dossier, owner, base, creates, fields."""

Operation = list[Any]
Plain = list[Any]
"""id, device, sequence, previous, unit, author, role, local time, offset, seen, operations."""


@dataclass(slots=True)
class Known:
    """What a hostile device knows and may name: records of its own unit and of others."""

    own: list[tuple[str, str, str, int]] = field(default_factory=list)
    """Kind, id, dossier, revision."""
    foreign: list[tuple[str, str, str, int]] = field(default_factory=list)
    units: tuple[str, ...] = ()
    sent: list[str] = field(default_factory=list)
    """Ids of the latest changes."""


def new_id(chance: random.Random) -> str:
    """An id by the seed."""
    return f"{chance.getrandbits(128):032x}"


def plain_operations(chance: random.Random, known: Known, unit: str) -> list[Operation]:
    """One to four operations that belong together and are sound, but for what the county may think of them."""
    way = chance.random()
    if way < 0.45 or not known.own:
        return _new_dossier(chance, unit)
    kind, record, dossier, revision = chance.choice(known.own)
    if way < 0.7:
        return [[kind, record, dossier, KINDS[kind].owner.value, revision, False, _changed(chance, kind)]]
    added = chance.choice(TOWN_KINDS)
    return [_created(chance, added, new_id(chance), dossier, unit, about=(kind, record))]


def _new_dossier(chance: random.Random, unit: str) -> list[Operation]:
    head, record = chance.choice(HEADS), new_id(chance)
    operations = [_created(chance, head, record, record, unit)]
    if head == "Case":
        operations.append(_created(chance, "Step", new_id(chance), record, unit, step="REGISTER"))
    for _ in range(chance.choice((0, 0, 0, 1, 2))):
        added = chance.choice(TOWN_KINDS)
        alone = not KINDS[added].dossier_field and not KINDS[added].follows
        mine = new_id(chance)
        operations.append(_created(chance, added, mine, mine if alone else record, unit, about=(head, record)))
    return operations


def _created(
    chance: random.Random,
    kind: str,
    record: str,
    dossier: str,
    unit: str,
    about: tuple[str, str] = ("", ""),
    **given: Any,
) -> Operation:
    fields = fields_of(chance, kind, given | {"unit": unit, "created_at": NOW, "author": "张明"})
    declaration = KINDS[kind]
    if declaration.dossier_field and record != dossier:
        fields[declaration.dossier_field] = dossier
    elif declaration.dossier_field:
        fields.pop(declaration.dossier_field, None)
    if "role" in fields:
        fields["role"] = "TOWN_OFFICE"
    if declaration.follows and about[1]:
        fields[declaration.follows] = about[1]
        fields |= {name: about[0] for name in ("target_kind", "about_kind") if name in fields}
    return [kind, record, dossier, declaration.owner.value, 0, True, dict(sorted(fields.items()))]


def fields_of(chance: random.Random, kind: str, given: dict[str, Any]) -> dict[str, Any]:
    """Sound fields of a new record: all that are required, some of the others."""
    record: Any = KINDS[kind].record
    fields: dict[str, Any] = {}
    for declared in declared_fields(record):
        if declared.facet.required or chance.random() < 0.3:
            fields[declared.name] = value_of(chance, declared.facet)
    return fields | {name: value for name, value in given.items() if value is not None}


def _changed(chance: random.Random, kind: str) -> dict[str, Any]:
    record: Any = KINDS[kind].record
    names = [declared for declared in declared_fields(record) if declared.facet.owner != "A"]
    if not names:
        return {"note": "改"}
    some = chance.sample(names, min(len(names), chance.choice((1, 1, 2, 4))))
    return {one.name: value_of(chance, one.facet) for one in sorted(some, key=lambda one: one.name)}


def value_of(chance: random.Random, facet: Facet) -> Any:
    """A sound value for a field."""
    simple: dict[FieldType, Any] = {
        FieldType.DATE: "2026-11-20",
        FieldType.INSTANT: NOW + chance.randrange(10**9),
        FieldType.INTEGER: chance.randrange(100),
        FieldType.BOOLEAN: chance.random() < 0.5,
        FieldType.UNIT: "431021102",
        FieldType.VILLAGE: "431021102201",
        FieldType.TEXTS: ["张明", "李芳"],
        FieldType.BYTES: chance.randbytes(24),
    }
    if facet.type in simple:
        return simple[facet.type]
    if facet.type is FieldType.REFERENCE:
        return new_id(chance)
    if facet.type is FieldType.CODE:
        return chance.choice([term.code for term in VOCABULARIES[facet.vocabulary].terms])
    if facet.type is FieldType.ITEMS:
        item: Any = facet.item
        return [{one.name: value_of(chance, one.facet) for one in declared_fields(item)}]
    return chance.choice(("村道硬化款项去向不明", "水渠漏水", "x", "䶮𬭎㼆㙍", "第一行\n第二行"))
