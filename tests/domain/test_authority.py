"""Who may make which change."""

from dataclasses import replace
from typing import Any

from sync.domain.authority import Author, Proposal, judge
from sync.domain.ids import UnitCode
from tests.domain.trails import CASE, COUNTY, OTHER, TOWN

CLERK = Author(TOWN, COUNTY, "RECEPTION", frozenset({"RECEPTION"}))
OFFICE = Author(COUNTY, COUNTY, "COUNTY_OFFICE", frozenset({"COUNTY_OFFICE"}))
NEW_CASE = Proposal("Case", CASE, CASE, True, {"unit": TOWN})


def nobody(_: str) -> frozenset[UnitCode] | None:
    return None


def town_and_county(_: str) -> frozenset[UnitCode] | None:
    return frozenset({TOWN, COUNTY})


def proposal(kind: str, creates: bool = True, dossier: str = CASE, **fields: Any) -> Proposal:
    return Proposal(kind, "a" * 32, dossier, creates, fields)


def test_a_town_registers_its_own_case_with_all_that_hangs_on_it() -> None:
    step = proposal("Step", unit=TOWN, case=CASE, step="REGISTER")
    assert judge(CLERK, [NEW_CASE, step], nobody) is None


def test_a_child_without_its_head_is_held_against_it() -> None:
    accused = proposal("Accused", unit=TOWN, case=CASE)
    assert judge(CLERK, [accused], nobody) == "authority.unknown_dossier"
    assert judge(CLERK, [accused], town_and_county) is None


def test_nobody_writes_in_another_units_name() -> None:
    assert judge(CLERK, [proposal("Case", dossier="a" * 32, unit=OTHER)], nobody) == "authority.other_unit"


def test_nobody_touches_what_he_may_not_see() -> None:
    stranger = Author(OTHER, COUNTY, "RECEPTION", frozenset({"RECEPTION"}))
    assert judge(stranger, [Proposal("Case", CASE, CASE, False, {"title": "…"})], town_and_county) == (
        "authority.out_of_sight"
    )
    step = proposal("Step", unit=OTHER, case=CASE, step="RECEIVE")
    assert judge(stranger, [step], town_and_county) == "authority.out_of_sight"


def test_directory_and_conflicts_are_the_countys() -> None:
    unit = proposal("OrgUnit", dossier="a" * 32, unit=TOWN, code="x", name="x")
    assert judge(CLERK, [unit], nobody) == "authority.county_only"
    assert judge(OFFICE, [Proposal("OrgUnit", "b" * 32, "b" * 32, True, {"unit": COUNTY})], nobody) is None
    assert judge(CLERK, [proposal("Conflict", False, field="title")], town_and_county) == "authority.county_only"


def test_a_unit_settles_its_own_conflicts_and_no_others() -> None:
    def settle(**held: object) -> Proposal:
        return replace(proposal("Conflict", False, settled=True), fields={"settled": True}, held=held)

    own = settle(unit=TOWN, target_kind="Case", field="title")
    assert judge(CLERK, [own], town_and_county) is None
    countys = settle(unit=TOWN, target_kind="Case", field="scope")
    assert judge(CLERK, [countys], town_and_county) == "authority.county_settles"
    assert judge(OFFICE, [countys], town_and_county) is None
    foreign = settle(unit=COUNTY, target_kind="Case", field="title")
    assert judge(CLERK, [foreign], town_and_county) == "authority.other_unit"


def test_what_is_written_once_stays() -> None:
    changed = Proposal("Case", CASE, CASE, False, {"number": "1"})
    assert judge(CLERK, [changed], town_and_county) == "authority.append_only"


def test_a_holder_changes_of_anothers_case_what_the_handling_brings() -> None:
    def edit(of: UnitCode, **fields: str) -> Proposal:
        return replace(proposal("Case", False, **fields), id=CASE, of_unit=of)

    assert judge(CLERK, [edit(OTHER, reply="已答复", remark="…")], town_and_county) is None
    assert judge(CLERK, [edit(OTHER, title="改写")], town_and_county) == "authority.not_own"
    assert judge(CLERK, [edit(OTHER, secrecy="NORMAL")], town_and_county) == "authority.not_own"
    assert judge(CLERK, [edit(TOWN, title="更正")], town_and_county) is None
    assert judge(OFFICE, [edit(OTHER, secrecy="NORMAL")], town_and_county) is None


def test_nobody_but_the_county_voids_or_replaces_what_another_unit_wrote() -> None:
    void = replace(proposal("Void", unit=TOWN, target_kind="Case", target=CASE), of_unit=OTHER)
    assert judge(CLERK, [void], town_and_county) == "authority.not_own"
    assert judge(CLERK, [replace(void, of_unit=TOWN)], town_and_county) is None
    identity = replace(proposal("Complainant", False, cipher=b"x"), of_unit=OTHER)
    assert judge(CLERK, [identity], town_and_county) == "authority.not_own"


def test_a_role_must_be_given_and_do_casework() -> None:
    assert judge(Author(TOWN, COUNTY, "TOWN_CDI", frozenset({"RECEPTION"})), [NEW_CASE], nobody) == "authority.role"
    admin = Author(TOWN, COUNTY, "ADMIN", frozenset({"ADMIN"}))
    assert judge(admin, [NEW_CASE], nobody) == "authority.no_casework"
    gone = Author(TOWN, COUNTY, "RECEPTION", frozenset({"RECEPTION"}), active=False)
    assert judge(gone, [NEW_CASE], nobody) == "authority.inactive_unit"


def test_a_child_names_the_dossier_it_lies_in() -> None:
    stray = proposal("Accused", unit=TOWN, case="d" * 32)
    assert judge(CLERK, [stray], town_and_county) == "authority.wrong_dossier"
    stub = Proposal("Reception", CASE, CASE, True, {"unit": TOWN, "secrecy": "SEALED"})
    assert judge(CLERK, [stub], nobody) is None


def test_a_kind_of_a_newer_version_is_judged_by_sight_alone() -> None:
    assert judge(CLERK, [proposal("Hologram", unit=TOWN)], town_and_county) is None
    assert judge(CLERK, [proposal("Hologram", unit=TOWN)], nobody) == "authority.unknown_dossier"


def test_nothing_stands_under_the_id_of_the_head_it_hangs_on() -> None:
    """Search knows records by id: such a twin would take the place of the case there."""
    for kind, names in {"Interview": "case", "Accused": "case", "Attachment": "about", "Correction": "target"}.items():
        twin = Proposal(kind, CASE, CASE, True, {"unit": TOWN, names: CASE, "target_kind": "Case"})
        assert judge(CLERK, [twin], town_and_county) == "authority.wrong_dossier"
    sealed = Proposal("Reception", CASE, CASE, True, {"unit": TOWN})
    assert judge(CLERK, [sealed], nobody) is None


def test_a_unit_that_only_helps_writes_nothing_into_the_case() -> None:
    edit = replace(proposal("Case", False, reply="已答复"), id=CASE, of_unit=OTHER, only_helps=True)
    assert judge(CLERK, [edit], town_and_county) == "authority.only_helps"
    assert judge(CLERK, [replace(edit, only_helps=False)], town_and_county) is None
    assert judge(CLERK, [replace(edit, of_unit=TOWN)], town_and_county) is None
    assert judge(OFFICE, [edit], town_and_county) is None
