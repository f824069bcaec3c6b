"""``vault.json``: who may open this profile. A slot a user; no secret stands in it in clear.

Three troubles are told apart: a wrong passphrase (``vault.wrong_passphrase``), a newer program's vault
(``vault.newer``), and damage (``vault.damaged``; the predecessor lies beside it).
"""

import json
import secrets as random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from desktop.paths import ProfilePaths
from desktop.security.files import write_keeping_predecessor
from desktop.security.passphrase import check_new_passphrase
from desktop.security.recovery import RecoverySlot, recovery_from_json, recovery_to_json
from desktop.security.slots import (
    Slot,
    VaultSecrets,
    make_slot,
    slot_from_json,
    slot_to_json,
)
from desktop.security.vault_file import FORMAT, VERSION, SlotUser, checksum, read_body, vault_users
from sync.domain.errors import InvalidInput, NotAllowed, Refused
from sync.domain.plain_lines import is_plain_line
from sync.protocol.keys import generate_exchange_key

MOST_USER_CHARACTERS = 100

__all__ = [
    "IDENTITY_ROLES",
    "RecoverySlot",
    "SlotUser",
    "Unlocked",
    "VaultSecrets",
    "add_user",
    "change_passphrase",
    "create_vault",
    "fresh_data_key",
    "give_identity",
    "holds_identities",
    "keep_recovery",
    "open_vault",
    "recover_slot",
    "recovery_slot",
    "remove_user",
    "settle_data_key",
    "vault_users",
]

DATA_KEY_BYTES = 32

IDENTITY_ROLES = frozenset(
    {
        "TOWN_CDI",
        "TOWN_OFFICE",
        "CDI_STAFF",
        "RECEPTION",
        "HANDLER",
        "COUNTY_HEAD",
        "COUNTY_LEADER",
        "COUNTY_OFFICE",
        "COUNTY_SUPERVISION",
    }
)
"""Roles whose slots hold the private identity keys; every other role sees a complainant as hidden."""


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A signed-in user with the keys of his slot."""

    user: str
    role: str
    secrets: VaultSecrets
    own: bytes = field(default=b"", repr=False, compare=False)
    """The private half of the user's own pair, made anew with his passphrase; empty before he has a way in."""

    def keys_for_typing(self) -> tuple[bytes, ...]:
        """What is typed and not saved is sealed under the first, and may lie under any of these."""
        held = (self.secrets.unit_identity, self.secrets.county_identity, self.own)
        return tuple(key for key in held if key)


@dataclass(frozen=True, slots=True)
class _Vault:
    slots: tuple[Slot, ...]
    recovery: RecoverySlot | None

    def with_slots(self, slots: Iterable[Slot]) -> "_Vault":
        return _Vault(tuple(slots), self.recovery)

    def each(self, change: Callable[[Slot], Slot]) -> "_Vault":
        return self.with_slots(change(slot) for slot in self.slots)

    def with_data_key(self, data_key: bytes, previous: bytes | None) -> "_Vault":
        recovery = self.recovery.with_data_key(data_key, previous) if self.recovery else None
        return _Vault(tuple(slot.with_data_key(data_key, previous) for slot in self.slots), recovery)


def fresh_data_key() -> bytes:
    """A random 256-bit key for the store."""
    return random.token_bytes(DATA_KEY_BYTES)


def create_vault(
    paths: ProfilePaths,
    user: str,
    role: str,
    passphrase: str,
    secrets: VaultSecrets,
    *,
    iterations: int | None = None,
    recovery: RecoverySlot | None = None,
) -> None:
    """Write the vault with its first slot. Raises Refused where a vault is already there."""
    if paths.vault.exists():
        raise Refused("vault.exists")
    _check_user(user, ())
    check_new_passphrase(passphrase)
    paths.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(paths, _Vault((make_slot(user, role, passphrase, _for_role(role, secrets), iterations),), recovery))


