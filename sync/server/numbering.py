"""Numbers are unique on paper: of two matters under one number the later gets a new one, and the old is void there.

A device draws from a block of its own, in order; so a number can come twice only where another device brought numbers
of that block (a copied disk, a store put back), or where its own do not go on from the highest it gave. Only then is
anything looked up. Both matters stay. The later keeps its old number in its corrections and in the void register, where
a search for what was printed finds it.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import Connection, select

from sync.domain.authority import NUMBERED
from sync.domain.errors import Damaged
from sync.domain.ids import RecordId, UnitCode, new_record_id
from sync.domain.numbers import Number, parse_number
from sync.domain.records import Correction, Void
from sync.protocol.canonical import decode_fields
from sync.protocol.codec import read_fields
from sync.protocol.messages import Change, Operation, Outcome
from sync.server.county import County
from sync.server.effects import effects_of
from sync.server.incoming import Incoming
from sync.server.place import Place
from sync.server.round import COUNTY_DEVICE, Round
from sync.server.storage import tables
from sync.server.storage.bodies import open_state
from sync.server.storage.driver import driver_connection
from sync.server.storage.ledger import Ledger, LogEntry
from sync.server.storage.loading import LockedCounty, any_of, load_standing
from sync.server.storage.writing import write_effects

BLOCK = "XIAN"
"""The county's own block; no device ever gets it."""
RENUMBERED = "county.renumbered"
_REASON = "编号 {old} 与先收到的另一件重复，本件改编为 {new}。"
_MARK = b"\xa6number"
_SHORT = range(0xA0, 0xC0)


@dataclass(frozen=True, slots=True)
class Odd:
    """Numbers of a unit that may stand twice."""

    unit: str
    numbers: frozenset[str] = frozenset()
    serials: str | None = None
    """What the device has given of its own block with these, where that is more (see :func:`given_on`)."""


@dataclass(frozen=True, slots=True)
class _Holder:
    """A dossier under a number."""

    revision: int
    dossier: str


def numbers_of(operations: Iterable[Operation]) -> dict[str, set[str]]:
    """Numbers that operations give to new records, each with the dossiers it is given to; in the order given."""
    found: dict[str, set[str]] = {}
    for one in operations:
        number = _number_in(bytes(one.fields)) if one.creates and one.kind in NUMBERED else ""
        if number:
            found.setdefault(number, set()).add(one.dossier)
    return found


def given_on(serials: str, numbers: Iterable[str]) -> tuple[str, set[str]]:
    """A device's own numbers after those of ``serials`` (``2026:17``: year and highest serial, with spaces between):
    the new text, and the numbers that do not go on from there. A device draws its numbers in order, so that such a one
    may have been given before."""
    highest = {int(year): int(serial) for year, _, serial in (one.partition(":") for one in serials.split())}
    again: set[str] = set()
    for number in numbers:
        _, year, _, serial, _ = number.split("-")
        if int(serial) <= highest.get(int(year), 0):
            again.add(number)
        else:
            highest[int(year)] = int(serial)
    return " ".join(f"{year}:{serial}" for year, serial in sorted(highest.items())), again


def numbers_in(todo: Iterable[Incoming]) -> dict[str, set[str]]:
    """:func:`numbers_of` changes as they came."""
    return numbers_of(operation for item in todo if item.change for operation in item.change.operations)


def suspects(connection: Connection, county: County, place: Place, named: Mapping[str, set[str]]) -> Odd:
    """Numbers just taken that may stand twice; those of a block that is not the sender's are noted for later."""
    sender, block = place.sender, f"-{place.stand.block}-"
    own = {number: dossiers for number, dossiers in named.items() if block in number}
    serials, again = given_on(place.stand.serials, own)
    again |= {number for number, dossiers in own.items() if len(dossiers) > 1}
    elsewhere = _elsewhere(connection, county, place, set(named), named.keys() - own.keys())
    return Odd(sender.unit, frozenset(again | elsewhere), None if serials == place.stand.serials else serials)


def _elsewhere(
    connection: Connection, county: County, place: Place, given: set[str], foreign: Collection[str]
) -> set[str]:
    """Numbers of blocks that are not the sender's, and those of its own that came from another device before."""
    sender = place.sender
    if not foreign and not place.stand.odd_numbers:
        return set()
    driver = driver_connection(connection)
    with driver.cursor() as cursor:
        rows = [(county.code, sender.unit, number) for number in sorted(foreign)]
        cursor.executemany("INSERT INTO foreign_number VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", rows)
    query = "SELECT number FROM foreign_number WHERE county = %s AND unit = %s AND number = ANY(%s)"
    noted = driver.execute(query, (county.code, sender.unit, sorted(given.difference(foreign)))).fetchall()
    return {*foreign, *(row[0] for row in noted)}


