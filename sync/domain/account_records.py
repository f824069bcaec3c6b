"""Records about who may open a profile and see a matter: part of the access log, never content of a case."""

from dataclasses import dataclass

from sync.domain.declarations import FieldType as F
from sync.domain.declarations import Owner, Record, declare
from sync.domain.ids import RecordId

APPEND = Owner.APPEND


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEntry(Record):
    """Something happened to a user's way in: added, disabled, recovered, kept out of a matter. ``author`` did it."""

    act: str = declare(F.CODE, "account_act", owner=APPEND, required=True)
    subject: str | None = declare(F.TEXT, owner=APPEND)
    """The user it is about; the former number where a new one was noted."""
    role: str | None = declare(F.CODE, "role", owner=APPEND)
    case: RecordId | None = declare(F.REFERENCE, owner=APPEND)
    """The case a user is kept out of; the dossier whose new number was noted."""
    device: str | None = declare(F.TEXT, owner=APPEND)
    """The device that was left or that got a key."""
    recovery: bytes | None = declare(F.BYTES, owner=APPEND)
    """The profile's recovery slot as it stands from now on; only two custodians together open it."""
