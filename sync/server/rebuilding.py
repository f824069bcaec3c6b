"""Make a county anew from its backup where nothing else is left: two custodians together open it.

The backup holds the keys of the home besides its rows, so devices and units find the county they know, under a new
epoch; they send again what the backup does not have.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from sync.domain.errors import Damaged, Refused
from sync.private_files import write_private
from sync.protocol.key_card import open_key_card, root_fingerprint
from sync.protocol.keys import signing_public
from sync.server.backup import INFO, Head, read_backup, restore_backup
from sync.server.county import County, open_database
from sync.server.custodians import CustodianFile, open_pair, read_share
from sync.server.home import FORMAT_VERSION, CountyHome, CountyKeys, HomeFacts
from sync.server.making import making_home
from sync.server.postgres import Cluster
from sync.server.storage.engine import migrate


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """What ``restore`` was asked in a home that is not there. ``shares``: the files of two custodians."""

    home: Path
    backup: Path
    shares: tuple[Path, Path]
    database_file: Path | None = None


def rebuild_county(asked: Rebuilding) -> int:
    """Make home, database and rows from the backup; how many rows.

    Raises Refused ``county.home_taken``, ``county.backup_foreign``, ``county.file_unreadable``, Damaged
    ``county.custodian_file``, ``county.custodian_pair``, ``county.backup_damaged``: no home is left behind then.
    """
    one, other = (read_share(path) for path in asked.shares)
    if one.county != other.county:
        raise Refused("county.backup_foreign", file=asked.backup)
    kept = _believe(asked.backup, one, other)
    home = CountyHome(asked.home)
    keys = CountyKeys(**{name: kept[name] for name in CountyKeys.__struct_fields__})
    card = open_key_card(kept["card"], root_fingerprint(signing_public(keys.root)))
    database_file = str(asked.database_file.absolute()) if asked.database_file else ""
    facts = HomeFacts(FORMAT_VERSION, card.county, card.county_name, card.url, database_file)
    with making_home(home, facts):
        _keep(home, keys, kept)
        if not database_file:
            Cluster(home.postgres_folder, keys.database_password).create()
        with open_database(home, facts, keys) as (engine, cluster):
            migrate(engine)
            county = County(home, facts, keys, kept["card"], engine, cluster)
            return restore_backup(county, asked.backup, lambda head: open_pair(one, other, head.pairs, INFO))


def _keep(home: CountyHome, keys: CountyKeys, kept: dict[str, Any]) -> None:
    home.write_keys(keys)
    home.write_card(kept["card"])
    write_private(home.tls_key, kept["tls.key"])
    write_private(home.tls_certificate, kept["tls.pem"])


def _believe(path: Path, one: CustodianFile, other: CustodianFile) -> dict[str, Any]:
    """Read the backup to its end before anything is made; the keys of the home in it."""
    found: dict[str, Any] = {}

    def key_of(head: Head) -> bytes:
        return open_pair(one, other, head.pairs, INFO)

    for name, rows in read_backup(one.county, path, key_of):
        if not name:
            found = rows[0]
    try:
        msgspec.convert(found, CountyKeys)
    except msgspec.ValidationError as error:
        raise Damaged("county.backup_damaged", file=path) from error
    return found
