"""Users and backups of the profile. Whoever enrolled the profile, and heads of the unit, add and disable colleagues."""

from pathlib import Path
from typing import Any

from desktop.security import vault
from desktop.services.desk import Desk
from desktop.services.permissions import require_user_power
from desktop.services.shapes import UserRow
from desktop.storage.backup import make_backup
from desktop.storage.verify import verify as verify_store
from sync.domain.errors import InvalidInput
from sync.domain.vocabularies import VOCABULARIES
from sync.shipped.rules import load_rulebook

_COUNTY = "COUNTY"
_FOR_ALL = frozenset({"AUDITOR", "ADMIN"})


def users(desk: Desk) -> list[UserRow]:
    """Everyone who can open this profile."""
    return [UserRow(one.user, one.role) for one in vault.vault_users(desk.paths)]


def add_user(desk: Desk, name: str, role: str, passphrase: str) -> None:
    """Give a colleague a slot of his own. The role must fit the unit: a proposal bounded by the unit's kind."""
    _require_power(desk)
    _check_role(role, desk.store.facts.unit_kind)
    vault.add_user(desk.paths, desk.unlocked, name, role, passphrase)


def disable_user(desk: Desk, name: str) -> None:
    """Take a colleague's slot away and encrypt the store under a new key."""
    _require_power(desk)
    secrets = vault.remove_user(desk.paths, desk.unlocked, name)
    desk.store.rekey(secrets.data_key)
    desk.unlocked = vault.Unlocked(desk.user, desk.unlocked.role, vault.settle_data_key(desk.paths, secrets))


def change_passphrase(desk: Desk, name: str | None, passphrase: str) -> None:
    """One's own passphrase, or a colleague's slot made anew by one who may manage users."""
    if name is not None and name != desk.user:
        _require_power(desk)
    vault.change_passphrase(desk.paths, desk.unlocked, name or desk.user, passphrase)


def backup(desk: Desk, target: Path) -> int:
    """A checked copy of vault and store in one file, both still encrypted; its size in bytes."""
    make_backup(desk.store.database, desk.paths, desk.unlocked.secrets.data_key, target, desk.clock())
    return target.stat().st_size


def verify(desk: Desk) -> dict[str, Any]:
    """Digest and counts recomputed from the rows, and what is wrong with the store (verbs page, ``verify``)."""
    return verify_store(desk.store.database, desk.store.facts, load_rulebook().version)


def _require_power(desk: Desk) -> None:
    first = vault.vault_users(desk.paths)[0]
    if first.user != desk.user:
        require_user_power(desk.reader)


def _check_role(role: str, unit_kind: str) -> None:
    known = VOCABULARIES["role"].codes
    of_county = unit_kind == _COUNTY
    fitting = [one for one in known if one in _FOR_ALL or one.startswith("COUNTY_") == of_county]
    if role not in fitting:
        raise InvalidInput("record.unknown_code", field="role", codes=", ".join(fitting))
