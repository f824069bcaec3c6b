"""Settings of one profile: looks, how letters are signed, each user's last printer. Plain JSON, no case content."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LANGUAGES = ("zh", "en")
TEXT_SIZES = (100, 110, 125, 150, 175)
"""Per cent."""
THEMES = ("light", "dark")
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user chose. ``printers``: form → printer name; ``copies``: form → copies."""

    language: str = "zh"
    text_size: int = 100
    theme: str = "light"
    idle_minutes: int = 10
    visit_interval_days: int = 30
    """After how many days a village is to be visited again."""
    group_threshold: int = 5
    """From how many people on a walk-in counts as a group (集体访)."""
    printers: dict[str, str] = dataclasses.field(default_factory=dict)
    copies: dict[str, int] = dataclasses.field(default_factory=dict)
    contact: str = ""
    """How the office is reached, as it stands on letters."""
    organ: str = ""
    """The name letters are signed with; the unit's where it is empty."""
    document_mark: str = ""
    """What stands before the year in a letter's number (发文机关代字)."""


OF_THE_OFFICE = ("contact", "organ", "document_mark")
"""Texts that are the same for everyone at this profile."""
OFFICE_NUMBERS = {"visit_interval_days": (1, 366), "group_threshold": (2, 100)}
"""Numbers that are, with the least and the most they may be."""
SHARED = (*OF_THE_OFFICE, *OFFICE_NUMBERS)


def load_settings(path: Path, user: str = "") -> Settings:
    """The user's settings, or those of the profile where he chose none. A damaged file gives the defaults."""
    kept = _read(path)
    common = kept.get("", {})
    chosen = {**common, **kept.get(user, {}), **{name: common[name] for name in SHARED if name in common}}
    return Settings(**{name: value for name, value in chosen.items() if _is_sound(name, value)})


def save_settings(path: Path, settings: Settings, user: str = "") -> None:
    """Keep a user's settings; language, size and theme also greet the next one at the unlock screen."""
    kept = _read(path)
    values = dataclasses.asdict(settings)
    greeting = {name: values[name] for name in ("language", "text_size", "theme", *SHARED)}
    text = json.dumps({**kept, "": {**kept.get("", {}), **greeting}, user: values}, ensure_ascii=False, indent=1)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {user: values for user, values in kept.items() if isinstance(values, dict)}


def _is_sound(name: str, value: object) -> bool:
    checks: dict[str, bool] = {
        "language": value in LANGUAGES,
        "text_size": value in TEXT_SIZES,
        "theme": value in THEMES,
        "idle_minutes": isinstance(value, int) and 1 <= value <= 240,
        "printers": isinstance(value, dict),
        "copies": isinstance(value, dict),
        **{one: isinstance(value, int) and low <= value <= high for one, (low, high) in OFFICE_NUMBERS.items()},
        **{one: isinstance(value, str) and len(value) <= LONGEST_TEXT for one in OF_THE_OFFICE},
    }
    return checks.get(name, False)
