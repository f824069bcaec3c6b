"""Understand a day with a clock the way it is typed: ``1121``, ``昨天 9:10``, ``11月21日14点``, full-width digits."""

from datetime import date, datetime, time, timedelta

from desktop.services.inputs.friendly_dates import friendly_day, friendly_time
from desktop.ui.widgets.typing import half_width

_COMING_DAYS = {"明天": 1, "明日": 1, "tomorrow": 1, "后天": 2, "大后天": 3}
_ALMOST_A_YEAR = timedelta(days=364)


def parse_moment(typed: str, now: datetime) -> datetime | None:
    """The moment meant, or None. A day alone takes the clock of ``now``; a clock alone means today."""
    text = half_width(typed)
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None) if len(text) > 10 else _read_words(text, now)
    except ValueError:
        return _read_words(text, now)


def parse_day(typed: str, today: date, *, coming: bool = False) -> date | None:
    """The day meant, or None. ``coming``: a day without a year is the next one, not the last one."""
    text = half_width(typed).lower()
    if text in _COMING_DAYS:
        return today + timedelta(days=_COMING_DAYS[text])
    found = friendly_day(text, today)
    if found is not None and coming and found < today and len(text) <= 6:
        return friendly_day(text, today + _ALMOST_A_YEAR)
    return found


def _read_words(text: str, now: datetime) -> datetime | None:
    day = parse_day(text, now.date())
    if day is not None:
        return datetime.combine(day, now.time())
    clock = friendly_time(text)
    if clock is not None:
        return datetime.combine(now.date(), clock)
    return next(filter(None, (_join(text[:cut], text[cut:], now) for cut in _cuts(text))), None)


def _cuts(text: str) -> list[int]:
    """Where the clock may begin: behind a space first, then anywhere, the longest day first."""
    spaces = [index for index, sign in enumerate(text) if sign == " "]
    return spaces + list(range(len(text) - 1, 1, -1))


def _join(day_text: str, clock_text: str, now: datetime) -> datetime | None:
    day, clock = parse_day(day_text, now.date()), _clock(clock_text.strip())
    return datetime.combine(day, clock) if day is not None and clock is not None else None


def _clock(text: str) -> time | None:
    for word in ("下午", "晚上"):
        if text.startswith(word):
            clock = friendly_time(text.removeprefix(word))
            return clock.replace(hour=clock.hour + 12) if clock is not None and clock.hour < 12 else clock
    return friendly_time(text.removeprefix("上午").removeprefix("早上"))
