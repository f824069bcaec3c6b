"""Words of the Today page."""

from datetime import date

from desktop.services.shapes import Draft
from sync.domain.ids import Instant
from sync.domain.times import to_local

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def weekday_key(day: date) -> str:
    """Text key of the weekday."""
    return f"today.{WEEKDAYS[day.weekday()]}"


def shown_day(instant: Instant) -> str:
    """``11-21 14:05``."""
    return to_local(instant).strftime("%m-%d %H:%M")


def draft_title(draft: Draft) -> str:
    """What the draft is about, as far as it was typed."""
    return str(draft.body.get("title") or "")
