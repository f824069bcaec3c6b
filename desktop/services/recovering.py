"""A forgotten passphrase: ask two custodians for the recovery word, open the profile with it, replace the word.

The recovery slot stands in the vault, in every backup, and, as a line of the access log, at the county.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from desktop.errors import WrongPassphrase
from desktop.paths import ProfilePaths
from desktop.security import vault
from desktop.security.files import write_keeping_predecessor
from desktop.security.passphrase import check_new_passphrase, open_with_passphrase, seal_with_passphrase
from desktop.security.recovery import RecoverySlot, Whose, make_recovery, pack_recovery
from desktop.security.vault import Unlocked
from desktop.services.accounts import note
from desktop.services.desk import Desk
from desktop.storage.facts import DeviceFacts
from desktop.storage.unit_of_work import UnitOfWork
from sync.domain.errors import Damaged, InvalidInput, LiandongError, Refused
from sync.domain.ids import Instant
from sync.protocol.key_card import open_key_card
from sync.protocol.recovery import (
    RecoveryAnswer,
    RecoveryRequest,
    asking_key,
    heard_word,
    open_answer,
    read_recovery,
    spoken_code,
    write_recovery,
)

PURPOSE = "liandong/pending-recovery/v1"
_TOLD = "recovery_told"


class Waiting(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a recovery waits with; sealed by the new passphrase."""

    request: RecoveryRequest
    private: bytes

    def __repr__(self) -> str:
        return "Waiting()"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request's file and the digits to compare over the telephone."""

    file: bytes
    code: str


# Without a sign-in ---------------------------------------------------------------------------------------------------


def ask(paths: ProfilePaths, user: str, passphrase: str, now: Instant) -> Asked:
    """The request for the two custodians; ``passphrase`` is the new one, and is needed again with their answer.

    Raises Refused ``recovery.none_here``, InvalidInput (unknown user, short passphrase).
    """
    recovery = _slot_here(paths)
    _role_of(paths, user)
    check_new_passphrase(passphrase)
    waiting = waiting_for(recovery, user, now)
    sealed = seal_with_passphrase(msgspec.msgpack.encode(waiting), passphrase, PURPOSE)
    write_keeping_predecessor(paths.pending_recovery, sealed)
    return Asked(write_recovery(waiting.request), spoken_code(waiting.request))


def waiting_for(recovery: RecoverySlot, user: str, now: Instant) -> Waiting:
    """A request for the word of a slot, with the key its answer comes back to."""
    private, public = asking_key()
    request = RecoveryRequest(
        recovery.county, recovery.unit, recovery.unit_name, user, recovery.id, recovery.pairs, public, now
    )
    return Waiting(request, private)


def open_by_answer(paths: ProfilePaths, user: str, passphrase: str, answer: bytes) -> Unlocked:
    """The profile's keys by the custodians' answer. Raises WrongPassphrase, Damaged ``recovery.*``, Refused."""
    if not paths.pending_recovery.exists():
        raise Refused("recovery.not_asked")
    body = open_with_passphrase(paths.pending_recovery.read_bytes(), passphrase, PURPOSE)
    try:
        waiting = msgspec.msgpack.decode(body, type=Waiting)
    except msgspec.MsgspecError as error:
        raise Damaged("recovery.damaged") from error
    if waiting.request.user != user:
        raise InvalidInput("recovery.other_user", field="user")
    return _open(paths, user, word_of(waiting, answer), waiting.request.slot)


def open_by_word(paths: ProfilePaths, user: str, spoken: str) -> Unlocked:
    """The profile's keys by the word heard over the telephone."""
    return _open(paths, user, heard_word(spoken), "")


def word_of(waiting: Waiting, answer: bytes) -> str:
    """The word in the custodians' answer."""
    return open_answer(read_recovery(answer, RecoveryAnswer), waiting.request, waiting.private)


def _open(paths: ProfilePaths, user: str, word: str, slot: str) -> Unlocked:
    recovery = _slot_here(paths)
    if slot and recovery.id != slot:
        raise Refused("recovery.replaced")
    try:
        secrets = recovery.open(word)
    except WrongPassphrase as error:
        raise WrongPassphrase("recovery.wrong_word") from error
    return Unlocked(user, _role_of(paths, user), secrets)


def _slot_here(paths: ProfilePaths) -> RecoverySlot:
    recovery = vault.recovery_slot(paths)
    if recovery is None:
        raise Refused("recovery.none_here")
    return recovery


def _role_of(paths: ProfilePaths, user: str) -> str:
    for one in vault.vault_users(paths):
        if one.user == user:
            return one.role
    raise InvalidInput("vault.user_unknown", field="user", value=user)


# With the profile open -----------------------------------------------------------------------------------------------


def make_way_in(desk: Desk, passphrase: str) -> None:
    """After a recovery: the user's slot under the new passphrase, a fresh recovery word, both logged."""
    fresh = make_recovery(whose(desk.store.facts), desk.unlocked.secrets)
    now = desk.clock()
    with desk.work(now) as work:
        note(desk, work, now, "RECOVERED", subject=desk.user, device=desk.store.facts.device)
        _tell(desk, work, now, fresh)
        desk.unlocked = vault.recover_slot(desk.paths, desk.user, passphrase, desk.unlocked.secrets, fresh)
    for leftover in desk.paths.folder.glob(f"{desk.paths.pending_recovery.name}*"):
        leftover.unlink()


def attend(desk: Desk) -> None:
    """At sign-in: make the recovery slot where there is none for these custodians, and tell the county what stands.

    A full disk must not keep anybody from reading: then it is done another time.
    """
    with suppress(LiandongError):
        tell_recovery(desk)


def tell_recovery(desk: Desk) -> None:
    """Send the recovery slot to the county where it is not the one the county has."""
    recovery = vault.recovery_slot(desk.paths)
    if recovery is None:
        recovery = _first_slot(desk)
    if recovery is None or desk.store.books.value(_TOLD) == _mark(recovery):
        return
    now = desk.clock()
    with desk.work(now) as work:
        _tell(desk, work, now, recovery)


def whose(facts: DeviceFacts) -> Whose:
    """The unit of a device and the custodians of its key card."""
    card = open_key_card(facts.key_card, facts.root_fingerprint)
    return Whose(facts.county, facts.unit, facts.unit_name, card.recovery_keys)


def _first_slot(desk: Desk) -> RecoverySlot | None:
    """A slot for a county that got custodians later, made by one who holds all that the others hold."""
    secrets = desk.unlocked.secrets
    holds_all = secrets.unit_identity or secrets.county_identity or not vault.holds_identities(desk.paths)
    fresh = make_recovery(whose(desk.store.facts), secrets) if holds_all else None
    if fresh is not None:
        vault.keep_recovery(desk.paths, fresh)
    return fresh


def _tell(desk: Desk, work: UnitOfWork, now: Instant, recovery: RecoverySlot | None) -> None:
    if recovery is not None:
        note(desk, work, now, "RECOVERY", device=desk.store.facts.device, recovery=pack_recovery(recovery))
        desk.store.books.keep(_TOLD, _mark(recovery))


def _mark(recovery: RecoverySlot) -> bytes:
    return hashlib.sha256(pack_recovery(recovery)).digest()
