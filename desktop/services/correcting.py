"""Correct and void: the old value of every corrected field is kept beside the new one; nothing is ever deleted."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from desktop.services.conflicts_of_interest import belongs_above
from desktop.services.desk import Desk
from desktop.services.facets import facets
from desktop.services.identities import SealOrder, complainant_of, keep_identity, open_to_reseal, unit_can_open
from desktop.services.inputs.kinds import ACCUSED_NAMES, CORRECTABLE
from desktop.services.inputs.reading import accused_fields, check_interviewers, check_order, with_items
from desktop.services.inputs.sealed import is_sealed
from desktop.services.inputs.shape import Shape, read_changes
from desktop.services.permissions import require_own, require_recording
from desktop.services.recording import DraftKey, Scribe, check_references, drop_draft
from desktop.services.shapes import Named, Saved
from desktop.services.stepping import standing as case_standing
from sync.domain.declarations import FieldType, Owner, plain_value, to_fields
from sync.domain.errors import InvalidInput, NotAllowed, Refused, UsageError
from sync.domain.loop_records import Interview
from sync.domain.records import (
    Accused,
    Case,
    Correction,
    Finding,
    Identity,
    Reception,
    Record,
    Stored,
    Visit,
    Void,
    kind_of,
)
from sync.domain.times import local_text

VOIDABLE = frozenset({*CORRECTABLE, "Step", "Print", "DocumentNumber"})
MATTERS = frozenset({"Case", "Reception", "Accused"})
"""Kinds whose correction can show that a matter is the upper level's: it is sealed from then on."""
OF_COUNTY_ONLY = frozenset({"PROTECTED", "SEALED"})
"""Secrecies under which only the county reads who complained."""
STUB_FIELDS = frozenset({"received_at", "envelope_number", "handed_to"})


@dataclass(frozen=True, slots=True)
class _Target:
    """One record to change, and the changes."""

    record: Record
    changes: dict[str, Any]


def correct(desk: Desk, kind: str, record_id: str, data: object, draft: DraftKey | None = None) -> Saved:
    """Change the given fields of a record; null clears one. Old and new value stay as Correction records.

    A reception takes the fields of its case too; ``complainant`` replaces the identity whole and seals it anew;
    ``accused`` and ``findings`` change by place in the list (as ``show`` prints them), further items are added.
    """
    require_recording(desk.reader)
    if kind not in CORRECTABLE:
        raise UsageError("record.not_correctable", kind=kind, kinds=", ".join(CORRECTABLE))
    stored = desk.require(kind, record_id)
    if desk.store.reading.voided([record_id]):
        raise Refused("record.is_void")
    values = _read(desk, stored, CORRECTABLE[kind], data)
    if kind in MATTERS and (is_sealed(values, desk.store.facts.unit_kind) or _belongs_above(desk, stored, values)):
        values["secrecy"] = "SEALED"
    check_references(desk, values)
    return _write(desk, stored, values, draft)


def void(desk: Desk, kind: str, record_id: str, reason: str, draft: DraftKey | None = None) -> Saved:
    """Make a record void from here on. Its number goes to the void register and is never given again."""
    require_recording(desk.reader)
    if kind not in VOIDABLE:
        raise UsageError("record.cannot_void", kind=kind)
    if not reason.strip():
        raise InvalidInput("record.reason_missing", field="reason")
    stored = desk.require(kind, record_id)
    if desk.store.reading.voided([record_id]):
        raise Refused("record.is_void")
    require_own(desk.store.facts.unit, desk.store.facts.county, stored.record, ("target",), "Void")
    number = getattr(stored.record, "number", None)
    now = desk.clock()
    with desk.work(now) as work:
        common = Scribe(desk, work, now).common()
        work.add(Void(**common, target_kind=kind, target=stored.record.id, number=number, reason=reason))
        drop_draft(desk, work, draft)
    return Saved(kind, stored.record.id, number)


def _read(desk: Desk, stored: Stored, shape: Shape, data: object) -> dict[str, Any]:
    values = with_items(read_changes(shape, data, desk.directory()))
    record = stored.record
    if isinstance(record, Reception) and record.case is None:
        refused = next((name for name in values if name not in STUB_FIELDS), None)
        if refused:
            raise InvalidInput("record.sealed_refuses", field=refused)
    for field in shape.fields:
        if field.required and field.name in values and values[field.name] is None:
            raise InvalidInput("record.missing", field=field.name)
    return values