def open_vault(paths: ProfilePaths, user: str | None, passphrase: str) -> Unlocked:
    """Sign in. ``user`` may be None where the vault has one slot only.

    Raises WrongPassphrase, NewerVersion, DamagedStore, NotEnrolled, InvalidInput (``user`` missing or unknown).
    """
    slot = _find(_read(paths).slots, user)
    private = slot.open_private(passphrase)
    return Unlocked(slot.user, slot.role, slot.open_secrets(private), private)


def add_user(
    paths: ProfilePaths, unlocked: Unlocked, user: str, role: str, passphrase: str, *, iterations: int | None = None
) -> None:
    """Add a slot. A role that reads identities can only be given by someone who holds the identity keys."""
    vault = _read(paths)
    _check_user(user, vault.slots)
    check_new_passphrase(passphrase)
    _check_can_pass_identity(unlocked, role, vault.slots)
    secrets = _for_role(role, unlocked.secrets)
    _write(paths, vault.with_slots((*vault.slots, make_slot(user, role, passphrase, secrets, iterations))))


def change_passphrase(
    paths: ProfilePaths, unlocked: Unlocked, user: str, passphrase: str, *, iterations: int | None = None
) -> Unlocked:
    """Make the slot of ``user`` anew with another passphrase: one's own, or a colleague's on the same PC. Its keys.

    What a colleague typed and did not save under his own key alone cannot be opened after that.
    """
    vault = _read(paths)
    old = _find(vault.slots, user)
    check_new_passphrase(passphrase)
    _check_can_pass_identity(unlocked, old.role, vault.slots)
    secrets, private = _for_role(old.role, unlocked.secrets), generate_exchange_key()
    fresh = make_slot(old.user, old.role, passphrase, secrets, iterations, private=private)
    made = vault.each(lambda slot: fresh if slot is old else slot)
    for _ in ("the vault", "its predecessor"):  # which would still open with the passphrase that was given up
        _write(paths, made)
    return Unlocked(old.user, old.role, secrets, private)


def remove_user(paths: ProfilePaths, unlocked: Unlocked, user: str) -> VaultSecrets:
    """Take a slot away and give all others, the recovery slot included, a new data key beside the old one.

    Then call ``Store.rekey`` with the new key and :func:`settle_data_key`; until both are done either key opens.
    Raises NotAllowed for oneself (the last way in).
    """
    vault = _read(paths)
    gone = _find(vault.slots, user)
    if gone.user == unlocked.user:
        raise NotAllowed("vault.not_yourself")
    old, new = unlocked.secrets.data_key, fresh_data_key()
    left = vault.with_slots(slot for slot in vault.slots if slot is not gone)
    _write(paths, left.with_data_key(new, old))
    kept = unlocked.secrets
    return VaultSecrets(new, kept.unit_identity, kept.county_identity, old)


def settle_data_key(paths: ProfilePaths, secrets: VaultSecrets) -> VaultSecrets:
    """Forget the former data key once the store has the new one."""
    _write(paths, _read(paths).with_data_key(secrets.data_key, None))
    paths.vault.with_name(f"{paths.vault.name}.previous").unlink(missing_ok=True)
    return VaultSecrets(secrets.data_key, secrets.unit_identity, secrets.county_identity)


def holds_identities(paths: ProfilePaths) -> bool:
    """Whether any user of this PC holds an identity key."""
    return any(slot.identities for slot in _read(paths).slots)


def recovery_slot(paths: ProfilePaths) -> RecoverySlot | None:
    """The slot that two custodians open together; None where the county has none."""
    return _read(paths).recovery


def keep_recovery(paths: ProfilePaths, recovery: RecoverySlot) -> None:
    """Put a fresh recovery slot in place of the one there."""
    _write(paths, _Vault(_read(paths).slots, recovery))


