"""A device as the county meets it: real keys and envelopes, a feed kept in memory, no store."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from sync.client.asking import open_answer, seal_request
from sync.client.enrolment import Enrolled, begin_enrolment, finish_enrolment
from sync.client.port import StandingPoint
from sync.domain.declarations import to_fields
from sync.domain.ids import RecordId, UnitCode, new_change_id, new_record_id
from sync.domain.records import KINDS, Case, Record, Step, kind_of
from sync.protocol.canonical import add_terms, content_hash, decode_fields, digest_term, encode_edit, encode_fields
from sync.protocol.keys import exchange_public, generate_exchange_key
from sync.protocol.messages import (
    Answer,
    Change,
    Entry,
    Mark,
    Operation,
    Outcome,
    Result,
    change_hash,
    encode_message,
)
from sync.protocol.ticket import decode_ticket
from sync.server.county import County, now_ms
from sync.server.enrolment import enrol
from sync.server.exchange import exchange
from sync.server.tickets import TicketOrder, make_ticket

ROLES = ("TOWN_OFFICE", "RECEPTION", "TOWN_CDI")


@dataclass
class Device:
    """Sends changes and keeps what the feed brings."""

    county: County
    enrolled: Enrolled
    role: str
    sequence: int = 0
    previous: bytes = bytes(32)
    position: int = 0
    records: dict[tuple[str, str], Entry] = field(default_factory=dict)
    sent: dict[tuple[str, str], bytes] = field(default_factory=dict)
    touched: set[tuple[str, str]] = field(default_factory=set)
    """Records with own operations that no entry has shown yet."""
    made: dict[int, Change] = field(default_factory=dict)
    last_answer: Answer | None = None

    @property
    def unit(self) -> UnitCode:
        return UnitCode(self.enrolled.unit)

    def change(self, *operations: Operation, **other: Any) -> bytes:
        """The next change of this device."""
        self.sequence += 1
        values: dict[str, Any] = {
            "id": new_change_id(), "device": self.enrolled.device, "sequence": self.sequence,
            "previous": self.previous, "unit": self.unit, "author": "张明", "role": self.role,
            "local_time": now_ms(), "offset": 0, "seen": self.position, "operations": operations,
        }  # fmt: skip
        change = Change(**(values | other))
        body = encode_message(change)
        self.previous = change_hash(body)
        self.made[change.sequence] = change
        for operation in change.operations:
            self._lay_over(operation)
        return body

    def send(self, *changes: bytes, want: int = 2000, first: int = 0) -> Answer:
        """One exchange; what the page brings is applied. ``first``: unacknowledged, where nothing is sent."""
        envelope = self.request(*changes, want=want, first=first)
        return self.take(envelope, exchange(self.county, envelope, now_ms()).answer)

    def request(self, *changes: bytes, want: int = 2000, first: int = 0) -> bytes:
        first = first or self.sequence - len(changes) + 1
        point = StandingPoint(
            self.enrolled.device, self.enrolled.unit, self.enrolled.epoch, self.position, max(first, 1)
        )
        return seal_request(self.enrolled.link(), point, changes, now_ms(), want)

    def take(self, envelope: bytes, sealed: bytes) -> Answer:
        answer = self.spelt_out(open_answer(self.enrolled.link(), sealed, envelope))
        for entry in answer.entries:
            if entry.mark is Mark.WITHDRAWN:
                self.records = {key: held for key, held in self.records.items() if held.dossier != entry.dossier}
            else:
                self.records[entry.kind, entry.id] = entry
                self.touched.discard((entry.kind, entry.id))
        self.position = max(self.position, answer.to_position)
        self.last_answer = answer
        return answer

    def _lay_over(self, operation: Operation) -> None:
        """Remember what a record comes to with an own edit."""
        key = operation.kind, operation.id
        entry = self.records.get(key)
        base = entry.fields if entry is not None and key not in self.touched else None
        base = base or self.sent.get(key)
        if not operation.creates and base is not None:
            self.sent[key] = encode_fields(decode_fields(base) | decode_fields(operation.fields))
        self.touched.add(key)

    def spelt_out(self, answer: Answer) -> Answer:
        """With the results and entries an echo stands for."""
        echo = answer.echo
        if echo is None or answer.to_position <= self.position:
            return answer
        changes = [self.made[sequence] for sequence in range(echo.first, echo.last + 1)]
        entries: dict[str, Entry] = {}
        for revision, one in enumerate((one for change in changes for one in change.operations), echo.revision):
            body = self.sent[one.kind, one.id]
            held = content_hash(body)
            entry = Entry(revision, Mark.ECHO, one.kind, one.id, one.dossier, one.owner, revision, held, None)
            self.records[one.kind, one.id] = entries[one.id] = entry
        results = [
            Result(
                change.id, change.sequence, Outcome.ACCEPTED, "", max(entries[o.id].revision for o in change.operations)
            )
            for change in changes
        ]
        return msgspec.structs.replace(
            answer,
            results=(*results, *answer.results),
            entries=(*sorted(entries.values(), key=lambda entry: entry.position), *answer.entries),
            echo=None,
        )

    def result(self, *changes: bytes) -> Result:
        """The result of the last of these changes."""
        wanted = msgspec.msgpack.decode(changes[-1], type=Change).id
        return next(result for result in self.send(*changes).results if result.change == wanted)

    def agrees(self) -> bool:
        """The digest over what the feed brought equals the county's."""
        answer = self.last_answer
        assert answer is not None
        assert answer.digest is not None
        terms = (digest_term(e.kind, e.id, e.revision, e.hash) for e in self.records.values())
        return add_terms(0, *terms).to_bytes(32, "big") == answer.digest

    def fields(self, kind: str, record_id: str) -> dict[str, Any]:
        """What a record holds: from the feed, or as this device sent it."""
        entry = self.records[kind, record_id]
        body = entry.fields if entry.fields is not None else self.sent[kind, record_id]
        assert content_hash(body) == entry.hash
        return decode_fields(body)

    def create(self, record: Record, dossier: str) -> Operation:
        body = encode_fields(to_fields(record))
        kind = kind_of(record)
        self.sent[kind, record.id] = body
        return Operation(kind, record.id, dossier, KINDS[kind].owner, 0, True, msgspec.Raw(body))

    def edit(self, kind: str, record_id: str, dossier: str, /, base: int | None = None, **changes: Any) -> Operation:
        seen = self.records[kind, record_id].revision if base is None else base
        return Operation(kind, record_id, dossier, KINDS[kind].owner, seen, False, msgspec.Raw(encode_edit(changes)))

    def case(self, **values: Any) -> Case:
        given: dict[str, Any] = {
            "id": new_record_id(), "unit": self.unit, "created_at": now_ms(), "author": "张明",
            "source_channel": "VISIT", "received_at": now_ms(), "nature": "CLAIM", "title": "村道硬化款项去向不明",
        }  # fmt: skip
        return Case(**(given | values))

    def step(self, case: str, step: str, **values: Any) -> Step:
        given: dict[str, Any] = {
            "id": new_record_id(), "unit": self.unit, "created_at": now_ms(), "author": "张明", "at": now_ms(),
            "case": RecordId(case), "step": step,
        }  # fmt: skip
        return Step(**(given | values))

    def register(self, **values: Any) -> tuple[Case, bytes]:
        """A case with its first step, as one change."""
        case = self.case(**values)
        return case, self.change(self.create(case, case.id), self.create(self.step(case.id, "REGISTER"), case.id))

    def act(self, case: str, step: str, **values: Any) -> bytes:
        """One further step of a case."""
        return self.change(self.create(self.step(case, step, **values), case))


def enrolled(county: County, unit: str, role: str = "TOWN_OFFICE") -> Device:
    """A device that joined with a ticket of its own."""
    roles = (role,) if role.startswith("COUNTY_") else ROLES
    ticket = decode_ticket(make_ticket(county, TicketOrder(unit, roles), now_ms()))
    pending = begin_enrolment(ticket, "张明", role, exchange_public(generate_exchange_key()), now_ms())
    return Device(county, finish_enrolment(pending, enrol(county, pending.request, now_ms()).answer, now_ms()), role)
