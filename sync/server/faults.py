"""Bugs in the log: what kind of error, and where in the code. Never a message or value: they may hold content."""

import json
import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

_ROOT = Path(__file__).parents[2]
_MOST_PLACES = 12


def fault_line(error: BaseException, **more: str) -> str:
    """One line of JSON: the error's class, those it came from, and the code's places, the innermost first."""
    places = [place for one in _chain(error) for place in _places(one.__traceback__)]
    said = {"event": "fault", "error": [_name(one) for one in _chain(error)], "at": places[:_MOST_PLACES], **more}
    return json.dumps(said, ensure_ascii=False)


class FaultFormatter(logging.Formatter):
    """Lines of libraries as they are, but for those that carry an exception."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        error = record.exc_info[1] if record.exc_info else None
        return super().format(record) if error is None else fault_line(error, logger=record.name)


def tell_faults_only() -> None:
    """What nothing catches is told the same way, on every thread."""

    def on_thread(about: threading.ExceptHookArgs) -> None:
        _tell(about.exc_value)

    def on_main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> Any:
        del kind, trace
        _tell(error)

    sys.excepthook, threading.excepthook = on_main, on_thread


def _tell(error: BaseException | None) -> None:
    if error is not None:
        sys.stderr.write(fault_line(error) + "\n")
        sys.stderr.flush()


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    here: BaseException | None = error
    while here is not None and id(here) not in seen:
        seen.add(id(here))
        yield here
        here = here.__cause__ or (None if here.__suppress_context__ else here.__context__)


def _name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        path = Path(code.co_filename)
        shown = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else Path(path.parent.name, path.name)
        places.append(f"{shown.as_posix()}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[::-1]
