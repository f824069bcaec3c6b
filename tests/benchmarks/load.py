"""Many devices at one county: each sends its changes within a minute, then asks now and then. Nothing may be lost.

Several server processes may share the county's PostgreSQL; each device then meets now this, now that one.
"""

import secrets
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import cycle
from statistics import quantiles
from typing import Any

import msgspec
from sqlalchemy import func, select

from sync.client.asking import open_answer, seal_request
from sync.client.enrolment import Enrolled, begin_enrolment, enrol_by_wire
from sync.client.port import StandingPoint
from sync.client.transport import HttpsTransport
from sync.domain.declarations import to_fields
from sync.domain.ids import RecordId, UnitCode, new_change_id, new_record_id
from sync.domain.records import KINDS, Case, Record, Step, kind_of
from sync.protocol.canonical import encode_fields
from sync.protocol.keys import exchange_public, generate_exchange_key
from sync.protocol.messages import Change, Operation, Outcome, change_hash, encode_message
from sync.protocol.ticket import decode_ticket
from sync.server.county import now_ms, open_county
from sync.server.storage import tables
from sync.server.tickets import TicketOrder, make_ticket
from tests.benchmarks.cases import make_cases
from tests.benchmarks.devices import TOWN, Ground

CHANGES_EACH = 10
IDLE_EACH = 3
WORKERS = 32
"""Threads that carry the devices' requests: a device sends at its appointed time."""
_DONE = frozenset({Outcome.ACCEPTED, Outcome.MERGED})


@dataclass(slots=True)
class Townsman:
    """A device without a store: keys, sequence, chain."""

    enrolled: Enrolled
    sequence: int = 0
    previous: bytes = bytes(32)
    position: int = 0
    accepted: set[str] = field(default_factory=set)

    def change(self, case: dict[str, Any]) -> tuple[str, bytes]:
        """The next change: a case and its registration."""
        moment = now_ms()
        common: dict[str, Any] = {"unit": UnitCode(TOWN), "author": "张明"}
        head = Case(
            id=new_record_id(), created_at=moment, source_channel="LETTER", received_at=moment, nature="CLAIM",
            title=case["title"], content=case["content"], **common,
        )  # fmt: skip
        step = Step(
            id=new_record_id(), created_at=moment, case=RecordId(head.id), step="REGISTER", at=moment, role="TOWN_CDI",
            **common,
        )  # fmt: skip
        self.sequence += 1
        change = Change(
            new_change_id(), self.enrolled.device, self.sequence, self.previous, TOWN, "张明", "TOWN_CDI", moment, 0,
            self.position, tuple(_operation(record, head.id) for record in (head, step)),
        )  # fmt: skip
        body = encode_message(change)
        self.previous = change_hash(body)
        return change.id, body

    def ask(self, transport: HttpsTransport, *changes: bytes) -> float:
        """One exchange; seconds it took. The page is left: what is measured is the county."""
        point = StandingPoint(
            self.enrolled.device, TOWN, self.enrolled.epoch, self.position, max(1, self.sequence - len(changes) + 1)
        )
        link = self.enrolled.link()
        envelope = seal_request(link, point, changes, now_ms(), 0)
        start = time.perf_counter()
        answer = open_answer(link, transport.post("/v1/exchange", envelope), envelope)
        spent = time.perf_counter() - start
        self.accepted.update(result.change for result in answer.results if result.outcome in _DONE)
        return spent


def _operation(record: Record, dossier: str) -> Operation:
    kind = kind_of(record)
    return Operation(
        kind, record.id, dossier, KINDS[kind].owner, 0, True, msgspec.Raw(encode_fields(to_fields(record)))
    )


class _Lines(threading.local):
    """One connection a thread, to the servers in turn."""

    transport: HttpsTransport | None = None

    def __init__(self, ports: Iterator[int], stack: ExitStack) -> None:
        self._ports, self._stack = ports, stack

    def line(self, man: Townsman) -> HttpsTransport:
        """This thread's connection."""
        if self.transport is None:
            url = f"https://127.0.0.1:{next(self._ports)}"
            self.transport = HttpsTransport(msgspec.structs.replace(man.enrolled.card, url=url))
            self._stack.callback(self.transport.close)
        return self.transport


def load_figures(ground: Ground, devices: int, seconds: float, servers: int = 1) -> dict[str, Any]:
    """Run the load on one or more server processes; raises whatever a thread raised."""
    with ExitStack() as stack:
        county = ground.county
        ports = [county.port, *(stack.enter_context(county.another_server()) for _ in range(servers - 1))]
        return {"servers": servers} | _figures(ground, devices, seconds, _Lines(cycle(ports), stack))


def _figures(ground: Ground, devices: int, seconds: float, lines: _Lines) -> dict[str, Any]:
    with ThreadPoolExecutor(WORKERS) as pool:
        townsmen = list(pool.map(_enrol, _tickets(ground, devices)))
    spent: list[float] = []
    made: list[str] = []
    lock = threading.Lock()
    cases = make_cases(CHANGES_EACH, 5)
    start = time.perf_counter() + 0.5

    def send(number: int, turn: int) -> None:
        _wait_until(start + seconds * (turn + number / devices) / (CHANGES_EACH + IDLE_EACH))
        man = townsmen[number]
        bodies = [man.change(cases[turn])] if turn < CHANGES_EACH else []
        took = man.ask(lines.line(man), *(body for _, body in bodies))
        with lock:
            spent.append(took)
            made.extend(name for name, _ in bodies)

    began = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as pool:
        for turn in range(CHANGES_EACH + IDLE_EACH):
            for done in [pool.submit(send, number, turn) for number in range(devices)]:
                done.result()
    took = time.perf_counter() - began
    stored = _stored(ground, made)
    taken = {name for man in townsmen for name in man.accepted}
    centiles = quantiles(spent, n=100)
    return {
        "devices": devices,
        "changes": len(made),
        "lost": len(set(made) - (taken & stored)),
        "p50_ms": round(centiles[49] * 1000, 1),
        "p95_ms": round(centiles[94] * 1000, 1),
        "p99_ms": round(centiles[98] * 1000, 1),
        "changes_per_s": round(len(made) / took, 1),
    }


def _wait_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.perf_counter()))


def _tickets(ground: Ground, devices: int) -> list[bytes]:
    with open_county(ground.county.home) as county:
        return [make_ticket(county, TicketOrder(TOWN, ("TOWN_CDI",)), now_ms()) for _ in range(devices)]


def _enrol(ticket: bytes) -> Townsman:
    user, public = f"人{secrets.token_hex(3)}", exchange_public(generate_exchange_key())
    pending = begin_enrolment(decode_ticket(ticket), user, "TOWN_CDI", public, now_ms())
    with _transport(ticket) as transport:
        return Townsman(enrol_by_wire(pending, transport))


def _transport(ticket: bytes) -> HttpsTransport:
    from sync.protocol.key_card import open_key_card

    opened = decode_ticket(ticket)
    return HttpsTransport(open_key_card(opened.key_card, opened.root_fingerprint))


def _stored(ground: Ground, made: list[str]) -> set[str]:
    """Which changes stand in the county's log, their records with them."""
    log = tables.change_log.c
    with open_county(ground.county.home) as county, county.engine.connect() as connection:
        found = set(connection.execute(select(log.change).where(log.outcome.in_(list(_DONE)))).scalars())
        cases = connection.execute(
            select(func.count()).select_from(tables.record).where(tables.record.c.kind == "Case")
        ).scalar_one()
    assert cases >= len(made), f"{cases} cases of {len(made)} changes"
    return found
