"""A county small enough to read: takes changes, hands out positions, answers as the protocol says."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from desktop.storage.overlay import overlay
from desktop.storage.row_codec import unpack_fields
from desktop.storage.store import Store
from sync.client.port import Applied
from sync.protocol.canonical import add_terms, content_hash, digest_term, encode_fields
from sync.protocol.messages import (
    NO_HASH,
    Answer,
    Change,
    Echo,
    Entry,
    Mark,
    Outcome,
    Result,
    change_hash,
    decode_change,
)


@dataclass
class Held:
    kind: str
    id: str
    dossier: str
    owner: str
    fields: dict[str, Any]
    revision: int
    position: int
    own: bool

    @property
    def hash(self) -> bytes:
        return content_hash(encode_fields(self.fields))


@dataclass
class TinyCounty:
    """One unit's feed. ``echo``: own records come without body; ``brief``: all of them in one line where it can be."""

    epoch: str = "e1"
    echo: bool = True
    brief: bool = False
    position: int = 0
    held: dict[tuple[str, str], Held] = field(default_factory=dict)
    withdrawn: list[tuple[int, str, str]] = field(default_factory=list)
    results: dict[str, Result] = field(default_factory=dict)
    unbroken: int = 0
    last_hash: bytes = NO_HASH

    def take(self, bodies: Iterable[bytes], outcome: Outcome = Outcome.ACCEPTED) -> list[Result]:
        answered = []
        for body in bodies:
            change = decode_change(body)
            if change.id not in self.results or self.results[change.id].outcome is Outcome.HELD:
                self._process(change, outcome)
                self.unbroken, self.last_hash = change.sequence, change_hash(body)
            answered.append(self.results[change.id])
        return answered

    def _process(self, change: Change, outcome: Outcome) -> None:
        if outcome in {Outcome.ACCEPTED, Outcome.MERGED}:
            for op in change.operations:
                old = self.held.get((op.kind, op.id))
                fields = overlay(old.fields if old else None, [unpack_fields(op.fields)]) or {}
                fields = {name: value for name, value in fields.items() if value is not None}
                self.put(op.kind, op.id, op.dossier, fields, own=old is None or old.own)
        self.results[change.id] = Result(change.id, change.sequence, outcome, "", self.position)

    def put(self, kind: str, id_: str, dossier: str, fields: dict[str, Any], *, own: bool = False) -> None:
        self.position += 1
        self.held[(kind, id_)] = Held(kind, id_, dossier, "T", fields, self.position, self.position, own)

    def withdraw(self, kind: str, dossier: str) -> None:
        self.position += 1
        self.held = {key: held for key, held in self.held.items() if held.dossier != dossier}
        self.withdrawn.append((self.position, kind, dossier))

    def entries(self, after: int) -> list[Entry]:
        found = [
            Entry(position, Mark.WITHDRAWN, kind, dossier, dossier, "T", 0, b"", None)
            for position, kind, dossier in self.withdrawn
        ]
        for held in self.held.values():
            echo = self.echo and held.own
            body = None if echo else encode_fields(held.fields)
            mark = Mark.ECHO if echo else Mark.BODY
            found.append(
                Entry(held.position, mark, held.kind, held.id, held.dossier, held.owner, held.revision, held.hash, body)
            )
        return sorted((entry for entry in found if entry.position > after), key=lambda entry: entry.position)

    @property
    def digest(self) -> int:
        return add_terms(0, *(digest_term(h.kind, h.id, h.revision, h.hash) for h in self.held.values()))

    @property
    def counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for held in self.held.values():
            counts[held.kind] = counts.get(held.kind, 0) + 1
        return counts

    def brief_answer(self, after: int, bodies: list[bytes]) -> Answer | None:
        """The echo of changes that are all new, to one who had read everything; else None, and nothing is taken."""
        changes = [decode_change(body) for body in bodies]
        if not self.brief or not changes or after != self.position or any(c.id in self.results for c in changes):
            return None
        self.take(bodies)
        echo = Echo(changes[0].sequence, changes[-1].sequence, after + 1)
        return msgspec.structs.replace(self.answer(self.position), from_position=after, echo=echo)

    def answer(self, after: int, results: Iterable[Result] = (), limit: int = 1_000_000) -> Answer:
        page = self.entries(after)[:limit]
        last = page[-1].position if page else self.position
        head = self.position
        to = head if len(page) < limit else last
        return Answer(
            version=1, request_hash=bytes(32), county_time=0, epoch=self.epoch, from_position=after, to_position=to,
            head=head, results=tuple(results), entries=tuple(page), unbroken=self.unbroken, last_hash=self.last_hash,
            digest=self.digest.to_bytes(32, "big") if to >= head else None,
            counts=self.counts if to >= head else {}, key_card=b"",
        )  # fmt: skip


def exchange(store: Store, county: TinyCounty, *, limit: int = 1_000_000) -> Applied:
    """Rounds until the head, as the client's loop does them."""
    for _ in range(1000):
        point = store.sync.standing_point()
        bodies = [body for _, body in store.sync.waiting_changes(point.first_unacknowledged - 1, 1000, 1 << 30)]
        store.sync.mark_sent(point.first_unacknowledged + len(bodies))
        after = point.position if point.epoch == county.epoch else 0
        answer = county.brief_answer(after, bodies) or county.answer(after, county.take(bodies), limit)
        applied = store.sync.apply_answer(answer)
        if applied.head_reached and not applied.resend_from:
            return applied
    raise AssertionError("no end")
