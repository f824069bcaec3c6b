"""Open, join or restore a profile: vault, store and desk put together. ``desktop.app`` gives these out."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from desktop.clock import Clock, now_in_ms
from desktop.errors import DamagedStore
from desktop.paths import ProfilePaths
from desktop.security.vault import Unlocked, open_vault, settle_data_key
from desktop.security.vault_file import users_in
from desktop.services import recovering
from desktop.services.aftermath import follow_up
from desktop.services.desk import Desk
from desktop.services.enrolling import (
    Applicant,
    TypedTicket,
    enrol_by_file,
    enrol_with_code,
    enrol_with_wire,
    finish_by_file,
)
from desktop.services.office import Office
from desktop.storage import backup
from desktop.storage.store import Store
from sync.domain.errors import LiandongError


def open_office(profile: Path, passphrase: str, user: str | None = None, clock: Clock = now_in_ms) -> Office:
    """Sign in. ``user`` may be None where the profile has one.

    Raises NotEnrolled, WrongPassphrase, NewerVersion, DamagedStore, InUse (another process holds the profile).
    """
    paths = ProfilePaths(profile)
    unlocked = open_vault(paths, user, passphrase)
    return Office(_desk(paths, unlocked, clock))


def ask_recovery(profile: Path, user: str, new_passphrase: str, *, clock: Clock = now_in_ms) -> recovering.Asked:
    """A forgotten passphrase: the request two custodians answer, for a new passphrase. Nobody has to sign in."""
    return recovering.ask(ProfilePaths(profile), user, new_passphrase, clock())


def recover_office(
    profile: Path, user: str, new_passphrase: str, *, answer: bytes = b"", word: str = "", clock: Clock = now_in_ms
) -> Office:
    """Open with the custodians' answer, or the word they read out, and let the user in by the new passphrase.

    The word is replaced and the recovery logged. Raises Refused, Damaged ``recovery.*``, WrongPassphrase, InUse.
    """
    paths = ProfilePaths(profile)
    if word:
        unlocked = recovering.open_by_word(paths, user, word)
    else:
        unlocked = recovering.open_by_answer(paths, user, new_passphrase, answer)
    desk = _desk(paths, unlocked, clock)
    with ExitStack() as undo:
        undo.callback(desk.lock)
        recovering.make_way_in(desk, new_passphrase)
        undo.pop_all()
    return Office(desk)


def enrol(profile: Path, ticket: bytes, user: str, role: str, passphrase: str, *, clock: Clock = now_in_ms) -> Office:
    """Join the county of a ticket over its server and sign in."""
    enrol_with_wire(ProfilePaths(profile), ticket, Applicant(user, role, passphrase), clock)
    return _first_opened(profile, user, passphrase, clock)


def enrol_by_code(
    profile: Path, told: TypedTicket, user: str, role: str, passphrase: str, *, clock: Clock = now_in_ms
) -> Office:
    """The same with a typed code and the address of the county's server.

    Raises NeedsPerson ``ticket.waiting`` until somebody at the county has compared its digits and let the device in.
    """
    enrol_with_code(ProfilePaths(profile), told, Applicant(user, role, passphrase), clock)
    return _first_opened(profile, user, passphrase, clock)


def _first_opened(profile: Path, user: str, passphrase: str, clock: Clock) -> Office:
    office = open_office(profile, passphrase, user, clock)
    with suppress(LiandongError):  # the directory comes with the first exchange; without it the shipped table serves
        office.exchange()
    return office


def enrol_carry_out(
    profile: Path, ticket: bytes, user: str, role: str, passphrase: str, *, clock: Clock = now_in_ms
) -> bytes:
    """The request of an enrolment as a file to carry to the county."""
    return enrol_by_file(ProfilePaths(profile), ticket, Applicant(user, role, passphrase), clock)


def enrol_carry_in(profile: Path, ticket: bytes, answer: bytes, passphrase: str, clock: Clock = now_in_ms) -> Office:
    """Take the county's answer to a carried enrolment and sign in."""
    user = finish_by_file(ProfilePaths(profile), ticket, answer, passphrase)
    return open_office(profile, passphrase, user, clock)


def look_at_backup(source: Path) -> tuple[int, tuple[str, ...]]:
    """When a backup was made (ms UTC) and who can open it. Raises Damaged, NewerVersion, Refused ``backup.*``."""
    seen = backup.look_at_backup(source)
    return seen.made_at, tuple(one.user for one in users_in(seen.vault))


def restore_office(
    profile: Path,
    source: Path,
    passphrase: str,
    user: str | None = None,
    *,
    clock: Clock = now_in_ms,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Office:
    """Put a backup into an empty profile and sign in. With a wrong passphrase the profile stays empty.

    ``progress`` gets the bytes put back and all of them. Raises Damaged, NewerVersion, Refused ``backup.*``, and as
    :func:`open_office`.
    """
    paths = ProfilePaths(profile)
    backup.restore_backup(source, paths, progress)
    with ExitStack() as undo:
        undo.callback(_empty, paths)
        office = open_office(profile, passphrase, user, clock)
        undo.pop_all()
    return office


def _empty(paths: ProfilePaths) -> None:
    """Take away what a restore brought that nobody could open."""
    for name in (paths.store.name, paths.vault.name, paths.restored_mark.name):
        for path in paths.folder.glob(f"{name}*"):
            path.unlink()


def _desk(paths: ProfilePaths, unlocked: Unlocked, clock: Clock) -> Desk:
    """The desk of an opened profile, with what a sign-in has to see to."""
    store, unlocked = _open_store(paths, unlocked, clock)
    desk = Desk(paths, store, unlocked, clock)
    with ExitStack() as undo:
        undo.callback(desk.lock)
        recovering.attend(desk)
        follow_up(desk)
        undo.pop_all()
    return desk


def _open_store(paths: ProfilePaths, unlocked: Unlocked, clock: Clock) -> tuple[Store, Unlocked]:
    """Open with the data key; after a change of key that was cut off, with the one before, and end the change."""
    secrets = unlocked.secrets
    if secrets.previous_data_key is None:
        return Store.open(paths, secrets.data_key, clock), unlocked
    try:
        store = Store.open(paths, secrets.data_key, clock)
        store.database.settle_log()
    except DamagedStore:
        store = Store.open(paths, secrets.previous_data_key, clock)
        store.rekey(secrets.data_key)
    return store, replace(unlocked, secrets=settle_data_key(paths, secrets))
