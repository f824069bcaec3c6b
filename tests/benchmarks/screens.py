"""What a person waits for at the window: the start, the first list after signing in, a printed form. Qt offscreen."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from tests.benchmarks.devices import PASSPHRASE
from tests.benchmarks.papers import paper_figures
from tests.e2e.processes import ROOT

STARTS = 5
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
from desktop.app import open_window
application = QApplication([])
window = open_window(Path(sys.argv[1]))
window.show()
while not {"desktop.opening", "desktop.ui.county.view"} <= set(sys.modules):
    application.processEvents()
clock, work = time.perf_counter(), time.process_time()
def spent():
    return [time.perf_counter() - clock, time.process_time() - work]
window.unlock_page.passphrase.setText(sys.argv[2])
window.unlock_page.unlock()
while not window.place.tasks.is_open:
    time.sleep(0.0005)
unlocked = spent()
while window.place.facts is None:
    application.processEvents()
window.go("cases")
cases = window.screen_of("cases")
while cases.model.rowCount() == 0 and spent()[0] < 60:
    application.processEvents()
window.grab()
print(json.dumps({"unlock": unlocked, "list": spent(), "rows": cases.model.rowCount()}))
window.close()
"""


def screen_figures(folder: Path, profile: Path | None) -> tuple[dict[str, float], dict[str, Any]]:
    """Ratios of start, forms and ledgers; of the first list where a profile with cases is given (closed)."""
    ratios, figures = paper_figures()
    started = _starts(folder / "none")
    figures |= started
    ratios["start_vs_bare_qt"] = started["start_ms"] / started["bare_qt_ms"]
    if profile is not None:
        first = _first_list(profile)
        figures |= first
        ratios["first_list_ms"] = first["first_list_ms"]
    return ratios, figures


def _starts(nowhere: Path) -> dict[str, float]:
    """Median milliseconds of warm starts, wall and processor, the two kinds in turn; the first of each warms up."""
    spent: dict[str, list[float]] = {}
    for number in range(STARTS + 1):
        for name, script in (("bare_qt", _BARE), ("start", _START)):
            clock, work = perf_counter(), _work_of_children()
            _python(script, str(nowhere))
            if number:
                spent.setdefault(f"{name}_ms", []).append((perf_counter() - clock) * 1000)
                spent.setdefault(f"{name}_processor_ms", []).append((_work_of_children() - work) * 1000)
    return {name: round(median(times), 1) for name, times in spent.items()}


def _work_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _first_list(profile: Path) -> dict[str, float]:
    """From the opened store to the painted list, as at the unlock screen where the heavy imports are behind already."""
    runs = [json.loads(_python(_FIRST_LIST, str(profile), PASSPHRASE)) for _ in range(3)]
    wall, processor = (median(run["list"][which] - run["unlock"][which] for run in runs) for which in (0, 1))
    return {
        "first_list_ms": round(wall * 1000, 1),
        "first_list_processor_ms": round(processor * 1000, 1),
        "unlock_ms": round(median(run["unlock"][0] for run in runs) * 1000, 1),
        "first_list_rows": runs[0]["rows"],
    }


def _python(script: str, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
