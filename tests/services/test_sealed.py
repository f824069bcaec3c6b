"""A sealed matter stays unknown to colleagues, whatever hangs on it and however it became sealed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from desktop.app import open_office
from desktop.errors import NotFound
from desktop.paths import ProfilePaths
from desktop.services.office import Office
from desktop.storage.backup import restore_backup
from sync.domain.errors import InvalidInput, NotAllowed
from sync.domain.ids import UnitCode, new_record_id
from sync.domain.records import Staff
from tests.services.offices import PASSPHRASE, Clock, make_profile, opened
from tests.services.test_office import WALK_IN

STUB: dict[str, Any] = {
    "received_at": "2026-11-20T14:05",
    "secrecy": "SEALED",
    "envelope_number": "密001",
    "handed_to": "县纪委",
}
HEAD, COLLEAGUE = "张明", "another passphrase"
LETTER: dict[str, Any] = {"source_channel": "LETTER", "received_at": "2026-11-20", "nature": "ACCUSE", "title": "来信"}


def shared_profile(folder: Path, role: str) -> Path:
    """A town's profile with its head and a colleague."""
    profile = make_profile(folder / "town", role="TOWN_CDI")
    with opened(profile) as office:
        office.add_user("李芳", role, COLLEAGUE)
    return profile


@contextmanager
def as_colleague(folder: Path) -> Iterator[Office]:
    office = open_office(folder, COLLEAGUE, "李芳", clock=Clock())
    try:
        yield office
    finally:
        office.close()


def test_what_hangs_on_a_sealed_stub_is_hidden_with_it(tmp_path: Path) -> None:
    folder = shared_profile(tmp_path, "CDI_STAFF")
    with opened(folder, user=HEAD) as office:
        stub = office.record("Reception", STUB).id
        office.correct("Reception", stub, {"handed_to": "县纪委信访室"})
        office.print_form("sealed_handover", stub)
        office.void("Reception", stub, "重复")
        mine = {kind: office.list_page(kind).rows for kind in ("Reception", "Correction", "Print", "Void")}
        assert all(len(rows) == 1 for rows in mine.values())
    with as_colleague(folder) as other:
        for kind, rows in mine.items():
            assert other.list_page(kind).rows == ()
            with pytest.raises(NotFound):
                other.show(kind, rows[0].id)


@pytest.mark.parametrize("change", [{"secrecy": "SEALED"}, {"accused": [{"managed_by": "COUNTY"}]}])
def test_a_matter_found_to_be_the_upper_levels_is_closed_to_colleagues(tmp_path: Path, change: dict[str, Any]) -> None:
    folder = shared_profile(tmp_path, "CDI_STAFF")
    with opened(folder, user=HEAD) as office:
        saved = office.record("Reception", WALK_IN)
        assert saved.case is not None
        office.correct("Reception", saved.id, change)
        assert office.show("Case", saved.case.id)["secrecy"] == "SEALED"
        with pytest.raises(NotAllowed):
            office.show("Reception", saved.id, identity=True, reason="核对")
    with as_colleague(folder) as other:
        assert other.list_page("Case").rows == ()
        assert other.list_page("Reception").rows == ()
        assert other.search("鱼塘") == []


def test_one_person_corrected_to_be_the_upper_levels_closes_the_matter(tmp_path: Path) -> None:
    with opened(make_profile(tmp_path / "town")) as office:
        saved = office.record("Reception", WALK_IN)
        assert saved.case is not None
        person = office.show("Case", saved.case.id)["accused"][0]["id"]
        office.correct("Accused", person, {"managed_by": "CITY"})
        assert office.show("Case", saved.case.id)["secrecy"] == "SEALED"
        assert office.show("Reception", saved.id)["secrecy"] == "SEALED"


def test_what_a_reader_does_not_know_of_is_in_no_number(tmp_path: Path) -> None:
    folder = shared_profile(tmp_path, "CDI_STAFF")
    with opened(folder, user=HEAD) as office:
        office.record("Reception", STUB)
        sealed, about_her, plain = (office.record("Reception", WALK_IN) for _ in range(3))
        office.correct("Reception", sealed.id, {"secrecy": "SEALED"})
        office.correct("Reception", about_her.id, {"accused": [{"name": "李芳"}]})
        assert {kind: office.count(kind) for kind in ("Case", "Reception", "Accused")} == {
            "Case": 3, "Reception": 4, "Accused": 6,
        }  # fmt: skip
    with as_colleague(folder) as other:
        assert {kind: other.count(kind) for kind in ("Case", "Reception", "Accused")} == {
            "Case": 1, "Reception": 1, "Accused": 2,
        }  # fmt: skip
        assert other.count("Case", {"status": "REGISTERED"}) == 1
        assert other.count("Step", {"case": plain.case.id if plain.case else ""}) == 1


def test_a_colleague_who_prints_an_identity_that_day_is_logged_once(tmp_path: Path) -> None:
    folder = shared_profile(tmp_path, "CDI_STAFF")
    with opened(folder, user=HEAD) as office:
        walk_in = office.record("Reception", WALK_IN)
        office.print_form("reception_register", walk_in.id)
        assert office.list_page("AccessEntry").rows == ()
    with as_colleague(folder) as other:
        for _ in range(2):
            other.print_form("reception_register", walk_in.id)
        assert [row.author for row in other.list_page("AccessEntry").rows] == ["李芳"]


