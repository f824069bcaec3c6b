"""The overlay equals folding the operations one by one, whatever the county shows in between."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.storage.overlay import difference, join_edits, overlay
from desktop.storage.row_codec import RowCodec, pack_fields

SIGNS = "a甲\0\U00020000é"
"""Few signs: drawing from all of Unicode first takes seconds to build its tables."""
NAMES = st.sampled_from(["title", "content", "people", "claim"])
VALUES = st.one_of(st.none(), st.text(SIGNS, max_size=3), st.integers(-5, 5))
EDITS = st.lists(st.dictionaries(NAMES, VALUES, max_size=3), max_size=6)
STATES = st.dictionaries(NAMES, st.one_of(st.text(SIGNS, max_size=3), st.integers(-5, 5)))


def directly(state: dict[str, Any], edits: list[dict[str, Any]]) -> dict[str, Any]:
    view = dict(state)
    for edit in edits:
        for name, value in edit.items():
            view[name] = value
            if value is None:
                del view[name]
    return view


@given(STATES, EDITS)
def test_overlay_is_the_direct_fold(state: dict[str, Any], edits: list[dict[str, Any]]) -> None:
    before = dict(state)
    assert overlay(state, edits) == directly(state, edits)
    assert state == before


@given(STATES, EDITS, st.integers(0, 6))
def test_it_may_be_folded_in_parts(state: dict[str, Any], edits: list[dict[str, Any]], cut: int) -> None:
    half = overlay(state, edits[:cut])
    assert overlay(half, edits[cut:]) == overlay(state, edits)
    joined: dict[str, Any] = {}
    for edit in edits:
        joined = join_edits(joined, edit)
    assert overlay(state, [joined]) == overlay(state, edits)


@given(STATES, STATES)
def test_a_difference_leads_from_one_to_the_other(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert overlay(old, [difference(old, new)]) == new


def test_without_state_the_first_operation_makes_the_record() -> None:
    assert overlay(None, []) is None
    assert overlay(None, [{"title": "a"}, {"title": None}]) == {}


ANY_VALUE = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(1 << 63), (1 << 64) - 1),
        st.text(SIGNS, max_size=5),
        st.binary(max_size=4),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(SIGNS, max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = st.dictionaries(
    st.one_of(st.sampled_from(RowCodec("Visit").names + RowCodec("IdentityKey").names), st.text(SIGNS, max_size=4)),
    ANY_VALUE,
)


@settings(max_examples=100)
@given(FIELDS)
def test_a_typed_row_gives_back_the_very_bytes(fields: dict[str, Any]) -> None:
    for kind in ("Visit", "IdentityKey", "Complainant"):
        codec = RowCodec(kind)
        assert pack_fields(codec.to_fields(codec.to_row(fields))) == pack_fields(fields)
