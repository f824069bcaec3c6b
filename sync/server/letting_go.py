"""Changes held behind a gap: see them, and let them go where the device they came from is shut out.

What came before them went down with a disk. Judged as they stand they are applied or set apart like any other change,
each with its line in the log; one line more tells who left them behind and why they were let go.
"""

import hashlib
from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import func, select

from sync.domain.errors import InvalidInput, Refused
from sync.domain.times import local_text
from sync.protocol.messages import Outcome, Result
from sync.server.county import County
from sync.server.intake import Intake
from sync.server.numbering import numbers_in, renumber, suspects
from sync.server.place import Place, read_place
from sync.server.release import judge_again
from sync.server.round import COUNTY_DEVICE
from sync.server.storage import tables
from sync.server.storage.driver import looking
from sync.server.storage.ledger import Ledger, LogEntry
from sync.server.storage.loading import lock_county
from sync.server.storage.writing import write_county

LET_GO = "held.let_go"
SET_APART = "held.set_apart"
MOST_REASON = 500


@dataclass(frozen=True, slots=True)
class HeldRow:
    """What waits of one device. ``missing``: how many earlier changes it lacks; ``since``: when the first was held."""

    device: str
    unit: str
    user: str
    state: str
    """active, or revoked: then nothing of it comes any more."""
    held: int
    missing: int
    since: str

    def as_json(self) -> dict[str, Any]:
        """The JSON of ``held --json``."""
        return asdict(self)


def list_held(county: County) -> list[HeldRow]:
    """Every device of which changes wait, the longest wait first."""
    held, device = tables.held.c, tables.device.c
    columns = (device.id, device.unit, device.user_name, device.revoked_at, device.unbroken)
    counts = func.count(), func.max(held.sequence), func.min(held.received_at).label("since")
    query = (
        select(*columns, *counts)
        .join_from(tables.held, tables.device, (held.county == device.county) & (held.device == device.id))
        .where(held.county == county.code)
        .group_by(*columns)
        .order_by("since")
    )
    with looking(county.engine) as connection:
        rows = connection.execute(query).all()
    return [
        HeldRow(
            device=row.id,
            unit=row.unit,
            user=row.user_name,
            state="revoked" if row.revoked_at else "active",
            held=row[-3],
            missing=max(row[-2] - row.unbroken - row[-3], 0),
            since=local_text(row.since),
        )
        for row in rows
    ]


def let_go(
    county: County, device: str, reason: str, now_ms: int, *, apart: bool = False, by: str = ""
) -> dict[str, int]:
    """Judge what waits of a device that was shut out; outcome → how many. ``apart``: all of it is set apart; ``by``:
    who asked for it at the county's window.

    Raises Refused ``held.device_active``, ``held.none``, ``exchange_refusals.device_unknown``, InvalidInput.
    """
    why = " ".join(reason.split())[:MOST_REASON]
    if not why:
        raise InvalidInput("held.reason", field="reason")
    with county.engine.begin() as connection:
        locked = lock_county(connection, county.code)
        place = read_place(connection, county, device)
        if not place.sender.revoked:
            raise Refused("held.device_active", device=device)
        done = Intake(county).judge_held(connection, place, locked, now_ms, reason=SET_APART if apart else "")
        if not done.taken:
            raise Refused("held.none", device=device)
        odd = suspects(connection, county, place, numbers_in(done.taken))
        locked = renumber(connection, county, odd, done.locked, now_ms)
        locked = judge_again(connection, county, [item.change for item in done.taken], locked, now_ms)
        ledger = Ledger(county.code, locked.log_number, locked.log_hash)
        ledger.append(_tell(place, done.results, why, now_ms, by))
        ledger.write(connection, county.store_key, now_ms)
        write_county(connection, county.code, replace(locked, log_number=ledger.number, log_hash=ledger.chain))
    return dict(Counter(result.outcome.value for result in done.results))


def _tell(place: Place, results: list[Result], why: str, now_ms: int, by: str) -> LogEntry:
    """The line of the log that says which changes were let go, and why."""
    changes = [result.change for result in results]
    told = {"let_go": place.sender.id, "why": why, "at": now_ms, "changes": changes}
    body = msgspec.msgpack.encode({**told, "by": by} if by else told)
    digest = hashlib.sha256(body).digest()
    return LogEntry(
        change=digest.hex()[:32],
        device=COUNTY_DEVICE,
        sequence=0,
        unit=place.sender.unit,
        outcome=Outcome.ACCEPTED.value,
        reason=LET_GO,
        position=0,
        body=body,
        hash=digest,
    )
