"""One exchange at the county: open, take the changes, read the page, seal the answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace
from sqlalchemy.dialects.postgresql import insert

from sync.domain.errors import LiandongError, Refused
from sync.protocol.codec import decode_request
from sync.protocol.envelope import Purpose, binding_of, open_envelope, read_header, seal_envelope
from sync.protocol.messages import PROTOCOL_VERSION, Answer, Request, encode_message
from sync.protocol.refusal import seal_refusal
from sync.server.county import County
from sync.server.feeds import Page, Reader, read_page, standing_page
from sync.server.incoming import Incoming, read_incoming
from sync.server.intake import Intake, Taken
from sync.server.place import Place, Sender, find_place, find_sender
from sync.server.storage import tables
from sync.server.storage.caps import ENVELOPES
from sync.server.storage.driver import ask, looking

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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request that was opened, and who sent it."""

    sender: Sender
    request: Request
    envelope: bytes


def exchange(county: County, envelope: bytes, now_ms: int) -> Exchanged:
    """Answer a device's request.

    Raises Damaged ``envelope.*`` and Refused ``exchange_refusals.*`` (unknown, revoked or waiting device).
    """
    place = find_place(county, read_header(envelope).device)
    _check_standing(county, place.sender, envelope, now_ms)
    request = _request(county, place.sender, envelope)
    return _answered(county, place, request, envelope, now_ms)


def _request(county: County, sender: Sender, envelope: bytes) -> Request:
    request = decode_request(_opened(county, sender, envelope))
    if request.device != sender.id or request.unit != sender.unit:
        raise Refused("exchange_refusals.forged_unit")
    return request


def exchange_all(county: County, envelope: bytes, now_ms: int) -> list[Exchanged]:
    """The answers to a carried request: all pages to the head, each following the one before."""
    answers = [exchange(county, envelope, now_ms)]
    if answers[-1].head_reached:
        return answers
    sender = find_place(county, read_header(envelope).device).sender
    # Whatever the device asked for, the rest comes whole, and each page follows the one before in today's epoch.
    request = replace(_request(county, sender, envelope), epoch="", want_entries=-1)
    while not answers[-1].head_reached:
        page = read_page(county, _reader(sender, request, answers[-1].position))
        answers.append(_sealed(county, _Asked(sender, request, envelope), Taken([]), page, now_ms))
        _note_reading(county, sender, page.to_position, now_ms)
    return answers


def _opened(county: County, sender: Sender, envelope: bytes) -> bytes:
    return open_envelope(
        envelope, purpose=Purpose.EXCHANGE_REQUEST, private_key=county.keys.exchange, signer=sender.signing_key
    )


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
        ENVELOPES.check(connection, county.code, sender.id, {digest: row["sealed"]})
        connection.execute(insert(tables.quarantined_envelope).on_conflict_do_nothing(), row)


def _answered(county: County, place: Place, request: Request, envelope: bytes, now_ms: int) -> Exchanged:
    sender = place.sender
    incoming = read_incoming(request.changes, request.first_unacknowledged, sender)
    acknowledged = _acknowledged(request, incoming, place.stand.epoch)
    reader = _reader(sender, request, request.position, acknowledged)
    taken, page = Taken([]), standing_page(reader, place.stand)
    if incoming:
        taken = Intake(county).take(reader, incoming, now_ms)
        page = taken.page
    elif 0 < request.first_unacknowledged <= sender.unbroken:
        taken = Taken(Intake(county).remembered(sender, request.first_unacknowledged))
    noted = page is not None and bool(request.changes)
    page = page or read_page(county, reader)
    done = _sealed(county, _Asked(sender, request, envelope), taken, page, now_ms)
    if not noted:
        _note_reading(county, sender, page.to_position, now_ms, acknowledged)
    return done


def _acknowledged(request: Request, incoming: Sequence[Incoming], epoch: str) -> int:
    """The position a device has read, once nothing made before it read so far is still to come; else 0.

    A request that asks for results only says nothing of what comes after it.
    """
    older = any(item.change is not None and item.change.seen < request.position for item in incoming)
    silent = request.want_entries == 0 and not request.changes
    return 0 if older or silent or request.epoch != epoch else request.position


def _reader(sender: Sender, request: Request, position: int, acknowledged: int = 0) -> Reader:
    return Reader(sender.id, sender.unit, request.epoch, position, request.want_entries, request.bodies, acknowledged)


def _sealed(county: County, asked: _Asked, taken: Taken, page: Page, now_ms: int) -> Exchanged:
    sender, envelope = asked.sender, asked.envelope
    newer = county.card.version > asked.request.card_version
    answer = _compose(page, taken, binding_of(envelope), county.card_bytes if newer else b"", now_ms)
    sealed = seal_envelope(
        encode_message(answer),
        purpose=Purpose.EXCHANGE_ANSWER,
        recipient_public=sender.exchange_key,
        device=sender.id,
        signing_key=county.keys.signing,
        bound_to=envelope,
    )
    head_reached = page.to_position >= page.head
    return Exchanged(sealed, sender.unit, taken.outcomes(), len(page.entries), head_reached, page.to_position)


def _note_reading(county: County, sender: Sender, position: int, now_ms: int, acknowledged: int = 0) -> None:
    """How far the device was answered and says it has read, and when it asked. Written only when it says more.

    Nobody waits for the disk: where the machine stops at once the county knows an older place of the device, as it did
    a moment before, and the device's next request says the same again."""
    news = sender.read_to != position or sender.acknowledged < acknowledged
    if not news and sender.seen_at >= now_ms - SEEN_EVERY_MS:
        return
    with looking(county.engine) as connection:
        ask(
            connection,
            "UPDATE device SET read_to = %s, seen_at = %s, acknowledged = greatest(acknowledged, %s)"
            " FROM (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried WHERE county = %s AND id = %s",
            (position, now_ms, acknowledged, county.code, sender.id),
        )


def _compose(page: Page, taken: Taken, request_hash: bytes, card: bytes, now_ms: int) -> Answer:
    return Answer(
        version=PROTOCOL_VERSION,
        request_hash=request_hash,
        county_time=now_ms,
        epoch=page.epoch,
        from_position=page.from_position,
        to_position=page.to_position,
        head=page.head,
        results=tuple(taken.results),
        entries=page.entries,
        unbroken=page.unbroken,
        last_hash=page.last_hash,
        digest=page.digest,
        counts=page.counts,
        key_card=card,
        echo=taken.echo,
    )
