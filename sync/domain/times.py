"""Instants and local times. China has one time zone, so local time is UTC+8 wherever the machine's clock stands."""

from datetime import UTC, date, datetime, timedelta, timezone

from sync.domain.ids import Instant

CHINA_TIME = timezone(timedelta(hours=8), "CST")
OFFSET_MS, DAY_MS = 8 * 3_600_000, 24 * 3_600_000


def to_instant(moment: datetime) -> Instant:
    """Milliseconds of a moment; one without zone is local time."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=CHINA_TIME)
    return round(aware.timestamp() * 1000)


def to_local(instant: Instant) -> datetime:
    """The moment in local time, with zone."""
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone(CHINA_TIME)


def local_date(instant: Instant) -> date:
    """The local calendar day of an instant."""
    return to_local(instant).date()


def local_day(instant: Instant) -> int:
    """Number of the local calendar day; instants of one day have the same."""
    return (instant + OFFSET_MS) // DAY_MS


def local_text(instant: Instant) -> str:
    """``2026-11-20T09:10``; with ``:30`` or ``:30.125`` behind it where seconds or milliseconds are set."""
    moment = to_local(instant).replace(tzinfo=None)
    if moment.microsecond:
        return moment.isoformat(timespec="milliseconds")
    return moment.isoformat(timespec="seconds" if moment.second else "minutes")
