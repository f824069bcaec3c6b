"""One request and its answer as sealed bytes: the part wire and stick have in common."""

from sync.client.link import CountyLink
from sync.client.port import StandingPoint
from sync.client.refusals import refusal_error
from sync.domain.errors import Damaged, Refused
from sync.protocol.chaining import without_chain
from sync.protocol.codec import decode_answer, decode_refusal
from sync.protocol.envelope import Purpose, read_header
from sync.protocol.messages import PROTOCOL_VERSION, Answer, Request, encode_message

ALL_ENTRIES = -1
RESULTS_ONLY = 0


def check_protocol(link: CountyLink) -> None:
    """Raises Refused ``exchange.too_old`` where the county no longer speaks our protocol."""
    if link.card.minimum_protocol > PROTOCOL_VERSION:
        raise Refused("exchange.too_old", minimum=link.card.minimum_protocol)


def seal_request(
    link: CountyLink,
    point: StandingPoint,
    changes: tuple[bytes, ...],
    local_time: int,
    want_entries: int,
    *,
    quick: bool = False,
) -> bytes:
    """The envelope of one request; ``quick``: packed for a good line."""
    request = Request(
        version=PROTOCOL_VERSION,
        device=point.device,
        unit=point.unit,
        epoch=point.epoch,
        position=point.position,
        changes=tuple(without_chain(changes)),
        first_unacknowledged=point.first_unacknowledged,
        local_time=local_time,
        want_entries=want_entries,
        card_version=link.card.version,
        bodies=point.bodies,
    )
    return link.seal(encode_message(request), quick=quick)


def open_answer(link: CountyLink, envelope: bytes, bound_to: bytes | None) -> Answer:
    """The county's answer, proven. ``bound_to``: the request's envelope, or None for a stick.

    Raises Damaged ``envelope.*`` or ``exchange.answer_hash``; Refused where the county refused the request.
    """
    if read_header(envelope).purpose is Purpose.REFUSAL:
        payload, _ = link.open(envelope, bound_to, Purpose.REFUSAL)
        refusal = decode_refusal(payload)
        raise refusal_error(refusal.code, refusal.values)
    payload, binding = link.open(envelope, bound_to)
    answer = decode_answer(payload)
    if answer.request_hash != binding:
        raise Damaged("exchange.answer_hash")
    return answer
