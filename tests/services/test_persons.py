"""A name with titles around it is the name in it; a surname with a title is nobody for certain."""

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.app import open_office
from desktop.services.persons import DOUBLE_SURNAMES, POSTS, bare_names, may_mean, means
from sync.domain.errors import InvalidInput
from tests.services.offices import Clock, make_profile, opened

SIGNS = "张王李赵陈刘黄周明芳国建秀英梅强军平𬭎䶮"
NAMES = st.text(st.sampled_from(SIGNS), min_size=2, max_size=3)
TITLES = st.sampled_from(POSTS)
RANKS = st.sampled_from(("", "副", "原", "镇", "村", "党委", "党支部", "纪委", "常务副", "驻村第一"))
SHAPES = st.sampled_from(
    ("{name}{rank}{title}", "{name}({rank}{title})", "{name}({rank}{title})", "{name} {title}", "{name},{rank}{title}",
     "{rank}{title}{name}", "仁义镇{rank}{title} {name}", "{name}")
)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "account"),
    [
        ("李建国主任", "李建国"), ("张三(副镇长)", "张三"), ("张三(副镇长)", "张三"), ("仁义镇党委书记王强", "王强"),
        ("李 芳 会计", "李芳"), ("李芳,村会计", "李芳2"), ("村支书李芳", "李芳(信访办)"), ("欧阳明副主任", "欧阳明"),
        ("李芳原支书", "李芳"), ("王明村委会主任", "王明"),
    ],
)  # fmt: skip
def test_titles_do_not_hide_a_name(written: str, account: str) -> None:
    assert means(account, written)
    assert not may_mean(account, written)


@pytest.mark.parametrize(
    ("written", "account"),
    [("王书记", "王强"), ("王副书记", "王强"), ("欧阳主任", "欧阳明"), ("王书记(镇党委)", "王强")],
)
def test_a_surname_with_a_title_is_only_a_reason_to_look(written: str, account: str) -> None:
    assert not means(account, written)
    assert may_mean(account, written)


@pytest.mark.parametrize(
    ("written", "account"),
    [("王书记", "李强"), ("李建国主任", "李建"), ("李建国主任", "建国"), ("", "王强"), ("主任", "王强"),
     ("王某", "王强"), ("王强军", "王强"), ("小王强", "王强")],
)  # fmt: skip
def test_others_are_not_meant(written: str, account: str) -> None:
    assert not means(account, written)
    assert not may_mean(account, written)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(NAMES, RANKS, TITLES, SHAPES)
def test_whatever_title_stands_by_the_name_it_is_found(name: str, rank: str, title: str, shape: str) -> None:
    assert means(name, shape.format(name=name, rank=rank, title=title))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(NAMES, NAMES, RANKS, TITLES, SHAPES)
def test_another_name_is_never_taken_for_it(name: str, other: str, rank: str, title: str, shape: str) -> None:
    if name != other:
        assert not means(other, shape.format(name=name, rank=rank, title=title))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.sampled_from([*"张王李赵", *sorted(DOUBLE_SURNAMES)]), NAMES, RANKS, TITLES)
def test_a_bare_surname_is_certain_of_nobody(surname: str, name: str, rank: str, title: str) -> None:
    written = f"{surname}{rank}{title}"
    assert not means(surname + name, written)


@given(st.text(max_size=30))
def test_any_text_is_read(text: str) -> None:
    assert all(len(name) > 1 for name in bare_names(text))
    assert may_mean("王强", text) in (True, False)


def test_a_case_is_not_given_to_whom_it_complains_about(tmp_path: Path) -> None:
    folder = make_profile(tmp_path / "town", role="TOWN_CDI")
    with opened(folder) as office:
        office.add_user("李芳", "CDI_STAFF", "another long passphrase")
        letter = {"source_channel": "LETTER", "received_at": "2026-11-20", "title": "来信", "nature": "ACCUSE"}
        accused = [{"name": "李芳主任", "unit": "龙潭街道办事处", "managed_by": "VILLAGE"}, {"name": "王会计"}]
        saved = office.record("Case", {**letter, "accused": accused})
        assert [(one.code, one.field) for one in saved.warnings if one.field.startswith("accused")] == [
            ("record.accused_is_user", "accused.0.name")
        ]
        with pytest.raises(InvalidInput) as refused:
            office.step(saved.id, "START", {"to_person": "李 芳"})
        assert refused.value.code == "record.handler_accused"
        assert len(office.show("Case", saved.id)["trail"]) == 1
        doubtful = office.step(saved.id, "SUBMIT", {"to_person": "王强"})
        assert [one.code for one in doubtful.warnings] == ["record.handler_may_be_accused"]
    with closing(open_office(folder, "another long passphrase", "李芳", clock=Clock())) as colleague:
        assert colleague.list_page("Case").rows == ()


def test_a_surname_with_a_title_hides_nothing(tmp_path: Path) -> None:
    folder = make_profile(tmp_path / "town", role="TOWN_CDI")
    with opened(folder) as office:
        letter = {"source_channel": "LETTER", "received_at": "2026-11-20", "title": "来信", "nature": "ACCUSE"}
        saved = office.record("Case", {**letter, "accused": [{"name": f"{office.facts.user[:1]}书记"}]})
        assert [one.code for one in saved.warnings if one.field] == ["record.accused_may_be_user"]
        assert office.show("Case", saved.id)["accused"][0]["name"] == f"{office.facts.user[:1]}书记"
        unit = office.place_name("431021001")
        named = office.record("Case", {**letter, "accused": [{"name": "某某", "unit": f"{unit}办事处"}]})
        sent = office.step(named.id, "FORWARD", {"to_unit": "431021001"})
        assert [one.code for one in sent.warnings] == ["record.accused_unit_named"]
