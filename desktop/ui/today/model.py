"""Words of the Today page."""

from datetime import date

from desktop.services.shapes import Draft
from desktop.ui.unsaved import SCREEN, dialog_title, parts_of
from desktop.ui.voice import Voice
from sync.domain.ids import Instant
from sync.domain.times import to_local

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def weekday_key(day: date) -> str:
    """Text key of the weekday."""
    return f"today.{WEEKDAYS[day.weekday()]}"


def shown_day(instant: Instant) -> str:
    """``11-21 14:05``."""
    return to_local(instant).strftime("%m-%d %H:%M")


def draft_title(voice: Voice, draft: Draft) -> str:
    """Which page or dialog, and what it is about as far as that was typed."""
    if draft.screen == SCREEN:
        kind = dialog_title(voice, parts_of(draft.key)[0])
    else:
        kind = voice.say(f"{draft.screen}.screen_title")
    correcting = voice.say("unsaved.correcting") if "changes" in draft.body else ""
    return " · ".join(filter(None, (kind, correcting, draft.about or str(draft.body.get("title") or ""))))