def recover_slot(
    paths: ProfilePaths,
    user: str,
    passphrase: str,
    secrets: VaultSecrets,
    fresh: RecoverySlot | None,
    *,
    iterations: int | None = None,
) -> Unlocked:
    """Make the slot of ``user`` anew with what the recovery word opened; the used recovery slot goes with it."""
    vault = _read(paths)
    old = _find(vault.slots, user)
    check_new_passphrase(passphrase)
    held, private = _for_role(old.role, secrets), generate_exchange_key()
    slot = make_slot(old.user, old.role, passphrase, held, iterations, private=private)
    _write(paths, _Vault(tuple(slot if one is old else one for one in vault.slots), fresh))
    paths.vault.with_name(f"{paths.vault.name}.previous").unlink(missing_ok=True)
    return Unlocked(old.user, old.role, held, private)


def give_identity(paths: ProfilePaths, unlocked: Unlocked, unit_identity: bytes) -> Unlocked:
    """Give the unit's private identity key to every slot whose role reads identities; the caller's keys after it."""
    kept = unlocked.secrets
    held = (unit_identity, kept.county_identity)
    _write(paths, _read(paths).each(lambda one: one.with_identities(*held) if one.role in IDENTITY_ROLES else one))
    secrets = VaultSecrets(kept.data_key, unit_identity, kept.county_identity, kept.previous_data_key)
    return replace(unlocked, secrets=_for_role(unlocked.role, secrets))


def _for_role(role: str, secrets: VaultSecrets) -> VaultSecrets:
    if role in IDENTITY_ROLES:
        return secrets
    return VaultSecrets(secrets.data_key, previous_data_key=secrets.previous_data_key)


def _check_can_pass_identity(unlocked: Unlocked, role: str, slots: Iterable[Slot]) -> None:
    holds = unlocked.secrets.unit_identity or unlocked.secrets.county_identity
    if role in IDENTITY_ROLES and not holds and any(slot.identities for slot in slots):
        raise NotAllowed("vault.cannot_pass_identity", role=role)


def check_user_name(user: str) -> None:
    """Raise InvalidInput (``vault.user_empty``, ``.user_not_plain``, ``.user_too_long``) for what is no name.

    A name goes out with every change: one the county cannot take would hold up all its bearer writes.
    """
    if not user.strip():
        raise InvalidInput("vault.user_empty", field="user")
    if not is_plain_line(user):
        raise InvalidInput("vault.user_not_plain", field="user")
    if len(user) > MOST_USER_CHARACTERS:
        raise InvalidInput("vault.user_too_long", field="user", most=MOST_USER_CHARACTERS)


def _check_user(user: str, slots: Iterable[Slot]) -> None:
    check_user_name(user)
    if any(slot.user == user for slot in slots):
        raise InvalidInput("vault.user_exists", field="user", value=user)


def _find(slots: tuple[Slot, ...], user: str | None) -> Slot:
    if user is None and len(slots) == 1:
        return slots[0]
    if user is None:
        raise InvalidInput("vault.name_user", field="user")
    for slot in slots:
        if slot.user == user:
            return slot
    raise InvalidInput("vault.user_unknown", field="user", value=user)


def _write(paths: ProfilePaths, vault: _Vault) -> None:
    slots = [slot_to_json(slot) for slot in vault.slots]
    body: dict[str, Any] = {"format": FORMAT, "version": VERSION, "slots": slots}
    if vault.recovery is not None:
        body["recovery"] = recovery_to_json(vault.recovery)
    body["checksum"] = checksum(body)
    text = json.dumps(body, ensure_ascii=False, indent=1)
    write_keeping_predecessor(paths.vault, text.encode())


def _read(paths: ProfilePaths) -> _Vault:
    body = read_body(paths)
    recovery = body.get("recovery")
    slots = tuple(slot_from_json(slot) for slot in body["slots"])
    return _Vault(slots, None if recovery is None else recovery_from_json(recovery))
