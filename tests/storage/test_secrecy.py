"""No plaintext of a case in any byte of the profile; nothing acknowledged is lost by a kill."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from desktop.paths import ProfilePaths
from desktop.storage.drafts import Draft
from sync.domain.records import Household
from tests.storage.county import TinyCounty, exchange
from tests.storage.profiles import KEY, NOW, case, facts, new_store, open_store, visit
from tests.storage.test_sync_store import edit, save

WORDS = ("陈小红", "13800138000", "低保评议", "绝密题目", "草稿内容", "张明")

COMMITTER = """
import sys
from pathlib import Path
from tests.storage.profiles import NOW, case, open_store

store = open_store(Path(sys.argv[1]))
while True:
    with store.work("张明", "TOWN_CDI", NOW) as work:
        made = case(number=work.draw_number(2026))
        work.add(made)
    print(made.id, made.number, flush=True)
"""


def test_no_plaintext_in_the_profile(tmp_path: Path) -> None:
    paths = ProfilePaths(tmp_path / "profile")
    with new_store(paths.folder) as store:
        paths.vault.write_bytes(b"{}")
        made = case(title="绝密题目", content="反映低保评议,电话13800138000")
        save(store, made, visit(households=(Household(name="陈小红", phone="13800138000"),)))
        store.drafts.save(Draft("张明", "visit", "new", "草稿内容".encode(), NOW))
        exchange(store, TinyCounty())
        edit(store, made.id, title="绝密题目二")
        store.back_up(paths, KEY, paths.backups / "one.backup")
        _search_bytes(paths.folder)
    _search_bytes(paths.folder)


def _search_bytes(folder: Path) -> None:
    names = [path for path in folder.rglob("*") if path.is_file()]
    assert len(names) >= 3
    needles = [text.encode(code) for text in (*WORDS, facts().device) for code in ("utf-8", "utf-16-le", "gb18030")]
    for path in names:
        data = path.read_bytes()
        assert not any(needle in data for needle in needles), path.name
        assert not data.startswith(b"SQLite format 3")


def test_nothing_acknowledged_is_lost_by_a_kill(tmp_path: Path, rounds: int) -> None:
    new_store(tmp_path).close()
    acknowledged: list[str] = []
    for _ in range(rounds):
        acknowledged += _commit_until_killed(tmp_path, 20)
    with open_store(tmp_path) as store:
        found = {row[0] for row in store.database.run("SELECT id FROM record_case")}
        numbers = [row[0] for row in store.database.run("SELECT number FROM record_case")]
        assert {line.split()[0] for line in acknowledged} <= found
        assert len(set(numbers)) == len(numbers)
        assert store.outbox.first_unacknowledged() == 1 and store.books.last_sequence == len(found)
        assert store.verify()["store"] == "ok"


def _commit_until_killed(folder: Path, lines: int) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, "-c", COMMITTER, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment,
    ) as process:
        assert process.stdout is not None
        found = [process.stdout.readline() for _ in range(lines)]
        process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        found += process.stdout.readlines()[:-1]
    return [line for line in found if len(line.split()) == 2]
