"""Ctrl+C at any moment of a verb is one line and exit code 130, also while its programs are still being read."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from desktop.cli.main import main as liandong
from sync.server.cli import main as liandong_county
from sync.shipped.first_second import hold_interrupts
from tests.house.tree import ROOT

INTERRUPTED = 130


@pytest.fixture(autouse=True)
def heeding() -> Iterator[None]:
    """As in a terminal, also where the tests run in the background, which ignores Ctrl+C."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


PRESSED = """
import runpy, signal, sys

class Pressing:
    def find_spec(self, name, path=None, target=None):
        if name == {moment!r}:
            sys.meta_path.remove(self)
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Pressing())
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv = ["-", *{words!r}]
runpy.run_module({module!r}, run_name="__main__")
"""


@pytest.mark.parametrize(
    ("module", "moment", "words"),
    [
        ("desktop", "desktop.cli.main", ["list", "Case"]),
        ("desktop", "desktop.cli.table", ["list", "Case"]),
        ("desktop", "desktop.app", ["list", "Case", "--profile", "none", "--passphrase-file", "none"]),
        ("sync.server", "sync.server.cli", ["status", "--home", "none"]),
        ("sync.server", "sync.server.county", ["status", "--home", "none"]),
    ],
)
def test_ctrl_c_while_programs_are_read_is_one_line(module: str, moment: str, words: list[str]) -> None:
    code = PRESSED.format(module=module, moment=moment, words=words)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (INTERRUPTED, "", 1), done.stderr


@pytest.mark.parametrize("command", [liandong, liandong_county])
def test_ctrl_c_that_was_held_back_ends_the_verb(command: object, capsys: pytest.CaptureFixture[str]) -> None:
    ready = hold_interrupts()
    signal.raise_signal(signal.SIGINT)
    assert command(["list", "Case"], ready=ready) == INTERRUPTED  # type: ignore[operator]
    assert capsys.readouterr().err.count("\n") == 1
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_who_ignores_ctrl_c_goes_on_ignoring_it() -> None:
    former = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        hold_interrupts()()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, former)