def renumber(connection: Connection, county: County, odd: Odd, locked: LockedCounty, now_ms: int) -> LockedCounty:
    """Give a new number to all but the earliest of the dossiers that share one of these; ``locked`` itself where none
    does."""
    later = [
        (number, holder.dossier)
        for number, holders in _holders(connection, county, odd).items()
        for holder in sorted(holders, key=lambda holder: holder.revision)[1:]
    ]
    if not later:
        return locked
    standing = county.standing(connection)
    load_standing(connection, county.store_key, standing, [dossier for _, dossier in later], ())
    done = Round(standing, locked.position, now_ms)
    ledger = Ledger(county.code, locked.log_number, locked.log_hash)
    for number, dossier in later:
        new = _fresh_number(number, done)
        _rename(done, dossier, number, new, now_ms)
        ledger.append(_line(odd.unit, number, new, done.position))
    write_effects(connection, county.store_key, county.code, effects_of(done))
    ledger.write(connection, county.store_key, now_ms)
    return replace(locked, position=done.position, log_number=ledger.number, log_hash=ledger.chain)


def _holders(connection: Connection, county: County, odd: Odd) -> dict[str, list[_Holder]]:
    """The dossiers under each number, each with its first revision; the unit's records are read through."""
    if not odd.numbers:
        return {}
    columns = tables.record.c
    query = select(tables.record).where(
        columns.county == county.code, columns.unit == odd.unit, columns.kind == any_of(sorted(NUMBERED))
    )
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(query).mappings():
        state = open_state(county.store_key, row)
        number = decode_fields(state.canonical).get("number")
        if number in odd.numbers:
            dossiers = found.setdefault(str(number), {})
            first = state.writer.revision
            dossiers[state.dossier] = min(first, dossiers.get(state.dossier, first))
    return {number: [_Holder(at, name) for name, at in dossiers.items()] for number, dossiers in found.items()}


def _fresh_number(old: str, done: Round) -> str:
    parsed = parse_number(old)
    assert parsed is not None
    return str(Number(parsed.unit, parsed.year, BLOCK, done.next_position()))


def _rename(done: Round, dossier: str, old: str, new: str, now_ms: int) -> None:
    states = [state for state in done.standing.of_dossier(dossier) if state.kind in NUMBERED]
    for state in states:
        if decode_fields(state.canonical).get("number") != old:
            continue
        done.rewrite((state.kind, state.id), {"number": new})
        correction = Correction(
            id=new_record_id(), unit=UnitCode(state.unit), created_at=now_ms, target_kind=state.kind,
            target=RecordId(state.id), field="number", old=json.dumps(old), new=json.dumps(new),
        )  # fmt: skip
        done.put_county_record("Correction", correction, dossier)
    void = Void(
        id=new_record_id(), unit=UnitCode(states[0].unit), created_at=now_ms, target_kind="Number",
        target=RecordId(_name(dossier, old)), number=old, reason=_REASON.format(old=old, new=new),
    )  # fmt: skip
    done.put_county_record("Void", void, dossier)


def _number_in(raw: bytes) -> str:
    """The number in canonical fields; found without reading them where it stands as it should. None in spoiled ones."""
    at = raw.find(_MARK) + len(_MARK)
    if at >= len(_MARK) and at < len(raw) and raw[at] in _SHORT:
        text = raw[at + 1 : at + 1 + (raw[at] & 0x1F)].decode("utf-8", "replace")
        if parse_number(text) is not None:
            return text
    if at < len(_MARK):
        return ""
    try:
        number = read_fields(raw).get("number")
    except Damaged:
        return ""  # such a change is set apart as malformed
    return number if isinstance(number, str) and parse_number(number) is not None else ""


def _name(*parts: str) -> str:
    return hashlib.sha256("/".join(("renumbered", *parts)).encode()).hexdigest()[:32]


def _line(unit: str, old: str, new: str, position: int) -> LogEntry:
    body = msgspec.msgpack.encode({"renumbered": old, "to": new})
    return LogEntry(
        change=_name(old, new), device=COUNTY_DEVICE, sequence=0, unit=unit, outcome=Outcome.ACCEPTED.value,
        reason=RENUMBERED, position=position, body=body, hash=hashlib.sha256(body).digest(),
    )  # fmt: skip


def odd_of(unit: str, changes: Iterable[Change | None]) -> Odd:
    """Every number that changes of a unit give."""
    operations = (operation for change in changes if change is not None for operation in change.operations)
    return Odd(unit, frozenset(numbers_of(operations)))
