"""The exchange with the county, by wire or by carried file, and what is remembered of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

from desktop.errors import CopiedDisk
from desktop.services.attaching.carrying import carry_blobs, finish
from desktop.services.borrowing import Borrow as Borrow  # noqa: PLC0414 - exchanges are borrowed from here
from desktop.services.borrowing import at_once as at_once  # noqa: PLC0414
from desktop.services.desk import Desk
from desktop.services.past_exchanges import note_exchange
from desktop.services.shapes import Exchanged
from sync.client.carried import make_carried_request, take_answer_sets, take_carried_answer
from sync.client.exchange import run_exchange
from sync.client.port import SyncStore
from sync.client.report import ExchangeReport, Progress
from sync.client.stick import read_sets
from sync.domain.errors import Damaged

EXCHANGE_AT, EXCHANGE_AGREED, OFFSET, HEARD_AT = "exchange_at", "exchange_agreed", "offset", "heard_at"
FOUND_COPIED = "found_copied"
"""1 from when the county is found to know another history of this device until it is enrolled anew."""
_INDEX_PORTION = 200


class _LentStore:
    """The sync store, each call of which runs through ``borrow``."""

    def __init__(self, store: SyncStore, borrow: Borrow) -> None:
        self._store, self._borrow = store, borrow

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._store, name)
        return lambda *arguments, **named: self._borrow(lambda: method(*arguments, **named))


def exchange(
    desk: Desk,
    progress: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
    borrow: Borrow = at_once,
) -> Exchanged:
    """Send what waits, take what is new, index it. Raises Unreachable (nothing lost), Damaged, Refused.

    ``borrow`` runs each piece of work on the store where the store lives, so that a window's exchange can wait for
    the network on a thread of its own and leaves the data thread free in between.
    """
    from sync.client.transport import HttpsTransport

    link = borrow(desk.link)
    store = cast(SyncStore, _LentStore(desk.store.sync, borrow))
    with HttpsTransport(link.card) as transport:
        with _noting_copies(desk, borrow):
            report = run_exchange(store, link, transport, now_ms=desk.own_clock, progress=progress, stop=stop)
        borrow(lambda: _remember(desk, report, by_file=False))
        index_behind(desk, borrow, stop)
        waiting = carry_blobs(desk, link, transport, stop, borrow)
    return _exchanged(report, waiting)


def carry_out(desk: Desk) -> bytes:
    """Everything the county has not acknowledged, as a file to carry."""
    return make_carried_request(desk.store.sync, desk.link(), desk.own_clock())


def carry_in(desk: Desk, data: bytes) -> Exchanged:
    """Take the county's carried answer. Raises Damaged ``carried.*`` or ``envelope.*``: nothing changed then."""
    if not data:
        raise Damaged("carried.none")
    with _noting_copies(desk):
        report = take_carried_answer(desk.store.sync, desk.link(), data)
    _remember(desk, report, by_file=True)
    index_waiting(desk)
    return _exchanged(report, finish(desk))


def carry_in_files(desk: Desk, files: Mapping[str, bytes], *, folder: bool = False, behind: bool = False) -> Exchanged:
    """Take the county's answers from several carried files (bytes by name), parts in any order.

    ``folder``: what is not for this device is passed over. ``behind``: what came is indexed by :func:`index_behind`.
    ``Exchanged.repeat`` tells that all of it was here already. Raises Damaged ``carried.*`` or ``envelope.*``, Refused:
    nothing changed then.
    """
    link, sync = desk.link(), desk.store.sync
    sets = read_sets(link, files, passing_over=folder)
    before = (sync.standing_point(), sync.count_waiting())
    with _noting_copies(desk):
        report = take_answer_sets(sync, link, sets)
    repeat = before == (sync.standing_point(), sync.count_waiting())
    _remember(desk, report, by_file=True)
    if not behind:
        index_waiting(desk)
    return replace(_exchanged(report, finish(desk)), repeat=repeat)


def index_behind(desk: Desk, borrow: Borrow, stop: Callable[[], bool]) -> None:
    """Index what waits, each portion where the store lives, other work in between."""
    while not stop() and borrow(lambda: _index_portion(desk)):
        pass


def index_waiting(desk: Desk, stop: Callable[[], bool] = lambda: False) -> None:
    """Index what pages brought, in portions, until nothing waits or ``stop`` says so."""
    while not stop() and _index_portion(desk):
        pass


@contextmanager
def _noting_copies(desk: Desk, borrow: Borrow = at_once) -> Iterator[None]:
    """Remember that the county knows another history, until the device is enrolled anew."""
    try:
        yield
    except CopiedDisk:
        borrow(lambda: note_copied(desk, found=True))
        raise


def note_copied(desk: Desk, *, found: bool) -> None:
    """Whether this device has to be enrolled anew because its disk was copied or put back."""
    with desk.store.database.transaction():
        desk.store.books.keep_number(FOUND_COPIED, int(found))


def _index_portion(desk: Desk) -> bool:
    if not desk.store.search.unindexed():
        return False
    desk.store.search.index_some(_INDEX_PORTION)
    return True


def _remember(desk: Desk, report: ExchangeReport, *, by_file: bool) -> None:
    books, now = desk.store.books, desk.clock()
    with desk.store.database.transaction():
        books.keep_number(EXCHANGE_AT, now)
        note_exchange(books, now, report, by_file=by_file)
        if report.agreed is not None:
            books.keep(EXCHANGE_AGREED, b"1" if report.agreed else b"0")
        if report.clock_offset is not None:
            books.keep_number(OFFSET, report.clock_offset)
            books.keep_number(HEARD_AT, desk.own_clock() + report.clock_offset)
    if report.key_card:
        desk.store.keep_facts(replace(desk.store.facts, key_card=report.key_card))
    desk.forget_cached()


def _exchanged(report: ExchangeReport, blobs_waiting: int) -> Exchanged:
    return Exchanged(
        dict(report.results), report.received, report.position, report.unsent, report.agreed, report.needs_person,
        blobs_waiting=blobs_waiting,
    )  # fmt: skip
