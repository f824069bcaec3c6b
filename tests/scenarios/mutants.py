"""Planted bugs: each changes the product in this process only, and the laws must notice."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import msgspec

from desktop.storage import straight_pages, sync_store
from desktop.storage.county_pages import CountyPages, _states
from desktop.storage.engine import Database
from desktop.storage.outbox import Outbox
from desktop.storage.row_codec import codec
from desktop.storage.rows import TypedRow
from desktop.storage.sync_store import DeviceSyncStore
from desktop.storage.withdrawal import Withdrawals
from sync.client import carried as client_carried
from sync.domain.ids import new_change_id
from sync.domain.records import KINDS
from sync.protocol.carried import CarriedFile, join_parts
from sync.protocol.messages import Answer, Entry, Mark, Outcome
from sync.server import effects as server_effects
from sync.server import release
from sync.server.incoming import Incoming
from sync.server.intake import Intake
from sync.server.merge import Collision
from sync.server.round import Round, Verdict


@contextmanager
def repeats_applied_twice() -> Iterator[None]:
    """A change brought again is applied again."""
    original = Intake._in_order

    def in_order(intake: Any, connection: Any, sender: Any, incoming: list[Incoming], known: Any) -> Any:
        order = original(intake, connection, sender, incoming, known)
        again = [
            msgspec.structs.replace(item, id=new_change_id(), chained=False) for item in incoming if item.id in known
        ]
        return replace(order, todo=[*order.todo, *again])

    with patch.object(Intake, "_in_order", in_order):
        yield


@contextmanager
def echo_ignores_hash() -> Iterator[None]:
    """An echo confirms whatever this device last wrote, not what the county has."""

    def echo(pages: Any, entry: Entry, row: TypedRow | None, operations: list[Any]) -> TypedRow:
        state = _states(row.county_fields if row else None, [operation.fields for operation in operations])[-1]
        return TypedRow(entry.kind, entry.id, entry.dossier, state, entry.revision, entry.hash)

    def as_sent(entry: Entry, operations: Any) -> bool:
        return entry.mark is Mark.ECHO and len(operations) > 0

    with patch.object(CountyPages, "_echo", echo), patch.object(straight_pages, "_is_as_sent", as_sent):
        yield


@contextmanager
def position_goes_back() -> Iterator[None]:
    """A stale answer sets the position to where it ends."""
    original = DeviceSyncStore._take_page

    def take_page(store: Any, answer: Answer) -> int:
        taken = original(store, answer)
        store._books.keep_number("position", answer.to_position)
        return taken

    with patch.object(DeviceSyncStore, "_take_page", take_page):
        yield


@contextmanager
def overlay_dropped_when_sent() -> Iterator[None]:
    """What left the device no longer lies over the county's state."""
    original = Outbox.waiting

    def waiting(outbox: Any, after: int, limit: int, limit_bytes: int) -> list[tuple[int, bytes]]:
        found = original(outbox, after, limit, limit_bytes)
        database: Database = outbox._database
        database.run_many("DELETE FROM pending WHERE sequence = ?", [(sequence,) for sequence, _ in found])
        return found

    with patch.object(Outbox, "waiting", waiting):
        yield


@contextmanager
def gap_not_held() -> Iterator[None]:
    """What comes behind a gap is processed at once."""
    original = Intake._in_order

    def in_order(*given: Any) -> Any:
        order = original(*given)
        if not order.held:
            return order
        last = order.held[-1]
        return replace(order, todo=order.todo + order.held, held=[], unbroken=last.sequence, last_hash=last.hash)

    with patch.object(Intake, "_in_order", in_order):
        yield


@contextmanager
def withdrawal_before_receipt() -> Iterator[None]:
    """A withdrawn dossier is deleted although its changes were not handed over."""

    def finish(withdrawals: Any) -> None:
        for (dossier,) in withdrawals._database.run("SELECT dossier FROM withdrawn"):
            withdrawals._delete(dossier)

    with patch.object(Withdrawals, "finish", finish):
        yield


@contextmanager
def grant_sends_only_new() -> Iterator[None]:
    """A unit that is handed a case gets only the records of that change."""
    original = server_effects._grant

    def grant(done: Round, effects: Any, dossier: str, units: list[str], state: Any) -> None:
        original(done, effects, dossier, units, state)
        new = {key[1] for key in done.before}
        effects.feed = [row for row in effects.feed if row[0] not in units or row[4] != dossier or row[3] in new]

    with patch.object(server_effects, "_grant", grant):
        yield


@contextmanager
def conflict_loses_other() -> Iterator[None]:
    """A conflict keeps the standing value only."""
    original = Round._put_conflict

    def put(done: Any, stage: Any, target: Any, collision: Collision, former: Any, by: Any) -> None:
        original(done, stage, target, replace(collision, other=collision.standing), former, by)

    with patch.object(Round, "_put_conflict", put):
        yield


@contextmanager
def epoch_ignored() -> Iterator[None]:
    """After a restore of the county the device goes on as if nothing had happened."""

    def enter(store: Any, answer: Answer) -> int:
        store._books.keep("epoch", answer.epoch.encode())
        return 0

    with patch.object(DeviceSyncStore, "_enter_epoch", enter):
        yield


@contextmanager
def unknown_fields_dropped() -> Iterator[None]:
    """A store forgets the fields of a record it has no column for."""
    original = CountyPages._body

    def body(pages: Any, entry: Entry) -> TypedRow | None:
        row = original(pages, entry)
        if row is not None:
            known = set(codec(row.kind).names)
            row.fields = {name: value for name, value in row.fields.items() if name in known}
        return row

    with patch.object(CountyPages, "_body", body):
        yield


@contextmanager
def notes_outlive_their_county() -> Iterator[None]:
    """Conflicts and notes of what was set apart stay open although the county that made them was set back."""
    kinds = {name: replace(kind, made_by_county=False) for name, kind in KINDS.items()}
    with patch.object(sync_store, "KINDS", kinds):
        yield


@contextmanager
def missing_part_ignored() -> Iterator[None]:
    """An answer in parts is taken although one of them was not brought."""
    original = join_parts

    def join(files: Iterable[CarriedFile]) -> CarriedFile:
        found = sorted(files, key=lambda file: file.part)
        parts = [replace(file, part=number, parts=len(found)) for number, file in enumerate(found, start=1)]
        return original(parts)

    with patch.object(client_carried, "join_parts", join):
        yield


@contextmanager
def release_applies_nothing() -> Iterator[None]:
    """A released change is marked as taken and not applied."""

    def apply(_: Any, done: Round, apart: Any, office: bool) -> Verdict:
        record = apart.record
        done.put_county_record("Quarantine", replace(record, released=True), record.id)
        return Verdict(Outcome.ACCEPTED)

    with patch.object(release._Release, "_apply", apply):
        yield


_ALL = (
    notes_outlive_their_county,
    missing_part_ignored,
    release_applies_nothing,
    repeats_applied_twice,
    echo_ignores_hash,
    position_goes_back,
    overlay_dropped_when_sent,
    gap_not_held,
    withdrawal_before_receipt,
    grant_sends_only_new,
    conflict_loses_other,
    epoch_ignored,
    unknown_fields_dropped,
)
MUTANTS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    mutant.__name__.replace("_", "-"): mutant for mutant in _ALL
}
"""Name → what plants it while it is open."""
