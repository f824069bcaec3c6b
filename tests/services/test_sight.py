"""What a petition office and a leader of the county see: claims and what is out of scope; what waits for a decision."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.app import open_office
from desktop.errors import NotFound
from desktop.paths import ProfilePaths
from desktop.security.slots import VaultSecrets
from desktop.security.vault import create_vault, fresh_data_key
from desktop.services.office import Office
from desktop.storage.store import Store
from sync.domain.ids import UnitCode
from tests.services.offices import COUNTY, PASSPHRASE, TOWN, Clock, facts_of, make_keys

OTHERS = "another long passphrase"
CHIEF = "张明"


def profile_of(folder: Path, unit: UnitCode, kind: str, chief: str, others: dict[str, str]) -> Path:
    """A profile of a unit with its chief and these users by their roles."""
    keys, paths, data_key = make_keys(), ProfilePaths(folder), fresh_data_key()
    facts = replace(facts_of(keys, unit, kind), roles=(chief, *others.values()))
    Store.create(paths, data_key, facts).close()
    create_vault(paths, CHIEF, chief, PASSPHRASE, VaultSecrets(data_key, keys.unit_identity), iterations=1)
    with signed_in(folder, CHIEF) as office:
        for name, role in others.items():
            office.add_user(name, role, OTHERS)
    return folder


@contextmanager
def signed_in(profile: Path, user: str) -> Iterator[Office]:
    office = open_office(profile, PASSPHRASE if user == CHIEF else OTHERS, user, clock=Clock())
    try:
        yield office
    finally:
        office.close()


def letter(office: Office, title: str, nature: str | None, **more: object) -> str:
    facts = {"source_channel": "LETTER", "received_at": "2026-11-20T14:05", "nature": nature, "title": title}
    replied = {"reply": "已答复", "replied_at": "2026-11-22T09:00"}
    return office.record("Case", {**facts, "content": "水渠失修", **replied, **more}).id


def seen(office: Office) -> set[str]:
    """Titles in the list; each of which opens, is found, and is there with its steps."""
    rows = office.list_page("Case", limit=1000).rows
    for row in rows:
        assert office.show("Case", row.id)["id"] == row.id and office.steps(row.id)
    assert {hit.id for hit in office.search("水渠")} == {row.id for row in rows}
    trails = {line["id"] for row in rows for line in office.show("Case", row.id)["trail"]}
    assert trails <= {row.id for row in office.list_page("Step", limit=1000).rows}
    return {row.title for row in rows}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sight") / "town"
    return profile_of(folder, TOWN, "TOWN", "TOWN_CDI", {"李芳": "TOWN_OFFICE", "钱书记": "TOWN_SEC"})


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sight") / "county"
    return profile_of(folder, COUNTY, "COUNTY", "COUNTY_HEAD", {"赵书记": "COUNTY_LEADER"})


def test_a_petition_office_sees_no_appeal_against_a_sanction(town: Path) -> None:
    with signed_in(town, CHIEF) as chief:
        for title, nature in (("求决", "CLAIM"), ("建议", "ADVICE"), ("检举", "ACCUSE"), ("未分类", None)):
            letter(chief, title, nature)
        appeal = letter(chief, "处分申诉", "APPEAL")
        letter(chief, "判决申诉", "APPEAL", scope="OUT")
        later = letter(chief, "后分为业务外", "APPEAL")
        chief.step(later, "CLASSIFY", {"scope": "OUT"})
        turned = letter(chief, "后分为申诉", "CLAIM")
        chief.step(turned, "CLASSIFY", {"nature": "APPEAL"})
        back = letter(chief, "后分为求决", "APPEAL")
        chief.step(back, "CLASSIFY", {"nature": "CLAIM"})
    with signed_in(town, "李芳") as clerk:
        assert seen(clerk) == {"求决", "建议", "未分类", "判决申诉", "后分为业务外", "后分为求决"}
        assert clerk.report("answer-delay")["total"] == 6
        for hidden in (appeal, turned):
            for act in (clerk.show, lambda _, case: clerk.steps(case), lambda _, case: clerk.step(case, "START", {})):
                with pytest.raises(NotFound):
                    act("Case", hidden)
        own = letter(clerk, "本人登记的申诉", "APPEAL")
        assert clerk.show("Case", own)["nature"] == "APPEAL"


def test_a_leader_of_the_county_sees_what_waits_for_a_decision_and_of_the_rest_figures(county: Path) -> None:
    with signed_in(county, CHIEF) as chief:
        letter(chief, "别的", "CLAIM")
        submitted, named, other = (letter(chief, title, "ACCUSE") for title in ("呈阅", "呈赵书记", "呈他人"))
        for case, person in ((submitted, None), (named, "赵书记"), (other, "钱副书记")):
            chief.step(case, "SUBMIT", {"to_person": person} if person else {})
        longer = letter(chief, "延期", "CLAIM")
        chief.step(longer, "START", {})
        chief.step(longer, "EXTEND", {"days": 10, "reason": "需鉴定"})
        letter(chief, "告本人", "CLAIM", accused=[{"name": "赵书记", "managed_by": "TOWN"}])
        total = chief.report("answer-delay")["total"]
    with signed_in(county, "赵书记") as leader:
        assert seen(leader) == {"呈阅", "呈赵书记", "延期"}
        today = leader.today()
        assert {row.title for row in (*today.overdue, *today.due_today, *today.due_soon)} <= {
            "呈阅",
            "呈赵书记",
            "延期",
        }
        with pytest.raises(NotFound):
            leader.show("Case", other)
        assert leader.report("answer-delay")["total"] == total - 1, "what is about himself is in no figure of his"
        leader.step(longer, "EXTEND_DECIDE", {"approved": True, "told": "已告知"})
        leader.step(submitted, "APPROVE", {"approved": True})
        assert seen(leader) == {"呈赵书记"}


def test_the_secretary_of_a_town_reads_figures_over_all_of_its_matters(town: Path) -> None:
    with signed_in(town, CHIEF) as chief:
        letter(chief, "计入数字", "ACCUSE")
        total = chief.report("answer-delay")["total"]
    with signed_in(town, "钱书记") as secretary:
        assert (seen(secretary), secretary.report("answer-delay")["total"]) == (set(), total)
