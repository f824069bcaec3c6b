"""Until the unlock screen is painted nothing is imported that it does not need; behind it the rest comes by itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.paths import ProfilePaths
from desktop.security.vault_file import FORMAT, SUITE, VERSION, checksum
from tests.house.tree import ROOT

LATER = [
    "PIL",
    "alembic",
    "chinese_calendar",
    "cryptography",
    "desktop.forms",
    "desktop.opening",
    "desktop.services",
    "desktop.storage",
    "filelock",
    "urllib3",
    "msgspec",
    "openpyxl",
    "pypinyin",
    "reportlab",
    "sqlalchemy",
    "sqlcipher3",
    "sync.client",
    "sync.domain.records",
    "zstandard",
]
START = """
import json, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from desktop.app import open_window
application = QApplication([])
window = open_window(Path(sys.argv[1]))
window.show()
window.grab()
painted = sorted(sys.modules)
while not {"desktop.opening", "desktop.ui.today.view"} <= set(sys.modules):
    application.processEvents()
window.close()
print(json.dumps(painted))
"""


def no_profile(_: Path) -> None:
    """The first run."""


def one_user(folder: Path) -> None:
    slot = {"user": "张明", "role": "TOWN_CDI", "suite": SUITE}
    body = {"format": FORMAT, "version": VERSION, "slots": [slot]}
    folder.mkdir()
    ProfilePaths(folder).vault.write_text(json.dumps({**body, "checksum": checksum(body)}), encoding="utf-8")


@pytest.mark.parametrize("prepare", [no_profile, one_user])
def test_the_unlock_screen_waits_for_nothing_it_does_not_need(tmp_path: Path, prepare: object) -> None:
    assert callable(prepare)
    prepare(tmp_path / "profile")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", START, str(tmp_path / "profile")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    painted = json.loads(done.stdout)
    early = [name for name in painted if any(name == later or name.startswith(f"{later}.") for later in LATER)]
    assert early == []
