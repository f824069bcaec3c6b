"""What the county's verbs print."""

import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from sync.domain.errors import LiandongError, NeedsPerson
from sync.domain.plain_lines import plain_line
from sync.shipped.streams import write_line
from sync.shipped.texts import load_catalogue


def language() -> str:
    """Language of the verbs: ``LIANDONG_LANG`` (zh, en), else Chinese."""
    return "en" if os.environ.get("LIANDONG_LANG", "zh").lower().startswith("en") else "zh"


def text(key: str, **values: object) -> str:
    """A text of the catalogue."""
    return load_catalogue().say(key, language(), **values)


def say(key: str, **values: object) -> None:
    """One line of the catalogue."""
    print_line(text(key, **values))


def print_json(value: object) -> None:
    """A value as indented JSON."""
    _write(sys.stdout, json.dumps(value, ensure_ascii=False, indent=2))


def print_lines(rows: Sequence[dict[str, Any]]) -> None:
    """A row a line, what is empty left out."""
    for row in rows:
        print_line("  ".join(f"{name}={value}" for name, value in row.items() if value not in (None, "")))


def print_line(line: str) -> None:
    """A line of stdout."""
    _write(sys.stdout, plain_line(" ".join(line.splitlines())))


def complain(error: LiandongError) -> None:
    """The one line of an expected trouble on stderr."""
    complain_line(load_catalogue().say_error(error, language()))


def complain_of(key: str, **values: object) -> None:
    """A text of the catalogue as the one line on stderr."""
    complain_line(load_catalogue().say(key, language(), **values))


def complain_line(line: str) -> None:
    """One line on stderr."""
    with suppress(NeedsPerson):
        _write(sys.stderr, plain_line(" ".join(line.split())))


def report_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A bug is told without values: they may be content of a case."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "-"
    complain_of("county.bug", kind=kind.__name__, place=place)


def _write(stream: TextIO | None, text: str) -> None:
    write_line(stream, text.encode("utf-8", errors="replace"), "county.not_said")
