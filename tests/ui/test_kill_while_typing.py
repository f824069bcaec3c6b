"""Power loss while somebody types: the next sign-in is offered the draft, and at most two seconds are gone."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.services.offices import make_profile, opened
from tests.ui.conftest import Person, at_window

ROOT = Path(__file__).parents[2]
TYPED_SECONDS, MOST_LOST_SECONDS = 3.2, 2.0


@pytest.mark.parametrize("place", ["page", "dialog"])
def test_at_most_two_seconds_of_typing_are_lost(tmp_path: Path, qtbot: QtBot, place: str) -> None:
    profile = make_profile(tmp_path / "profile")
    case = make_case(profile) if place == "dialog" else ""
    told, killed_at = type_until_killed(profile, case)
    with at_window(profile, qtbot) as person:
        person.settle()
        kept = resume_from_today(person, "loop.remark" if case else "reception.content")
    safe = [count for count, moment in told if moment <= killed_at - MOST_LOST_SECONDS]
    assert len(kept) >= safe[-1] > 0
    assert kept == "".join(chr(ord("a") + index % 26) for index in range(len(kept)))


def make_case(profile: Path) -> str:
    with opened(profile) as office:
        made = office.record("Case", {"source_channel": "VISIT", "received_at": "2026-11-20T09:10", "title": "ditch"})
    return made.id


def type_until_killed(profile: Path, case: str) -> tuple[list[tuple[int, float]], float]:
    """What the process said it had typed and when, and the moment of the kill."""
    command = [sys.executable, "-m", "tests.ui.typing_process", str(profile), *filter(None, (case,))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        end = time.monotonic() + TYPED_SECONDS
        while time.monotonic() < end:
            lines.append(process.stdout.readline())
        process.kill()
        killed_at = time.monotonic()
    told = [(int(count), float(moment)) for count, moment in (line.split() for line in lines)]
    return told, killed_at


def resume_from_today(person: Person, name: str) -> str:
    """Take the one draft that Today offers; what its text holds."""
    person.go("today")
    person.find("today.drafts_resume_0").click()  # type: ignore[attr-defined]
    person.settle()
    text: str = person.find(name).toPlainText()  # type: ignore[attr-defined]
    return text
