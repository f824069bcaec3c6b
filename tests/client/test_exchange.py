"""The loop sends what waits and takes what is new, once, whatever breaks on the way."""

from dataclasses import dataclass, field, replace
from threading import Semaphore
from typing import Any

import pytest

from sync.client import exchange as loop
from sync.client import wire as subject
from sync.client.asking import seal_request
from sync.client.exchange import run_exchange
from sync.client.link import CountyLink
from sync.client.pace import Pace
from sync.client.port import Applied
from sync.client.report import ExchangeReport, Progress
from sync.client.transport import Transport
from sync.client.wire import MOST_LOSSES, LineClock
from sync.domain.errors import Damaged, Refused, Unreachable
from sync.protocol.limits import CHANGE_BYTES_PER_REQUEST, ENTRIES_PER_PAGE
from sync.protocol.messages import Answer, Outcome
from tests.client.county import CLOCK, County
from tests.client.memory_store import MemoryStore
from tests.protocol.keyring import TOWN, Keyring, keyring


def link_of(keys: Keyring) -> CountyLink:
    return CountyLink(keys.card(), keys.device, TOWN, keys.device_exchange, keys.device_signing, keys.root_fingerprint)


def exchange(store: MemoryStore, transport: Transport, keys: Keyring | None = None) -> ExchangeReport:
    return run_exchange(store, link_of(keys or keyring()), transport, now_ms=lambda: CLOCK - 5_000)


def town_with(changes: int, size: int = 40) -> MemoryStore:
    store = MemoryStore(keyring().device)
    for _ in range(changes):
        store.make_change(size)
    return store


@dataclass
class Breaking:
    """A line that breaks before or after the county has taken the request."""

    county: County
    before: set[int] = field(default_factory=set)
    after: set[int] = field(default_factory=set)
    count: int = 0

    def post(self, path: str, body: bytes) -> bytes:
        self.count += 1
        if self.count in self.before:
            raise Unreachable("exchange.unreachable")
        answer = self.county.post(path, body)
        if self.count in self.after:
            raise Unreachable("exchange.broken")
        return answer


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "RETRY_WAIT_SECONDS", 0.0)


def test_an_idle_exchange_is_one_request() -> None:
    county, store = County(keyring()), town_with(0)
    report = exchange(store, county)
    assert len(county.requests) == 1
    assert (report.results, report.received, report.agreed, report.unsent) == ({}, 0, True, 0)
    assert not report.needs_person


def test_a_hundred_changes_go_in_one_request_and_come_back_as_effects() -> None:
    county, store = County(keyring()), town_with(100)
    report = exchange(store, county)
    assert len(county.requests) == 1
    assert report.results == {"accepted": 100}
    assert (report.received, report.position, report.unsent) == (100, 100, 0)


def test_many_changes_and_a_long_feed_take_several_rounds() -> None:
    county, store = County(keyring()), town_with(1200, size=1000)
    for number in range(3000):
        county.add_record(number)
    told: list[Progress] = []
    report = run_exchange(store, link_of(keyring()), county, now_ms=lambda: CLOCK, progress=told.append)
    assert report.results == {"accepted": 1200}
    assert len(store.records) == report.received == 4200
    assert [p.waiting for p in told] == sorted((p.waiting for p in told), reverse=True)
    assert all(len(request.changes) <= 2_000 for request in county.requests)
    assert len(county.requests) == len(told) == 5


@dataclass
class Patient(MemoryStore):
    """Applies the first page when two further ones are read; says how much was asked for by then."""

    county: County = field(default_factory=lambda: County(keyring()))
    read: Semaphore = field(default_factory=lambda: Semaphore(0))
    asked: int = 0

    def read_ahead(self, answer: Answer) -> None:
        self.read.release()

    def apply_answer(self, answer: Answer) -> Applied:
        if not self.asked:
            assert all(self.read.acquire(timeout=30) for _ in range(3))
            self.asked = len(self.county.requests)
        return MemoryStore.apply_answer(self, answer)


def test_a_device_that_reads_asks_for_the_page_behind_the_next_and_no_further() -> None:
    county = County(keyring())
    for number in range(6_000):
        county.add_record(number)
    store = Patient(keyring().device, epoch=county.epoch, county=county)
    report = exchange(store, county)
    assert store.asked == 3
    assert (report.received, report.position, len(store.records)) == (6_000, 6_000, 6_000)
    positions = [request.position for request in county.requests]
    assert positions == sorted(set(positions))


