"""The hash of the change before leaves the wire and comes back, for whole chains and for what is none."""

from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.chaining import with_chain, without_chain
from sync.protocol.messages import NO_HASH, Change, change_hash, encode_message

SEQUENCES = st.sampled_from([1, 127, 128, 255, 256, 65_535, 65_536, 2**32, 2**40])


def _change(sequence: int, previous: bytes, author: str) -> bytes:
    return encode_message(Change("a" * 32, "b" * 32, sequence, previous, "431021001", author, "TOWN_CDI", 1, 0, 0, ()))


@st.composite
def _chains(draw: st.DrawFn) -> list[bytes]:
    bodies: list[bytes] = []
    previous = draw(st.sampled_from([NO_HASH, b"\x07" * 32]))
    for sequence in draw(st.lists(SEQUENCES, min_size=1, max_size=6)):
        follows = draw(st.booleans()) or not bodies
        body = _change(sequence, previous if follows else b"\x09" * 32, draw(st.text(max_size=5)))
        bodies.append(draw(st.sampled_from([body, body, body, body[:40], b""])))
        previous = change_hash(bodies[-1])
    return bodies


@given(_chains())
def test_what_leaves_comes_back(bodies: list[bytes]) -> None:
    wire = list(without_chain(bodies))
    assert list(with_chain(wire)) == [(body, change_hash(body)) for body in bodies]


def test_only_the_first_of_a_chain_names_a_hash() -> None:
    first = _change(1, NO_HASH, "张明")
    second = _change(2, change_hash(first), "张明")
    assert [len(body) for body in without_chain([first, second])] == [len(first), len(second) - 32]


@given(st.lists(st.binary(max_size=120), max_size=5))
def test_other_bytes_pass_or_are_refused_later(bodies: list[bytes]) -> None:
    assert len(list(with_chain(without_chain(bodies)))) == len(bodies)
