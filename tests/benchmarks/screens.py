"""What a person waits for at the window: the start, the first list after signing in, a printed form. Qt offscreen."""

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from tests.benchmarks.devices import PASSPHRASE
from tests.e2e.processes import ROOT

STARTS = 5
PRINTS = 15
_BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.show()
application.processEvents()
"""
_START = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from desktop.app import open_window
application = QApplication([])
window = open_window(Path(sys.argv[1]))
window.show()
application.processEvents()
"""
_FIRST_LIST = """
import json, sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from desktop.app import open_office, open_window
application = QApplication([])
start = time.perf_counter()
open_office(Path(sys.argv[1]), sys.argv[2]).close()
unlocked = time.perf_counter() - start
start = time.perf_counter()
window = open_window(Path(sys.argv[1]), sys.argv[2])
window.show()
cases = window.screen_of("cases")
window.go("cases")
while cases.model.rowCount() == 0 and time.perf_counter() - start < 60:
    application.processEvents()
window.grab()
spent = time.perf_counter() - start
print(json.dumps({"open": unlocked, "list": spent, "rows": cases.model.rowCount()}))
window.close()
"""


def screen_figures(folder: Path, profile: Path | None) -> tuple[dict[str, float], dict[str, Any]]:
    """Ratios of start and forms; of the first list where a profile with cases is given (closed by its owner)."""
    bare, start = _starts(_BARE), _starts(_START, str(folder / "none"))
    figures: dict[str, Any] = {"bare_qt_ms": bare, "start_ms": start}
    ratios = {"start_vs_bare_qt": start / bare, "form_ms": _form_ms(figures)}
    if profile is not None:
        first = _first_list(profile)
        figures |= first
        ratios["first_list_ms"] = first["first_list_ms"]
    return ratios, figures


def _starts(script: str, *arguments: str) -> float:
    """Median milliseconds of a warm start; the first run warms up."""
    spent: list[float] = []
    for _ in range(STARTS + 1):
        start = perf_counter()
        _python(script, *arguments)
        spent.append((perf_counter() - start) * 1000)
    return round(median(spent[1:]), 1)


def _first_list(profile: Path) -> dict[str, float]:
    """From the passphrase to the painted list, the key derivation taken off."""
    runs = [json.loads(_python(_FIRST_LIST, str(profile), PASSPHRASE)) for _ in range(3)]
    spent = median(max(0.0, run["list"] - run["open"]) for run in runs)
    return {
        "first_list_ms": round(spent * 1000, 1),
        "unlock_ms": round(median(run["open"] for run in runs) * 1000, 1),
        "first_list_rows": runs[0]["rows"],
    }


def _form_ms(figures: dict[str, Any]) -> float:
    """The slowest of the forms of one page, fonts loaded."""
    from desktop.forms.samples import SAMPLE_FORMS, sample_print

    spent: dict[str, float] = {}
    for name in SAMPLE_FORMS:
        pages = sample_print(name).count(b"/Type /Page\n") or 1
        if pages == 1:
            spent[name] = _print_ms(lambda name=name: sample_print(name))
    figures["forms_ms"] = spent
    return round(median(spent.values()), 2)


def _print_ms(work: Any) -> float:
    spent: list[float] = []
    for _ in range(PRINTS):
        start = perf_counter()
        work()
        spent.append((perf_counter() - start) * 1000)
    return round(median(spent), 2)


def _python(script: str, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
