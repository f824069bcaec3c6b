"""Users of the profile: who may open it, and the log of every change to that.

Whoever enrolled the profile, and heads of the unit, add, disable and let colleagues in again. Every act is a change
committed with it, visible to the auditor, to heads of the unit and to the county.
"""

from dataclasses import dataclass, replace
from typing import Any

from desktop.security import vault
from desktop.services.desk import Desk
from desktop.services.permissions import ROLES, Powers, require_user_power
from desktop.services.shapes import UserRow
from desktop.services.typed_text import seal_typed_anew
from desktop.storage.unit_of_work import UnitOfWork
from sync.domain.errors import InvalidInput, NotAllowed
from sync.domain.ids import Instant, new_record_id
from sync.domain.records import AccountEntry
from sync.domain.vocabularies import VOCABULARIES

_COUNTY = "COUNTY"
_BLIND = frozenset({"AUDITOR", "ADMIN"})
"""Roles that never see content: every unit may have them, whatever its ticket names."""
_OF_THE_PROGRAM = frozenset({"RECOVERY"})
"""Lines the program writes for the county; nobody did anything."""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One line of the log of users and keys: who did what (vocabulary ``account_act``) to whom."""

    at: Instant
    act: str
    author: str
    subject: str
    role: str


def users(desk: Desk) -> list[UserRow]:
    """Everyone who can open this profile."""
    return [UserRow(one.user, one.role) for one in vault.vault_users(desk.paths)]


def add_user(desk: Desk, name: str, role: str, passphrase: str) -> None:
    """Give a colleague a slot of his own, in a role that the unit's kind and the device's ticket allow."""
    require_power(desk)
    fitting = roles_for(desk)
    if role not in fitting:
        raise InvalidInput("record.unknown_code", field="role", codes=", ".join(fitting))
    now = desk.clock()
    with desk.work(now) as work:
        note(desk, work, now, "ADD", subject=name, role=role)
        vault.add_user(desk.paths, desk.unlocked, name, role, passphrase)


def disable_user(desk: Desk, name: str) -> None:
    """Take a colleague's slot away and encrypt the store under a new key; backups made before are replaced.

    Killed at any point the next sign-in ends it: until the end either key opens the store.
    """
    require_power(desk)
    now = desk.clock()
    with desk.work(now) as work:
        note(desk, work, now, "DISABLE", subject=name)
        desk.store.books.keep_number("backup_due", 1)
        secrets = vault.remove_user(desk.paths, desk.unlocked, name)
    desk.store.rekey(secrets.data_key)
    desk.unlocked = replace(desk.unlocked, secrets=vault.settle_data_key(desk.paths, secrets))


def change_passphrase(desk: Desk, name: str | None, passphrase: str) -> None:
    """One's own passphrase, or a colleague's slot made anew by one who may manage users."""
    subject = name or desk.user
    if subject != desk.user:
        require_power(desk)
    now = desk.clock()
    with desk.work(now) as work:
        note(desk, work, now, "PASSPHRASE", subject=subject)
        fresh = vault.change_passphrase(desk.paths, desk.unlocked, subject, passphrase)
    if subject == desk.user:
        seal_typed_anew(desk, fresh)


def require_power(desk: Desk) -> None:
    """Refuse who neither enrolled the profile nor heads the unit."""
    first = vault.vault_users(desk.paths)[0]
    if first.user != desk.user:
        require_user_power(desk.reader)


def roles_to_give(desk: Desk) -> tuple[str, ...]:
    """Roles the reader may give; empty for who may not manage users."""
    return tuple(roles_for(desk)) if may_manage(desk) else ()


def may_manage(desk: Desk) -> bool:
    """Whether the reader enrolled the profile or may manage its users."""
    try:
        require_power(desk)
    except NotAllowed:
        return False
    return True


def roles_for(desk: Desk) -> list[str]:
    """Roles a user of this device may have: of the unit's kind, and none that can do more than the ticket's roles."""
    facts = desk.store.facts
    of_county = facts.unit_kind == _COUNTY
    named = [ROLES[role] for role in facts.roles if role in ROLES]
    fitting = [role for role in VOCABULARIES["role"].codes if role.startswith("COUNTY_") == of_county or role in _BLIND]
    if of_county:
        fitting = [role for role in VOCABULARIES["role"].codes if not role.startswith("TOWN_")]
    return [role for role in fitting if role in facts.roles or role in _BLIND or _within(ROLES[role], named)]


def _within(powers: Powers, named: list[Powers]) -> bool:
    """Whether one of the ticket's roles can do all that these powers can."""
    return any(
        powers.sight.value <= one.sight.value
        and powers.records <= one.records
        and powers.reads_identity <= one.reads_identity
        and powers.manages_users <= one.manages_users
        for one in named
    )


def account_log(desk: Desk, limit: int) -> tuple[AccountLine, ...]:
    """The newest lines that the reader may see."""
    page = desk.store.reading.page("AccountEntry", {}, limit=4 * limit)
    seen = [one.stored.record for one in page.rows if desk.sees(one.stored)]
    lines = [
        AccountLine(one.created_at, one.act, one.author or "", one.subject or "", one.role or "")
        for one in seen
        if isinstance(one, AccountEntry) and one.act not in _OF_THE_PROGRAM
    ]
    return tuple(lines[:limit])


def note(desk: Desk, work: UnitOfWork, now: Instant, act: str, **facts: Any) -> None:
    """Put a line of the access log into the open work; ``facts`` are fields of ``AccountEntry``."""
    unit = desk.store.facts.unit
    entry = AccountEntry(id=new_record_id(), unit=unit, created_at=now, author=desk.user, act=act, **facts)
    work.add(entry, entry.id)
