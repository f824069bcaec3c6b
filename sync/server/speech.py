"""What the county's verbs print."""

import json
import os
from collections.abc import Sequence
from typing import Any

from sync.shipped.texts import load_catalogue


def language() -> str:
    """Language of the verbs: ``LIANDONG_LANG`` (zh, en), else Chinese."""
    return "en" if os.environ.get("LIANDONG_LANG", "zh").lower().startswith("en") else "zh"


def say(key: str, **values: object) -> None:
    """One line of the catalogue."""
    print(load_catalogue().say(key, language(), **values), flush=True)


def print_json(value: object) -> None:
    """A value as indented JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2), flush=True)


def print_lines(rows: Sequence[dict[str, Any]]) -> None:
    """A row a line, what is empty left out."""
    for row in rows:
        print("  ".join(f"{name}={value}" for name, value in row.items() if value not in (None, "")), flush=True)
