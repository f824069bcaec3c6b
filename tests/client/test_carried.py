"""One round trip of a stick does what the wire does, in whatever order and how often it is brought."""

from dataclasses import replace

import pytest

from sync.client.carried import make_carried_request, take_carried_answer
from sync.domain.errors import Damaged, Refused
from sync.protocol.carried import CarriedKind, read_carried, write_carried, write_carried_parts
from tests.client.county import CLOCK, County
from tests.client.test_exchange import exchange, link_of, town_with
from tests.protocol.keyring import keyring


def test_one_round_trip_suffices() -> None:
    county, store = County(keyring()), town_with(1200)
    for number in range(3000):
        county.add_record(number)
    stick = make_carried_request(store, link_of(keyring()), CLOCK)
    assert store.sent == 1200
    assert store.count_waiting() == 1200
    report = take_carried_answer(store, link_of(keyring()), county.accept(stick))
    assert report.results == {"accepted": 1200}
    assert (report.received, report.unsent, report.agreed, report.clock_offset) == (4200, 0, True, None)


def test_brought_twice_late_and_beside_the_wire_it_does_no_harm() -> None:
    county, store, link = County(keyring()), town_with(3), link_of(keyring())
    stick = make_carried_request(store, link, CLOCK)
    store.make_change()
    assert exchange(store, county).unsent == 0
    first, second = county.accept(stick), county.accept(stick)
    for answer in (second, first, second):
        assert take_carried_answer(store, link, answer).unsent == 0
    assert len(county.taken) == len(store.records) == 4


def test_an_answer_comes_in_parts() -> None:
    county, store, link = County(keyring()), town_with(6100), link_of(keyring())
    answer = county.accept(make_carried_request(store, link, CLOCK))
    envelopes = read_carried(answer).envelopes
    parts = write_carried_parts(CarriedKind.EXCHANGE_ANSWER, "431021", envelopes, 1)
    assert len(parts) == 4
    with pytest.raises(Damaged, match=r"carried\.part_missing"):
        take_carried_answer(store, link, parts[:3])
    with pytest.raises(Damaged, match=r"carried\.part_missing"):
        take_carried_answer(store, link, parts[0])
    assert store.count_waiting() == 6100
    assert take_carried_answer(store, link, parts[::-1]).unsent == 0


def test_a_foreign_a_wrong_and_a_damaged_file_change_nothing() -> None:
    county, store, link = County(keyring()), town_with(2), link_of(keyring())
    stick = make_carried_request(store, link, CLOCK)
    answer = county.accept(stick)
    other = keyring().another_device()
    envelopes = read_carried(answer).envelopes
    wrong = {
        "carried.foreign": write_carried(CarriedKind.EXCHANGE_ANSWER, "430726", envelopes),
        "carried.wrong_kind_exchange_answer": stick,
        "carried.damaged": answer[:-3],
        "envelope.wrong_device": write_carried(
            CarriedKind.EXCHANGE_ANSWER, "431021", [other.answer(b"x", keyring().ask(b"x"))]
        ),
        "envelope.wrong_signer": write_carried(
            CarriedKind.EXCHANGE_ANSWER,
            "431021",
            [*envelopes, replace(keyring(), county_signing=other.device_signing).answer(b"x", b"")],
        ),
    }
    for code, data in wrong.items():
        with pytest.raises(Damaged) as caught:
            take_carried_answer(store, link, data)
        assert caught.value.code == code
    assert (store.count_waiting(), store.position) == (2, 0)


def test_a_refusal_comes_by_stick_too() -> None:
    refusal = Refused("exchange.refused", reason="x")
    county, store, link = County(keyring(), refuse=refusal), town_with(1), link_of(keyring())
    answer = county.accept(make_carried_request(store, link, CLOCK))
    with pytest.raises(Refused, match=r"exchange\.refused"):
        take_carried_answer(store, link, answer)


def test_a_newer_card_comes_by_stick_too() -> None:
    newer = replace(keyring(), card_version=2).signed_card()
    county, store, link = County(keyring(), key_card=newer), town_with(0), link_of(keyring())
    answer = county.accept(make_carried_request(store, link, CLOCK))
    assert take_carried_answer(store, link, answer).key_card == newer
