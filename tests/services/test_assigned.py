"""Handlers, leaders of packages and deciders see the cases in their name, and no others."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop.app import open_office
from desktop.errors import NotFound
from desktop.services.office import Office
from tests.services.guarded import HEAD, Custodians, make_guarded
from tests.services.offices import PASSPHRASE, Clock, make_keys, opened

HANDLER, LEADER, SECRETARY = "李芳", "赵镇长", "钱书记"
PASSPHRASES = {HEAD: PASSPHRASE, **dict.fromkeys((HANDLER, LEADER, SECRETARY), "another long passphrase")}


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("assigned")
    made = make_guarded(folder / "profile", make_keys(), Custodians(folder / "custodians"))
    with opened(made) as office:
        for name, role in ((HANDLER, "HANDLER"), (LEADER, "PACKAGE_LEADER"), (SECRETARY, "TOWN_SEC")):
            office.add_user(name, role, PASSPHRASES[name])
    return made


@contextmanager
def signed_in(profile: Path, user: str) -> Iterator[Office]:
    office = open_office(profile, PASSPHRASES[user], user, clock=Clock())
    try:
        yield office
    finally:
        office.close()


def matter(office: Office, title: str, **more: object) -> str:
    facts = {"source_channel": "LETTER", "received_at": "2026-11-20T14:05", "nature": "CLAIM", "title": title}
    person = {"identity": "REAL", "name": "王秀英", "address": "仁义镇"}
    return office.record("Case", {**facts, "content": "水渠失修", "complainant": person, **more}).id


def seen(office: Office) -> set[str]:
    """Titles in the list, each of which must open and be found too."""
    rows = office.list_page("Case").rows
    for row in rows:
        assert office.show("Case", row.id)["id"] == row.id
    assert {hit.id for hit in office.search("水渠")} == {row.id for row in rows}
    return {row.title for row in rows}


def test_each_sees_what_is_in_his_name_and_no_more(profile: Path) -> None:
    with signed_in(profile, HEAD) as head:
        handled, led, put, other = (matter(head, title) for title in ("经办", "包案", "呈阅", "别人的"))
        head.step(handled, "START", {"to_person": "李 芳"})
        head.step(led, "PACKAGE", {"to_person": LEADER})
        head.step(put, "SUBMIT", {"to_person": SECRETARY})
    with signed_in(profile, HANDLER) as handler:
        assert seen(handler) == {"经办"}
        assert [row.number for row in handler.list_page("Case", filters={"author": HEAD}).rows]
        assert handler.list_page("Case", filters={"author": HANDLER}).rows == ()
        today = handler.today()
        assert {row.title for row in (*today.overdue, *today.due_today, *today.due_soon)} <= {"经办"}
        assert {row.id for row in handler.list_page("Step").rows} == {
            line["id"] for line in handler.show("Case", handled)["trail"]
        }
        assert next(offer for offer in handler.steps(handled) if offer.step == "RESULT").allowed
        own = matter(handler, "自己登记")
        assert seen(handler) == {"经办", "自己登记"}
        handler.step(handled, "RESULT", {"result": "TRUE"})
        for hidden in (led, put, other):
            with pytest.raises(NotFound):
                handler.show("Case", hidden)
    with signed_in(profile, LEADER) as leader:
        assert seen(leader) == {"包案"}
    with signed_in(profile, SECRETARY) as secretary:
        assert seen(secretary) == {"呈阅"}
        secretary.step(put, "APPROVE", {"approved": True})
        assert seen(secretary) == set()
    with signed_in(profile, HEAD) as head:
        assert seen(head) >= {"经办", "包案", "呈阅", "别人的", "自己登记"}
        assert own in {row.id for row in head.list_page("Case").rows}


def test_who_is_complained_about_does_not_see_it_even_in_his_name(profile: Path) -> None:
    with signed_in(profile, HEAD) as head:
        case = matter(head, "告本人", nature="ACCUSE", accused=[{"name": "某某", "managed_by": "TOWN"}])
        head.step(case, "PACKAGE", {"to_person": LEADER})
        (accused,) = head.show("Case", case)["accused"]
        head.correct("Accused", accused["id"], {"name": f"{LEADER[:1]}镇长({LEADER})"})
    with signed_in(profile, LEADER) as leader:
        assert case not in {row.id for row in leader.list_page("Case").rows}
        with pytest.raises(NotFound):
            leader.show("Case", case)


def test_what_is_given_to_another_is_gone(profile: Path) -> None:
    with signed_in(profile, HEAD) as head:
        case = matter(head, "换人")
        head.step(case, "PACKAGE", {"to_person": LEADER})
        head.step(case, "PACKAGE", {"to_person": "孙副书记"})
    with signed_in(profile, LEADER) as leader:
        assert case not in {row.id for row in leader.list_page("Case").rows}
