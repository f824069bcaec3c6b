"""An opened county: its home, keys, key card and database. Verbs and ``serve`` work through it."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import OperationalError

from sync.domain.declarations import from_fields
from sync.domain.errors import Refused, Unreachable
from sync.domain.ids import RecordId, UnitCode
from sync.domain.records import OrgUnit
from sync.protocol.canonical import decode_fields
from sync.protocol.key_card import KeyCard, card_root_fingerprint, open_key_card
from sync.protocol.keys import key_id
from sync.server.home import CountyHome, CountyKeys, HomeFacts
from sync.server.postgres import Cluster
from sync.server.standing import Standing
from sync.server.storage import tables
from sync.server.storage.bodies import open_canonical
from sync.server.storage.engine import migrate, open_engine, read_url
from sync.server.storage.sealing import StoreKey


def now_ms() -> int:
    """The county's clock: milliseconds UTC."""
    return time.time_ns() // 1_000_000


@dataclass(slots=True)
class County:
    """What every part of the server needs. ``cluster`` is None where PostgreSQL is the administrator's own."""

    home: CountyHome
    facts: HomeFacts
    keys: CountyKeys
    card_bytes: bytes
    engine: Engine
    cluster: Cluster | None
    store_key: StoreKey = field(init=False)
    card: KeyCard = field(init=False)
    _units: tuple[bytes, Mapping[str, OrgUnit]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.store_key = StoreKey(self.keys.store)
        self.card = open_key_card(self.card_bytes, card_root_fingerprint(self.card_bytes))
        self._units = (b"", {})

    @property
    def code(self) -> str:
        """The county's 6 digits."""
        return self.facts.county

    def directory(self, connection: Connection) -> Mapping[str, OrgUnit]:
        """Units by code; kept until the common feed changes."""
        state = tables.unit_state.c
        query = select(state.digest).where(state.county == self.code, state.unit == "*")
        digest = connection.execute(query).scalar() or b""
        return self._directory_at(connection, digest)

    def _directory_at(self, connection: Connection, digest: bytes) -> Mapping[str, OrgUnit]:
        if self._units[0] != digest:
            self._units = (digest, self._read_directory(connection))
        return self._units[1]

    def active_units(self, connection: Connection) -> Mapping[str, bool]:
        """Code of each unit → whether it is active."""
        return {code: unit.active for code, unit in self.directory(connection).items()}

    def standing(self, connection: Connection, common_digest: bytes | None = None) -> Standing:
        """An empty standing that knows the directory and the county's own reader. ``common_digest``: of the common
        feed, where it is known."""
        directory = (
            self.directory(connection) if common_digest is None else self._directory_at(connection, common_digest)
        )
        units = {code: unit.active for code, unit in directory.items()}
        return Standing(UnitCode(self.code), units, key_id(self.card.identity_key))

    def unit(self, connection: Connection, code: str) -> OrgUnit:
        """A unit of the directory. Raises Refused ``county.unknown_unit``."""
        found = self.directory(connection).get(code)
        if found is None:
            raise Refused("county.unknown_unit", unit=code)
        return found

    def _read_directory(self, connection: Connection) -> dict[str, OrgUnit]:
        columns = tables.record.c
        query = select(columns.id, columns.body).where(columns.county == self.code, columns.kind == "OrgUnit")
        found = {}
        for record_id, body in connection.execute(query):
            fields = decode_fields(open_canonical(self.store_key, "OrgUnit", record_id, body))
            unit = from_fields(OrgUnit, fields, id=RecordId(record_id))
            found[unit.code] = unit
        return found


@contextmanager
def open_county(folder: Path, database_file: Path | None = None) -> Iterator[County]:
    """Open a home for one verb or for ``serve``: starts PostgreSQL where it does not run, brings the tables up to date.

    Raises Refused and Damaged ``county.*``; Unreachable ``county.database_unreachable``.
    """
    home = CountyHome(folder)
    facts, keys, card = home.read_facts(), home.read_keys(), home.read_card()
    with open_database(home, facts, keys, database_file) as (engine, cluster):
        migrate(engine)
        yield County(home, facts, keys, card, engine, cluster)


@contextmanager
def open_database(
    home: CountyHome, facts: HomeFacts, keys: CountyKeys, database_file: Path | None = None
) -> Iterator[tuple[Engine, Cluster | None]]:
    """An engine on the county's database; the embedded one runs while this is open."""
    named = database_file or (Path(facts.database_file) if facts.database_file else None)
    cluster = None if named else Cluster(home.postgres_folder, keys.database_password)
    try:
        if cluster is not None:
            cluster.join()
        engine = open_engine(cluster.url() if cluster else read_url(named or Path()))
        try:
            yield engine, cluster
        except OperationalError as error:
            raise Unreachable("county.database_unreachable") from error
        finally:
            engine.dispose()
    finally:
        if cluster is not None:
            cluster.leave()
