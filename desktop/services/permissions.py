"""Who may record and see what: one table of roles (domain page, section 2). Pure; the services ask it before each act.

Within one computer this is enforced by the program, not by keys; only identities are bound to keys.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from sync.domain.authority import ADMITTING_ROLES, owner_reason
from sync.domain.errors import NotAllowed
from sync.domain.records import Record, kind_of


class Sight(Enum):
    """Which records of the store a role sees."""

    NOTHING = 0
    OWN = 1
    """What the user recorded, and the cases in his name."""
    NO_ACCUSATIONS = 2
    """Claims, advice and what is out of scope; accusations only as numbers."""
    DESK = 3
    """What this unit took in itself, and the cases in the user's name; not what was handed to it."""
    APPROVALS = 4
    """The cases that wait for the user's decision, and those in his name; of all others only figures."""
    UNIT = 5
    """Everything here but sealed matters of others."""
    ALL = 6
    """Everything here."""


@dataclass(frozen=True, slots=True)
class Powers:
    """What a role may do."""

    sight: Sight
    records: bool = False
    """May record, correct and void, and take steps."""
    reads_identity: bool = False
    decides: bool = False
    """Records nothing, but takes the steps that only leaders take."""
    figures: bool = False
    """Reads the figures over all of the unit's matters, though not the matters."""
    keeps_access_log: bool = False
    """Reads the access log, and nothing else."""
    manages_users: bool = False
    publishes_rules: bool = False
    """May publish moved days and rulebooks, at the county."""


_CLERK = Powers(Sight.UNIT, records=True, reads_identity=True)
_COUNTY_CHIEF = Powers(Sight.ALL, records=True, reads_identity=True, manages_users=True, publishes_rules=True)

ROLES = MappingProxyType(
    {
        "TOWN_SEC": Powers(Sight.OWN, records=True, figures=True),
        "TOWN_CDI": Powers(Sight.UNIT, records=True, reads_identity=True, manages_users=True),
        "TOWN_OFFICE": Powers(Sight.NO_ACCUSATIONS, records=True, reads_identity=True),
        "PACKAGE_LEADER": Powers(Sight.OWN, records=True),
        "CDI_STAFF": _CLERK,
        "RECEPTION": Powers(Sight.DESK, records=True, reads_identity=True),
        "VILLAGE_COVER": Powers(Sight.OWN, records=True),
        "HANDLER": Powers(Sight.OWN, records=True, reads_identity=True),
        "COUNTY_HEAD": _COUNTY_CHIEF,
        "COUNTY_LEADER": Powers(Sight.APPROVALS, reads_identity=True, decides=True, figures=True),
        "COUNTY_SUPERVISION": Powers(Sight.UNIT, records=True, reads_identity=True),
        "COUNTY_OFFICE": _COUNTY_CHIEF,
        "COUNTY_CSM": Powers(Sight.UNIT, records=True),
        "AUDITOR": Powers(Sight.NOTHING, keeps_access_log=True),
        "ADMIN": Powers(Sight.NOTHING, manages_users=True, publishes_rules=True),
    }
)
"""Every role's powers; an unknown role has none."""

COMMON_KINDS = frozenset({"OrgUnit", "Staff", "CalendarDay", "RulebookVersion", "RegisterKeeper"})
LOG_KINDS = frozenset({"AccessEntry", "AccountEntry"})
ACCOUNT_KINDS = frozenset({"AccountEntry"})
IN_NAME = frozenset({Sight.OWN, Sight.APPROVALS})
"""Sights of nothing but what the user recorded and the cases in his name."""
NAMED_ONLY = IN_NAME | {Sight.DESK}
"""Sights that a case in the user's name widens."""
NO_POWERS = Powers(Sight.NOTHING)


@dataclass(frozen=True, slots=True)
class Reader:
    """The user who asks, in his role."""

    user: str
    role: str

    @property
    def powers(self) -> Powers:
        """What his role may do."""
        return ROLES.get(self.role, NO_POWERS)


