"""Handlers, leaders of packages and deciders see the cases in their name, and no others."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from desktop.app import open_office
from desktop.errors import NotFound
from desktop.services.office import Office
from sync.domain.ids import new_record_id
from sync.domain.records import Case, Step
from tests.services.guarded import HEAD, Custodians, make_guarded
from tests.services.offices import COUNTY, PASSPHRASE, TOWN, Clock, make_keys, opened

HANDLER, LEADER, SECRETARY, CLERK = "李芳", "赵镇长", "钱书记", "吴接访"
PASSPHRASES = {HEAD: PASSPHRASE, **dict.fromkeys((HANDLER, LEADER, SECRETARY, CLERK), "another long passphrase")}


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("assigned")
    made = make_guarded(folder / "profile", make_keys(), Custodians(folder / "custodians"))
    with opened(made) as office:
        for name, role in ((HANDLER, "HANDLER"), (LEADER, "PACKAGE_LEADER"), (SECRETARY, "TOWN_SEC"),
                           (CLERK, "RECEPTION")):  # fmt: skip
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


def handed(office: Office, title: str) -> str:
    """An accusation the county registered and handed to the town, as an exchange brings it."""
    desk = office._desk
    now = desk.clock()
    common: dict[str, Any] = {"unit": COUNTY, "author": "何主任"}
    case = Case(
        id=new_record_id(), source_channel="LETTER", received_at=now, replied_at=now, nature="ACCUSE", title=title,
        content="水渠款去向不明", created_at=now, **common,
    )  # fmt: skip
    with desk.work(now) as work:
        work.add(case)
        for at, code, receiver in ((now, "REGISTER", None), (now + 1, "FORWARD", TOWN)):
            step = Step(id=new_record_id(), case=case.id, step=code, at=at, created_at=at, to_unit=receiver, **common)
            work.add(step)
    return case.id


def test_a_reception_clerk_sees_what_the_own_desk_took_in_and_not_what_the_county_handed_down(profile: Path) -> None:
    with signed_in(profile, HEAD) as head:
        own = matter(head, "本镇登记")
        before = head.report("answer-delay")["total"]
    with signed_in(profile, CLERK) as clerk:
        own_desk = clerk.report("answer-delay")["total"]
    with signed_in(profile, HEAD) as head:
        down, for_clerk = handed(head, "县里转来"), handed(head, "县里转来由接访员承办")
        assert {own, down, for_clerk} <= {row.id for row in head.list_page("Case").rows}
        assert head.report("answer-delay")["total"] == before + 2
    with signed_in(profile, CLERK) as clerk:
        assert "本镇登记" in seen(clerk) and not {"县里转来", "县里转来由接访员承办"} & seen(clerk)
        assert clerk.count("Case") == len(clerk.list_page("Case").rows)
        assert clerk.report("answer-delay")["total"] == own_desk
        assert {line["id"] for line in clerk.show("Case", own)["trail"]} <= {
            row.id for row in clerk.list_page("Step").rows
        }
        for act in (lambda: clerk.show("Case", down), lambda: clerk.steps(down)):
            with pytest.raises(NotFound):
                act()
    with signed_in(profile, HEAD) as head:
        head.step(for_clerk, "RECEIVE", {"to_person": CLERK})
    with signed_in(profile, CLERK) as clerk:
        assert "县里转来由接访员承办" in seen(clerk) and "县里转来" not in seen(clerk)
