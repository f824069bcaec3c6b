"""What a county's database holds, unsealed: for tests of what must not be there."""

from sqlalchemy import select

from sync.server.county import County
from sync.server.storage import tables
from sync.server.storage.bodies import open_state
from sync.server.storage.ledger import read_bodies


def opened_bodies(county: County) -> list[bytes]:
    """The bytes of every change and every record."""
    log = tables.change_log.c
    with county.engine.connect() as connection:
        lines = connection.execute(select(log.number, log.change)).all()
        changes = read_bodies(connection, county.store_key, county.code, {line.number: line.change for line in lines})
        records = connection.execute(select(tables.record)).mappings().all()
    return [*changes.values(), *(open_state(county.store_key, row).canonical for row in records)]
