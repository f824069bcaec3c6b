"""The vault: slots, its three errors, and what survives a crash."""

import json
from pathlib import Path

import pytest

from desktop.errors import DamagedStore, NewerVersion, NotEnrolled, WrongPassphrase
from desktop.paths import ProfilePaths
from desktop.security.passphrase import open_with_passphrase, seal_with_passphrase
from desktop.security.vault import (
    Unlocked,
    VaultSecrets,
    add_user,
    change_passphrase,
    create_vault,
    fresh_data_key,
    open_vault,
    remove_user,
    settle_data_key,
    vault_users,
)
from sync.domain.errors import InvalidInput, NotAllowed, Refused

PASSPHRASE = "走访接访 2026"


@pytest.fixture
def secrets() -> VaultSecrets:
    return VaultSecrets(fresh_data_key(), b"u" * 96)


@pytest.fixture
def paths(tmp_path: Path, secrets: VaultSecrets) -> ProfilePaths:
    found = ProfilePaths(tmp_path / "profile")
    create_vault(found, "张明", "TOWN_CDI", PASSPHRASE, secrets, iterations=1)
    return found


def _sign_in(paths: ProfilePaths) -> Unlocked:
    return open_vault(paths, "张明", PASSPHRASE)


def test_opens_with_the_passphrase_in_any_normal_form(tmp_path: Path, secrets: VaultSecrets) -> None:
    paths = ProfilePaths(tmp_path)
    create_vault(paths, "é", "TOWN_CDI", "café-lon\u0067", secrets, iterations=1)
    assert open_vault(paths, None, "cafe\u0301-long") == Unlocked("é", "TOWN_CDI", secrets)


def test_wrong_passphrase_newer_version_and_damage_are_told_apart(paths: ProfilePaths) -> None:
    with pytest.raises(WrongPassphrase):
        open_vault(paths, None, PASSPHRASE + "x")
    good = paths.vault.read_text(encoding="utf-8")
    body = json.loads(good)
    paths.vault.write_text(json.dumps({**body, "version": 2}), encoding="utf-8")
    with pytest.raises(NewerVersion):
        _sign_in(paths)
    for bad in (
        good[:-20],
        good.replace("TOWN_CDI", "TOWN_SEC"),
        "[]",
        good.replace('"iterations": 1', '"iterations": 9'),
    ):
        paths.vault.write_text(bad, encoding="utf-8")
        with pytest.raises(DamagedStore):
            _sign_in(paths)


def test_missing_vault_and_second_vault_are_refused(paths: ProfilePaths, tmp_path: Path, secrets: VaultSecrets) -> None:
    with pytest.raises(NotEnrolled):
        open_vault(ProfilePaths(tmp_path / "none"), None, PASSPHRASE)
    with pytest.raises(Refused):
        create_vault(paths, "李芳", "ADMIN", PASSPHRASE, secrets, iterations=1)


def test_a_role_without_identities_gets_no_identity_key(paths: ProfilePaths, secrets: VaultSecrets) -> None:
    add_user(paths, _sign_in(paths), "系统员", "ADMIN", "another passphrase", iterations=1)
    admin = open_vault(paths, "系统员", "another passphrase")
    assert admin.secrets == VaultSecrets(secrets.data_key)
    with pytest.raises(NotAllowed):
        add_user(paths, admin, "李芳", "RECEPTION", "third passphrase", iterations=1)
    assert [user.role for user in vault_users(paths)] == ["TOWN_CDI", "ADMIN"]


def test_users_must_be_named_and_known(paths: ProfilePaths) -> None:
    add_user(paths, _sign_in(paths), "李芳", "RECEPTION", "another passphrase", iterations=1)
    for user in (None, "王五"):
        with pytest.raises(InvalidInput):
            open_vault(paths, user, PASSPHRASE)
    with pytest.raises(InvalidInput):
        add_user(paths, _sign_in(paths), "李芳", "RECEPTION", "another passphrase", iterations=1)
    with pytest.raises(InvalidInput):
        add_user(paths, _sign_in(paths), "王五", "RECEPTION", "abc", iterations=1)


def test_change_of_passphrase(paths: ProfilePaths, secrets: VaultSecrets) -> None:
    change_passphrase(paths, _sign_in(paths), "张明", "quite another one", iterations=1)
    with pytest.raises(WrongPassphrase):
        _sign_in(paths)
    assert open_vault(paths, None, "quite another one").secrets == secrets


def test_no_file_beside_the_vault_opens_with_a_passphrase_given_up(paths: ProfilePaths, secrets: VaultSecrets) -> None:
    """Whoever overheard it and holds the disk opens nothing with it; a predecessor is there all the same."""
    change_passphrase(paths, _sign_in(paths), "张明", "quite another one", iterations=1)
    kept = [path for path in paths.folder.iterdir() if path.name != "vault.json"]
    assert [path.name for path in kept] == ["vault.json.previous"]
    kept[0].replace(paths.vault)
    with pytest.raises(WrongPassphrase):
        _sign_in(paths)
    assert open_vault(paths, None, "quite another one").secrets == secrets


def test_removing_a_user_changes_the_data_key_for_all_others(paths: ProfilePaths, secrets: VaultSecrets) -> None:
    add_user(paths, _sign_in(paths), "李芳", "RECEPTION", "another passphrase", iterations=1)
    add_user(paths, _sign_in(paths), "王五", "ADMIN", "third passphrase", iterations=1)
    changed = remove_user(paths, _sign_in(paths), "王五")
    between = open_vault(paths, "李芳", "another passphrase").secrets
    assert (between.data_key, between.previous_data_key) == (changed.data_key, secrets.data_key)
    settle_data_key(paths, changed)
    after = open_vault(paths, "李芳", "another passphrase").secrets
    assert after == VaultSecrets(changed.data_key, secrets.unit_identity)
    assert secrets.data_key != after.data_key
    with pytest.raises(NotAllowed):
        remove_user(paths, _sign_in(paths), "张明")


def test_the_predecessor_is_kept_and_nothing_else_is_left(paths: ProfilePaths) -> None:
    before = paths.vault.read_bytes()
    add_user(paths, _sign_in(paths), "李芳", "RECEPTION", "another passphrase", iterations=1)
    assert (paths.folder / "vault.json.previous").read_bytes() == before
    assert sorted(path.name for path in paths.folder.iterdir()) == ["vault.json", "vault.json.previous"]


def test_no_secret_stands_in_the_vault(paths: ProfilePaths, secrets: VaultSecrets) -> None:
    data = paths.vault.read_bytes()
    assert secrets.data_key not in data and secrets.data_key.hex().encode() not in data
    assert b"u" * 20 not in data


def test_a_file_sealed_with_a_passphrase() -> None:
    sealed = seal_with_passphrase(b"pending", PASSPHRASE, "enrolment", iterations=1)
    assert open_with_passphrase(sealed, PASSPHRASE, "enrolment") == b"pending"
    with pytest.raises(WrongPassphrase):
        open_with_passphrase(sealed, PASSPHRASE, "something else")
    with pytest.raises(DamagedStore):
        open_with_passphrase(sealed[:30], PASSPHRASE, "enrolment")