def _belongs_above(desk: Desk, stored: Stored, values: dict[str, Any]) -> bool:
    """Whether the corrected people show that the matter is the upper level's."""
    head = _case_of(desk, stored)
    given = [values] if isinstance(stored.record, Accused) else values.get("accused") or []
    if head is None or not given:
        return False
    here = [stored.record] if isinstance(stored.record, Accused) else _kept(desk, "Accused", "case", stored.dossier)
    before = [to_fields(one) for one in here] + [{}] * len(given)
    people = [{**old, **accused_fields(new)} for old, new in zip(before, given, strict=False)]
    return belongs_above(desk, values.get("nature", head.nature), people) is not None


def _write(desk: Desk, stored: Stored, values: dict[str, Any], draft: DraftKey | None) -> Saved:
    record = stored.record
    head = _case_of(desk, stored)
    targets = [_Target(record, _own_changes(record, values))]
    if isinstance(record, Reception) and head is not None:
        targets.append(_Target(head, {**_own_changes(head, values, _ONLY_RECEPTION), **_identity_kind(values)}))
    elif isinstance(record, Case):
        targets[0].changes.update(_identity_kind(values))
    if values.get("secrecy") == "SEALED" and head is not None:
        targets += _seal_whole(desk, stored, head)
    _check_orders(targets)
    now = desk.clock()
    with desk.work(now) as work:
        scribe = Scribe(desk, work, now)
        wrote = sum([_apply(scribe, target) for target in targets])
        wrote += _write_items(scribe, stored, values)
        wrote += _write_identity(scribe, head, values)
        if not wrote:
            raise Refused("record.nothing_to_correct")
        drop_draft(desk, work, draft)
        if values.get("secrecy") == "SEALED" and head is not None:
            work.drop_drafts_about(head.id)
    case = Named(head.id, head.number) if head is not None and isinstance(record, Reception) else None
    return Saved(kind_of(record), record.id, getattr(record, "number", None), (), case)


def _seal_whole(desk: Desk, stored: Stored, head: Case) -> list[_Target]:
    """The case and its receptions that the correction itself does not name."""
    receptions = [one.record for one in desk.store.reading.children("Reception", "case", head.id)]
    named = {stored.record.id} | ({head.id} if isinstance(stored.record, Reception) else set())
    return [_Target(one, {"secrecy": "SEALED"}) for one in (head, *receptions) if one.id not in named]


_ONLY_RECEPTION = frozenset({"remark"})
"""Fields of a reception whose name a case has too, for something else."""


