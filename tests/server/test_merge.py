"""The merge of one record: laws that hold for any order of edits."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.protocol.canonical import content_hash, decode_fields, encode_fields
from sync.server.merge import Merged, RecordState, Writer, create, merge

NAMES = ("title", "content", "claim", "scope")
VALUES = st.one_of(st.none(), st.sampled_from(("甲", "乙", "丙")))
EDITS = st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=1)
FIELDS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(("甲", "乙", "丙")))


def by(revision: int, device: str = "a", sequence: int = 1, county: bool = False) -> Writer:
    return Writer(revision, device, sequence, county, device)


def record(fields: dict[str, Any], kind: str = "Case") -> RecordState:
    return create((kind, "0" * 32), "0" * 32, "T", "431021001", canonical=encode_fields(fields), by=by(1))


def value(state: RecordState, name: str) -> Any:
    return decode_fields(state.canonical).get(name)


@given(FIELDS, EDITS)
@settings(deadline=None, max_examples=60)
def test_an_edit_of_what_was_seen_is_taken_whole(fields: dict[str, Any], edit: dict[str, Any]) -> None:
    merged = merge(record(fields), edit, 1, by(2, "b"))
    assert not merged.collisions
    assert all(value(merged.state, name) == wanted for name, wanted in edit.items())


@given(FIELDS, EDITS, EDITS)
@settings(deadline=None, max_examples=100)
def test_no_value_is_ever_lost(fields: dict[str, Any], one: dict[str, Any], other: dict[str, Any]) -> None:
    first = merge(record(fields), one, 1, by(2, "b")).state
    merged = merge(first, other, 1, by(3, "c", county=True))
    kept = {c.field: {str(c.standing), str(c.other)} for c in merged.collisions}
    for name, wanted in other.items():
        held = value(merged.state, name)
        assert held == wanted or {str(held), str(wanted)} == kept[name]


@given(FIELDS, EDITS, EDITS)
@settings(deadline=None, max_examples=60)
def test_edits_of_different_fields_commute(fields: dict[str, Any], one: dict[str, Any], other: dict[str, Any]) -> None:
    apart = {name: wanted for name, wanted in other.items() if name not in one}
    forth = merge(merge(record(fields), one, 1, by(2, "b")).state, apart, 1, by(3, "c"))
    back = merge(merge(record(fields), apart, 1, by(2, "c")).state, one, 1, by(3, "b"))
    assert forth.state.canonical == back.state.canonical
    assert not forth.collisions
    assert not back.collisions


@given(FIELDS, EDITS)
@settings(deadline=None, max_examples=60)
def test_the_hash_is_of_the_content(fields: dict[str, Any], edit: dict[str, Any]) -> None:
    state = merge(record(fields), edit, 1, by(2, "b")).state
    assert state.hash == content_hash(state.canonical)
    assert merge(state, edit, 2, by(3, "b")) == Merged(state, False)


def test_later_edits_of_one_device_follow_each_other() -> None:
    first = merge(record({}), {"title": "甲"}, 1, by(2, "b", 1)).state
    merged = merge(first, {"title": "乙"}, 1, by(3, "b", 2))
    assert (value(merged.state, "title"), merged.collisions) == ("乙", ())


def test_the_owner_of_a_field_stands() -> None:
    ours = merge(record({}), {"title": "镇", "scope": "IN"}, 1, by(2, "b")).state
    merged = merge(ours, {"title": "县", "scope": "OUT"}, 1, by(3, "c", county=True))
    assert (value(merged.state, "title"), value(merged.state, "scope")) == ("镇", "OUT")
    assert {c.field: (c.standing, c.other) for c in merged.collisions} == {
        "title": ("镇", "县"),
        "scope": ("OUT", "IN"),
    }


def test_a_complainant_is_merged_whole() -> None:
    held = {"case": "1" * 32, "key": "2" * 32, "suite": "1", "cipher": b"old"}
    seen = merge(record(held, "Complainant"), {"cipher": b"one", "key": "3" * 32}, 1, by(2, "b")).state
    merged = merge(seen, {"cipher": b"two", "key": "4" * 32}, 1, by(3, "c"))
    assert merged.state == seen
    assert [(c.field, c.other["cipher"], c.other["key"]) for c in merged.collisions] == [("*", b"two", "4" * 32)]


def test_one_device_stays_the_sole_writer_until_another_writes() -> None:
    state = merge(record({"title": "甲"}), {"content": "乙"}, 1, by(2, "a", 2)).state
    assert state.sole_device == "a"
    assert merge(state, {"claim": "丙"}, 2, by(3, "b")).state.sole_device == ""
