"""What the demonstration proves on its own data: refusals, kills, secrecy. Each proof is a name and whether it held."""

import json
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from desktop.cli.demo.county import environment
from desktop.cli.demo.papers import complainant, visit, walk_in

VERB_SECONDS = 60
KILLS = 2


def verb(*words: str | Path) -> "subprocess.CompletedProcess[bytes]":
    """Run a verb of ``liandong`` as a process."""
    return subprocess.run(command(*words), env=environment(), capture_output=True, timeout=VERB_SECONDS, check=False)


def command(*words: str | Path) -> list[str]:
    """The command line of a verb."""
    return [sys.executable, "-P", "-m", "desktop", *map(str, words)]


def is_refused(*words: str | Path) -> bool:
    """Whether a verb is refused with exit code 1, one line on stderr and nothing on stdout."""
    done = verb(*words)
    return done.returncode == 1 and done.stdout == b"" and done.stderr.count(b"\n") == 1


def survives_kills(profile: Path, passphrase: Path, village: str) -> bool:
    """Kill ``record`` at different moments: what it acknowledged is there, and nothing is there twice."""
    signs_in = ("--profile", profile, "--passphrase-file", passphrase)
    paper = profile.parent / "visit.json"
    paper.write_text(json.dumps(visit(village, 17), ensure_ascii=False), encoding="utf-8")
    try:
        before = _ids(*signs_in)
        acknowledged = set()
        for moment in range(KILLS):
            acknowledged |= _record_and_kill(0.6 + 0.5 * moment, "record", "Visit", "--in", paper, *signs_in)
        after = _ids(*signs_in)
    finally:
        paper.unlink()
    return acknowledged <= set(after) and len(after) == len(set(after)) <= len(before) + KILLS


def _record_and_kill(after: float, *words: str | Path) -> set[str]:
    """The id a killed ``record`` acknowledged, if it came so far."""
    with subprocess.Popen(command(*words), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
        time.sleep(after)
        run.kill()
        out, _ = run.communicate()
    return {json.loads(out)["id"]} if out.endswith(b"\n") else set()


def _ids(*signs_in: str | Path) -> list[str]:
    listed = verb("list", "Visit", "--json", *signs_in)
    return [row["id"] for row in json.loads(listed.stdout)]


def files_with_clear_text(folders: Iterable[Path]) -> list[str]:
    """Files below the folders that hold a name, a phone number or a text of the demonstration in clear."""
    spellings = [text.encode(code) for text in telling_texts() for code in ("utf-8", "utf-16-le", "gb18030")]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [str(path) for path in files if _holds(path, spellings)]


def telling_texts() -> list[str]:
    """Names, phones and sentences that may be in no file."""
    papers: list[dict[str, Any]] = [walk_in(index) for index in range(6)]
    people = [complainant(index) for index in range(8)]
    return [*(one["content"] for one in papers), *(one["phone"] for one in people), visit("", 0)["summary"]]


def _holds(path: Path, spellings: list[bytes]) -> bool:
    """A file the running database removed meanwhile holds nothing."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return False
    return any(spelling in content for spelling in spellings)