def _own_changes(record: Record, values: dict[str, Any], without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The changes that fall on this record, fields by its own names."""
    named = accused_fields(values) if isinstance(record, Accused) else values
    own = {name: value for name, value in named.items() if name in facets(record) and name not in without}
    return {name: value for name, value in own.items() if not (name == "case" and isinstance(record, Reception))}


def _identity_kind(values: dict[str, Any]) -> dict[str, Any]:
    complainant = values.get("complainant")
    return {"identity": complainant["identity"]} if complainant and complainant.get("identity") else {}


def _check_orders(targets: list[_Target]) -> None:
    for target in targets:
        names = ("started_at", "ended_at")
        check_order({name: target.changes.get(name, getattr(target.record, name, None)) for name in names})
        if isinstance(target.record, Interview):
            told = ("interview_kind", "interviewers")
            check_interviewers({name: target.changes.get(name, getattr(target.record, name)) for name in told})


def _apply(scribe: Scribe, target: _Target) -> int:
    """Edit a record and keep both values of each field that differs; how many did."""
    record, kind = target.record, kind_of(target.record)
    declared = facets(record)
    empty = {FieldType.TEXTS: (), FieldType.ITEMS: ()}
    changed = {
        name: empty.get(declared[name].type) if value is None else value
        for name, value in target.changes.items()
        if (value or None) != (getattr(record, name) or None) or (value is False) != (getattr(record, name) is False)
    }
    for name in changed:
        if declared[name].owner is Owner.APPEND:
            raise InvalidInput("record.written_once", field=name)
    if changed:
        _require_own(scribe, record, changed)
        scribe.work.edit(kind, record.id, **changed)
    for name, value in changed.items():
        keep_values(scribe, record, name, getattr(record, name), value)
    return len(changed)


def _require_own(scribe: Scribe, record: Record, names: Iterable[str]) -> None:
    facts = scribe.desk.store.facts
    helps = isinstance(record, Case) and record.unit != facts.unit
    only_helps = helps and case_standing(scribe.desk, record.id)[1].only_helps(facts.unit)
    require_own(facts.unit, facts.county, record, names, only_helps=only_helps)


def keep_values(scribe: Scribe, record: Record, name: str, old: Any, new: Any) -> None:
    """The value given up and the new one of a field, as a Correction record."""
    scribe.work.add(
        Correction(
            **scribe.common(),
            target_kind=kind_of(record),
            target=record.id,
            field=_shown_name(record, name),
            old=_json(record, name, old),
            new=_json(record, name, new),
        )
    )


def _shown_name(record: Record, name: str) -> str:
    names = {inner: shown for shown, inner in ACCUSED_NAMES.items()} if isinstance(record, Accused) else {}
    return names.get(name, name)


def _json(record: Record, name: str, value: Any) -> str | None:
    """A value as the JSON that ``record`` takes."""
    if value is None or value == ():
        return None
    facet = facets(record)[name]
    shown = local_text(value) if facet.type is FieldType.INSTANT else plain_value(facet, value)
    return json.dumps(shown, ensure_ascii=False)


def _write_items(scribe: Scribe, stored: Stored, values: dict[str, Any]) -> int:
    record = stored.record
    if isinstance(record, Visit):
        return _change_list(scribe, record, _kept(scribe.desk, "Finding", "visit", record.id), values.get("findings"))
    if isinstance(record, Case | Reception) and "accused" in values:
        kept = _kept(scribe.desk, "Accused", "case", stored.dossier)
        return _change_list(scribe, record, kept, [accused_fields(one) for one in values["accused"] or ()])
    return 0


def _kept(desk: Desk, kind: str, field: str, head: str) -> list[Record]:
    children = [stored.record for stored in desk.store.reading.children(kind, field, head)]
    gone = desk.store.reading.voided([child.id for child in children])
    return [child for child in children if child.id not in gone]


def _change_list(scribe: Scribe, head: Record, kept: list[Record], items: list[dict[str, Any]] | None) -> int:
    wrote = 0
    for index, item in enumerate(items or ()):
        if index < len(kept):
            wrote += _apply(scribe, _Target(kept[index], item))
        elif isinstance(head, Visit):
            scribe.work.add(Finding(**scribe.common(), visit=head.id, **item))
            wrote += 1
        else:
            case = head.case if isinstance(head, Reception) else head.id
            scribe.work.add(Accused(**scribe.common(), case=case or head.id, **item))
            wrote += 1
    return wrote


def _write_identity(scribe: Scribe, head: Case | None, values: dict[str, Any]) -> int:
    """A new sealed body for a corrected identity, or for one that is to be protected from now on.

    Raises NotAllowed ``identity.not_for_you`` where this sign-in cannot protect what the unit can read.
    """
    if head is None:
        return 0
    protected = values.get("secrecy", head.secrecy) in OF_COUNTY_ONLY
    standing = complainant_of(scribe.desk, head.id)
    given = values.get("complainant")
    identity = Identity(**given) if given else None
    if identity is None and standing is not None and protected and head.secrecy not in OF_COUNTY_ONLY:
        identity = open_to_reseal(scribe.desk, standing)
        if identity is None and values["secrecy"] == "PROTECTED" and unit_can_open(scribe.desk, standing):
            raise NotAllowed("identity.not_for_you")
    if identity is None:
        return 0
    if standing is not None:
        _require_own(scribe, standing, ("cipher",))
    order = SealOrder(identity, head.id, protected, standing.id if standing else None)
    keep_identity(scribe.desk, scribe.work, order, scribe.now)
    if standing is not None:
        scribe.work.add(
            Correction(**scribe.common(), target_kind="Complainant", target=standing.id, field="complainant")
        )
    return 1


def _case_of(desk: Desk, stored: Stored) -> Case | None:
    if isinstance(stored.record, Case):
        return stored.record
    of_case = isinstance(stored.record, Reception | Accused)
    head = desk.store.reading.get("Case", stored.dossier) if of_case else None
    return head.record if head is not None and isinstance(head.record, Case) else None