@pytest.mark.parametrize("lost", [{2}, {3}, {4}, {2, 3}, {3, 4, 5}])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_long_feed_comes_whole_over_a_line_that_breaks(lost: set[int], when: str) -> None:
    county, store = County(keyring()), town_with(0)
    for number in range(6_000):
        county.add_record(number)
    store.epoch = county.epoch
    line = Breaking(county, before=lost) if when == "before" else Breaking(county, after=lost)
    report = exchange(store, line)
    assert (report.received, len(store.records), report.agreed) == (6_000, 6_000, True)


@dataclass
class Crowded:
    """A county to which others come before some requests."""

    county: County
    every: int

    def post(self, path: str, body: bytes) -> bytes:
        if len(self.county.requests) % self.every == self.every - 1:
            self.county.add_record(0xABC + len(self.county.requests))
        return self.county.post(path, body)


@pytest.mark.parametrize("every", [1, 2, 1_000])
def test_what_was_sealed_ahead_goes_only_where_it_says_the_truth(monkeypatch: pytest.MonkeyPatch, every: int) -> None:
    sealed: list[int] = []

    def seal(*values: Any, **options: Any) -> bytes:
        sealed.append(values[1].position)
        return seal_request(*values, **options)

    monkeypatch.setattr(loop, "seal_request", seal)
    county, store = County(keyring()), town_with(120, size=200_000)
    report = exchange(store, Crowded(county, every))
    assert (report.results, report.unsent, report.position) == ({"accepted": 120}, 0, len(county.feed))
    assert len(county.feed) == len(store.records) == 120 + len(county.requests) // every
    positions = [request.position for request in county.requests]
    assert positions == sorted(set(positions)) and set(positions) <= set(sealed)
    assert (len(sealed) == len(positions)) is (every == 1_000)


def test_the_clocks_difference_is_learned_by_wire() -> None:
    assert exchange(town_with(0), County(keyring())).clock_offset == 5_000


def sent(county: County, change: int) -> int:
    """How often the change with a sequence reached the county."""
    return sum(
        change in range(r.first_unacknowledged, r.first_unacknowledged + len(r.changes)) for r in county.requests
    )


@pytest.mark.parametrize("breaks", [{2}, {3}, {2, 3}, {2, 4, 6}, {3, 4, 5, 6}])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_line_that_breaks_loses_doubles_and_repeats_nothing(breaks: set[int], when: str) -> None:
    county, store = County(keyring()), town_with(1100)
    line = Breaking(county, breaks if when == "before" else set(), breaks if when == "after" else set())
    report = exchange(store, line)
    assert (report.unsent, report.results, report.position) == (0, {"accepted": 1100}, 1100)
    assert len(county.taken) == len(county.feed) == len(store.records) == 1100
    assert {sent(county, change) for change in range(1, 1101)} == {1}


def test_a_line_cut_at_the_first_request_is_tried_again() -> None:
    county, store = County(keyring()), town_with(3)
    assert exchange(store, Breaking(county, after={1, 2})).unsent == 0
    assert sent(county, 3) == 1


def test_a_line_that_is_always_cut_is_given_up_and_the_rest_goes_later() -> None:
    county, store = County(keyring()), town_with(1100)
    line = Breaking(county, after=set(range(2, 100)))
    with pytest.raises(Unreachable):
        exchange(store, line)
    assert line.count == 1 + MOST_LOSSES
    assert exchange(store, county).unsent == 0
    assert len(county.taken) == len(store.records) == 1100


def test_a_server_that_never_answered_is_asked_once() -> None:
    line = Breaking(County(keyring()), before={1, 2, 3})
    with pytest.raises(Unreachable):
        exchange(town_with(3), line)
    assert line.count == 1


def test_a_server_gone_in_between_is_given_up_soon() -> None:
    line, waits = Breaking(County(keyring()), before=set(range(2, 100))), [0.0]
    clock = LineClock(lambda: sum(waits) + 3.0 * line.count, waits.append)
    with pytest.raises(Unreachable):
        run_exchange(town_with(1100), link_of(keyring()), line, now_ms=lambda: CLOCK, clock=clock)
    assert line.count == 4


def test_a_stop_ends_after_the_round_and_leaves_the_rest() -> None:
    county, store = County(keyring()), town_with(1100)
    report = run_exchange(
        store, link_of(keyring()), county, now_ms=lambda: CLOCK, stop=lambda: len(county.requests) == 1
    )
    assert report.stopped
    assert report.unsent == 1100 - len(county.taken) > 0
    assert exchange(store, county).unsent == 0


