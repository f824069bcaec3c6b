"""Apply changes in order to what the county holds, in memory; afterwards say once what that means for every feed.

All operations of a change are judged and applied together: a change that fails leaves nothing but its quarantine.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from sync.domain.authority import HOLDER_FIELDS, Author, Proposal, judge, widens
from sync.domain.declarations import to_fields
from sync.domain.errors import Damaged
from sync.domain.ids import RecordId, UnitCode, new_record_id
from sync.domain.records import Conflict, Quarantine
from sync.protocol.canonical import decode_fields, encode_fields
from sync.protocol.codec import read_fields
from sync.protocol.messages import Change, Operation, Outcome
from sync.server.identities import COMPLAINANT, Superseded, closes, former_writers, readers, reopens
from sync.server.jurisdiction import bound_by, only_helps
from sync.server.merge import Collision, Merged, RecordState, Writer, create, merge, rewrites
from sync.server.soundness import MALFORMED, is_sound
from sync.server.standing import Key, Standing, typed

COUNTY_DEVICE = "0" * 32
"""Device of what the county itself writes."""


class NotTaken(Exception):
    """Carries the text key of the reason why a change is not applied."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a change, and the records its feed effect is in."""

    outcome: Outcome
    reason: str = ""
    touched: tuple[Key, ...] = ()


@dataclass(slots=True)
class _Stage:
    """The records of one change before it is taken whole."""

    records: dict[Key, RecordState] = field(default_factory=dict)
    former: list[tuple[str, Writer]] = field(default_factory=list)
    """Complainant → who wrote a ciphertext of him that must not stay in the log."""
    merged: bool = False
    collided: bool = False


