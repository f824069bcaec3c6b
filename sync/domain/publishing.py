"""What the county publishes about time: moved days and rulebooks, as records of the common feed."""

from collections.abc import Iterable, Mapping
from typing import Any

from sync.domain.calendar import MovedDay, WorkCalendar
from sync.domain.calendar_text import read_days
from sync.domain.directory_records import CalendarDay, RulebookVersion
from sync.domain.errors import Refused
from sync.domain.ids import Instant, UnitCode, new_record_id
from sync.domain.rulebook import Rulebook
from sync.domain.rulebook_text import parse_rulebook, version_key


def calendar_records(
    text: str, standing: WorkCalendar, county: UnitCode, now_ms: Instant, author: str
) -> tuple[CalendarDay, ...]:
    """Records for the days of a file that are not so already; raises as :func:`read_days`."""
    changed = [day for day in read_days(text) if not _stands(day, standing)]
    made = zip(_made(county, now_ms, author, len(changed)), changed, strict=True)
    return tuple(
        CalendarDay(**common, day=moved.day.isoformat(), working=moved.working, name=moved.name.zh)
        for common, moved in made
    )


def rulebook_record(text: str, standing: Rulebook, county: UnitCode, now_ms: Instant, author: str) -> RulebookVersion:
    """The record of a rulebook's file. Raises as :func:`parse_rulebook`, Refused ``rules.older_version`` for one that
    is not above the rules that stand."""
    book = parse_rulebook(text)
    if version_key(book.version) <= version_key(standing.version):
        raise Refused("rules.older_version", version=book.version, standing=standing.version)
    common = next(iter(_made(county, now_ms, author, 1)))
    return RulebookVersion(**common, version=book.version, text=text)


def _stands(wanted: MovedDay, standing: WorkCalendar) -> bool:
    known = standing.moved.get(wanted.day)
    return known is not None and known.working == wanted.working and known.name.zh == wanted.name.zh


def _made(county: UnitCode, now_ms: Instant, author: str, count: int) -> Iterable[Mapping[str, Any]]:
    for number in range(count):
        yield {"id": new_record_id(), "unit": county, "created_at": Instant(now_ms + number), "author": author}