@pytest.mark.parametrize("outcome", [Outcome.CONFLICT, Outcome.QUARANTINED, Outcome.HELD])
def test_what_a_person_must_settle_is_said(outcome: Outcome) -> None:
    report = exchange(town_with(2), County(keyring(), outcome=outcome))
    assert report.results == {outcome: 2}
    assert report.needs_person


@pytest.mark.parametrize("repairs", [0, 1, 99])
@pytest.mark.parametrize("records", [0, 2500])
def test_digests_that_differ_are_repaired_or_need_a_person(repairs: int, records: int) -> None:
    county, store = County(keyring()), town_with(2)
    for number in range(records):
        county.add_record(number)
    store.agree, store.repairs = False, repairs
    report = exchange(store, county)
    assert report.needs_person
    assert report.agreed is False
    assert report.unsent == 0


def test_a_restored_county_gets_again_what_it_lost() -> None:
    first, store = County(keyring()), town_with(5)
    exchange(store, first)
    restored = County(keyring(), epoch="e2")
    store.position = 0
    report = exchange(store, restored)
    assert len(restored.taken) == 5
    assert (store.epoch, report.unsent, report.results) == ("e2", 0, {"accepted": 5})


def test_an_answer_to_another_request_is_not_taken() -> None:
    county, store = County(keyring()), town_with(1)

    class Replaying:
        def post(self, path: str, body: bytes) -> bytes:
            return county.post(path, keyring().ask(keyring().open_asked(body)))

    with pytest.raises(Damaged, match=r"envelope\.not_this_request"):
        exchange(store, Replaying())
    assert store.position == 0


def test_an_answer_for_another_device_is_not_taken() -> None:
    other = keyring().another_device()

    class Crossed:
        def post(self, path: str, body: bytes) -> bytes:
            return replace(other, device_exchange=keyring().device_exchange).answer(b"x", body)

    with pytest.raises(Damaged, match=r"envelope\.wrong_device"):
        exchange(town_with(1), Crossed())


def test_a_sealed_refusal_is_the_countys_reason() -> None:
    for error, code in (
        (Refused("card.older", version=1, current=2), "card.older"),
        (Refused("future.reason", depth=1), "exchange.refused"),
        (Refused("card.older"), "exchange.refused"),
    ):
        with pytest.raises(Refused) as caught:
            exchange(town_with(1), County(keyring(), refuse=error))
        assert caught.value.code == code


def test_a_newer_key_card_is_handed_on_an_older_refused() -> None:
    keys = keyring()
    newer = replace(keys, card_version=2).signed_card()
    assert exchange(town_with(0), County(keys, key_card=newer)).key_card == newer
    assert exchange(town_with(0), County(keys, key_card=keys.signed_card())).key_card == b""
    with pytest.raises(Damaged, match=r"card\.foreign"):
        exchange(town_with(0), County(keys, key_card=keyring(1).signed_card()))


def test_a_county_that_makes_no_headway_is_left() -> None:
    county = County(keyring(), page=0)
    county.add_record(1)
    with pytest.raises(Damaged, match=r"exchange\.no_progress"):
        exchange(town_with(0), county)


def test_the_pace_follows_the_line() -> None:
    pace = Pace()
    first = pace.change_bytes
    assert not pace.is_wide
    for _ in range(5):
        pace.learn(0.1, pace.change_bytes, pace.entries)
    assert pace.is_wide
    assert (pace.change_bytes, pace.entries) == (CHANGE_BYTES_PER_REQUEST, ENTRIES_PER_PAGE)
    for _ in range(20):
        pace.learn(30)
    assert 0 < pace.change_bytes < first
    assert 0 < pace.entries < ENTRIES_PER_PAGE
    before = pace.change_bytes
    pace.learn(12, pace.change_bytes, pace.entries)
    assert pace.change_bytes == before
    pace.lose(1)
    assert pace.change_bytes == before


def test_a_small_request_teaches_nothing_about_a_large_one() -> None:
    pace = Pace()
    pace.learn(0.1, 100, 3)
    assert pace == Pace()


def test_what_was_lost_late_goes_smaller() -> None:
    pace = Pace()
    pace.lose(40)
    assert pace.change_bytes < Pace().change_bytes
