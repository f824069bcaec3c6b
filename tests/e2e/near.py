"""Verbs run within the test's own process: the same words, codes and lines, without a new interpreter each time."""

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, fields
from pathlib import Path

from desktop.cli.main import main as desktop_main
from sync.server.cli import main as server_main
from tests.e2e.county import DESKTOP, SERVER, County, Office
from tests.e2e.processes import Done

_MAINS = {DESKTOP: desktop_main, SERVER: server_main}


def run_near(module: str, *words: str | Path) -> Done:
    """Run a verb to its end."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    hook = sys.excepthook
    with redirect_stdout(out), redirect_stderr(err):
        code = _MAINS[module]([str(word) for word in words])
    sys.excepthook = hook
    said = [bytes(stream.buffer.getvalue()).decode() for stream in (out, err) if isinstance(stream.buffer, io.BytesIO)]
    return Done((module, *map(str, words)), code, *said)


@dataclass(slots=True)
class NearOffice(Office):
    """A profile used within the test's process."""

    def verb(self, *words: str | Path, seconds: float = 120) -> Done:
        """Run a verb as it comes; ``seconds`` is not watched here."""
        return run_near(DESKTOP, *words, *self.signs_in)


@dataclass(slots=True)
class NearCounty(County):
    """A county whose verbs run within the test's process; its server is a process as ever."""

    def verb(self, *words: str | Path) -> Done:
        """Run a county verb as it comes."""
        return run_near(SERVER, *words, "--home", self.home)


def near(office: Office) -> NearOffice:
    """The same profile, used from here."""
    return NearOffice(**{field.name: getattr(office, field.name) for field in fields(office)})
