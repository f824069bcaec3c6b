"""The unit's private identity key for a further device: from a person at a device that has it, or, where every such
device is lost, through the recovery word that two custodians open together.
"""

from dataclasses import dataclass

import msgspec

from desktop.security import vault
from desktop.security.recovery import RecoverySlot, unpack_recovery
from desktop.services.accounts import may_manage, note, require_power
from desktop.services.desk import Desk
from desktop.services.recovering import Asked, Waiting, waiting_for, word_of
from sync.domain.errors import Damaged, NotAllowed, Refused
from sync.domain.ids import Instant
from sync.domain.records import AccountEntry
from sync.protocol.keys import exchange_public
from sync.protocol.recovery import (
    RecoveryAnswer,
    UnitKeyAnswer,
    UnitKeyRequest,
    asking_key,
    is_unit_key,
    open_unit_key,
    read_recovery,
    same_code,
    seal_unit_key,
    spoken_code,
    write_recovery,
)

_PENDING = "pending_unit_key"


class AskedDevice(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a device waits with; lies in the encrypted store. One of both was asked, or each in turn."""

    request: UnitKeyRequest | None = None
    private: bytes = b""
    recovery: bytes = b""
    """The packed recovery slot of a lost device, and …"""
    waiting: Waiting | None = None

    def __repr__(self) -> str:
        return "AskedDevice()"


@dataclass(frozen=True, slots=True)
class Given:
    """The answer's file, and which device of whom it is for."""

    file: bytes
    device: str
    user: str


@dataclass(frozen=True, slots=True)
class UnitKeyState:
    """``here``: a slot of this profile holds the key; ``mine``: the reader's does; ``waits``: an answer is expected."""

    here: bool
    mine: bool
    waits: bool
    may_act: bool


def unit_key_state(desk: Desk) -> UnitKeyState:
    """How this profile and the reader stand to the unit's identity key."""
    return UnitKeyState(
        vault.holds_identities(desk.paths),
        _find_held(desk) is not None,
        bool(desk.store.books.value(_PENDING)),
        may_manage(desk),
    )


def ask_unit_key(desk: Desk) -> Asked:
    """A request for a person at a device that has the key, and the digits to compare."""
    _check_needed(desk)
    facts = desk.store.facts
    private, public = asking_key()
    request = UnitKeyRequest(facts.county, facts.unit, facts.device, desk.user, public, desk.clock())
    _keep(desk, AskedDevice(request, private))
    return Asked(write_recovery(request), spoken_code(request))


def ask_custodians(desk: Desk) -> Asked:
    """A request for two custodians, by the newest recovery slot of another device of the unit."""
    _check_needed(desk)
    packed, recovery = _newest_slot(desk)
    waiting = waiting_for(recovery, desk.user, desk.clock())
    _keep(desk, AskedDevice(recovery=packed, waiting=waiting))
    return Asked(write_recovery(waiting.request), spoken_code(waiting.request))


def give_unit_key(desk: Desk, file: bytes, code: str) -> Given:
    """Seal the unit's key to the asking device after the digits were compared; logged before it leaves.

    Raises NotAllowed ``unit_key.code_differs``, ``unit_key.not_here``, Refused ``unit_key.other_unit``, Damaged.
    """
    require_power(desk)
    request = read_recovery(file, UnitKeyRequest)
    facts = desk.store.facts
    if (request.county, request.unit) != (facts.county, facts.unit) or request.device == facts.device:
        raise Refused("unit_key.other_unit")
    if not same_code(code, spoken_code(request)):
        raise NotAllowed("unit_key.code_differs")
    private = _held(desk)
    now = desk.clock()
    with desk.work(now) as work:
        note(desk, work, now, "KEY_GIVEN", subject=request.user, device=request.device)
    return Given(write_recovery(seal_unit_key(request, private)), request.device, request.user)


def take_unit_key(desk: Desk, file: bytes) -> None:
    """Take the answer of a person or of the custodians: every role here that reads identities can from now on.

    Raises Refused ``unit_key.not_asked``, ``unit_key.here_already``, Damaged ``unit_key.wrong_key`` or ``recovery.*``.
    """
    body = desk.store.books.value(_PENDING)
    if not body:
        raise Refused("unit_key.here_already" if vault.holds_identities(desk.paths) else "unit_key.not_asked")
    asked = msgspec.msgpack.decode(body, type=AskedDevice)
    private = _key_in(asked, file)
    if private is None or exchange_public(private) != desk.store.facts.unit_identity_public:
        raise Damaged("unit_key.wrong_key")
    now = desk.clock()
    with desk.work(now) as work:
        note(desk, work, now, "KEY_TAKEN", subject=desk.user, device=desk.store.facts.device)
        desk.store.books.keep(_PENDING, b"")
        desk.unlocked = vault.give_identity(desk.paths, desk.unlocked, private)


def _key_in(asked: AskedDevice, file: bytes) -> bytes | None:
    if is_unit_key(file):
        answer = read_recovery(file, UnitKeyAnswer)
        if asked.request is None:
            raise Refused("unit_key.not_asked")
        return open_unit_key(answer, asked.request, asked.private)
    read_recovery(file, RecoveryAnswer)
    if asked.waiting is None:
        raise Refused("unit_key.not_asked")
    secrets = unpack_recovery(asked.recovery).open(word_of(asked.waiting, file))
    return secrets.unit_identity or secrets.county_identity


def _held(desk: Desk) -> bytes:
    private = _find_held(desk)
    if private is None:
        raise NotAllowed("unit_key.not_here")
    return private


def _find_held(desk: Desk) -> bytes | None:
    secrets, public = desk.unlocked.secrets, desk.store.facts.unit_identity_public
    for private in (secrets.unit_identity, secrets.county_identity):
        if private is not None and exchange_public(private) == public:
            return private
    return None


def _check_needed(desk: Desk) -> None:
    if vault.holds_identities(desk.paths):
        raise Refused("unit_key.here_already")


def _newest_slot(desk: Desk) -> tuple[bytes, RecoverySlot]:
    """The newest slot in the log that was made where the key was, which is another device of this unit."""
    facts = desk.store.facts
    lines = [one.record for one in desk.store.reading.find("AccountEntry", "act", "RECOVERY")]
    slots: list[tuple[Instant, bytes]] = [
        (line.created_at, line.recovery)
        for line in lines
        if isinstance(line, AccountEntry) and line.recovery and line.device != facts.device and line.unit == facts.unit
    ]
    if not slots:
        raise Refused("recovery.none_here")
    packed = max(slots)[1]
    return packed, unpack_recovery(packed)


def _keep(desk: Desk, asked: AskedDevice) -> None:
    with desk.store.database.transaction():
        desk.store.books.keep(_PENDING, msgspec.msgpack.encode(asked))
