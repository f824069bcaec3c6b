"""Recompute what each unit holds from the sealed bodies, and compare with what is kept incrementally."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select

from sync.domain.errors import Damaged
from sync.protocol.canonical import add_terms, content_hash, digest_hex, digest_term
from sync.server.county import County
from sync.server.dues import county_clockwork
from sync.server.feeds import COMMON, unit_head, unit_state
from sync.server.standing import typed
from sync.server.storage import tables
from sync.server.storage.bodies import open_state
from sync.server.storage.ledger import NO_CHAIN, LogEntry, chain_hash

_MARK_BODY = 0


@dataclass(slots=True)
class _Share:
    """What one feed holds, recomputed."""

    digest: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    conflicts: int = 0
    quarantined: int = 0

    def add(self, kind: str, term: int, is_open: bool) -> None:
        self.digest = add_terms(self.digest, term)
        self.counts[kind] += 1
        self.conflicts += kind == "Conflict" and is_open
        self.quarantined += kind == "Quarantine" and is_open


def verify_county(county: County, unit: str | None) -> list[dict[str, Any]]:
    """``verify`` of one unit, or of every unit that has a device or records.

    ``store`` says ``ok`` or what is wrong. Raises Refused ``county.unknown_unit``.
    """
    with county.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        if unit is not None:
            county.unit(connection, unit)
        wanted = [unit] if unit else _units(connection, county.code)
        shares, trouble = _recompute(connection, county, wanted)
        trouble = trouble or ("" if unit else _check_log(connection, county.code))
        rulebook = county_clockwork(connection, county).rulebook.version
        return [_say(connection, county, name, shares, trouble) | {"rulebook": rulebook} for name in wanted]


def _units(connection: Connection, county: str) -> list[str]:
    state, device = tables.unit_state.c, tables.device.c
    found = set(connection.execute(select(state.unit).where(state.county == county, state.unit != COMMON)).scalars())
    found |= set(connection.execute(select(device.unit).where(device.county == county)).scalars())
    return sorted(found | {county})


def _recompute(connection: Connection, county: County, units: list[str]) -> tuple[dict[str, _Share], str]:
    """Each record is opened once, then counted in every feed that carries it."""
    shares = {name: _Share() for name in (*units, COMMON)}
    feed, record = tables.feed.c, tables.record.c
    others = (
        select(func.array_agg(feed.unit))
        .where(
            (feed.county == record.county) & (feed.dossier == record.dossier) & (feed.kind == record.kind),
            (feed.id == record.id) & (feed.mark == _MARK_BODY) & feed.unit.in_([*units, COMMON]),
        )
        .scalar_subquery()
    )
    query = select(tables.record, others.label("others")).where(record.county == county.code)
    rows = connection.execution_options(yield_per=1000).execute(query)
    trouble = ""
    for row in rows.mappings():
        try:
            term, is_open = _term(county, row)
        except Damaged:
            trouble = trouble or f"{row['kind']} {row['id']}"
            continue
        for name in _readers(county, row):
            if name in shares:
                shares[name].add(row["kind"], term, is_open)
    return shares, trouble


def _readers(county: County, row: Any) -> list[str]:
    """Every feed a record stands in, as often as it does."""
    own = [row["unit"]] if row["in_unit_feed"] else []
    return [*own, *([county.code] if row["in_county_feed"] else []), *(row["others"] or [])]


def _term(county: County, row: Any) -> tuple[int, bool]:
    state = open_state(county.store_key, row)
    if content_hash(state.canonical) != state.hash:
        raise Damaged("county.store_damaged", place=f"{state.kind}/{state.id}")
    term = digest_term(state.kind, state.id, state.revision, state.hash)
    if state.kind not in ("Conflict", "Quarantine"):
        return term, False
    record: Any = typed(state).record
    return term, not (record.settled if state.kind == "Conflict" else record.released)


def _say(connection: Connection, county: County, unit: str, shares: dict[str, _Share], trouble: str) -> dict[str, Any]:
    own, common = shares[unit], shares[COMMON]
    digest, counts = add_terms(own.digest, common.digest), own.counts + common.counts
    kept, kept_counts = unit_state(connection, county.code, unit)
    if not trouble and (kept != digest or kept_counts != dict(counts)):
        trouble = "kept digest differs from the records"
    code = tables.county.c.code
    return {
        "unit": unit,
        "device": "",
        "records": dict(sorted(counts.items())),
        "digest": digest_hex(digest),
        "position": unit_head(connection, county.code, unit),
        "epoch": connection.execute(select(tables.county.c.epoch).where(code == county.code)).scalar_one(),
        "unsent": 0,
        "held": _held(connection, county.code, unit),
        "conflicts": own.conflicts + common.conflicts,
        "quarantined": own.quarantined + common.quarantined,
        "store": trouble or "ok",
    }


def _held(connection: Connection, county: str, unit: str) -> int:
    held, device = tables.held.c, tables.device.c
    query = select(func.count()).select_from(tables.held)
    query = query.join(tables.device, (device.county == held.county) & (device.id == held.device))
    return connection.execute(query.where(held.county == county, device.unit == unit)).scalar_one()


def _check_log(connection: Connection, county: str) -> str:
    """Walk the hash chain of the change log to the county row."""
    log, head = tables.change_log.c, tables.county.c
    chain, number = NO_CHAIN, 0
    query = select(tables.change_log).where(log.county == county).order_by(log.number)
    for row in connection.execution_options(yield_per=1000).execute(query):
        entry = LogEntry(
            row.change, row.device, row.sequence, row.unit, row.outcome, row.reason, row.position, b"", row.hash
        )
        chain, number = chain_hash(chain, row.number, entry), number + 1
        if row.number != number or row.chain != chain:
            return f"change log broken at {row.number}"
    last = connection.execute(select(head.log_number, head.log_hash).where(head.code == county)).one()
    return "" if tuple(last) == (number, chain) else "change log is shorter than the county says"
