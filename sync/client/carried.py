"""The exchange by stick: the same sealed bytes, all of them at once, so that one round trip suffices."""

from collections.abc import Iterator, Sequence

from sync.client.asking import ALL_ENTRIES, RESULTS_ONLY, check_protocol, open_answer, seal_request
from sync.client.link import CountyLink
from sync.client.port import StandingPoint, SyncStore
from sync.client.report import ExchangeReport, Tally
from sync.client.stick import AnswerSet
from sync.domain.errors import Refused
from sync.protocol.carried import CarriedKind, check_carried, join_parts, read_carried, write_carried
from sync.protocol.limits import CHANGE_BYTES_PER_REQUEST, CHANGES_PER_REQUEST
from sync.protocol.messages import Answer


def make_carried_request(store: SyncStore, link: CountyLink, now_ms: int) -> bytes:
    """A file with every change the county has not acknowledged; overlap with the wire or an older stick is harmless.

    The changes count as sent, yet stay in the overlay until acknowledged. Raises Refused ``exchange.too_old``.
    """
    check_protocol(link)
    point = store.standing_point()
    batches = list(_batches(store, point))
    envelopes = []
    for number, batch in enumerate(batches, start=1):
        want = ALL_ENTRIES if number == len(batches) else RESULTS_ONLY
        envelopes.append(seal_request(link, point, tuple(body for _, body in batch), now_ms, want))
    if batches[-1]:
        store.mark_sent(batches[-1][-1][0])
    return write_carried(CarriedKind.EXCHANGE_REQUEST, link.card.county, envelopes)


def take_carried_answer(store: SyncStore, link: CountyLink, data: bytes | Sequence[bytes]) -> ExchangeReport:
    """Apply the answers of a file (or of all its parts). All are proven before the first is applied.

    A file brought twice or late does no harm: the store takes only what follows its own position. Raises Damaged
    ``carried.*``, ``envelope.*``; Refused where the county refused the request.
    """
    parts = [data] if isinstance(data, bytes) else list(data)
    file = join_parts(map(read_carried, parts))
    check_carried(file, CarriedKind.EXCHANGE_ANSWER, link.card.county)
    for envelope in file.envelopes:
        open_answer(link, envelope, None)
    tally = Tally(position=store.standing_point().position)
    for envelope in file.envelopes:
        _apply(store, link, open_answer(link, envelope, None), tally)
    return tally.report(store.count_waiting())


def take_answer_sets(store: SyncStore, link: CountyLink, sets: Sequence[AnswerSet]) -> ExchangeReport:
    """Apply proven sets of answers in order. What was taken before does no harm.

    Raises Refused ``carried.earlier_missing`` where the first page follows a position not reached here: the stick
    before this one was never brought. Nothing is applied then.
    """
    point = store.standing_point()
    reached, epoch = point.position, point.epoch
    for answer in (answer for one in sets for answer in one.answers):
        if answer.epoch == epoch and answer.from_position > reached:
            raise Refused("carried.earlier_missing")
        reached = max(reached, answer.to_position)
    tally = Tally(position=point.position)
    for answer in (answer for one in sets for answer in one.answers):
        _apply(store, link, answer, tally)
    return tally.report(store.count_waiting())


def _apply(store: SyncStore, link: CountyLink, answer: Answer, tally: Tally) -> None:
    tally.add(store.apply_answer(answer))
    if answer.key_card and link.newer_card(answer.key_card) is not None:
        tally.key_card = answer.key_card


def _batches(store: SyncStore, point: StandingPoint) -> Iterator[list[tuple[int, bytes]]]:
    """All waiting changes in portions; one empty portion where none waits."""
    after = point.first_unacknowledged - 1
    batch = store.waiting_changes(after, CHANGES_PER_REQUEST, CHANGE_BYTES_PER_REQUEST)
    yield batch
    while batch:
        batch = store.waiting_changes(batch[-1][0], CHANGES_PER_REQUEST, CHANGE_BYTES_PER_REQUEST)
        if batch:
            yield batch
