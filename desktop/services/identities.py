"""Identities in the use cases: seal on saving, open with a reason that is logged first."""

from contextlib import suppress
from dataclasses import dataclass

from desktop.security.identity import open_identity
from desktop.services.desk import Desk
from desktop.services.permissions import require_identity_power
from desktop.storage import identity_keys
from desktop.storage.unit_of_work import UnitOfWork
from sync.domain.errors import InvalidInput, LiandongError, NotAllowed
from sync.domain.ids import Instant, RecordId, new_record_id
from sync.domain.records import AccessEntry, Complainant, Identity, IdentityKey, Stored
from sync.domain.times import local_date
from sync.domain.workflow_table import NO_CASEWORK
from sync.protocol.keys import exchange_public, key_id
from sync.shipped.texts import load_catalogue


@dataclass(frozen=True, slots=True)
class SealOrder:
    """What to seal: whose identity in which case; ``replaces`` names the complainant's record that is there."""

    identity: Identity
    case: RecordId
    protected: bool
    replaces: RecordId | None = None


def keep_identity(desk: Desk, work: UnitOfWork, order: SealOrder, now: Instant) -> None:
    """Seal an identity into the open work: its key's record where one was made, and the complainant's.

    A session's key that was not saved after all, or was set apart, seals nothing more.
    """
    session = desk.identities.session_key
    if session is not None and not identity_keys.is_good(desk.store.database, session):
        desk.identities.forget()
    complainant, key = desk.identities.seal(
        order.identity,
        order.case,
        unit=desk.store.facts.unit,
        created_at=now,
        author=desk.user,
        protected=order.protected,
        record_id=order.replaces,
    )
    if key is not None:
        work.add(key)
    if order.replaces is None:
        work.add(complainant)
    else:
        work.edit(
            "Complainant", complainant.id, key=complainant.key, suite=complainant.suite, cipher=complainant.cipher
        )


def send_keys_again(desk: Desk) -> int:
    """Let keys that were set apart with another matter go to the county alone, as identities lie under them; how many.

    A full disk or a role without casework leaves them for the next exchange.
    """
    keys = identity_keys.keys_to_send(desk.store.database)
    if not keys or desk.unlocked.role in NO_CASEWORK:
        return 0
    with suppress(LiandongError), desk.work(desk.clock()) as work:
        for key in keys:
            work.say_again("IdentityKey", key)
    return len(keys)


def complainant_of(desk: Desk, dossier: str) -> Complainant | None:
    """The newest complainant of a case."""
    found = [stored.record for stored in desk.store.reading.children("Complainant", "case", dossier)]
    return next((record for record in reversed(found) if isinstance(record, Complainant)), None)


def can_open(desk: Desk, complainant: Complainant) -> bool:
    """True where a key of this sign-in opens the complainant, and the role may."""
    key = _key_of(desk, complainant)
    secrets = desk.unlocked.secrets
    own = {key_id(exchange_public(private)) for private in (secrets.unit_identity, secrets.county_identity) if private}
    return desk.reader.powers.reads_identity and key is not None and any(slot.recipient in own for slot in key.slots)


def open_with_reason(desk: Desk, stored: Stored, reason: str | None) -> dict[RecordId, Identity]:
    """The identity of a record's case by complainant id; the access is committed before it is opened.

    The desk that registered it needs no reason on the same day; nothing is logged then. Raises NotAllowed
    (``permission.…``, ``identity.not_for_you``, ``identity.key_missing``), InvalidInput (``permission.needs_reason``).
    """
    require_identity_power(desk.reader)
    complainant = complainant_of(desk, stored.dossier)
    if complainant is None:
        return {}
    if not can_open(desk, complainant):
        raise NotAllowed("identity.not_for_you" if _key_of(desk, complainant) else "identity.key_missing")
    if (reason or "").strip():
        _log(desk, complainant, (reason or "").strip())
    elif not (complainant.author == desk.user and is_of_today(desk, complainant)):
        raise InvalidInput("permission.needs_reason", field="reason")
    return {complainant.id: _open(desk, complainant)}


def open_for_print(desk: Desk, stored: Stored, reason: str | None) -> dict[RecordId, Identity]:
    """The identity for the desk's own paper: that day without a reason, later with one; masked otherwise.

    A colleague of who recorded it is logged too, once a day.
    """
    complainant = complainant_of(desk, stored.dossier)
    if complainant is None or not can_open(desk, complainant):
        return {}
    if (reason or "").strip():
        _log(desk, complainant, (reason or "").strip())
    elif not (complainant.unit == desk.store.facts.unit and is_of_today(desk, complainant)):
        return {}
    elif complainant.author != desk.user:
        _log_once_a_day(desk, complainant)
    return {complainant.id: _open(desk, complainant)}


def open_to_reseal(desk: Desk, complainant: Complainant) -> Identity | None:
    """The identity, to be sealed anew to other readers; None where this sign-in cannot. Never shown to anyone."""
    return _open(desk, complainant) if can_open(desk, complainant) else None


def unit_can_open(desk: Desk, complainant: Complainant) -> bool:
    """Whether the unit's own key opens the complainant, whoever holds it."""
    key = _key_of(desk, complainant)
    own = key_id(desk.store.facts.unit_identity_public)
    return key is not None and any(slot.recipient == own for slot in key.slots)


def opens_wider(desk: Desk, complainant: str, key: str | None) -> bool:
    """Whether another key would open a complainant to readers who do not open him now."""
    stored = desk.store.reading.get("Complainant", complainant) if key else None
    if stored is None or not isinstance(stored.record, Complainant):
        return False
    return not _readers(desk, str(key)) <= _readers(desk, stored.record.key)


def _readers(desk: Desk, key: str) -> frozenset[str]:
    stored = desk.store.reading.get("IdentityKey", key)
    slots = stored.record.slots if stored is not None and isinstance(stored.record, IdentityKey) else ()
    return frozenset(slot.recipient for slot in slots)


def is_of_today(desk: Desk, complainant: Complainant) -> bool:
    """Whether the complainant was recorded on the present local day."""
    return local_date(complainant.created_at) == local_date(desk.clock())


def _key_of(desk: Desk, complainant: Complainant) -> IdentityKey | None:
    stored = desk.store.reading.get("IdentityKey", complainant.key)
    return stored.record if stored is not None and isinstance(stored.record, IdentityKey) else None


def _open(desk: Desk, complainant: Complainant) -> Identity:
    key = _key_of(desk, complainant)
    if key is None:
        raise NotAllowed("identity.key_missing")
    return open_identity(complainant, key, desk.unlocked.secrets, desk.store.facts.county)


def _log_once_a_day(desk: Desk, complainant: Complainant) -> None:
    entries = [one.record for one in desk.store.reading.find("AccessEntry", "case", complainant.case)]
    today = local_date(desk.clock())
    if not any(
        isinstance(one, AccessEntry)
        and (one.author, one.complainant, local_date(one.created_at)) == (desk.user, complainant.id, today)
        for one in entries
    ):
        _log(desk, complainant, load_catalogue().say("identity.printed_that_day", "zh"))


def _log(desk: Desk, complainant: Complainant, reason: str) -> None:
    now = desk.clock()
    entry = AccessEntry(
        id=new_record_id(), unit=desk.store.facts.unit, created_at=now, author=desk.user,
        case=complainant.case, complainant=complainant.id, reason=reason,
    )  # fmt: skip
    with desk.work(now) as work:
        work.add(entry, entry.id)
