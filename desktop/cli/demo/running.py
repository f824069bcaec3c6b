"""Run the demonstration: make the folder, go through the phases, write ``summary.json``."""

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from desktop.app import open_window
from desktop.cli.demo import story as phases
from desktop.cli.demo.county import CountyCommand
from desktop.cli.demo.loop import walk_loop
from desktop.cli.demo.printing import print_forms
from desktop.cli.demo.story import COUNTY, FIRST, SECOND, USERS, Story
from desktop.cli.speech import print_line, text
from sync.domain.errors import NeedsPerson, Refused

SUMMARY = "summary.json"
COUNTED = {"visits": "Visit", "findings": "Finding", "receptions": "Reception", "cases": "Case"}


def run_demo(folder: Path | None, *, headless: bool) -> dict[str, Any]:
    """Tell the whole story in a folder; returns the summary. Without ``headless`` it ends in the open window.

    Raises Refused where the folder holds something else, NeedsPerson where a proof did not hold.
    """
    if headless:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    place = prepare(folder)
    passphrase = "演示 " + secrets.token_hex(8)
    story = Story(place, CountyCommand(place / "county", COUNTY), passphrase, _tell)
    log = place / "county.log"
    _phase(story, "found", phases.found_county)
    with story.county.serving(log):
        _phase(story, "enrol", phases.enrol_all)
    _phase(story, "record", phases.record_offline)
    _phase(story, "kills", phases.survive_kills)
    _phase(story, "import", phases.import_spreadsheet)
    with story.county.serving(log):
        _phase(story, "exchange", phases.exchange_all)
        _phase(story, "loop", walk_loop)
        summary = _look_back(story)
        if not headless:
            _open_window(story)
    broken = [name for name, held in story.proofs.items() if not held]
    if broken:
        raise NeedsPerson("demo.not_held", proofs=", ".join(broken))
    return summary


def _look_back(story: Story) -> dict[str, Any]:
    """Everything after the exchange: proofs, prints, pictures, and the summary of it all."""
    from desktop.ui.pictures import take_pictures

    _phase(story, "visibility", phases.prove_visibility)
    with story.phase("forms"):
        forms = print_forms(story)
    with story.phase("screens"):
        screens = take_pictures(partial(open_window, *_signed_in(story)), story.folder / "screens", story.shown)
    for unit in (FIRST, SECOND, COUNTY):
        phases.exchange(story, unit)
    _phase(story, "secrecy", phases.prove_secrecy)
    with story.phase("verify"):
        units = phases.verify_all(story)
    counts = {name: units[-1]["county"]["records"].get(kind, 0) for name, kind in COUNTED.items()}
    summary = {
        "folder": str(story.folder),
        "units": units,
        "counts": {**counts, "forms": forms, "screens": screens},
        "proofs": story.proofs,
        "seconds": {**story.seconds, "total": round(sum(story.seconds.values()), 2)},
    }
    (story.folder / SUMMARY).write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return summary


def prepare(folder: Path | None) -> Path:
    """An empty folder: a new one, or the one named, from which only an earlier demonstration is removed."""
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="liandong-demo-"))
    place = folder.resolve()
    if place.is_dir() and any(place.iterdir()):
        if not (place / SUMMARY).is_file():
            raise Refused("demo.folder_in_use", folder=str(place))
        shutil.rmtree(place)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused("demo.cannot_write", folder=str(place), reason=error.strerror or "") from error
    return place


def _phase(story: Story, name: str, run: Callable[[Story], None]) -> None:
    with story.phase(name):
        run(story)


def _tell(name: str, seconds: float) -> None:
    print_line(text(f"demo.phase_{name}", seconds=f"{seconds:.1f}"))


def _open_window(story: Story) -> None:
    from desktop.ui.pictures import show_window

    print_line(text("demo.opens", folder=str(story.folder), file=str(story.passphrase_file)))
    show_window(partial(open_window, *_signed_in(story)))


def _signed_in(story: Story) -> tuple[Path, str, str]:
    return story.profile(FIRST), story.passphrase, USERS[FIRST][0]
