"""Make a county: keys, key card, database, directory, and the county office's first ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert

from sync.domain.errors import LiandongError, Refused
from sync.domain.ids import UnitCode, new_epoch
from sync.domain.records import OrgUnit
from sync.private_files import write_private
from sync.protocol.keys import exchange_public, generate_exchange_key
from sync.protocol.ticket import decode_ticket
from sync.server.county import County, now_ms, open_database
from sync.server.custodians import write_shares
from sync.server.directory import directory_id, write_common
from sync.server.home import FORMAT_VERSION, CountyHome, HomeFacts
from sync.server.keys import make_card, make_certificate, make_keys
from sync.server.making import making_home
from sync.server.postgres import Cluster
from sync.server.round import COUNTY_DEVICE
from sync.server.storage import tables
from sync.server.storage.engine import migrate
from sync.server.storage.ledger import NO_CHAIN
from sync.server.storage.loading import LockedCounty
from sync.server.tickets import TicketOrder, make_ticket
from sync.shipped.divisions import COUNTY_DIGITS, TOWN_DIGITS, Division, read_county

DEFAULT_PORT = 8443
OFFICE_ROLES = (
    "COUNTY_HEAD", "COUNTY_OFFICE", "COUNTY_LEADER", "COUNTY_SUPERVISION", "COUNTY_CSM", "CDI_STAFF", "RECEPTION",
    "HANDLER", "AUDITOR", "ADMIN",
)  # fmt: skip
OFFICE_TICKET_DAYS = 365
_KINDS = {COUNTY_DIGITS: "COUNTY", TOWN_DIGITS: "TOWN"}


@dataclass(frozen=True, slots=True)
class Founding:
    """What ``init`` was asked."""

    home: Path
    county: str
    url: str
    office_ticket: Path
    divisions: Path | None = None
    database_file: Path | None = None
    custodian_out: Path | None = None
    custodians: int = 0


def found_county(founding: Founding) -> tuple[County, int]:
    """Make it; the county (its database closed again) and how many units its directory has.

    Raises InvalidInput ``divisions.*``, Refused ``county.home_taken``, ``county.file_exists``.
    """
    divisions = read_county(founding.county, founding.divisions)
    home = CountyHome(founding.home)
    if founding.office_ticket.exists() and not _left_unfinished(home, founding.office_ticket):
        raise Refused("county.file_exists", file=founding.office_ticket)
    database_file = str(founding.database_file.absolute()) if founding.database_file else ""
    facts = HomeFacts(FORMAT_VERSION, founding.county, divisions[0].name, founding.url, database_file)
    with making_home(home, facts):
        return _found(founding, home, facts, divisions), len(divisions)


def _left_unfinished(home: CountyHome, ticket: Path) -> bool:
    """Whether the ticket is of a county whose making was killed just before its end."""
    try:
        return home.is_unfinished() and decode_ticket(ticket.read_bytes()).key_card == home.read_card()
    except (OSError, LiandongError):
        return False


def _found(founding: Founding, home: CountyHome, facts: HomeFacts, divisions: Sequence[Division]) -> County:
    keys, identity = make_keys(), generate_exchange_key()
    recovery = write_shares(founding.custodian_out, founding.custodians, identity, founding.county)
    certificate = make_certificate(founding.county, founding.url, now_ms())
    card = make_card(
        keys,
        county=founding.county,
        county_name=divisions[0].name,
        url=founding.url,
        certificate=certificate.certificate,
        identity_public=exchange_public(identity),
        recovery_keys=recovery,
        now_ms=now_ms(),
    )
    home.write_keys(keys)
    home.write_card(card)
    write_private(home.tls_key, certificate.key)
    write_private(home.tls_certificate, certificate.certificate)
    if not facts.database_file:
        Cluster(home.postgres_folder, keys.database_password).create()
    with open_database(home, facts, keys) as (engine, cluster):
        migrate(engine)
        county = County(home, facts, keys, card, engine, cluster)
        _write_first_rows(county, divisions)
        ticket = make_ticket(
            county,
            TicketOrder(founding.county, OFFICE_ROLES, OFFICE_TICKET_DAYS, divisions[0].name),
            now_ms(),
            identity_private=identity,
        )
    founding.office_ticket.parent.mkdir(parents=True, exist_ok=True)
    write_private(founding.office_ticket, ticket)
    return county


def _write_first_rows(county: County, divisions: Sequence[Division]) -> None:
    now = now_ms()
    with county.engine.begin() as connection:
        _refuse_taken(connection, county)
        locked = LockedCounty(new_epoch(now), 0, 0, NO_CHAIN)
        first = {
            "code": county.code, "name": county.facts.name, "epoch": locked.epoch, "position": 0, "log_number": 0,
            "log_hash": NO_CHAIN, "made_at": now,
        }  # fmt: skip
        connection.execute(insert(tables.county), first)
        office = {
            "county": county.code, "unit": county.code, "public_key": county.card.identity_key,
            "device": COUNTY_DEVICE,
        }  # fmt: skip
        connection.execute(insert(tables.unit_identity), office)
        records = [_org_unit(division, county.code, now) for division in divisions]
        write_common(connection, county, locked, records, now)


def _refuse_taken(connection: Connection, county: County) -> None:
    taken = connection.execute(tables.county.select().where(tables.county.c.code == county.code)).first()
    if taken is not None:
        raise Refused("county.database_taken", county=county.code)


def _org_unit(division: Division, county: str, now: int) -> OrgUnit:
    return OrgUnit(
        id=directory_id("OrgUnit", division.code),
        unit=UnitCode(county),
        created_at=now,
        code=division.code,
        name=division.name,
        kind=_KINDS.get(len(division.code), "VILLAGE"),
        parent=division.parent,
    )
