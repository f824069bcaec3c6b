"""One exchange at the county: open, take the changes, read the page, seal the answer."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from sync.domain.errors import LiandongError, Refused
from sync.protocol.codec import decode_request
from sync.protocol.envelope import Purpose, binding_of, open_envelope, read_header, seal_envelope
from sync.protocol.messages import PROTOCOL_VERSION, Answer, Request, Result, encode_message
from sync.protocol.refusal import seal_refusal
from sync.server.county import County
from sync.server.feeds import Page, Reader, read_page
from sync.server.intake import Intake, Sender, read_incoming
from sync.server.storage import tables

SEEN_EVERY_MS = 60_000
"""How exactly it is remembered when a device last asked."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """The sealed answer and what may be counted of it."""

    answer: bytes
    unit: str
    outcomes: dict[str, int]
    entries: int
    head_reached: bool
    position: int


def exchange(county: County, envelope: bytes, now_ms: int) -> Exchanged:
    """Answer a device's request.

    Raises Damaged ``envelope.*`` and Refused ``exchange_refusals.*`` (unknown, revoked or waiting device).
    """
    sender = find_sender(county, read_header(envelope).device)
    _check_standing(county, sender, envelope, now_ms)
    request = decode_request(_opened(county, sender, envelope))
    if request.device != sender.id or request.unit != sender.unit:
        raise Refused("exchange_refusals.forged_unit")
    return _answered(county, sender, request, envelope, now_ms)


def exchange_all(county: County, envelope: bytes, now_ms: int) -> list[Exchanged]:
    """The answers to a carried request: all pages to the head, each following the one before."""
    first = exchange(county, envelope, now_ms)
    answers = [first]
    while not answers[-1].head_reached:
        sender = find_sender(county, read_header(envelope).device)
        request = decode_request(_opened(county, sender, envelope))
        answers.append(
            _page_answer(county, sender, request, envelope, results=[], position=answers[-1].position, now_ms=now_ms)
        )
    return answers


def _opened(county: County, sender: Sender, envelope: bytes) -> bytes:
    return open_envelope(
        envelope, purpose=Purpose.EXCHANGE_REQUEST, private_key=county.keys.exchange, signer=sender.signing_key
    )


def find_sender(county: County, device: str) -> Sender:
    """The device as the county knows it. Raises Refused ``exchange_refusals.device_unknown``."""
    columns = tables.device.c
    query = select(tables.device).where(columns.county == county.code, columns.id == device)
    with county.engine.connect() as connection:
        row = connection.execute(query).first()
    if row is None:
        raise Refused("exchange_refusals.device_unknown", device=device)
    return _sender(row)


def seal_for_sender(county: County, error: LiandongError, envelope: bytes) -> bytes | None:
    """A refusal only the asking device can read; None where no device is known."""
    try:
        sender = find_sender(county, read_header(envelope).device)
    except LiandongError:
        return None
    return seal_refusal(
        error,
        envelope,
        recipient_public=sender.exchange_key,
        device=sender.id,
        signing_key=county.keys.signing,
    )


def _sender(row: Row[Any]) -> Sender:
    return Sender(
        id=row.id,
        unit=row.unit,
        roles=frozenset(row.roles),
        signing_key=row.signing_key,
        exchange_key=row.exchange_key,
        revoked=row.revoked_at is not None,
        waiting=row.waiting,
        unbroken=row.unbroken,
    )


def _check_standing(county: County, sender: Sender, envelope: bytes, now_ms: int) -> None:
    if sender.waiting:
        raise Refused("exchange_refusals.device_waiting")
    if sender.revoked:
        _opened(county, sender, envelope)
        _quarantine_envelope(county, sender, envelope, now_ms)
        raise Refused("exchange_refusals.device_revoked")


def _quarantine_envelope(county: County, sender: Sender, envelope: bytes, now_ms: int) -> None:
    """What a revoked device signed is kept, sealed as it came, for a person to look at."""
    digest = binding_of(envelope)
    row = {
        "county": county.code, "hash": digest, "device": sender.id, "reason": "exchange_refusals.device_revoked",
        "sealed": county.store_key.seal(f"envelope/{digest.hex()}", envelope), "received_at": now_ms,
    }  # fmt: skip
    with county.engine.begin() as connection:
        connection.execute(insert(tables.quarantined_envelope).on_conflict_do_nothing(), row)


def _answered(county: County, sender: Sender, request: Request, envelope: bytes, now_ms: int) -> Exchanged:
    results: list[Result] = []
    if request.changes:
        incoming = read_incoming(request.changes, request.first_unacknowledged, sender)
        results = Intake(county).take(sender, incoming, now_ms)
    elif 0 < request.first_unacknowledged <= sender.unbroken:
        results = Intake(county).remembered(sender, request.first_unacknowledged)
    return _page_answer(county, sender, request, envelope, results=results, position=request.position, now_ms=now_ms)


def _page_answer(
    county: County,
    sender: Sender,
    request: Request,
    envelope: bytes,
    *,
    results: list[Result],
    position: int,
    now_ms: int,
) -> Exchanged:
    reader = Reader(sender.id, sender.unit, request.epoch, position, request.want_entries, request.bodies)
    page = read_page(county, reader)
    newer = county.card.version > request.card_version
    answer = _compose(page, results, binding_of(envelope), county.card_bytes if newer else b"", now_ms)
    sealed = seal_envelope(
        encode_message(answer),
        purpose=Purpose.EXCHANGE_ANSWER,
        recipient_public=sender.exchange_key,
        device=sender.id,
        signing_key=county.keys.signing,
        bound_to=envelope,
    )
    outcomes: dict[str, int] = {}
    for result in results:
        outcomes[result.outcome] = outcomes.get(result.outcome, 0) + 1
    _note_reading(county, sender, page.to_position, now_ms)
    return Exchanged(sealed, sender.unit, outcomes, len(page.entries), page.to_position >= page.head, page.to_position)


def _note_reading(county: County, sender: Sender, position: int, now_ms: int) -> None:
    """How far the device was answered, and when it asked: for the county's own desk. Written only when it says more."""
    columns = tables.device.c
    news = (columns.read_to != position) | func.coalesce(columns.seen_at < now_ms - SEEN_EVERY_MS, True)
    mine = (columns.county == county.code) & (columns.id == sender.id)
    with county.engine.begin() as connection:
        connection.execute(update(tables.device).where(mine, news).values(read_to=position, seen_at=now_ms))


def _compose(page: Page, results: list[Result], request_hash: bytes, card: bytes, now_ms: int) -> Answer:
    return Answer(
        version=PROTOCOL_VERSION,
        request_hash=request_hash,
        county_time=now_ms,
        epoch=page.epoch,
        from_position=page.from_position,
        to_position=page.to_position,
        head=page.head,
        results=tuple(results),
        entries=page.entries,
        unbroken=page.unbroken,
        last_hash=page.last_hash,
        digest=page.digest,
        counts=page.counts,
        key_card=card,
    )