class Round:
    """The changes of one request on one standing. ``position`` is the county's last given position; ``acknowledged``:
    what the device said before that it had read, whatever a change claims its author had not seen."""

    def __init__(self, standing: Standing, position: int, now_ms: int, acknowledged: int = 0) -> None:
        self.standing = standing
        self.first = self.position = position
        self.as_sent = True
        """Every record written so far is what its author sees with his own operation in it, at the position that the
        order of operations gives."""
        self.before: dict[Key, RecordState | None] = {}
        """Every touched record as it was before the round."""
        self.superseded: list[Superseded] = []
        """Ciphertexts in the log that are to be expunged."""
        self._now = now_ms
        self._acknowledged = acknowledged

    # Changes ---------------------------------------------------------------------------------------------------------

    def take(self, change: Change, author: Author) -> Verdict:
        """Judge and apply a device's change; what may not be goes to quarantine."""
        try:
            return self.apply(change, author, author.is_county)
        except NotTaken as refusal:
            return self.quarantine(change.id, change.device, change.unit, refusal.reason, change)

    def apply(self, change: Change, author: Author, county: bool) -> Verdict:
        """Judge and apply a change whole. ``county``: it was written by a device of the county's own unit.

        Raises NotTaken: then nothing of it is applied.
        """
        fields = [self._read(operation) for operation in change.operations]
        self._judge(change, author, fields)
        stage = self._stage(change, county, fields)
        self._commit(stage)
        self.superseded += [Superseded(name, by.device, by.sequence, change.id) for name, by in stage.former]
        outcome = Outcome.CONFLICT if stage.collided else Outcome.MERGED if stage.merged else Outcome.ACCEPTED
        return Verdict(outcome, "", tuple((operation.kind, operation.id) for operation in change.operations))

    def quarantine(self, change_id: str, device: str, unit: str, reason: str, change: Change | None = None) -> Verdict:
        """Nothing of the change is applied; a record in the unit's feed says so."""
        self.as_sent = False
        kinds = tuple(dict.fromkeys(operation.kind for operation in change.operations))[:20] if change else ()
        record = Quarantine(
            id=new_record_id(), unit=UnitCode(unit), created_at=self._now, author=change.author if change else "",
            change=change_id, device=device, reason=reason, kinds=kinds,
        )  # fmt: skip
        self.put_county_record("Quarantine", record, record.id)
        return Verdict(Outcome.QUARANTINED, reason, (("Quarantine", record.id),))

    def put_county_record(self, kind: str, record: Any, dossier: str) -> None:
        """A record the county itself makes or makes anew."""
        stage = _Stage()
        canonical = encode_fields(to_fields(record))
        former = self.standing.records.get((kind, record.id))
        if former is not None and former.canonical == canonical:
            return
        state = create((kind, record.id), dossier, "C", record.unit, canonical=canonical, by=self._writer())
        stage.records[kind, record.id] = state
        self._commit(stage)

    def rewrite(self, key: Key, values: dict[str, Any]) -> None:
        """The county writes fields of a record, whoever may."""
        self.as_sent = False
        state = self.standing.records[key]
        stage = _Stage()
        stage.records[key] = merge(state, values, state.revision, self._writer()).state
        self._commit(stage)

    def next_position(self) -> int:
        """The county's next position."""
        self.position += 1
        return self.position

    # Steps of one change ---------------------------------------------------------------------------------------------

    def _read(self, operation: Operation) -> dict[str, Any]:
        try:
            fields: dict[str, Any] = read_fields(operation.fields)
        except Damaged as error:
            raise NotTaken(MALFORMED) from error
        if not is_sound(operation.kind, fields, operation.creates):
            raise NotTaken(MALFORMED)
        return fields

    def _judge(self, change: Change, author: Author, fields: Sequence[dict[str, Any]]) -> None:
        proposals = [
            Proposal(
                operation.kind,
                operation.id,
                operation.dossier,
                operation.creates,
                values,
                self._held(operation),
                self._owner(operation, values),
                self._only_helps(operation, author),
            )
            for operation, values in zip(change.operations, fields, strict=True)
        ]
        seen = max(change.seen, self._acknowledged)
        bound = bound_by(self.standing, change, proposals, seen)
        reason = judge(author, proposals, lambda dossier: self._sight(dossier, author.unit, seen), bound)
        if reason is None and any(widens(one) and self._is_withdrawn(one.dossier, author.unit) for one in proposals):
            reason = "authority.out_of_sight"
        if reason is None and reopens(self.standing, proposals):
            reason = "authority.identity_protected"
        if reason is None and not all(self._hits_its_dossier(one, proposals) for one in proposals):
            reason = "exchange_refusals.unknown_record"
        if reason is not None:
            raise NotTaken(reason)

    def _held(self, operation: Operation) -> dict[str, Any]:
        """The fields of a conflict to settle; nothing of any other record."""
        state = self.standing.records.get(("Conflict", operation.id)) if operation.kind == "Conflict" else None
        return {} if state is None else decode_fields(state.canonical)

    def _owner(self, operation: Operation, values: dict[str, Any]) -> str:
        """The unit whose record an operation edits or voids."""
        voids = operation.kind == "Void" and operation.creates
        key = (str(values.get("target_kind")), str(values.get("target"))) if voids else (operation.kind, operation.id)
        state = self.standing.records.get(key)
        return "" if state is None else state.unit

    def _only_helps(self, operation: Operation, author: Author) -> bool:
        """Asked only where a holder may write into what another unit recorded."""
        if operation.creates or author.is_county or operation.kind not in HOLDER_FIELDS:
            return False
        state = self.standing.records.get((operation.kind, operation.id))
        return (
            state is not None
            and state.unit != author.unit
            and only_helps(self.standing, operation.dossier, author.unit)
        )

    def _hits_its_dossier(self, proposal: Proposal, together: Sequence[Proposal]) -> bool:
        """A void record or a correction speaks of nothing outside the dossier it lies in: its unit may not see what is
        there, and others would read it beside their own."""
        if proposal.kind not in ("Void", "Correction") or not proposal.creates:
            return True
        target = proposal.fields["target_kind"], proposal.fields["target"]
        made = {(one.kind, one.id) for one in together if one.dossier == proposal.dossier}
        return target in made or target in self.standing.members.get(proposal.dossier, ())

    def _is_withdrawn(self, dossier: str, unit: str) -> bool:
        """True where the dossier was taken from the unit, whether or not its device says it has seen that."""
        known = self.standing.dossiers.get(dossier)
        return (unit, dossier) in self.standing.withdrawn and (known is None or unit not in known.units)

    def _sight(self, dossier: str, unit: str, seen: int) -> frozenset[UnitCode] | None:
        """Units that may act on a dossier; a withdrawal counts once the device has seen or acknowledged it."""
        known = self.standing.dossiers.get(dossier)
        if known is None:
            members = dossier in self.standing.members
            viewers = self.standing.project(dossier).viewers if members else None
        else:
            viewers = known.units
        if viewers is None:
            return None
        late = self.standing.withdrawn.get((unit, dossier), 0) > seen
        return frozenset(map(UnitCode, viewers | {unit} if late else viewers))

    def _stage(self, change: Change, county: bool, fields: Sequence[dict[str, Any]]) -> _Stage:
        stage = _Stage()
        for operation, values in zip(change.operations, fields, strict=True):
            by = Writer(self.next_position(), change.device, change.sequence, county, change.author)
            self._apply(stage, operation, values, by, change.unit)
        return stage

    def _apply(self, stage: _Stage, operation: Operation, values: dict[str, Any], by: Writer, unit: str) -> None:
        key = (operation.kind, operation.id)
        state = stage.records.get(key) or self.standing.records.get(key)
        if state is None:
            if not operation.creates:
                raise NotTaken("exchange_refusals.unknown_record")
            canonical = encode_fields(values)
            self.as_sent = self.as_sent and canonical == bytes(operation.fields)
            stage.records[key] = create(key, operation.dossier, operation.owner, unit, canonical=canonical, by=by)
            return
        if state.dossier != operation.dossier:
            raise NotTaken("authority.wrong_dossier")
        if operation.creates and rewrites(state, values):
            raise NotTaken("authority.append_only")
        closing = state.kind == COMPLAINANT and self._closes(stage, state.canonical, encode_fields(values))
        merged = merge(state, values, 0 if operation.creates else operation.base, by, prevails=closing)
        stage.merged = stage.merged or (state.revision > operation.base and state.sole_device != by.device)
        known = state.revision == operation.base or key in self.before or key in stage.records
        self.as_sent = self.as_sent and known and merged.changed and not operation.creates
        if merged.changed:
            stage.records[key] = merged.state
        if closing and merged.changed:
            self._forget_former(stage, state)
        elif state.kind == COMPLAINANT and merged.collisions:
            stage.former.append((state.id, by))  # what lost lies in its conflict alone
        self._note_conflicts(stage, state, merged, by)

    def _commit(self, stage: _Stage) -> None:
        for key, state in stage.records.items():
            self.before.setdefault(key, self.standing.records.get(key))
            self.standing.add(state)

    # Conflicts -------------------------------------------------------------------------------------------------------

    def _note_conflicts(self, stage: _Stage, state: RecordState, merged: Merged, by: Writer) -> None:
        """Open conflicts of a field take further values; new collisions open new ones."""
        if state.kind == "Conflict":
            return
        self.as_sent = self.as_sent and not merged.collisions
        stage.collided = stage.collided or bool(merged.collisions)
        opened = self._open_conflicts(stage, state) if merged.collisions or merged.settled else {}
        for collision in merged.collisions:
            self._put_conflict(stage, state, collision, opened.get(collision.field), by)
        values = merged.settled & opened.keys()
        for name in values:
            standing = _field_value(merged.state, name)
            former = opened[name]
            collision = Collision(
                name, standing, msgspec.msgpack.decode(former.other), by.author, former.other_author or ""
            )
            self._put_conflict(stage, state, collision, former, by)

    def _closes(self, stage: _Stage, *complainant: bytes) -> bool:
        """True where the county alone opens a complainant (fields before, fields after) whom others could open."""

        def find(name: Key) -> RecordState | None:
            return stage.records.get(name) or self.standing.records.get(name)

        old, new = (readers(decode_fields(fields).get("key"), find) for fields in complainant)
        return closes(old, new, self.standing.county_reader)

    def _forget_former(self, stage: _Stage, state: RecordState) -> None:
        """An identity closes to all but the county: whatever else there is of it goes from the log and from its
        conflicts, which are settled by that."""
        stage.former += [(state.id, writer) for writer in former_writers(state)]
        for conflict in self._conflicts_of(stage, state):
            empty = msgspec.msgpack.encode(None)
            self._write_conflict(stage, state, replace(conflict, standing=empty, other=empty, settled=True))

    def _open_conflicts(self, stage: _Stage, target: RecordState) -> dict[str, Conflict]:
        return {record.field: record for record in self._conflicts_of(stage, target) if not record.settled}

    def _conflicts_of(self, stage: _Stage, target: RecordState) -> list[Conflict]:
        states = [*self.standing.of_dossier(target.dossier), *stage.records.values()]
        latest = {one.id: stage.records.get(("Conflict", one.id), one) for one in states if one.kind == "Conflict"}
        records = [_conflict(state) for state in latest.values()]
        return [one for one in records if one.target == target.id and one.target_kind == target.kind]

    def _put_conflict(
        self, stage: _Stage, target: RecordState, collision: Collision, former: Conflict | None, by: Writer
    ) -> None:
        record = Conflict(
            id=former.id if former else new_record_id(),
            unit=UnitCode(target.unit),
            created_at=former.created_at if former else self._now,
            target_kind=target.kind,
            target=RecordId(target.id),
            field=collision.field,
            standing=msgspec.msgpack.encode(collision.standing),
            other=msgspec.msgpack.encode(collision.other),
            standing_author=collision.standing_author or None,
            other_author=collision.other_author or None,
        )
        self._write_conflict(stage, target, record)

    def _write_conflict(self, stage: _Stage, target: RecordState, record: Conflict) -> None:
        self.as_sent = False
        canonical = encode_fields(to_fields(record))
        stage.records["Conflict", record.id] = create(
            ("Conflict", record.id), target.dossier, "C", target.unit, canonical=canonical, by=self._writer()
        )

    def _writer(self) -> Writer:
        return Writer(self.next_position(), COUNTY_DEVICE, 0, True, "")


def _conflict(state: RecordState) -> Conflict:
    record = typed(state).record
    assert isinstance(record, Conflict)
    return record


def _field_value(state: RecordState, name: str) -> Any:
    return decode_fields(state.canonical).get(name)
