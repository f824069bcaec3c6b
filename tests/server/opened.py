"""What a county's database holds, unsealed: for tests of what must not be there."""

from sqlalchemy import select

from sync.server.county import County
from sync.server.storage import tables
from sync.server.storage.bodies import open_state


def opened_bodies(county: County) -> list[bytes]:
    """The bytes of every change and every record."""
    body = tables.change_body.c
    with county.engine.connect() as connection:
        changes = connection.execute(select(body.change, body.sealed)).all()
        records = connection.execute(select(tables.record)).mappings().all()
    opened = [county.store_key.open_packed(f"change/{change}", sealed) for change, sealed in changes]
    return opened + [open_state(county.store_key, row).canonical for row in records]
