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
    """UTF-8 whatever the system's code page: a GBK console of Windows has no rare characters.

    A stream that is closed, or whose reader has gone, changes nothing of what was done. Raises NeedsPerson
    ``county.not_said`` where it cannot be written otherwise.
    """
    if stream is None:
        return
    try:
        stream.buffer.write(text.encode("utf-8", errors="replace") + b"\n")
        stream.buffer.flush()
    except BrokenPipeError:
        _to_nowhere(stream)
    except OSError as error:
        _to_nowhere(stream)
        raise NeedsPerson("county.not_said", reason=error.strerror or "-") from error


def _to_nowhere(stream: TextIO) -> None:
    """What is left in the stream goes nowhere, instead of being tried again at the end of the program."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
