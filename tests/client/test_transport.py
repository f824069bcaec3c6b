"""HTTPS to the county: its certificate on any date, nobody else's; trouble is told apart and ends soon."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sync.client import transport as subject
from sync.client.line import CONNECT_SECONDS
from sync.client.transport import HttpsTransport, county_tls
from sync.client.wire import LONGEST_WAIT_SECONDS, RETRY_WITHIN_SECONDS
from sync.domain.errors import Damaged, Refused, Unreachable
from sync.protocol.key_card import KeyCard
from sync.protocol.refusal import encode_plain_refusal
from tests.client.county import County
from tests.client.test_exchange import exchange, town_with
from tests.client.tls import make_certificate, serving, silent_port
from tests.protocol.keyring import keyring

CERTIFICATE, SERVER = make_certificate()


def card(url: str, certificate: str = CERTIFICATE) -> KeyCard:
    return replace(keyring(), url=url, certificate=certificate).card()


def echo(path: str, body: bytes) -> tuple[int, bytes]:
    return 200, path.encode() + b" " + body


@pytest.fixture(scope="module")
def echo_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(SERVER, tmp_path_factory.mktemp("tls"), echo) as url:
        yield url


def code_of(answer: tuple[int, bytes], folder: Path) -> str:
    with serving(SERVER, folder, lambda *_: answer) as url, HttpsTransport(card(url)) as transport:
        with pytest.raises((Refused, Unreachable)) as caught:
            transport.post("/v1/exchange", b"x")
        return caught.value.code


def test_bytes_go_and_come(echo_url: str) -> None:
    with HttpsTransport(card(echo_url)) as transport:
        assert transport.post("/v1/exchange", b"one") == b"/v1/exchange one"
        assert transport.post("/v1/enrol", bytes(300_000)) == b"/v1/enrol " + bytes(300_000)


@pytest.mark.parametrize("days_ago", [800, -300], ids=["expired", "not yet valid"])
def test_dates_of_the_certificate_do_not_matter(days_ago: int, tmp_path: Path) -> None:
    certificate, server = make_certificate(days_ago=days_ago)
    with serving(server, tmp_path, echo) as url, HttpsTransport(card(url, certificate)) as transport:
        assert transport.post("/v1/exchange", b"x") == b"/v1/exchange x"


def test_a_foreign_certificate_is_refused_even_with_the_same_name(echo_url: str) -> None:
    foreign, _ = make_certificate()
    transport = HttpsTransport(card(echo_url, foreign))
    with transport, pytest.raises(Unreachable, match=r"exchange\.wrong_certificate"):
        transport.post("/v1/exchange", b"x")


def test_a_connection_gone_stale_is_renewed_once(tmp_path: Path) -> None:
    asked: list[bytes] = []

    def answer(_: str, body: bytes) -> tuple[int, bytes]:
        asked.append(body)
        return 200, body

    with serving(SERVER, tmp_path, answer, stale=True) as url, HttpsTransport(card(url)) as transport:
        for number in range(4):
            assert transport.post("/v1/exchange", b"%d" % number) == b"%d" % number
            time.sleep(0.02)
    assert asked == [b"0", b"1", b"2", b"3"]


def test_a_server_that_is_gone_is_unreachable(tmp_path: Path) -> None:
    with serving(SERVER, tmp_path, echo, stale=True) as url:
        transport = HttpsTransport(card(url))
        assert transport.post("/v1/exchange", b"") == b"/v1/exchange "
    with transport, pytest.raises(Unreachable):
        transport.post("/v1/exchange", b"")


def test_a_server_that_says_nothing_is_given_up() -> None:
    started = time.monotonic()
    with silent_port() as url:
        transport = HttpsTransport(card(url), timeout=0.3)
        with transport, pytest.raises(Unreachable, match=r"exchange\.unreachable"):
            transport.post("/v1/exchange", b"x")
    assert time.monotonic() - started < 5


def test_waiting_stays_within_a_minute() -> None:
    once = CONNECT_SECONDS + subject.ANSWER_SECONDS
    assert once + subject.MOST_MORE_SECONDS < 60
    assert RETRY_WITHIN_SECONDS + LONGEST_WAIT_SECONDS + once < 60


def test_refusals_in_plain_and_trouble_are_told_apart(tmp_path: Path) -> None:
    assert code_of((403, encode_plain_refusal(Refused("card.foreign"))), tmp_path) == "card.foreign"
    assert code_of((403, encode_plain_refusal(Refused("new.reason"))), tmp_path) == "exchange.refused"
    assert code_of((404, b"<html>"), tmp_path) == "exchange.server_trouble"
    assert code_of((502, b""), tmp_path) == "exchange.server_trouble"
    assert code_of((301, b""), tmp_path) == "exchange.server_trouble"


def test_a_sealed_refusal_is_handed_on(tmp_path: Path) -> None:
    sealed = keyring().answer(b"no", b"")
    with serving(SERVER, tmp_path, lambda *_: (403, sealed)) as url, HttpsTransport(card(url)) as transport:
        assert transport.post("/v1/exchange", b"x") == sealed


def test_an_endless_answer_is_cut_off(echo_url: str) -> None:
    with HttpsTransport(card(echo_url), most_bytes=1000) as transport:
        with pytest.raises(Damaged, match=r"envelope\.too_large"):
            transport.post("/v1/exchange", bytes(2000))
        with pytest.raises(Damaged, match=r"envelope\.too_large"):
            transport.ask("POST", "/v1/blobs/x", bytes(2000), {})


def test_a_card_without_wire_or_with_a_broken_certificate_says_so() -> None:
    for url in ("", "http://127.0.0.1:1"):
        with pytest.raises(Damaged, match=r"exchange\.url"):
            HttpsTransport(card(url))
    for pem in (b"", b"no certificate", b"\xff"):
        with pytest.raises(Damaged, match=r"exchange\.certificate"):
            county_tls(pem)


def test_a_whole_exchange_goes_over_tls(tmp_path: Path) -> None:
    county, store = County(keyring()), town_with(700)
    door = serving(SERVER, tmp_path, lambda path, body: (200, county.post(path, body)))
    with door as url, HttpsTransport(card(url)) as transport:
        assert exchange(store, transport).unsent == 0
    assert len(county.taken) == 700
