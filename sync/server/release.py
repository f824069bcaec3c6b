"""Release what was set apart: the office takes the change on its own authority, applied now, its dependents with it.

A dependent is a later change of the same unit that was set apart only because what it builds on was not there. The
release is a line of the log of its own; the line of the change stays as it was, so the chain holds.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from sync.domain.authority import Author
from sync.domain.errors import Damaged, Refused
from sync.domain.ids import UnitCode
from sync.domain.records import Quarantine
from sync.protocol.codec import decode_bounded_change
from sync.protocol.messages import Change, Outcome, Result
from sync.server.county import County
from sync.server.effects import Effects, effects_of
from sync.server.numbering import odd_of, renumber
from sync.server.round import COUNTY_DEVICE, NotTaken, Round, Verdict
from sync.server.soundness import MALFORMED
from sync.server.standing import Key, Standing, typed
from sync.server.storage import tables
from sync.server.storage.bodies import open_state
from sync.server.storage.expunging import expunge
from sync.server.storage.ledger import Ledger, LogEntry, read_bodies
from sync.server.storage.loading import LockedCounty, any_of, load_identity_keys, load_standing, lock_county
from sync.server.storage.writing import write_county, write_effects

NEVER = frozenset({MALFORMED, "exchange_refusals.foreign_device", "exchange_refusals.forged_unit"})
"""Reasons that no office can mend."""
_MISSING = frozenset({"exchange_refusals.unknown_record", "authority.unknown_dossier"})
"""Reasons that go away when what a change builds on is there."""
RELEASED = "release.released"


@dataclass(frozen=True, slots=True)
class _Apart:
    """One change set apart: its quarantine record, its line in the log, and itself (None: it cannot be read)."""

    record: Quarantine
    number: int
    unit: str
    change: Change | None


@dataclass(frozen=True, slots=True)
class Released:
    """What a release did."""

    change: str
    outcome: Outcome
    released: tuple[str, ...]
    """Ids of the changes applied, the one asked for first."""
    still_apart: tuple[str, ...]
    """Dependents that stay set apart for another reason."""

    def as_json(self) -> dict[str, Any]:
        """The JSON of ``release --json``."""
        return {
            "change": self.change,
            "outcome": self.outcome.value,
            "released": list(self.released),
            "quarantined": list(self.still_apart),
        }


def release_change(county: County, name: str, now_ms: int) -> Released:
    """Release a change by its id or by the id of its Quarantine record; committed when this returns.

    Raises Refused ``release.unknown``, ``release.never``, ``release.still_refused``: nothing changed then.
    """
    with county.engine.begin() as connection:
        locked = lock_county(connection, county.code)
        work = _Release(connection, county, now_ms)
        apart = work.find(lambda record: name in (record.change, record.id))
        if apart is None or apart.record.released:
            raise Refused("release.unknown", change=name)
        _check(apart)
        done, locked = work.run(apart, locked)
        if apart.record.change not in done.released:
            raise Refused("release.still_refused", change=name)
        write_county(connection, county.code, locked)
    return done


def release_asked(
    connection: Connection, county: County, changes: Iterable[Change], locked: LockedCounty, now_ms: int
) -> LockedCounty:
    """Do what the county's own devices asked for by marking Quarantine records released, in their transaction.

    What still cannot be applied is set apart again, with its reason.
    """
    asked = [operation.id for change in changes for operation in change.operations if operation.kind == "Quarantine"]
    for record_id in dict.fromkeys(asked):
        work = _Release(connection, county, now_ms)
        apart = work.find(lambda record, wanted=record_id: record.id == wanted)
        if apart is not None and apart.record.released and not _is_logged(connection, county.code, apart):
            _, locked = work.run(apart, locked)
    return locked


def _is_logged(connection: Connection, county: str, apart: _Apart) -> bool:
    """Whether it was released before: two people of the office, or window and verb, may ask for the same."""
    log = tables.change_log.c
    query = select(log.number).where(log.county == county, log.change == _release_id(apart.record.change))
    return connection.execute(query).first() is not None


def judge_again(
    connection: Connection, county: County, changes: Iterable[Change | None], locked: LockedCounty, now_ms: int
) -> LockedCounty:
    """After these changes were taken: what was set apart for want of what they made is judged anew.

    So it goes after a restore, when an edit is sent again before the creation that another device has to send.
    """
    operations = (operation for change in changes if change is not None for operation in change.operations)
    made = {name for one in operations if one.creates for name in (one.id, one.dossier)}
    return _Release(connection, county, now_ms).judge_again(made, locked) if made else locked


def released_results(connection: Connection, county: str, results: Iterable[Result]) -> dict[str, Result]:
    """Results of changes that were set apart and released since, by change."""
    apart = {_release_id(one.change): one for one in results if one.outcome is Outcome.QUARANTINED}
    if not apart:
        return {}
    log = tables.change_log.c
    query = select(log.change, log.outcome, log.position).where(log.county == county, log.change == any_of(apart))
    return {
        apart[name].change: Result(apart[name].change, apart[name].sequence, Outcome(outcome), "", position)
        for name, outcome, position in connection.execute(query)
    }


def _release_id(change: str) -> str:
    return hashlib.sha256(b"release/" + change.encode()).hexdigest()[:32]


def _check(apart: _Apart) -> None:
    if apart.change is None or apart.record.reason in NEVER:
        raise Refused("release.never", change=apart.record.change)


class _Release:
    """One release within an open transaction that has locked the county."""

    def __init__(self, connection: Connection, county: County, now_ms: int) -> None:
        self._connection, self._county, self._now = connection, county, now_ms

    def find(self, wanted: Any) -> _Apart | None:
        """The change whose quarantine record fits."""
        columns = tables.record.c
        query = select(tables.record).where(columns.county == self._county.code, columns.kind == "Quarantine")
        for row in self._connection.execute(query).mappings().all():
            record = typed(open_state(self._county.store_key, row)).record
            if isinstance(record, Quarantine) and wanted(record):
                found = self._read([record])
                return found[0] if found else None
        return None

    def run(self, root: _Apart, locked: LockedCounty) -> tuple[Released, LockedCounty]:
        """Apply the change and what depends on it; write all of it."""
        todo = [root, *self._dependents(root)]
        verdicts, locked = self._run(todo, root, locked)
        taken = [a.record.change for a, v in zip(todo, verdicts, strict=True) if v.outcome is not Outcome.QUARANTINED]
        left = [a.record.change for a, v in zip(todo, verdicts, strict=True) if v.outcome is Outcome.QUARANTINED]
        report = Released(root.record.change, verdicts[0].outcome, tuple(taken), tuple(left))
        odd = odd_of(root.unit, (apart.change for apart in todo if apart.record.change in taken))
        return report, renumber(self._connection, self._county, odd, locked, self._now)

    def judge_again(self, made: set[str], locked: LockedCounty) -> LockedCounty:
        """Apply, on their senders' own authority, changes that waited for one of these records or dossiers."""
        waiting = sorted(self._read(self._waiting()), key=lambda apart: apart.number)
        todo: list[_Apart] = []
        for apart in waiting:
            operations = apart.change.operations if apart.change else ()
            if any({operation.id, operation.dossier} & made for operation in operations):
                todo.append(apart)
                made = made | _made(apart)
        return self._run(todo, None, locked)[1] if todo else locked

    def _run(
        self, todo: Sequence[_Apart], root: _Apart | None, locked: LockedCounty
    ) -> tuple[list[Verdict], LockedCounty]:
        standing = self._standing(todo)
        done = Round(standing, locked.position, self._now)
        verdicts = [self._apply(done, apart, office=apart is root) for apart in todo]
        effects = effects_of(done)
        write_effects(self._connection, self._county.store_key, self._county.code, effects)
        ledger = Ledger(self._county.code, locked.log_number, locked.log_hash)
        for apart, verdict in zip(todo, verdicts, strict=True):
            if verdict.outcome is not Outcome.QUARANTINED:
                ledger.append(_line(apart, verdict, _effect(standing, effects, apart.unit, verdict.touched)))
        ledger.write(self._connection, self._county.store_key, self._now)
        if done.superseded:
            code = self._county.code
            ledger = expunge(self._connection, self._county.store_key, code, done.superseded, ledger, now_ms=self._now)
        return verdicts, replace(locked, position=done.position, log_number=ledger.number, log_hash=ledger.chain)

    def _apply(self, done: Round, apart: _Apart, office: bool) -> Verdict:
        """Judge with the office's authority (a dependent with its sender's own), and mark what was taken."""
        change, code = apart.change, UnitCode(self._county.code)
        record = replace(apart.record, released=None)
        if change is None or record.reason in NEVER:
            done.put_county_record("Quarantine", record, record.id)
            return Verdict(Outcome.QUARANTINED, record.reason)
        unit = UnitCode(apart.unit)
        own = Author(unit, code, change.role, frozenset({change.role}), done.standing.units.get(unit, True))
        author = Author(code, code, change.role, frozenset(), behalf=unit) if office else own
        try:
            verdict = done.apply(change, author, apart.unit == code)
        except NotTaken as refusal:
            done.put_county_record("Quarantine", replace(record, reason=refusal.reason), record.id)
            return Verdict(Outcome.QUARANTINED, refusal.reason)
        done.put_county_record("Quarantine", replace(record, released=True), record.id)
        return verdict

    def _dependents(self, root: _Apart) -> list[_Apart]:
        """Changes of the unit set apart behind this one because of what it makes, in the order they came."""
        waiting = [record for record in self._waiting() if record.unit == root.unit]
        made, dependents = _made(root), list[_Apart]()
        for apart in sorted(self._read(waiting), key=lambda apart: apart.number):
            if apart.change is None or apart.number <= root.number:
                continue
            if any({operation.id, operation.dossier} & made for operation in apart.change.operations):
                dependents.append(apart)
                made |= _made(apart)
        return dependents

    def _waiting(self) -> list[Quarantine]:
        """Records of what was set apart only because what it builds on was not there."""
        columns = tables.record.c
        query = select(tables.record).where(columns.county == self._county.code, columns.kind == "Quarantine")
        rows = self._connection.execute(query).mappings().all()
        records = [typed(open_state(self._county.store_key, row)).record for row in rows]
        return [r for r in records if isinstance(r, Quarantine) and not r.released and r.reason in _MISSING]

    def _read(self, records: Sequence[Quarantine]) -> list[_Apart]:
        """The lines and bodies of changes set apart."""
        log = tables.change_log.c
        query = select(log.number, log.change, log.unit).where(
            log.county == self._county.code, log.change == any_of([record.change for record in records])
        )
        lines = self._connection.execute(query).all()
        by_change = {record.change: record for record in records}
        bodies = read_bodies(
            self._connection, self._county.store_key, self._county.code, {line.number: line.change for line in lines}
        )
        return [
            _Apart(by_change[change], number, unit, _decoded(bodies[number]))
            for number, change, unit in lines
            if number in bodies
        ]

    def _standing(self, todo: Sequence[_Apart]) -> Standing:
        operations = [operation for apart in todo if apart.change for operation in apart.change.operations]
        dossiers = {operation.dossier for operation in operations} | {apart.record.id for apart in todo}
        keys: set[Key] = {(operation.kind, operation.id) for operation in operations}
        standing = self._county.standing(self._connection)
        load_standing(self._connection, self._county.store_key, standing, dossiers, keys)
        load_identity_keys(self._connection, self._county.store_key, standing, operations)
        return standing


def _decoded(body: bytes) -> Change | None:
    try:
        return decode_bounded_change(body)
    except Damaged:
        return None


def _made(apart: _Apart) -> set[str]:
    operations = apart.change.operations if apart.change else ()
    return {name for operation in operations if operation.creates for name in (operation.id, operation.dossier)}


def _effect(standing: Standing, effects: Effects, unit: str, touched: Iterable[Key]) -> int:
    """Position in the unit's feed from which on the effect is read; 0 where the feed does not carry it."""
    position = 0
    for key in touched:
        state = standing.records.get(key)
        dossier = None if state is None else effects.dossiers.get(state.dossier) or standing.dossiers.get(state.dossier)
        if state is not None and dossier is not None and {unit, "*"} & dossier.units:
            position = max(position, state.revision)
    return position


def _line(apart: _Apart, verdict: Verdict, position: int) -> LogEntry:
    name = _release_id(apart.record.change)
    body = msgspec.msgpack.encode({"release": apart.record.change})
    return LogEntry(
        change=name,
        device=COUNTY_DEVICE,
        sequence=0,
        unit=apart.unit,
        outcome=verdict.outcome.value,
        reason=RELEASED,
        position=position,
        body=body,
        hash=hashlib.sha256(body).digest(),
    )
