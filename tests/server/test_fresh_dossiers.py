"""The short way of new dossiers comes to the same as the long one, and what is otherwise goes the long one."""

from typing import Any

import pytest
from msgspec import Raw, msgpack
from sqlalchemy import select

from sync.protocol.canonical import encode_fields
from sync.protocol.messages import Outcome
from sync.server import applying
from sync.server.fresh_codec import fresh_codec
from sync.server.plain_changes import PlainChanges
from sync.server.storage import tables
from sync.server.verifying import verify_county
from tests.server.devices import Device, enrolled


def test_registrations_go_the_short_way_and_read_the_same(town: Device, ways: list[bool]) -> None:
    town.send()
    changes = [town.register()[1] for _ in range(4)]
    assert {result.outcome for result in town.send(*changes).results} == {Outcome.ACCEPTED}
    assert ways == [True]
    for unit, role in ((town.unit, "TOWN_CDI"), ("431021", "COUNTY_OFFICE")):
        reader = enrolled(town.county, unit, role)
        reader.send()
        assert reader.agrees()
    assert verify_county(town.county, town.unit)[0]["store"] == "ok"


def test_a_case_against_somebody_s_own_unit_is_shown_as_on_the_long_way(
    town: Device, other_town: Device, ways: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    town.send()
    case, change = town.register(nature="ACCUSE")
    town.send(change)
    assert ways == [True]
    monkeypatch.setattr(PlainChanges, "take", lambda *_: None)
    other, change = town.register(nature="ACCUSE")
    town.send(change)
    with town.county.engine.connect() as connection:
        rows = connection.execute(
            select(tables.record.c.status, tables.record.c.holder, tables.record.c.in_unit_feed).where(
                tables.record.c.id.in_([case.id, other.id])
            )
        ).all()
    assert len(rows) == 2 and rows[0] == rows[1]


def test_a_repeat_among_new_ones_and_an_unlawful_one_are_judged_as_ever(town: Device, ways: list[bool]) -> None:
    town.send()
    _, first = town.register()
    town.send(first)
    _, second = town.register()
    case = town.case(unit="431021002" if town.unit != "431021002" else "431021001")
    foreign = town.change(town.create(case, case.id))
    results = town.send(second, foreign).results
    assert [result.outcome for result in results] == [Outcome.ACCEPTED, Outcome.QUARANTINED]
    assert ways == [True, False]
    assert town.agrees()


@pytest.mark.parametrize(
    "spoiled",
    [
        {"unit": "431021001", "created_at": 1, "title": 7},
        {"unit": "431021001", "created_at": 1 << 60, "title": "x"},
        {"unit": "431021001", "created_at": True},
        {"created_at": 1},
        {"unit": "431021001", "created_at": 1, "newer_field": "x"},
        {"unit": "431021001", "created_at": None},
    ],
)
def test_what_is_not_plainly_sound_is_not_read(spoiled: dict[str, Any]) -> None:
    codec = fresh_codec("Case")
    assert codec is not None
    assert codec.read(Raw(encode_fields(spoiled))) is None


def test_canonical_bytes_are_read_and_others_are_not() -> None:
    codec = fresh_codec("Case")
    assert codec is not None
    fields = {
        "created_at": 1,
        "identity": "NONE",
        "nature": "CLAIM",
        "number": "1",
        "received_at": 1,
        "source_channel": "LETTER",
        "title": "题",
        "unit": "431021001",
    }
    canonical = encode_fields(fields)
    assert codec.read(Raw(canonical)).title == "题"
    backwards = msgpack.encode(dict(sorted(fields.items(), reverse=True)))
    long_head = b"\xde\x00" + bytes((len(fields),)) + canonical[1:]
    assert codec.read(Raw(backwards)) is None and codec.read(Raw(long_head)) is None


@pytest.fixture
def streaming(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few are many."""
    monkeypatch.setattr(applying, "FEW", 2)


@pytest.mark.usefixtures("streaming")
def test_many_are_written_while_they_are_judged(town: Device, ways: list[bool]) -> None:
    town.send()
    changes = [town.register()[1] for _ in range(5)]
    assert [result.outcome for result in town.send(*changes).results] == [Outcome.ACCEPTED] * 5
    assert ways == [] and town.agrees()
    reader = enrolled(town.county, town.unit)
    reader.send()
    assert reader.agrees()
    assert verify_county(town.county, town.unit)[0]["store"] == "ok"


@pytest.mark.usefixtures("streaming")
def test_an_unlawful_one_among_many_leaves_nothing_half_written(town: Device) -> None:
    town.send()
    lawful = [town.register()[1] for _ in range(3)]
    case = town.case(unit="431021002" if town.unit != "431021002" else "431021001")
    results = town.send(*lawful, town.change(town.create(case, case.id)), town.register()[1]).results
    assert [result.outcome for result in results] == [
        *[Outcome.ACCEPTED] * 3, Outcome.QUARANTINED, Outcome.ACCEPTED,
    ]  # fmt: skip
    assert town.agrees() and verify_county(town.county, town.unit)[0]["store"] == "ok"


@pytest.mark.usefixtures("streaming")
@pytest.mark.parametrize("behind", [1, 5])
def test_a_change_that_another_device_brought_is_known_again(town: Device, behind: int) -> None:
    """As one enrolled anew sends it: under its own name and sequence, with the old id."""
    town.send()
    operations = [town.create(case := town.case(), case.id), town.create(town.step(case.id, "REGISTER"), case.id)]
    first = town.change(*operations)
    was = town.send(first).results[0]
    anew = enrolled(town.county, town.unit)
    anew.send()
    again = anew.change(*operations, id=was.change)
    others = [anew.register()[1] for _ in range(behind)]
    results = anew.send(again, *others).results
    assert results[0].change == was.change and results[0].position == was.position
    assert [result.outcome for result in results] == [Outcome.ACCEPTED] * (behind + 1)
    assert verify_county(town.county, town.unit)[0]["store"] == "ok"
