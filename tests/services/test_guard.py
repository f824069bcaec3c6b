"""Who may open a profile: users and their log, recusal, recovery, keys dropped, backups that make themselves."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop.app import ask_recovery, open_office, recover_office, restore_office
from desktop.errors import WrongPassphrase
from desktop.paths import ProfilePaths
from desktop.security.vault import recovery_slot, vault_users
from desktop.services.office import Office
from sync.domain.errors import Damaged, InvalidInput, NotAllowed, Refused
from sync.protocol import keys as protocol_keys
from tests.house.tree import ROOT
from tests.services.cut_disable import POINTS
from tests.services.guarded import CLERK, HEAD, Custodians, make_guarded
from tests.services.offices import PASSPHRASE, Clock, Keys, make_keys, opened

NEW = "another long passphrase"


@pytest.fixture(scope="module")
def keys() -> Keys:
    return make_keys()


@pytest.fixture
def custodians(tmp_path: Path) -> Custodians:
    return Custodians(tmp_path / "custodians")


@pytest.fixture
def profile(tmp_path: Path, keys: Keys, custodians: Custodians) -> Path:
    return make_guarded(tmp_path / "profile", keys, custodians)


@pytest.fixture
def office(profile: Path) -> Iterator[Office]:
    with opened(profile) as office:
        yield office


def acts(office: Office) -> list[tuple[str, str | None]]:
    rows = [office.show("AccountEntry", row.id) for row in reversed(office.list_page("AccountEntry").rows)]
    return [(row["act"], row.get("subject")) for row in rows]


def matter(**more: object) -> dict[str, object]:
    complainant = {"identity": "REAL", "name": "王秀英", "phone": "13800001111"}
    facts = {"source_channel": "VISIT", "received_at": "2026-11-20T14:05", "nature": "ACCUSE", "title": "截留补贴"}
    return {**facts, "content": "未发放到户", "complainant": complainant, **more}


# Users ---------------------------------------------------------------------------------------------------------------


def test_every_change_of_users_is_logged_for_the_auditor(profile: Path, office: Office) -> None:
    office.add_user(CLERK, "RECEPTION", NEW)
    office.add_user("审计", "AUDITOR", NEW)
    office.change_passphrase(CLERK, NEW + "2")
    office.disable_user(CLERK)
    done = [("ADD", CLERK), ("ADD", "审计"), ("PASSPHRASE", CLERK), ("DISABLE", CLERK)]
    assert [act for act in acts(office) if act[0] != "RECOVERY"] == done
    office.record("Case", matter())
    office.close()
    auditor = open_office(profile, NEW, "审计", Clock())
    assert [act for act in acts(auditor) if act[0] != "RECOVERY"] == done
    assert auditor.list_page("Case").rows == ()
    auditor.close()
    with pytest.raises(InvalidInput):
        open_office(profile, NEW + "2", CLERK)


def test_roles_stay_within_ticket_and_unit(office: Office) -> None:
    for role in ("COUNTY_OFFICE", "NONE"):
        with pytest.raises(InvalidInput):
            office.add_user(CLERK, role, NEW)
    assert acts(office) == [("RECOVERY", None)]
    office.add_user(CLERK, "HANDLER", NEW)
    office.add_user("系统员", "ADMIN", NEW)


def test_a_ticket_for_less_gives_less(tmp_path: Path, keys: Keys) -> None:
    from tests.services.offices import make_profile

    with opened(make_profile(tmp_path / "desk", "RECEPTION", keys)) as desk:
        with pytest.raises(InvalidInput):
            desk.add_user(CLERK, "TOWN_CDI", NEW)
        desk.add_user(CLERK, "VILLAGE_COVER", NEW)


def test_an_unlocked_head_lets_a_colleague_in_again_but_not_the_reverse(profile: Path, office: Office) -> None:
    office.add_user(CLERK, "RECEPTION", PASSPHRASE)
    office.change_passphrase(CLERK, NEW)
    office.close()
    clerk = open_office(profile, NEW, CLERK, Clock())
    with pytest.raises(NotAllowed):
        clerk.change_passphrase(HEAD, NEW)
    with pytest.raises(NotAllowed):
        clerk.disable_user(HEAD)
    with pytest.raises(NotAllowed):
        clerk.add_user("王五", "HANDLER", NEW)
    clerk.change_passphrase(None, NEW + "3")
    clerk.close()


@pytest.mark.parametrize("point", POINTS)
def test_a_power_cut_while_a_user_is_taken_out_loses_nothing(profile: Path, point: str) -> None:
    with opened(profile) as office:
        office.add_user(CLERK, "RECEPTION", NEW)
        saved = [office.record("Case", matter(content="未发放" * 3000)).id for _ in range(20)]
    words = [sys.executable, "-m", "tests.services.cut_disable", str(profile), CLERK, point]
    assert subprocess.run(words, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    paths = ProfilePaths(profile)
    with closing(open_office(profile, PASSPHRASE, HEAD, Clock())) as office:
        assert {row.id for row in office.list_page("Case").rows} == set(saved) and office.verify()["store"] == "ok"
        assert office._desk.unlocked.secrets.previous_data_key is None
        office.back_up_when_due()
    assert [one.user for one in vault_users(paths)] == [HEAD]
    open_office(profile, PASSPHRASE, HEAD, Clock()).close()


# Recusal -------------------------------------------------------------------------------------------------------------


def test_who_is_complained_about_never_sees_the_case_and_that_is_logged(profile: Path, office: Office) -> None:
    office.add_user(CLERK, "CDI_STAFF", NEW)
    saved = office.record("Case", matter(accused=[{"name": CLERK, "managed_by": "VILLAGE"}]))
    other = office.record("Case", matter(title="别的事"))
    office.close()
    for _ in range(2):
        clerk = open_office(profile, NEW, CLERK, Clock())
        assert [row.id for row in clerk.list_page("Case").rows] == [other.id]
        assert clerk.search("截留") == []
        assert saved.id not in {hit.id for hit in clerk.similar("截留补贴未发放到户")}
        with pytest.raises(Refused, match="not_found"):
            clerk.show("Case", saved.id)
        assert [row for row in acts(clerk) if row[0] == "RECUSED"] == []
        clerk.close()
    with closing(open_office(profile, PASSPHRASE, HEAD, Clock())) as head:
        lines = [row for row in acts(head) if row[0] == "RECUSED"]
        assert lines == [("RECUSED", CLERK)]


# Recovery ------------------------------------------------------------------------------------------------------------


def test_two_custodians_lead_back_and_the_word_is_replaced(profile: Path, custodians: Custodians) -> None:
    with opened(profile) as office:
        saved = office.record("Case", matter())
    former = recovery_slot(ProfilePaths(profile))
    asked = ask_recovery(profile, HEAD, NEW)
    answer, word = custodians.answer(asked.file, asked.code)
    with pytest.raises(WrongPassphrase):
        recover_office(profile, HEAD, PASSPHRASE, answer=answer)
    recover_office(profile, HEAD, NEW, answer=answer, clock=Clock()).close()
    with pytest.raises(WrongPassphrase):
        open_office(profile, PASSPHRASE, HEAD)
    office = open_office(profile, NEW, HEAD, Clock())
    assert ("RECOVERED", HEAD) in acts(office)
    assert office.show("Case", saved.id, identity=True, reason="核对")["complainant"]["name"] == "王秀英"
    office.close()
    fresh = recovery_slot(ProfilePaths(profile))
    assert former is not None and fresh is not None and former.id != fresh.id
    with pytest.raises(WrongPassphrase):
        recover_office(profile, HEAD, NEW, word=word)
    with pytest.raises(Refused, match="not_asked"):
        recover_office(profile, HEAD, NEW, answer=answer)


def test_the_word_can_be_read_over_the_telephone(profile: Path, custodians: Custodians) -> None:
    asked = ask_recovery(profile, HEAD, NEW)
    _, word = custodians.answer(asked.file, asked.code, 2, 3)
    with pytest.raises(InvalidInput, match="mistyped"):
        recover_office(profile, HEAD, NEW, word=word[:-1] + ("A" if word[-1] != "A" else "B"))
    recover_office(profile, HEAD, NEW, word=word.lower().replace("0", "o"), clock=Clock()).close()
    open_office(profile, NEW, HEAD, Clock()).close()


def test_one_custodian_alone_or_in_the_wrong_order_opens_nothing(profile: Path, custodians: Custodians) -> None:
    asked = ask_recovery(profile, HEAD, NEW)
    for first, second in ((3, 1), (1, 1)):
        with pytest.raises(Refused):
            custodians.answer(asked.file, asked.code, first, second)
    with pytest.raises(Refused, match="code_differs"):
        custodians.answer(asked.file, "0000", 1, 2)
    with pytest.raises(Damaged):
        custodians.answer(asked.file[:-3] + b"xyz", asked.code, 2, 3)


def test_the_recovery_slot_is_told_once_and_again_after_a_user_left(profile: Path) -> None:
    for _ in range(2):
        with opened(profile) as office:
            assert [act for act, _ in acts(office)] == ["RECOVERY"]
    with opened(profile) as office:
        office.add_user(CLERK, "RECEPTION", NEW)
        office.disable_user(CLERK)
    with opened(profile) as office:
        assert [act for act, _ in acts(office)].count("RECOVERY") == 2


# Keys ----------------------------------------------------------------------------------------------------------------


def test_a_lock_drops_every_key(office: Office) -> None:
    office.record("Case", matter())
    office.close()
    desk = office._desk
    secrets = desk.unlocked.secrets
    assert (secrets.data_key, secrets.unit_identity) == (b"", None)
    assert (desk.store.facts.exchange_private, desk.store.facts.signing_private) == (b"", b"")
    assert protocol_keys._private_key.cache_info().currsize == 0 == protocol_keys.exchange_public.cache_info().currsize
    assert "identities" not in vars(desk)


# Devices -------------------------------------------------------------------------------------------------------------


def test_a_second_device_gets_the_unit_s_key_from_a_person(tmp_path: Path, keys: Keys, custodians: Custodians) -> None:
    first = make_guarded(tmp_path / "first", keys, custodians)
    second = make_guarded(tmp_path / "second", keys, custodians, device="1" * 32, first=False)
    with opened(second) as asking, opened(first) as giving:
        asking.add_user(CLERK, "RECEPTION", NEW)
        asked = asking.ask_unit_key()
        with pytest.raises(NotAllowed, match="code_differs"):
            giving.give_unit_key(asked.file, "1234")
        given = giving.give_unit_key(asked.file, asked.code)
        assert given.device == "1" * 32 and ("KEY_GIVEN", HEAD) in acts(giving)
        with pytest.raises(Damaged):
            asking.take_unit_key(given.file[:-1] + bytes((given.file[-1] ^ 1,)))
        asking.take_unit_key(given.file)
        with pytest.raises(Refused, match="here_already"):
            asking.take_unit_key(given.file)
    clerk = open_office(second, NEW, CLERK, Clock())
    assert clerk._desk.unlocked.secrets.unit_identity == keys.unit_identity
    clerk.close()


# Backups -------------------------------------------------------------------------------------------------------------


def test_a_backup_is_made_each_day_and_the_oldest_go(profile: Path) -> None:
    folder, clock = ProfilePaths(profile).backups, Clock()
    with opened(profile, clock) as office:
        assert office.back_up_when_due() and not office.back_up_when_due()
        for _ in range(6):
            clock.now += 25 * 3600 * 1000
            assert office.back_up_when_due()
        assert len(list(folder.iterdir())) == 5
        office.add_user(CLERK, "RECEPTION", NEW)
        office.disable_user(CLERK)
        assert office.back_up_when_due()
        assert len(list(folder.iterdir())) == 1


def test_backups_of_a_clock_that_was_ahead_go_first(profile: Path) -> None:
    folder, clock = ProfilePaths(profile).backups, Clock()
    with opened(profile, clock) as office:
        for _ in range(4):
            assert office.back_up_when_due()
            clock.now += 25 * 3600 * 1000
        ahead = set(folder.iterdir())
        for path in ahead:
            os.utime(path, (4_000_000_000, 4_000_000_000))
        for _ in range(4):
            assert office.back_up_when_due()
            clock.now += 25 * 3600 * 1000
    kept = set(folder.iterdir())
    assert len(kept) == 5 and len(kept - ahead) == 4


def test_a_backup_made_by_itself_leads_back(profile: Path, tmp_path: Path) -> None:
    with opened(profile) as office:
        saved = office.record("Case", matter())
        office.back_up_when_due()
    (source,) = ProfilePaths(profile).backups.iterdir()
    restored = restore_office(tmp_path / "restored", source, PASSPHRASE, clock=Clock())
    assert restored.show("Case", saved.id)["title"] == "截留补贴"
    restored.close()
