"""Publish moved days and rules at the county itself, for a county without an office of its own on the wire."""

from sync.domain.ids import UnitCode
from sync.domain.publishing import calendar_records, rulebook_record
from sync.server.county import County
from sync.server.directory import CommonRecord, write_common
from sync.server.dues import county_clockwork
from sync.server.storage.loading import lock_county

NO_AUTHOR = ""


def publish(county: County, what: str, text: str, now_ms: int) -> int:
    """Write the records of a calendar's (``calendar``) or a rulebook's file (``rules``) into the common feed; their
    number. Raises InvalidInput ``rules.*``, Refused ``rules.older_version``: nothing changed then."""
    code = UnitCode(county.code)
    with county.engine.begin() as connection:
        locked = lock_county(connection, county.code)
        standing = county_clockwork(connection, county)
        if what == "calendar":
            records: tuple[CommonRecord, ...] = calendar_records(text, standing.calendar, code, now_ms, NO_AUTHOR)
        else:
            records = (rulebook_record(text, standing.rulebook, code, now_ms, NO_AUTHOR),)
        if records:
            write_common(connection, county, locked, records, now_ms)
    return len(records)
