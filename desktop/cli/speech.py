"""How verbs speak: JSON on stdout, one line on stderr, in the language of ``LIANDONG_LANG``."""

import dataclasses
import json
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any

from desktop.services.shapes import Notice
from sync.domain.errors import LiandongError, NeedsPerson
from sync.domain.plain_lines import plain_line
from sync.domain.texts import LANGUAGES
from sync.shipped.streams import write_line
from sync.shipped.texts import load_catalogue

NOT_SAID = "cli.not_said"


def language() -> str:
    """``zh`` unless ``LIANDONG_LANG`` says ``en``."""
    wanted = os.environ.get("LIANDONG_LANG", "zh")[:2].lower()
    return wanted if wanted in LANGUAGES else "zh"


def text(key: str, **values: object) -> str:
    """A text in the language of the verbs."""
    return load_catalogue().say(key, language(), **values)


def told(notices: Iterable[Notice]) -> list[dict[str, str]]:
    """Notices as JSON: ``code``, ``field``, and the text in the language of the verbs."""
    return [{"code": one.code, "field": one.field, "text": text(one.code, **one.values)} for one in notices]


def print_json(value: Any) -> None:
    """A value as one JSON document on stdout."""
    body = json.dumps(value, ensure_ascii=False, default=_plain)
    write_line(sys.stdout, body.encode("utf-8", errors="surrogatepass"), NOT_SAID)


def print_line(line: str) -> None:
    """A line of stdout."""
    write_line(sys.stdout, plain_line(line, "\t").encode("utf-8", errors="replace"), NOT_SAID)


def complain(error: LiandongError) -> None:
    """The one line of an expected trouble on stderr."""
    complain_line(load_catalogue().say_error(error, language()))


def complain_line(line: str) -> None:
    """One line on stderr."""
    with suppress(NeedsPerson):
        write_line(sys.stderr, plain_line(" ".join(line.split())).encode("utf-8", errors="replace"), NOT_SAID)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(type(value).__name__)