def test_protection_is_refused_rather_than_only_said(tmp_path: Path) -> None:
    folder = shared_profile(tmp_path, "TOWN_SEC")
    with as_colleague(folder) as other:
        saved = other.record("Reception", WALK_IN)
        assert saved.case is not None
        with pytest.raises(NotAllowed):
            other.correct("Reception", saved.id, {"secrecy": "PROTECTED"})
        assert other.show("Case", saved.case.id)["secrecy"] == "NORMAL"


def test_an_accusation_by_a_later_step_is_hidden_like_any_other(tmp_path: Path) -> None:
    folder = shared_profile(tmp_path, "TOWN_OFFICE")
    with opened(folder, user=HEAD) as office:
        letter = {"source_channel": "LETTER", "received_at": "2026-11-20", "title": "来信一封"}
        case, other_case = office.record("Case", letter).id, office.record("Case", letter).id
        office.step(case, "CLASSIFY", {"nature": "ACCUSE"})
        office.record("Case", {**letter, "accused": [{"name": "王某", "managed_by": "VILLAGE"}]})
    with as_colleague(folder) as other:
        assert [row.id for row in other.list_page("Case").rows] == [other_case]
        with pytest.raises(NotFound):
            other.show("Case", case)


def test_a_backup_holds_no_draft_that_a_seal_would_have_to_erase(tmp_path: Path) -> None:
    folder, restored = make_profile(tmp_path / "town"), tmp_path / "restored"
    with opened(folder) as office:
        saved = office.record("Reception", WALK_IN)
        office.save_draft("reception", "k1", {"content": "不该留下的话"})
        office.backup(tmp_path / "one.backup")
        assert len(office.drafts()) == 1
    restore_backup(tmp_path / "one.backup", ProfilePaths(restored))
    with opened(restored) as office:
        assert office.drafts() == []
        assert office.show("Reception", saved.id)["number"] == saved.number


def cases_of(folder: Path, user: str) -> list[str]:
    office = open_office(folder, COLLEAGUE, user, clock=Clock())
    try:
        return [row.id for row in office.list_page("Case").rows]
    finally:
        office.close()


def test_who_is_complained_about_is_told_from_a_namesake_and_known_by_any_account(tmp_path: Path) -> None:
    folder = make_profile(tmp_path / "town", role="TOWN_CDI")
    with opened(folder) as office:
        for account in ("李芳", "李芳2"):
            office.add_user(account, "CDI_STAFF", COLLEAGUE)
        elsewhere = {"name": "李芳", "unit_code": "431021001", "managed_by": "VILLAGE"}
        namesake = office.record("Case", {**LETTER, "accused": [elsewhere]}).id
        office.record("Case", {**LETTER, "accused": [{"name": "李芳", "managed_by": "VILLAGE"}]})
    assert cases_of(folder, "李芳") == []
    office = open_office(folder, PASSPHRASE, "张明", clock=Clock())
    desk = office._desk
    staff = Staff(id=new_record_id(), unit=UnitCode("431021001"), created_at=1, name="李芳")
    with desk.work(desk.clock()) as work:
        work.add(staff, staff.id)
    office.close()
    assert cases_of(folder, "李芳") == cases_of(folder, "李芳2") == [namesake]


@pytest.mark.parametrize("written", ["李 芳", "李\u3000芳"])
def test_who_is_complained_about_is_known_however_the_name_is_spaced(tmp_path: Path, written: str) -> None:
    folder = shared_profile(tmp_path, "CDI_STAFF")
    with opened(folder, user=HEAD) as office:
        office.record("Reception", {**WALK_IN, "accused": [{"name": written, "managed_by": "VILLAGE"}]})
    with as_colleague(folder) as other:
        assert other.list_page("Case").rows == ()
        assert other.search("鱼塘") == []


@pytest.mark.parametrize(
    ("accused", "code"),
    [
        ({"name": "张明"}, "record.head_is_sealed"),
        ({"name": "镇纪委书记张明", "managed_by": "TOWN"}, "record.head_is_sealed"),
        ({"name": "某某", "unit_code": "431021"}, "record.county_is_sealed"),
    ],
)
def test_a_matter_about_the_own_head_or_the_countys_own_body_is_only_kept_as_the_stub(
    tmp_path: Path, accused: dict[str, Any], code: str
) -> None:
    folder = shared_profile(tmp_path, "RECEPTION")
    with as_colleague(folder) as clerk:
        for kind, data in (("Reception", WALK_IN), ("Case", LETTER)):
            with pytest.raises(InvalidInput) as found:
                clerk.record(kind, {**data, "nature": "ACCUSE", "accused": [{"name": "王某"}, accused]})
            assert found.value.code == code
            assert str(found.value.values["field"]).startswith("accused.1.")
        assert clerk.count("Case") == clerk.count("Reception") == 0
        claim = clerk.record("Case", {**LETTER, "nature": "CLAIM", "accused": [accused]})
        assert clerk.show("Case", claim.id)["secrecy"] == "NORMAL"
        plain = clerk.record("Reception", WALK_IN)
        assert plain.case is not None
        clerk.correct("Reception", plain.id, {"accused": [{"managed_by": "UNKNOWN", **accused}]})
        assert clerk.show("Case", plain.case.id)["secrecy"] == "SEALED"


def test_a_village_cadre_of_the_heads_name_is_another_person(tmp_path: Path) -> None:
    folder = shared_profile(tmp_path, "RECEPTION")
    with as_colleague(folder) as clerk:
        saved = clerk.record("Case", {**LETTER, "accused": [{"name": "张明", "managed_by": "VILLAGE"}]})
        assert [notice.code for notice in saved.warnings] == ["record.accused_is_head"]
