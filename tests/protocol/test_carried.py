"""A carried file holds its envelopes in order, in parts if large, and tells which part is missing."""

import hashlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.domain.errors import Damaged
from sync.protocol.carried import (
    CarriedKind,
    check_carried,
    join_parts,
    read_carried,
    write_carried,
    write_carried_parts,
)

kinds = st.sampled_from(CarriedKind)
counties = st.text("0123456789ABC", min_size=1, max_size=16)
contents = st.lists(st.binary(max_size=200), max_size=12)


def signed(body: bytes) -> bytes:
    return body + hashlib.sha256(body).digest()


def refusal(data: bytes) -> str:
    with pytest.raises(Damaged) as caught:
        read_carried(data)
    return caught.value.code


@given(kind=kinds, county=counties, envelopes=contents)
@settings(max_examples=100, deadline=None)
def test_a_file_reads_back_equal(kind: CarriedKind, county: str, envelopes: list[bytes]) -> None:
    file = read_carried(write_carried(kind, county, envelopes))
    assert (file.kind, file.county, list(file.envelopes)) == (kind, county, envelopes)
    check_carried(file, kind, county)


@given(kind=kinds, county=counties, envelopes=contents, size=st.integers(1, 900), chance=st.randoms())
@settings(max_examples=100, deadline=None)
def test_parts_join_in_any_order(
    kind: CarriedKind, county: str, envelopes: list[bytes], size: int, chance: random.Random
) -> None:
    parts = write_carried_parts(kind, county, envelopes, size)
    shuffled = [*parts, chance.choice(parts)]
    chance.shuffle(shuffled)
    joined = join_parts(map(read_carried, shuffled))
    assert list(joined.envelopes) == envelopes
    check_carried(joined, kind, county)


def test_a_missing_part_is_named() -> None:
    parts = write_carried_parts(CarriedKind.EXCHANGE_ANSWER, "431021", [bytes([n]) * 100 for n in range(4)], 100)
    assert len(parts) == 4
    with pytest.raises(Damaged) as caught:
        join_parts(map(read_carried, (parts[3], parts[0])))
    assert (caught.value.code, caught.value.values) == ("carried.part_missing", {"missing": "2, 3", "parts": 4})
    with pytest.raises(Damaged, match=r"carried\.part_missing"):
        check_carried(read_carried(parts[1]), CarriedKind.EXCHANGE_ANSWER, "431021")


def test_parts_of_different_sets_are_not_joined() -> None:
    first = write_carried_parts(CarriedKind.EXCHANGE_ANSWER, "431021", [b"a" * 50, b"b" * 50], 50)
    second = write_carried_parts(CarriedKind.EXCHANGE_ANSWER, "431021", [b"c" * 50, b"d" * 50], 50)
    with pytest.raises(Damaged, match=r"carried\.mixed"):
        join_parts(map(read_carried, (first[0], second[1])))


def test_every_changed_byte_is_refused() -> None:
    data = write_carried(CarriedKind.EXCHANGE_REQUEST, "431021", [b"one", b"two" * 40])
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 0x10
        assert refusal(bytes(changed)) in {"carried.damaged", "carried.none"}
    for length in range(len(data)):
        assert refusal(data[:length]) in {"carried.damaged", "carried.none"}


@given(place=st.integers(4, 70), value=st.integers(0, 255))
@settings(max_examples=200, deadline=None)
def test_a_lying_structure_is_refused_or_read_whole(place: int, value: int) -> None:
    body = bytearray(write_carried(CarriedKind.EXCHANGE_REQUEST, "431021", [b"one", b"two" * 9])[:-32])
    body[place % len(body)] = value
    try:
        read_carried(signed(bytes(body)))
    except Damaged as error:
        assert error.code in {"carried.damaged", "carried.newer"}


@pytest.mark.parametrize(("data", "code"), [(b"", "none"), (b"LDEN....", "none"), (b"LDCF", "damaged")])
def test_what_is_no_carried_file_says_why(data: bytes, code: str) -> None:
    assert refusal(data) == f"carried.{code}"


def test_a_newer_format_says_so() -> None:
    body = bytearray(write_carried(CarriedKind.EXCHANGE_REQUEST, "431021", [])[:-32])
    body[4] = 2
    assert refusal(signed(bytes(body))) == "carried.newer"


def test_another_countys_file_and_another_kind_are_told_apart() -> None:
    file = read_carried(write_carried(CarriedKind.EXCHANGE_REQUEST, "430726", [b"x"]))
    with pytest.raises(Damaged, match=r"carried\.foreign"):
        check_carried(file, CarriedKind.EXCHANGE_REQUEST, "431021")
    with pytest.raises(Damaged, match=r"carried\.wrong_kind_exchange_answer"):
        check_carried(file, CarriedKind.EXCHANGE_ANSWER, "430726")


@pytest.mark.parametrize("county", ["", "4" * 17])
def test_a_county_has_a_code(county: str) -> None:
    with pytest.raises(Damaged, match=r"carried\.county"):
        write_carried(CarriedKind.EXCHANGE_REQUEST, county, [])