@dataclass(frozen=True, slots=True)
class Matter:
    """What decides about seeing one record: its kind and author, and its case's nature, secrecy and accused."""

    kind: str
    author: str = ""
    nature: str | None = None
    secrecy: str = "NORMAL"
    outside: bool = False
    """Whether its case is out of scope."""
    accused_names: frozenset[str] = frozenset()
    assigned: bool = False
    """Whether the case is in the reader's name: to handle, to lead or to decide on."""
    taken_in: bool = True
    """Whether the reader's unit took it in itself; False for what another unit handed to it."""


def require_recording(reader: Reader) -> None:
    """Refuse a role that records nothing (``permission.cannot_record``)."""
    if not reader.powers.records:
        raise NotAllowed("permission.cannot_record", role=reader.role)


def may_step(reader: Reader, leaders: Collection[str]) -> bool:
    """Whether a role takes a step at all; ``leaders`` are the only roles that may take it (empty: any)."""
    return reader.powers.records or (reader.powers.decides and reader.role in leaders)


def require_own(
    unit: str, county: str, record: Record, names: Iterable[str], kind: str = "", *, only_helps: bool = False
) -> None:
    """Refuse to change what another unit recorded (``authority.not_own``), as the county would set it apart.

    ``names`` are the fields to change; a holder fills in some. ``kind``: ``Void`` for making the record void.
    ``only_helps``: the unit is a co-unit and never had the case in hand (``authority.only_helps``).
    """
    reason = owner_reason(unit, county, record.unit, kind or kind_of(record), names, only_helps=only_helps)
    if reason is not None:
        raise NotAllowed(reason)


def require_identity_power(reader: Reader) -> None:
    """Refuse a role that never reads identities (``permission.cannot_read_identity``)."""
    if not reader.powers.reads_identity:
        raise NotAllowed("permission.cannot_read_identity", role=reader.role)


def require_user_power(reader: Reader) -> None:
    """Refuse a role that may not add or disable users (``permission.cannot_manage_users``)."""
    if not reader.powers.manages_users:
        raise NotAllowed("permission.cannot_manage_users", role=reader.role)


def require_rules_power(reader: Reader) -> None:
    """Refuse a role that publishes neither days nor rules (``permission.cannot_publish``)."""
    if not reader.powers.publishes_rules:
        raise NotAllowed("permission.cannot_publish", role=reader.role)


def may_admit(role: str) -> bool:
    """Whether a role of the county's own unit lets devices in."""
    return role in ADMITTING_ROLES


def may_see(reader: Reader, matter: Matter) -> bool:
    """True where the reader may know of the record. Whoever is complained about never does."""
    if matter.kind in COMMON_KINDS:
        return True
    if reader.user in matter.accused_names:
        return False
    if matter.kind in LOG_KINDS:
        return _sees_log(reader, matter)
    if reader.powers.sight is Sight.NOTHING:
        return False
    return matter.author == reader.user or matter.assigned or _sees_of_others(reader.powers.sight, matter)


def counts(reader: Reader, matter: Matter) -> bool:
    """True where the matter is among the figures the reader gets: those he may see, and for a role that reads figures
    all but sealed ones and those about himself."""
    of_all = reader.powers.figures and matter.secrecy != "SEALED" and reader.user not in matter.accused_names
    return of_all or may_see(reader, matter)


def _sees_log(reader: Reader, matter: Matter) -> bool:
    powers = reader.powers
    of_users = powers.manages_users and matter.kind in ACCOUNT_KINDS
    return powers.keeps_access_log or powers.sight is Sight.ALL or of_users or matter.author == reader.user


def _sees_of_others(sight: Sight, matter: Matter) -> bool:
    if sight is Sight.ALL:
        return True
    if sight in IN_NAME or matter.secrecy == "SEALED":
        return False
    if sight is Sight.DESK:
        return matter.taken_in
    return sight is Sight.UNIT or not _is_discipline(matter)


def _is_discipline(matter: Matter) -> bool:
    """Accusations, and appeals against a sanction unless they are out of scope: no business of a petition office."""
    return matter.nature == "ACCUSE" or (matter.nature == "APPEAL" and not matter.outside)
