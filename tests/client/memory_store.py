"""A device's store in memory: the port of the exchange with nothing behind it."""

from collections import Counter
from dataclasses import dataclass, field

from sync.client.port import Applied, StandingPoint
from sync.domain.ids import new_change_id, new_record_id
from sync.protocol.canonical import encode_fields
from sync.protocol.messages import NO_HASH, Answer, Change, Operation, change_hash, encode_message
from tests.protocol.keyring import TOWN


@dataclass(slots=True)
class MemoryStore:
    """Changes made, what the county said of them, and what its feed brought."""

    device: str
    position: int = 0
    epoch: str = ""
    changes: dict[int, bytes] = field(default_factory=dict)
    outcomes: dict[int, str] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)
    sent: int = 0
    agree: bool = True
    repairs: int = 0
    """How often the feed is read anew when digests differ."""

    def make_change(self, size: int = 40) -> str:
        """One more local change; returns its id."""
        sequence = len(self.changes) + 1
        record = new_record_id()
        fields = encode_fields({"title": "x" * size})
        change = Change(
            id=new_change_id(),
            device=self.device,
            sequence=sequence,
            previous=change_hash(self.changes[sequence - 1]) if self.changes else NO_HASH,
            unit=TOWN,
            author="张明",
            role="INTAKE",
            local_time=1,
            offset=0,
            seen=self.position,
            operations=(Operation("Case", record, record, "T", 0, True, fields),),  # type: ignore[arg-type]
        )
        self.changes[sequence] = encode_message(change)
        return change.id

    def standing_point(self) -> StandingPoint:
        waiting = [number for number in self.changes if number not in self.outcomes]
        first = min(waiting, default=len(self.changes) + 1)
        return StandingPoint(self.device, TOWN, self.epoch, self.position, first)

    def waiting_changes(self, after_sequence: int, limit: int, limit_bytes: int) -> list[tuple[int, bytes]]:
        found: list[tuple[int, bytes]] = []
        size = 0
        for number, body in sorted(self.changes.items()):
            if number <= after_sequence or number in self.outcomes:
                continue
            size += len(body)
            if found and (len(found) == limit or size > limit_bytes):
                break
            found.append((number, body))
        return found

    def count_waiting(self) -> int:
        return len(self.changes) - len(self.outcomes)

    def mark_sent(self, up_to_sequence: int) -> None:
        self.sent = max(self.sent, up_to_sequence)

    def read_ahead(self, answer: Answer) -> None:
        """Nothing to work out."""

    def apply_answer(self, answer: Answer) -> Applied:
        resend = 0
        if self.epoch and answer.epoch != self.epoch and answer.unbroken < len(self.outcomes):
            resend = answer.unbroken + 1
            self.outcomes = {number: said for number, said in self.outcomes.items() if number < resend}
        self.epoch = answer.epoch
        self.outcomes |= {result.sequence: result.outcome for result in answer.results}
        entries = self._take_page(answer)
        reached = self.position >= answer.head
        counts = Counter(str(result.outcome) for result in answer.results)
        agreed = self.agree if reached else None
        if agreed is False and self.repairs:
            self.repairs -= 1
            self.position, reached = 0, False
        return Applied(dict(counts), entries, self.position, reached and agreed is not False, agreed, resend)

    def _take_page(self, answer: Answer) -> int:
        if answer.from_position > self.position:
            return 0
        entries = [entry for entry in answer.entries if entry.position > self.position]
        self.records |= {entry.id: entry.revision for entry in entries}
        self.position = max(self.position, answer.to_position)
        return len(entries)
