"""A device of a later version: it sends kinds, fields and steps this version does not know."""

from dataclasses import dataclass, field, replace

import msgspec

from sync.client.asking import open_answer
from sync.domain.errors import Refused, Unreachable
from sync.domain.ids import new_record_id
from sync.protocol.canonical import decode_fields
from sync.protocol.messages import Operation, change_hash, decode_change
from tests.scenarios.county_end import Wire
from tests.server.devices import Device


@dataclass
class NewerDevice(Device):
    """Keeps its changes and sends again what the county does not have."""

    changes: list[bytes] = field(default_factory=list)
    unbroken: int = 0
    lost_place: bool = False

    @property
    def receipts(self) -> list[str]:
        """Ids of its changes."""
        return [decode_change(body).id for body in self.changes]

    def mediate(self, text: str) -> None:
        """A case with a record of an unknown kind and an unknown step."""
        case, body = self.register(title=text)
        self.changes.append(body)
        raw = msgspec.Raw(msgspec.msgpack.encode({"place": text, "people": 3}))
        record = Operation("Mediation", new_record_id(), case.id, "T", 0, True, raw)
        step = self.create(self.step(case.id, "MEDIATE"), case.id)
        self.changes.append(self.change(record, step))

    def enrich(self, case: str, text: str) -> None:
        """An unknown field of a case that is there."""
        self.changes.append(self.change(self.edit("Case", case, case, mediator=text)))

    def cases(self) -> list[str]:
        """Cases of its unit that it has seen."""
        seen = sorted(record for kind, record in self.records if kind == "Case")
        return [case for case in seen if self._unit_of(case) == self.unit]

    def _unit_of(self, case: str) -> str:
        body = self.records["Case", case].fields or self.sent["Case", case]
        return str(decode_fields(body)["unit"])

    def sync(self, wire: Wire) -> str:
        """Rounds until all is sent and the head is reached; what came of it."""
        try:
            while not self._round(wire):
                pass
        except Unreachable:
            return "unreachable"
        except Refused as refusal:
            if refusal.code != "exchange_refusals.device_unknown":
                raise
            self.lost_place = True
            return refusal.code
        return "done"

    def _round(self, wire: Wire) -> bool:
        waiting = self.changes[self.unbroken :]
        envelope = self.request(*waiting)
        sealed = wire.post("/v1/exchange", envelope)
        answer = open_answer(self.enrolled.link(), sealed, envelope)
        if answer.epoch != self.enrolled.epoch:
            self.enrolled = replace(self.enrolled, epoch=answer.epoch)
            self.records, self.position = {}, 0
        self.take(envelope, sealed)
        self.unbroken = answer.unbroken
        known = change_hash(self.changes[self.unbroken - 1]) if self.unbroken else bytes(32)
        assert answer.last_hash == known, "the county knows another history of the newer device"
        return self.unbroken == len(self.changes) and answer.to_position >= answer.head
