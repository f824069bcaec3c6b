"""A stranger's body is not kept; one of a device that is known is read whole."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator

import pytest

from sync.domain.errors import Damaged, Refused
from sync.protocol.county_desk import join_pieces
from sync.protocol.envelope import Purpose, read_header
from sync.server.county import County
from sync.server.place import knows_device
from sync.server.reading_bodies import UNPROVEN_BYTES, named_device, read_bounded
from tests.server.devices import Device

PIECE = 64 * 1024
MOST = 64 * 1024 * 1024


async def pieces(first: bytes, whole: int) -> AsyncIterator[bytes]:
    yield first
    for _ in range((whole - len(first)) // PIECE):
        yield bytes(PIECE)


def read(county: County, first: bytes, whole: int, limit: int = MOST) -> bytes:
    async def knows(device: str) -> bool:
        return knows_device(county, device)

    return asyncio.run(read_bounded(pieces(first, whole), limit, knows))


@pytest.mark.parametrize("first", [b"LDEN" + bytes(100), b"\0\0\0\xffLDEN" + bytes(100), b"junk" * 30])
def test_a_strangers_body_is_read_and_forgotten(county: County, first: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match=r"exchange_refusals\.device_unknown"):
            read(county, first, MOST)
        assert tracemalloc.get_traced_memory()[1] < 16 * UNPROVEN_BYTES
    finally:
        tracemalloc.stop()


def test_what_a_device_sends_is_read_whole(county: County, town: Device) -> None:
    envelope = town.enrolled.link().seal(b"x" * 100, Purpose.EXCHANGE_REQUEST)
    assert named_device(envelope) == named_device(join_pieces([envelope])) == read_header(envelope).device
    whole = 4 * UNPROVEN_BYTES
    assert len(read(county, envelope, whole)) > whole - PIECE
    with pytest.raises(Damaged, match=r"envelope\.too_large"):
        read(county, envelope, whole, whole // 2)


def test_short_bodies_are_left_to_who_opens_them(county: County) -> None:
    assert read(county, b"junk", UNPROVEN_BYTES // 2).startswith(b"junk")
