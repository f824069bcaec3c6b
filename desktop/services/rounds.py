"""Visits over the villages of the unit and over a month: who was visited, who is due, who never."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from desktop.services.desk import Desk
from desktop.services.finding import villages
from desktop.services.listing import title_of
from desktop.services.permissions import Sight
from desktop.services.shapes import Place
from desktop.storage.reading import Order, PageKey
from sync.domain.ids import Instant, RecordId
from sync.domain.records import Visit
from sync.domain.times import CHINA_TIME, local_date, to_instant

VISITED, DUE, NEVER = "visited", "due", "never"
_PAGE = 200
_STARTED = Order("started_at")
LAST_ID = RecordId("g")
"""Behind every id, which are hexadecimal."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A village: ``state`` is ``visited`` within the interval, ``due`` when longer ago, ``never``."""

    place: Place
    state: str
    last_visit: date | None
    last_id: str = ""


@dataclass(frozen=True, slots=True)
class DayVisit:
    """A visit in the calendar."""

    day: date
    id: str
    village: str


def coverage(desk: Desk, interval_days: int) -> tuple[Covered, ...]:
    """Every village of the unit, by code."""
    if desk.reader.powers.sight is Sight.NOTHING:
        return ()
    limit = local_date(desk.clock()) - timedelta(days=interval_days)
    return tuple(_covered(desk, place, limit) for place in villages(desk))


def month_visits(desk: Desk, year: int, month: int) -> tuple[DayVisit, ...]:
    """The visits that began in a month, the latest first, as far as the reader may see them."""
    first = date(year, month, 1)
    key: PageKey | None = PageKey(_begin_of(_next_month(first)) - 1, LAST_ID)
    found: list[DayVisit] = []
    while key is not None:
        page = desk.store.reading.page("Visit", order=_STARTED, after=key, limit=_PAGE)
        for listed in page.rows:
            record = listed.stored.record
            assert isinstance(record, Visit)
            day = local_date(record.started_at)
            if day < first:
                return tuple(found)
            if desk.sees(listed.stored):
                found.append(DayVisit(day, record.id, title_of(desk, listed.stored)))
        key = page.next
    return tuple(found)


def _covered(desk: Desk, place: Place, limit: date) -> Covered:
    page = desk.store.reading.page("Visit", {"village": place.code}, order=_STARTED, limit=1)
    record = page.rows[0].stored.record if page.rows else None
    if not isinstance(record, Visit):
        return Covered(place, NEVER, None)
    day = local_date(record.started_at)
    return Covered(place, DUE if day < limit else VISITED, day, record.id)


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _begin_of(day: date) -> Instant:
    return to_instant(datetime.combine(day, time(), CHINA_TIME))
