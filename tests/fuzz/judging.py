"""Judge a county after a siege, in a process of its own: ``python -m tests.fuzz.judging`` with a pickle on stdin.

The recomputed digests and chain hold; a sample of what was taken can be listed and shown; a new computer of the town
reads everything into its encrypted store and agrees.
"""

import json
import pickle
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from desktop.paths import ProfilePaths
from desktop.services.enrolling import device_facts
from desktop.storage.facts import DeviceFacts
from desktop.storage.store import Store
from desktop.storage.verify import verify
from sync.client.enrolment import Enrolled
from sync.client.exchange import run_exchange
from sync.domain.records import KINDS
from sync.server.county import County, now_ms, open_county
from sync.server.exchange import exchange
from sync.server.reading import list_records, show_record
from sync.server.storage import tables
from sync.server.verifying import verify_county
from tests.scenarios.device import KEY

SHOWN_EACH = 30
"""Records of each kind that are shown."""
ROOT = Path(__file__).resolve().parents[2]


def judged_apart(home: Path, reader: Enrolled) -> list[str]:
    """What is wrong with the county, by a process of its own. Raises CalledProcessError where that breaks."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.judging"], input=pickle.dumps((home, reader)), cwd=ROOT,
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return [f"judging broke: {done.stderr.decode(errors='replace').strip().splitlines()[-1:]}"]
    wrong: list[str] = json.loads(done.stdout)
    return wrong


def judge(county: County, reader: Enrolled) -> list[str]:
    """What is wrong with the county."""
    wrong = [f"verify {one['unit']}: {one['store']}" for one in verify_county(county, None) if one["store"] != "ok"]
    _show(county, reader.unit)
    return wrong + _read(county, reader)


def _show(county: County, unit: str) -> None:
    record, chance = tables.record.c, random.Random(1)
    for kind in KINDS:
        list_records(county, kind, unit)
        with county.engine.connect() as connection:
            ids = connection.execute(select(record.id).where(record.kind == kind, record.unit == unit)).scalars().all()
        for name in chance.sample(ids, min(len(ids), SHOWN_EACH)):
            show_record(county, kind, name)


def _read(county: County, reader: Enrolled) -> list[str]:
    facts: DeviceFacts = device_facts(reader)
    with tempfile.TemporaryDirectory(prefix="liandong-fuzz-reader-") as folder:
        store = Store.create(ProfilePaths(Path(folder)), KEY, facts, now_ms)
        try:
            report = run_exchange(store.sync, reader.link(), _Straight(county), now_ms=now_ms)
            said = verify(store.database, facts)
        finally:
            store.close()
    agrees = report.agreed and said["store"] == "ok"
    return [] if agrees else [f"a reader disagrees: {report.agreed} {said['store']}"]


@dataclass(frozen=True, slots=True)
class _Straight:
    county: County

    def post(self, path: str, body: bytes) -> bytes:
        """The county's answer."""
        assert path == "/v1/exchange"
        return exchange(self.county, body, now_ms()).answer


def main() -> int:
    """Judge what stdin names."""
    home, reader = pickle.loads(sys.stdin.buffer.read())
    with open_county(home) as county:
        print(json.dumps(judge(county, reader), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
